#pragma once
// identity -> where the last word on it stands (file of the batch's working set, position in its
// columns). Open addressing over keyed hashes, which are uniform already. One batch, one thread.
#include <bit>
#include <cstdint>
#include <vector>

namespace chaiqin::agency_matcher {

struct HeadPlace {
    std::uint32_t file = 0, position = 0;
};

class HeadMap {
public:
    explicit HeadMap(std::size_t expected) : slots_(std::bit_ceil(expected * 2 + 16)) {}

    const HeadPlace* find(std::uint64_t identity) const {
        for (auto at = identity & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
            if (!slots_[at].used) return nullptr;
            if (slots_[at].identity == identity) return &slots_[at].place;
        }
    }
    void set(std::uint64_t identity, HeadPlace place) {
        if ((used_ + 1) * 4 > slots_.size() * 3) grow();
        auto at = identity & (slots_.size() - 1);
        while (slots_[at].used && slots_[at].identity != identity)
            at = (at + 1) & (slots_.size() - 1);
        used_ += slots_[at].used ? 0 : 1;
        slots_[at] = {identity, place, true};
    }

private:
    struct Slot {
        std::uint64_t identity = 0;
        HeadPlace place;
        bool used = false;
    };
    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        used_ = 0;
        for (const auto& slot : old)
            if (slot.used) set(slot.identity, slot.place);
    }
    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

}  // namespace chaiqin::agency_matcher
