#pragma once
// A day or a time as an option of a command gives it.
#include <string>

#include "domain/calendar.hpp"
#include "domain/failure.hpp"

namespace chaiqin::cli {

/// RFC 3339, or a day of Taipei: its first moment, as an end its last. ConfigError that names the
/// option.
inline domain::Instant moment_of(const std::string& option, const std::string& text,
                                 bool is_end = false) {
    if (const auto at = domain::parse_rfc3339(text)) return *at;
    if (const auto day = domain::parse_iso_day(text))
        return domain::taipei_midnight(*day + (is_end ? 1 : 0));
    throw domain::ConfigError({option + ": a day or a time is needed, not \"" + text + "\""});
}

}  // namespace chaiqin::cli
