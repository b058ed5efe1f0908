#pragma once
// Texts, each with a number, that were seen so far: (record_no, record_seq) of an array (U01), the
// keys of an object (F08). Open addressing; the texts stay the caller's.
#include <cstdint>
#include <string_view>
#include <vector>

#include "checking/seeded_hash.hpp"

namespace chaiqin::checking {

class SeenTexts {
public:
    explicit SeenTexts(SeededHash hash) : hash_(hash), entries_(first_size) {}

    /// Whether it was there already; it is afterwards. The number is not 0; the view stays valid as
    /// long as the set.
    bool repeats(std::string_view text, std::int64_t number) {
        if (count_ * 2 >= entries_.size()) grow();
        return !insert(
            {hash_(text) ^ static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15u, number, text});
    }
    bool empty() const { return count_ == 0; }
    void clear() {
        entries_.assign(first_size, Entry{});
        count_ = 0;
    }

private:
    struct Entry {
        std::uint64_t hash = 0;
        std::int64_t number = 0;  ///< 0: free
        std::string_view text;
    };
    static constexpr std::size_t first_size = 128;  ///< a power of two, as all sizes

    bool insert(const Entry& entry) {
        for (auto at = entry.hash;; ++at) {
            auto& held = entries_[at & (entries_.size() - 1)];
            if (held.number == 0) {
                held = entry;
                ++count_;
                return true;
            }
            if (held.hash == entry.hash && held.number == entry.number && held.text == entry.text) {
                return false;
            }
        }
    }
    void grow() {
        std::vector<Entry> old(entries_.size() * 4);
        old.swap(entries_);
        count_ = 0;
        for (const auto& entry : old) {
            if (entry.number != 0) insert(entry);
        }
    }

    SeededHash hash_;
    std::vector<Entry> entries_;
    std::size_t count_ = 0;
};

}  // namespace chaiqin::checking
