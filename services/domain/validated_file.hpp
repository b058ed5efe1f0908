#pragma once
// What the validator hands the matcher: an accepted file with its good lines, leave first, in array
// order. wire/ turns it into the event file.validated, in columns, and back.
#include <cstdint>
#include <string>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/file_line.hpp"

namespace chaiqin::domain {

enum class RecordKind : std::uint8_t { leave = 0, overtime = 1 };

/// A record's kind and type code. Events, file rows and sums of a month carry both in one number:
/// kind * 256 + type.
struct KindType {
    RecordKind kind = RecordKind::leave;
    /// 1..99 of leave, 1..3 of overtime; 0 of a deletion
    std::uint8_t type = 0;

    constexpr std::uint16_t packed() const {
        return static_cast<std::uint16_t>(static_cast<unsigned>(kind) << 8 | type);
    }
    static constexpr KindType of(std::uint16_t packed) {
        return {static_cast<RecordKind>(packed >> 8), static_cast<std::uint8_t>(packed & 0xff)};
    }
};

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
