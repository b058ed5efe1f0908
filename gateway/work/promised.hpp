#pragma once
// A value that another thread (worker, Kafka's delivery thread, group commit) sets once, and for
// which a coroutine waits until a deadline. It is handed over on the coroutine's executor, so
// neither side sees half of it. A value that comes too late is dropped.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>

namespace chaiqin::gateway {

using Deadline = std::chrono::steady_clock::time_point;

/// Copies share one value. All coroutines of a server run on its one io thread.
template <class T>
class Promised {
public:
    explicit Promised(const boost::asio::any_io_executor& executor)
        : state_(std::make_shared<State>(executor)) {}

    /// From any thread; a second value is ignored.
    void set(T value) const {
        boost::asio::post(state_->executor, [state = state_, value = std::move(value)]() mutable {
            if (state->value) return;
            state->value = std::move(value);
            state->arrived.cancel();
        });
    }

    /// Awaited on the io thread by one coroutine. Empty once the deadline has passed.
    boost::asio::awaitable<std::optional<T>> until(Deadline deadline) const {
        const auto state = state_;
        if (!state->value) {
            state->arrived.expires_at(deadline);
            boost::system::error_code ignored;
            co_await state->arrived.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        }
        co_return std::move(state->value);
    }

private:
    struct State {
        explicit State(const boost::asio::any_io_executor& e) : executor(e), arrived(e) {}
        boost::asio::any_io_executor executor;
        boost::asio::steady_timer arrived;
        std::optional<T> value;
    };
    std::shared_ptr<State> state_;
};

}  // namespace chaiqin::gateway
