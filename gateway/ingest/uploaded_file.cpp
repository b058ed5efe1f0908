#include "gateway/ingest/uploaded_file.hpp"

#include <simdjson.h>

#include "checking/reading/text.hpp"

namespace chaiqin::gateway {

MemoryBudget::Share& MemoryBudget::Share::operator=(Share&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    budget_ = other.budget_;
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
}

bool MemoryBudget::Share::try_grow(std::size_t bytes) {
    auto& used = budget_->used_;
    const bool is_small = bytes_ + bytes <= small_file_bytes;
    const auto most = budget_->most_bytes_ - (is_small ? 0 : budget_->left_to_small_);
    if (used.fetch_add(bytes) + bytes > most) {
        used.fetch_sub(bytes);
        return false;
    }
    bytes_ += bytes;
    return true;
}

void MemoryBudget::Share::give_back() { budget_->used_.fetch_sub(std::exchange(bytes_, 0)); }

UploadedFile::UploadedFile(std::string cleaned_name, MemoryBudget& budget)
    : name(std::move(cleaned_name)), masked_name(checking::mask_person_ids(name)), share(budget) {}

std::optional<FileRefusal> refusal_of_bytes(std::string_view bytes) {
    if (bytes.empty() || bytes == "\xef\xbb\xbf") return FileRefusal::empty;
    if (!simdjson::validate_utf8(bytes.data(), bytes.size())) return FileRefusal::not_utf8;
    return std::nullopt;
}

}  // namespace chaiqin::gateway
