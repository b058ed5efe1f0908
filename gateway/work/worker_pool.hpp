#pragma once
// Threads for what must not run on the io thread: hashing and sealing, checks, questions to the
// query service, database calls. The queue is bounded and refuses when it is full. What a job
// throws is thrown again in the coroutine that waits for it.
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <type_traits>
#include <variant>
#include <vector>

#include "gateway/work/promised.hpp"

namespace chaiqin::gateway {

class WorkerPool {
public:
    WorkerPool(std::size_t threads, std::size_t most_waiting);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;

    /// False: too many are waiting, nothing was queued.
    [[nodiscard]] bool try_post(std::function<void()> job);
    /// Ends after the jobs at hand; waiting ones are dropped.
    void stop();

    /// Awaited on the io thread: runs `job` on a worker and comes back with its result. Empty if
    /// the queue is full or the deadline passes; the result is then dropped, so the job must own
    /// what it uses.
    template <class Job>
    boost::asio::awaitable<std::optional<std::invoke_result_t<Job>>> run(Job job,
                                                                         Deadline deadline);

private:
    void run_jobs();
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    std::size_t most_waiting_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

template <class Job>
boost::asio::awaitable<std::optional<std::invoke_result_t<Job>>> WorkerPool::run(
    Job job, Deadline deadline) {
    using Result = std::invoke_result_t<Job>;
    using Ending = std::variant<Result, std::exception_ptr>;
    const auto executor = co_await boost::asio::this_coro::executor;
    const Promised<std::shared_ptr<Ending>> promised(executor);
    const bool queued = try_post([promised, job = std::make_shared<Job>(std::move(job))] {
        std::shared_ptr<Ending> ending;
        try {
            ending = std::make_shared<Ending>((*job)());
        } catch (...) {
            ending = std::make_shared<Ending>(std::current_exception());
        }
        promised.set(std::move(ending));
    });
    if (!queued) co_return std::nullopt;
    const auto ending = co_await promised.until(deadline);
    if (!ending) co_return std::nullopt;
    if (auto* failure = std::get_if<std::exception_ptr>(ending->get()))
        std::rethrow_exception(*failure);
    co_return std::move(std::get<Result>(**ending));
}

}  // namespace chaiqin::gateway
