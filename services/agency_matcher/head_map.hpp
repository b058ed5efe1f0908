#pragma once
// From an identity to its head, the last word on it: which file of the batch's working set and
// which of its lines. Every line of a batch is looked up here, so this is a flat table with open
// addressing (docs/performance.md, "Checking, in memory", says what that saves). Identities are
// keyed hashes, so their low bits are spread evenly as they are. One batch, one thread.
#include <bit>
#include <cstdint>
#include <vector>

namespace chaiqin::agency_matcher {

struct HeadPosition {
    std::uint32_t file = 0, position = 0;
};

class HeadMap {
public:
    explicit HeadMap(std::size_t expected) : cells_(std::bit_ceil(expected * 2 + 16)) {}

    const HeadPosition* find(std::uint64_t identity) const {
        for (auto at = identity & (cells_.size() - 1);; at = (at + 1) & (cells_.size() - 1)) {
            if (!cells_[at].used) return nullptr;
            if (cells_[at].identity == identity) return &cells_[at].position;
        }
    }
    void set(std::uint64_t identity, HeadPosition position) {
        if ((used_ + 1) * 4 > cells_.size() * 3) grow();
        auto at = identity & (cells_.size() - 1);
        while (cells_[at].used && cells_[at].identity != identity)
            at = (at + 1) & (cells_.size() - 1);
        used_ += cells_[at].used ? 0 : 1;
        cells_[at] = {identity, position, true};
    }

private:
    struct Cell {
        std::uint64_t identity = 0;
        HeadPosition position;
        bool used = false;
    };
    void grow() {
        std::vector<Cell> old(cells_.size() * 2);
        old.swap(cells_);
        used_ = 0;
        for (const auto& cell : old)
            if (cell.used) set(cell.identity, cell.position);
    }
    std::vector<Cell> cells_;
    std::size_t used_ = 0;
};

}  // namespace chaiqin::agency_matcher
