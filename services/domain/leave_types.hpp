#pragma once
// Leave types (假別) with their effective dates: data, not code (schemas/registry/leave-types.csv).
// Immutable.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

struct LeaveType {
    int code = 0;  ///< 1..99
    std::string name;
    std::optional<Day> valid_from;  ///< inclusive
    std::optional<Day> valid_to;    ///< inclusive
    bool calendar_basis = false;    ///< day_basis calendar: every day counts
    std::vector<std::string> sub_types;
    bool needs_sub_type = false;
    bool needs_event_date = false;
    bool needs_location = false;                  ///< for every sub-type
    std::vector<std::string> location_sub_types;  ///< … or just for these (公假 21)
    std::optional<int> window_before_days;
    std::optional<int> window_after_days;
    bool operator==(const LeaveType&) const = default;
};

class LeaveTypes {
public:
    explicit LeaveTypes(std::vector<LeaveType> rows = {});
    /// The row covering the day, else nullptr.
    const LeaveType* covering(int code, Day day) const;
    /// The latest row of the code, whatever its dates; nullptr: unknown code (L01).
    const LeaveType* latest(int code) const;
    const std::vector<LeaveType>& rows() const { return rows_; }

private:
    std::vector<LeaveType> rows_;
    std::array<std::vector<std::size_t>, 100> by_code_;
};

}  // namespace chaiqin::domain
