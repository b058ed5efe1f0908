#pragma once
// Threads for what must not run on the io thread: hashing and sealing, checks, questions to the
// query service, database calls. Each agency (or whoever else the work is for) has a line of its
// own, and the lines take turns, so that nobody waits behind all that another one has sent. The
// lines are bounded and refuse when they are full. What a job throws is thrown again in the
// coroutine that waits for it.
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <variant>
#include <vector>

#include "gateway/work/promised.hpp"

namespace chaiqin::gateway {

/// What one of those whom the work is for may take of a pool.
struct LineLimits {
    std::size_t most_running = std::numeric_limits<std::size_t>::max(),
                most_waiting = std::numeric_limits<std::size_t>::max();
};

class WorkerPool {
public:
    WorkerPool(std::size_t threads, std::size_t most_waiting, LineLimits of_each = {});
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;

    /// False: too many are waiting, nothing was queued.
    [[nodiscard]] bool try_post(std::function<void()> job, const std::string& whose = "");
    /// Ends after the jobs at hand; waiting ones are dropped.
    void stop();

    /// Awaited on the io thread: runs `job` on a worker and comes back with its result. Empty if
    /// the line is full or the deadline passes; the result is then dropped, so the job must own
    /// what it uses. `whose` is read at once.
    template <class Job>
    boost::asio::awaitable<std::optional<std::invoke_result_t<Job>>> run(
        Job job, Deadline deadline, std::string_view whose = {});

private:
    struct Line {
        std::deque<std::function<void()>> waiting;
        std::size_t running = 0;
    };
    using Lines = std::map<std::string, Line>;
    void run_jobs();
    /// With the lock. The line whose turn it is, or the end.
    Lines::iterator next_line();

    std::mutex mutex_;
    std::condition_variable changed_;
    /// None of them is empty.
    Lines lines_;
    /// Whose turn it was last.
    std::string last_;
    std::size_t waiting_ = 0, most_waiting_;
    LineLimits of_each_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

template <class Job>
boost::asio::awaitable<std::optional<std::invoke_result_t<Job>>> WorkerPool::run(
    Job job, Deadline deadline, std::string_view whose) {
    using Result = std::invoke_result_t<Job>;
    using Ending = std::variant<Result, std::exception_ptr>;
    const auto executor = co_await boost::asio::this_coro::executor;
    const Promised<std::shared_ptr<Ending>> promised(executor);
    auto run_it = [promised, job = std::make_shared<Job>(std::move(job))] {
        std::shared_ptr<Ending> ending;
        try {
            ending = std::make_shared<Ending>((*job)());
        } catch (...) {
            ending = std::make_shared<Ending>(std::current_exception());
        }
        promised.set(std::move(ending));
    };
    const bool queued = try_post(std::move(run_it), std::string(whose));
    if (!queued) co_return std::nullopt;
    const auto ending = co_await promised.until(deadline);
    if (!ending) co_return std::nullopt;
    if (auto* failure = std::get_if<std::exception_ptr>(ending->get()))
        std::rethrow_exception(*failure);
    co_return std::move(std::get<Result>(**ending));
}

}  // namespace chaiqin::gateway
