#pragma once
// Ports to reminders (催報): a supervisor asks agencies that have not reported to do so. The
// gateway writes them down, the service notification tells them. Implemented by postgres/portal and
// postgres/notification. TransientFailure while the database is away.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::domain {

struct Reminder {
    std::string agency;
    Month month = 0;
    Instant sent_at{};
    /// The agency whose supervisor sent it.
    std::string sent_by;
};

class ReminderStore {
public:
    virtual ~ReminderStore() = default;
    /// Writes down those agencies that nobody has reminded of the month on this day (in Taipei),
    /// and returns them. One transaction; thread-safe.
    virtual std::vector<std::string> remind(std::span<const std::string> agencies, Month month,
                                            const std::string& sent_by, Instant now) = 0;
};

class ReminderQueue {
public:
    virtual ~ReminderQueue() = default;
    /// Reminders that wait to be told, oldest first; they count as told.
    virtual std::vector<Reminder> take(UnitOfWork& work) = 0;
};

}  // namespace chaiqin::domain
