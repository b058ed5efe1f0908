#pragma once
// Texts, each with a number, that were seen so far: (record_no, record_seq) of an array (U01), the
// keys of an object (F08). The texts stay the caller's. One per array or object, one thread.
#include <cstdint>
#include <string_view>
#include <vector>

#include "checking/reading/seeded_hash.hpp"
#include "domain/hash_index.hpp"

namespace chaiqin::checking {

class SeenTexts {
public:
    explicit SeenTexts(SeededHash hash) : hash_(hash) {}

    /// Whether it was there already; it is afterwards. The view must stay valid as long as the set.
    bool repeats(std::string_view text, std::int64_t number) {
        const auto hash = hash_(text) ^ static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15u;
        const auto same = [&](std::uint32_t position) {
            return seen_[position].number == number && seen_[position].text == text;
        };
        if (index_.find(hash, same)) return true;
        index_.add(hash, static_cast<std::uint32_t>(seen_.size()));
        seen_.push_back({text, number});
        return false;
    }
    bool empty() const { return seen_.empty(); }
    void clear() {
        index_.clear();
        seen_.clear();
    }

private:
    struct Seen {
        std::string_view text;
        std::int64_t number = 0;
    };

    SeededHash hash_;
    domain::HashIndex index_;
    /// In the order in which they were seen.
    std::vector<Seen> seen_;
};

}  // namespace chaiqin::checking
