#pragma once
// A line: one good record of a file on its way from the validator to the matcher's store. The
// validator makes a FileLine, the event carries it (wire/file_validated), a batch of the matcher
// decides its outcome and writes it. What is read back later is less: a JudgedLine for an identity
// decision, a LineToMatch for a re-match. The lists of columns at the end say once under which name
// each member stands in matching.file_record (V0006); postgres/matching writes and reads by them.
// Values only.
#include <cstdint>
#include <string>
#include <tuple>

#include "domain/attribution.hpp"
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

/// What a stored line counts for. SQL reads these columns, too.
struct CountedLine {
    /// start_date or overtime_date; 0 for a deletion.
    Day day = 0;
    std::int32_t minutes = 0;
    /// KindType::packed
    std::int16_t kind_type = 0;
    /// The agency it counts for: index into the file's orgs + 1; 0 = unmatched or a deletion.
    std::int32_t org = 0;
    /// From the validator: 0, or outcome::deletion. The matcher decides the rest.
    LineOutcome outcome = 0;
};

/// What an identity decision reads of a stored line.
struct JudgedLine : CountedLine {
    /// Keyed hash of (agency, kind, source_system, record_no, record_seq).
    std::uint64_t identity = 0;
    /// Keyed token of the person.
    std::uint64_t token = 0;
    /// Keyed hash of all listed keys but action; 0 for a deletion.
    std::uint64_t content = 0;
    std::uint32_t revision = 0;
};

/// The whole line: what the validator hands on and a batch writes.
struct FileLine : JudgedLine {
    /// Leave index, or leave_lines + overtime index.
    std::uint32_t line = 0;
    /// The agency that the sender wrote: index into the file's orgs.
    std::uint32_t claimed_org = 0;
    /// Leave: end_date − start_date; overtime: 0.
    std::uint32_t day_count = 0;
    std::uint32_t record_seq = 0;
    std::string record_no, masked_person_id;
};

/// What a re-match reads of a stored line.
struct LineToMatch : CountedLine {
    /// Where the line stands in the stored columns, from 0.
    std::uint32_t position = 0;
    std::uint64_t token = 0;
    std::uint32_t line = 0, claimed_org = 0, day_count = 0;
};

/// What a re-match reads besides, once a line of the file has changed.
struct LineLabels {
    std::uint64_t identity = 0;
    std::uint32_t record_seq = 0;
    std::string record_no, masked_person_id;
};

/// A column of matching.file_record and the member of a line that stands in it. The member's type
/// says how it is stored: unsigned numbers of 32 and 64 bits packed, which only the matcher reads;
/// other numbers as an array, which SQL reads; texts joined by line feeds.
template <typename Line, typename Value>
struct Column {
    const char* name;
    Value Line::*member;
};
/// For clang 14, which deduces no aggregates by itself.
template <typename Line, typename Value>
Column(const char*, Value Line::*) -> Column<Line, Value>;

inline constexpr std::tuple counted_columns{
    Column{"day", &CountedLine::day},
    Column{"minutes", &CountedLine::minutes},
    Column{"kind_type", &CountedLine::kind_type},
    Column{"org", &CountedLine::org},
    Column{"outcome", &CountedLine::outcome},
};
inline constexpr auto judged_columns =
    std::tuple_cat(counted_columns, std::tuple{
                                        Column{"identity", &JudgedLine::identity},
                                        Column{"token", &JudgedLine::token},
                                        Column{"content", &JudgedLine::content},
                                        Column{"revision", &JudgedLine::revision},
                                    });
/// All of them.
inline constexpr auto line_columns =
    std::tuple_cat(judged_columns, std::tuple{
                                       Column{"line", &FileLine::line},
                                       Column{"claimed_org", &FileLine::claimed_org},
                                       Column{"day_count", &FileLine::day_count},
                                       Column{"record_seq", &FileLine::record_seq},
                                       Column{"record_no", &FileLine::record_no},
                                       Column{"masked_person_id", &FileLine::masked_person_id},
                                   });
inline constexpr auto columns_to_match =
    std::tuple_cat(counted_columns, std::tuple{
                                        Column{"line", &LineToMatch::line},
                                        Column{"claimed_org", &LineToMatch::claimed_org},
                                        Column{"day_count", &LineToMatch::day_count},
                                    });
/// Calls `visit` with one column after the other.
template <typename Columns, typename Visit>
void each_column(const Columns& columns, Visit visit) {
    std::apply([&](const auto&... column) { (visit(column), ...); }, columns);
}

}  // namespace chaiqin::domain
