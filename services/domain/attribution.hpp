#pragma once
// Attribution (歸屬): which agency a record counts for, by Table 19 on the record's date
// (docs/table19.md, "Rule for a record's date"). Pure; agency_matcher calls it for every live
// record when it arrives and when a load has changed the person's rows. An outcome is kept with the
// record; its layout is the store's contract (V0006).
#include <cstdint>
#include <span>
#include <string_view>

#include "domain/table19.hpp"

namespace chaiqin::domain {

/// Low four bits of an outcome: the step that decided, or why nothing did.
enum class DecidingStep : std::uint8_t {
    only_row = 0,
    secondment = 1,
    org = 2,
    primary = 3,
    latest_start = 4,
    highest_seq = 5,
    /// T01.
    no_person = 8,
    /// T02.
    before_first = 9,
    /// T03.
    gap = 10,
    /// T04.
    after_last = 11,
};
/// "SECONDMENT"; "" for the only row.
std::string_view step_name(DecidingStep step);

using LineOutcome = std::uint16_t;
namespace outcome {
inline constexpr LineOutcome step_mask = 15, unmatched = 8;
/// T05: not the agency the sender wrote.
inline constexpr LineOutcome other_org = 16;
/// T06: several postings that day.
inline constexpr LineOutcome several = 32;
/// T08: the last day belongs to another row.
inline constexpr LineOutcome spans = 64;
/// T09.
inline constexpr LineOutcome on_unpaid_leave = 128;
inline constexpr LineOutcome t_bits = other_org | several | spans | on_unpaid_leave;
/// Org or reason may be shown to the sender.
inline constexpr LineOutcome shown = 256;
/// Its T findings are FIXED by a later file.
inline constexpr LineOutcome answered = 512;
/// A delete instruction, never attributed.
inline constexpr LineOutcome deletion = 4096;
/// No longer the last word on its identity.
inline constexpr LineOutcome superseded = 8192;

inline bool is_unmatched(LineOutcome value) { return (value & unmatched) != 0; }
inline bool is_deletion(LineOutcome value) { return (value & deletion) != 0; }
inline bool is_live(LineOutcome value) { return (value & (deletion | superseded)) == 0; }
inline bool is_noted(LineOutcome value) {
    return (value & deletion) == 0 && (value & (unmatched | t_bits)) != 0;
}
inline DecidingStep deciding_step(LineOutcome value) {
    return static_cast<DecidingStep>(value & step_mask);
}
/// T findings that the outcome makes: the reason of an unmatched line, else one a bit.
int finding_count(LineOutcome value);
}  // namespace outcome

struct RecordToMatch {
    /// start_date or overtime_date.
    Day day = 0;
    /// The last day that a leave touches (0000: the one before); = day for overtime.
    Day last_day = 0;
    /// Number in the CodeTable; CodeTable::none if Table 19 never names it.
    std::uint32_t claimed_org = 0;
};

struct Attribution {
    /// Number in the CodeTable; none when unmatched.
    std::uint32_t org = CodeTable::none;
    /// Without `shown`, `deletion`, `superseded`.
    LineOutcome value = 0;
};

/// `posts` are all rows of the person. A leave counts once, for its first day.
Attribution attribute(std::span<const Post> posts, const RecordToMatch& record,
                      const CodeTable& codes);

}  // namespace chaiqin::domain
