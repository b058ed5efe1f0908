#pragma once
// A bounded set of sessions for readers; waiting for one is bounded too. Thread-safe.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "postgres/session.hpp"

namespace chaiqin::postgres {

class Pool {
public:
    Pool(SessionSettings settings, std::size_t size);

    class Lease {
    public:
        Lease(Pool& pool, std::unique_ptr<Session> session)
            : pool_(&pool), session_(std::move(session)) {}
        Lease(Lease&&) = default;
        ~Lease() {
            if (session_) pool_->give_back(std::move(session_));
        }
        Session& operator*() { return *session_; }
        Session* operator->() { return session_.get(); }

    private:
        Pool* pool_;
        std::unique_ptr<Session> session_;
    };

    /// TransientFailure if none is free in time.
    Lease take(std::chrono::milliseconds wait);
    /// What `body` gives, in a transaction of its own. Throws as take, and what `body` throws.
    template <class Body>
    auto in_transaction(std::chrono::milliseconds wait, const Body& body) {
        auto session = take(wait);
        auto work = session->begin();
        auto result = body(*work);
        session->commit(*work);
        return result;
    }
    bool answers();

private:
    void give_back(std::unique_ptr<Session> session);
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Session>> free_;
};

}  // namespace chaiqin::postgres
