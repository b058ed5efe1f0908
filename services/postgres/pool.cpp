#include "postgres/pool.hpp"

#include "domain/failure.hpp"

namespace chaiqin::postgres {

Pool::Pool(SessionSettings settings, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) free_.push_back(std::make_unique<Session>(settings));
}

Pool::Lease Pool::take(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, wait, [&] { return !free_.empty(); }))
        throw domain::TransientFailure("no database session was free in time");
    auto session = std::move(free_.back());
    free_.pop_back();
    return Lease(*this, std::move(session));
}

bool Pool::answers() {
    try {
        return take(std::chrono::milliseconds(500))->answers();
    } catch (const domain::TransientFailure&) {
        return false;
    }
}

void Pool::give_back(std::unique_ptr<Session> session) {
    {
        std::lock_guard lock(mutex_);
        free_.push_back(std::move(session));
    }
    freed_.notify_one();
}

}  // namespace chaiqin::postgres
