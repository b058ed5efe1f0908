#pragma once
// Everything a check or a read needs to know about the world outside the file, of one moment:
// agencies, office calendar, leave types, rules. Loaded and versioned by postgres/registry (or from
// files by the offline check), swapped as a whole; a shared_ptr keeps the one in use alive.
#include <cstdint>
#include <memory>

#include "domain/agency.hpp"
#include "domain/leave_types.hpp"
#include "domain/office_calendar.hpp"
#include "domain/rules.hpp"

namespace chaiqin::domain {

struct Registry {
    std::int64_t version = 0;
    AgencyRegistry agencies{AgencyRegistry::Versions{}};
    OfficeCalendar calendar;
    LeaveTypes leave_types;
    RuleSet rules;
};

using RegistryPtr = std::shared_ptr<const Registry>;

/// Where the registry is had from; implemented by postgres/registry (polls the version,
/// thread-safe).
class RegistrySource {
public:
    virtual ~RegistrySource() = default;
    /// The one in memory, at most about a second old; never waits for the database once it has one.
    virtual RegistryPtr current() const = 0;
    /// At least as new as what was committed before the call: for decisions that are kept.
    /// TransientFailure while the database is away.
    virtual RegistryPtr newest() const { return current(); }
};

}  // namespace chaiqin::domain
