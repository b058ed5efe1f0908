#include "query/known_sums.hpp"

namespace chaiqin::query {

namespace {

constexpr std::size_t most_kept = 256;

}  // namespace

std::optional<KnownSums::Sum> KnownSums::find(const std::string& name) const {
    std::lock_guard lock(mutex_);
    const auto found = sums_.find(name);
    return found == sums_.end() ? std::nullopt : std::optional(found->second);
}

void KnownSums::keep(const std::string& name, Sum sum) {
    std::lock_guard lock(mutex_);
    if (sums_.size() >= most_kept) sums_.clear();
    sums_[name] = std::move(sum);
}

}  // namespace chaiqin::query
