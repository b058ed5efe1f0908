#pragma once
// Time as the services see it. Decisions (a deadline, received_at, a freeze) rest on a Clock, which
// the test clock (deploy/clock) shifts by an offset in a file; tokens, Kafka and PostgreSQL keep
// the real time. Waiting and measuring rest on steady time, which nobody shifts; code that a test
// must be able to drive takes it as a SteadyNow. Thread-safe.
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "domain/calendar.hpp"

namespace chaiqin::runtime {

using Steady = std::chrono::steady_clock;
using SteadyNow = std::function<Steady::time_point()>;

class Clock {
public:
    virtual ~Clock() = default;
    virtual domain::Instant now() const = 0;
};

/// The real clock if `clock_file` is "", else real + the file's "offset_us=<n>", read again every
/// 200 ms.
std::unique_ptr<Clock> make_clock(const std::string& clock_file);

}  // namespace chaiqin::runtime
