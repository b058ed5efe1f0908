#pragma once
// How much of one kind of heavy work there may be at once: one piece for each agency acted for, and
// so many in all. A slot is held until the last copy of it goes, which may be after AgencySlots.
// Thread-safe.
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace chaiqin::gateway {

class AgencySlots {
public:
    explicit AgencySlots(std::size_t most) : held_(std::make_shared<Held>()), most_(most) {}

    /// Null: this agency has one, or there are too many in all.
    std::shared_ptr<const void> take(const std::string& agency) {
        std::lock_guard lock(held_->mutex);
        if (held_->agencies.size() >= most_ || !held_->agencies.insert(agency).second)
            return nullptr;
        return {held_.get(), [held = held_, agency](const void*) {
                    std::lock_guard again(held->mutex);
                    held->agencies.erase(agency);
                }};
    }

private:
    struct Held {
        std::mutex mutex;
        std::set<std::string> agencies;
    };
    std::shared_ptr<Held> held_;
    std::size_t most_;
};

}  // namespace chaiqin::gateway
