#pragma once
// The time that decisions rest on: a deadline, received_at, freezes. The test clock (deploy/clock)
// shifts it by an offset in a file; tokens, Kafka and PostgreSQL keep the real one. Thread-safe.
#include <memory>
#include <string>

#include "domain/calendar.hpp"

namespace chaiqin::runtime {

class Clock {
public:
    virtual ~Clock() = default;
    virtual domain::Instant now() const = 0;
};

/// The real clock if `clock_file` is "", else real + the file's "offset_us=<n>", read again every
/// 200 ms.
std::unique_ptr<Clock> make_clock(const std::string& clock_file);

}  // namespace chaiqin::runtime
