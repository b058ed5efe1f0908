#pragma once
// What a file's envelope says: the values of its listed keys, and what is derived from them.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "checking/reading/json_value.hpp"
#include "domain/calendar.hpp"

namespace chaiqin::checking {

/// In the order of the table; the names are the keys themselves.
namespace envelope_key {
enum : std::uint8_t {
    format_version,
    reporting_org_code,
    data_month,
    source_system,
    source_version,
    generated_at,
    batch_no,
    part_no,
    part_count,
    leave_count,
    overtime_count,
    zero_report,
    leave_records,
    overtime_records,
    key_count
};
}

struct EnvelopeFacts {
    std::array<JsonValue, envelope_key::key_count> values;
    // Nothing where the key holds none.
    std::optional<domain::Month> data_month;
    std::optional<domain::Instant> generated_at;

    const JsonValue& value(std::size_t index) const { return values[index]; }
    std::string_view text(std::size_t index) const { return values[index].text; }
    std::int64_t integer(std::size_t index) const { return values[index].integer; }
    bool declares_zero() const { return values[envelope_key::zero_report].truth; }
};

}  // namespace chaiqin::checking
