#pragma once
// Finds items of a list by their hash: the one hash table of hot paths (keys and identities of a
// file, groups of findings, identities of a batch). The items stay in the caller's list; the index
// holds 8 bytes per bucket, so that half a million keys of one hostile object stay in the cache
// (docs/performance.md, "Hostile input"). Open addressing. Hashes of what a sender writes must be
// seeded or keyed, else a sender could make them collide. One thread.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace chaiqin::domain {

class HashIndex {
public:
    explicit HashIndex(std::size_t expected_items = 0) : buckets_(size_for(expected_items)) {}

    std::size_t size() const { return size_; }
    void clear() {
        buckets_.assign(size_for(0), Bucket{});
        size_ = 0;
    }

    /// The position of the item with this hash of which `same(position)` says that it is meant.
    template <typename Same>
    std::optional<std::uint32_t> find(std::uint64_t hash, const Same& same) const {
        const auto folded = fold(hash);
        for (std::size_t at = folded;; ++at) {
            const auto& bucket = buckets_[at & (buckets_.size() - 1)];
            if (bucket.item == 0) return std::nullopt;
            if (bucket.hash == folded && same(bucket.item - 1)) return bucket.item - 1;
        }
    }

    /// Adds the item at this position of the list, which is not in the index yet.
    void add(std::uint64_t hash, std::uint32_t position) {
        if ((size_ + 1) * 2 > buckets_.size()) grow();
        put({fold(hash), position + 1});
        ++size_;
    }

private:
    struct Bucket {
        std::uint32_t hash = 0;
        /// Position of the item + 1; 0 in a free bucket.
        std::uint32_t item = 0;
    };

    static std::uint32_t fold(std::uint64_t hash) {
        return static_cast<std::uint32_t>(hash ^ hash >> 32);
    }
    /// A power of two, at least twice the items.
    static std::size_t size_for(std::size_t items) { return std::bit_ceil(items * 2 + 64); }

    void put(Bucket added) {
        std::size_t at = added.hash;
        while (buckets_[at & (buckets_.size() - 1)].item != 0) ++at;
        buckets_[at & (buckets_.size() - 1)] = added;
    }
    void grow() {
        // Small tables grow faster: most of the work of growing is done while they are small.
        constexpr std::size_t large = 1 << 16;
        std::vector<Bucket> old(buckets_.size() * (buckets_.size() < large ? 4 : 2));
        old.swap(buckets_);
        for (const auto& bucket : old) {
            if (bucket.item != 0) put(bucket);
        }
    }

    std::vector<Bucket> buckets_;
    std::size_t size_ = 0;
};

}  // namespace chaiqin::domain
