#pragma once
// A file of an upload as it came in, and the refusals that need no look inside. A value that owns
// its bytes and their share of the memory that all uploads together may use.
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chaiqin::gateway {

inline constexpr std::size_t most_file_bytes = 5u * 1024 * 1024;
inline constexpr std::size_t most_files = 10;
inline constexpr std::uint64_t most_upload_bytes = most_files * most_file_bytes + 1024 * 1024;

/// Why one file is not taken, while others of the same upload may be.
enum class FileRefusal {
    /// Its part of the form is encoded in another way.
    encoded_part,
    /// Its name does not end in .json (F01).
    not_json,
    /// F02
    too_large,
    /// F04
    empty,
    /// F05
    not_utf8,
    /// Its idempotency key was used for other content.
    key_conflict,
};

/// What is a small file: most are.
inline constexpr std::size_t small_file_bytes = 256u * 1024;

/// Bytes of all uploads that are in memory at a time. A part of them is left to small files, so
/// that large ones never keep those out. Thread-safe; outlives its shares.
class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t most_bytes, std::size_t left_to_small = 0)
        : most_bytes_(most_bytes), left_to_small_(left_to_small) {}

    class Share {
    public:
        explicit Share(MemoryBudget& budget) : budget_(&budget) {}
        Share(Share&& other) noexcept
            : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
        Share& operator=(Share&& other) noexcept;
        ~Share() { give_back(); }
        /// False: the budget is used up; nothing was taken.
        [[nodiscard]] bool try_grow(std::size_t bytes);
        void give_back();

    private:
        MemoryBudget* budget_;
        std::size_t bytes_ = 0;
    };

private:
    std::size_t most_bytes_, left_to_small_;
    std::atomic<std::size_t> used_{0};
};

struct UploadedFile {
    UploadedFile(std::string cleaned_name, MemoryBudget& budget);
    /// As sent, cleaned.
    std::string name;
    /// As it may be shown and stored.
    std::string masked_name;
    /// Up to one more than the limit.
    std::string bytes;
    MemoryBudget::Share share;
    /// Its bytes were not kept, because the budget was used up.
    bool has_no_room = false;
    std::optional<FileRefusal> refusal;
};

/// What can be said of a whole file without a look at its records: F04 and F05.
std::optional<FileRefusal> refusal_of_bytes(std::string_view bytes);

}  // namespace chaiqin::gateway
