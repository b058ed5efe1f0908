#pragma once
// From an identity to its head, the last word on it: which file of the batch's working set and
// which of its lines. Every line of a batch is looked up here (docs/performance.md, "Checking, in
// memory"). Identities are keyed hashes, so they are hash values already. One batch, one thread.
#include <cstdint>
#include <optional>
#include <vector>

#include "domain/hash_index.hpp"

namespace chaiqin::agency_matcher {

struct HeadPosition {
    std::uint32_t file = 0, position = 0;
};

class HeadMap {
public:
    explicit HeadMap(std::size_t expected) : index_(expected) { heads_.reserve(expected); }

    /// Null if there is none. Valid until the next `set`.
    const HeadPosition* find(std::uint64_t identity) const {
        const auto found = index_of(identity);
        return found ? &heads_[*found].position : nullptr;
    }
    void set(std::uint64_t identity, HeadPosition position) {
        if (const auto found = index_of(identity)) {
            heads_[*found].position = position;
            return;
        }
        index_.add(identity, static_cast<std::uint32_t>(heads_.size()));
        heads_.push_back({identity, position});
    }

private:
    struct Head {
        std::uint64_t identity = 0;
        HeadPosition position;
    };
    std::optional<std::uint32_t> index_of(std::uint64_t identity) const {
        return index_.find(identity,
                           [&](std::uint32_t at) { return heads_[at].identity == identity; });
    }

    domain::HashIndex index_;
    std::vector<Head> heads_;
};

}  // namespace chaiqin::agency_matcher
