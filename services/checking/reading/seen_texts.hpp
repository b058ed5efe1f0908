#pragma once
// Texts, each with a number, that were seen so far: (record_no, record_seq) of an array (U01), the
// keys of an object (F08). Open addressing over small places, so that half a million keys of one
// object stay in the cache; the texts stay the caller's.
#include <cstdint>
#include <string_view>
#include <vector>

#include "checking/reading/seeded_hash.hpp"

namespace chaiqin::checking {

class SeenTexts {
public:
    explicit SeenTexts(SeededHash hash) : hash_(hash), places_(first_size) {}

    /// Whether it was there already; it is afterwards. The view stays valid as long as the set.
    bool repeats(std::string_view text, std::int64_t number) {
        if (entries_.size() * 2 >= places_.size()) grow();
        const auto whole = hash_(text) ^ static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15u;
        const auto hash = static_cast<std::uint32_t>(whole ^ whole >> 32);
        for (std::size_t at = hash;; ++at) {
            auto& place = places_[at & (places_.size() - 1)];
            if (place.entry == 0) {
                entries_.push_back({text, number});
                place = {hash, static_cast<std::uint32_t>(entries_.size())};
                return false;
            }
            if (place.hash != hash) continue;
            const auto& held = entries_[place.entry - 1];
            if (held.number == number && held.text == text) return true;
        }
    }
    bool empty() const { return entries_.empty(); }
    void clear() {
        places_.assign(first_size, Place{});
        entries_.clear();
    }

private:
    struct Place {
        std::uint32_t hash = 0;
        std::uint32_t entry = 0;  ///< its index + 1; 0: free
    };
    struct Entry {
        std::string_view text;
        std::int64_t number = 0;
    };
    static constexpr std::size_t first_size = 128;  ///< a power of two, as all sizes
    static constexpr std::size_t large_size = 1 << 16;

    void grow() {
        std::vector<Place> old(places_.size() * (places_.size() < large_size ? 4 : 2));
        old.swap(places_);
        for (const auto& place : old) {
            if (place.entry == 0) continue;
            std::size_t at = place.hash;
            while (places_[at & (places_.size() - 1)].entry != 0) ++at;
            places_[at & (places_.size() - 1)] = place;
        }
    }

    SeededHash hash_;
    std::vector<Place> places_;
    std::vector<Entry> entries_;  ///< in the order in which they were seen
};

}  // namespace chaiqin::checking
