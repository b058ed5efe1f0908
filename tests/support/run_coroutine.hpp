#pragma once
// Runs a coroutine of the gateway to its end on an io thread of its own, from a plain test.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

namespace chaiqin::testing {

/// `context` runs until the coroutine has ended; what it throws is thrown here.
template <class Result>
Result run(boost::asio::io_context& context, boost::asio::awaitable<Result> coroutine) {
    std::optional<Result> result;
    std::exception_ptr failure;
    const auto guard = boost::asio::make_work_guard(context);
    boost::asio::co_spawn(context, std::move(coroutine),
                          [&](std::exception_ptr thrown, Result value) {
                              failure = thrown;
                              result.emplace(std::move(value));
                              context.stop();
                          });
    context.restart();
    context.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
}

}  // namespace chaiqin::testing
