#pragma once
// What the validator hands the matcher: an accepted file with its good lines, leave first, in array
// order. wire/ turns it into the event file.validated, in columns, and back.
#include <cstdint>
#include <string>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/file_line.hpp"

namespace chaiqin::domain {

struct ValidatedFile {
    std::string submission_id;
    std::uint32_t attempt = 1;
    std::string agency;
    Instant received_at;
    std::string route, source_system;
    Month data_month = 0;
    bool zero_report = false;
    std::uint32_t leave_lines = 0, overtime_lines = 0, invalid_lines = 0, error_count = 0,
                  warning_count = 0;
    /// The agency codes that the lines' claimed_org counts from 0.
    std::vector<std::string> orgs;
    std::vector<FileLine> lines;
    /// Identity and number of each line with an error, as far as its identity can be read.
    std::vector<std::uint64_t> finding_identities;
    std::vector<std::uint32_t> finding_lines;
};

}  // namespace chaiqin::domain
