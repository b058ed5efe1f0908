#include "runtime/loops.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace chaiqin::runtime {

void run_together(std::initializer_list<StageLoop*> loops, const std::function<bool()>& stopping) {
    std::atomic<bool> failed{false};
    std::exception_ptr trouble;
    std::once_flag first;
    const auto run = [&](StageLoop& one) noexcept {
        try {
            one.run([&] { return failed.load() || stopping(); });
        } catch (...) {
            std::call_once(first, [&] { trouble = std::current_exception(); });
            failed = true;
        }
    };
    std::vector<std::thread> beside;
    for (auto* one : loops)
        if (one != *loops.begin()) beside.emplace_back([&run, one] { run(*one); });
    run(**loops.begin());
    for (auto& thread : beside) thread.join();
    if (trouble) std::rethrow_exception(trouble);
}

}  // namespace chaiqin::runtime
