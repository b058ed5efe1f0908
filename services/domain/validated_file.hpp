#pragma once
// What the validator hands the matcher: an accepted file as columns (wire/ turns it into
// file.validated and back). Every vector of `Lines` has the same length: one element a good line,
// leave first, in array order.
#include <cstdint>
#include <string>
#include <vector>

#include "domain/calendar.hpp"

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

struct Lines {
    std::vector<std::uint32_t> line;  ///< leave index, or leave_lines + overtime index
    std::vector<std::uint64_t> identity, token, content;
    std::vector<std::string> org_dictionary;
    std::vector<std::uint32_t> claimed_org;  ///< index into org_dictionary
    std::vector<Day> day;                    ///< start_date or overtime_date; 0 for deletions
    std::vector<std::uint32_t> day_count;    ///< leave: end_date − start_date
    std::vector<std::uint32_t> minutes, revision;
    std::vector<std::uint32_t> kind_type;  ///< KindType::packed
    std::vector<bool> deletion;
    std::size_t size() const { return line.size(); }
};

struct Labels {
    std::vector<std::string> record_no;
    std::vector<std::uint32_t> record_seq;
    std::vector<std::string> masked_person_id;
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
    Lines lines;
    Labels labels;
    std::vector<std::uint64_t> finding_identities;
    std::vector<std::uint32_t> finding_lines;
};

}  // namespace chaiqin::domain
