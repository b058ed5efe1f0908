#include "runtime/clock.hpp"

#include <atomic>
#include <chrono>
#include <fstream>

namespace chaiqin::runtime {

namespace {

domain::Instant real_now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

class RealClock final : public Clock {
public:
    domain::Instant now() const override { return real_now(); }
};

class ShiftedClock final : public Clock {
public:
    explicit ShiftedClock(std::string file) : file_(std::move(file)) {}

    domain::Instant now() const override {
        const auto real = real_now();
        const auto ticks = real.time_since_epoch().count();
        if (ticks - read_at_.load() > 200'000) {
            read_at_ = ticks;
            std::ifstream in(file_);
            std::string line;
            if (std::getline(in, line) && line.starts_with("offset_us="))
                offset_ = std::strtoll(line.c_str() + 10, nullptr, 10);
        }
        return real + std::chrono::microseconds(offset_.load());
    }

private:
    std::string file_;
    mutable std::atomic<std::int64_t> read_at_{0}, offset_{0};
};

}  // namespace

std::unique_ptr<Clock> make_clock(const std::string& clock_file) {
    if (clock_file.empty()) return std::make_unique<RealClock>();
    return std::make_unique<ShiftedClock>(clock_file);
}

}  // namespace chaiqin::runtime
