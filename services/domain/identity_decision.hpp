#pragma once
// What an arriving line does to the last word on its identity (docs/checks.md, "Identity, revision
// and deletion"). Pure; agency_matcher asks it for every good line, each against the state after
// the lines before it.
#include <cstdint>
#include <string_view>

namespace chaiqin::domain {

/// The last stored line of an identity, or a line that arrives: they are compared member by member.
struct IdentityLine {
    std::uint32_t revision = 0;
    bool deletion = false;      ///< a tombstone; a `D` line
    std::uint64_t token = 0;    ///< of the person
    std::uint64_t content = 0;  ///< hash of all listed keys but action
};

enum class IdentityDecision : std::uint8_t {
    stored,             ///< nothing (or an older tombstone) was there: live from now on
    replaced,           ///< live from now on; the old line becomes SUPERSEDED
    deleted,            ///< tombstone; the old line becomes SUPERSEDED
    nothing_to_delete,  ///< tombstone where nothing was: DELETION with U04
    tombstone_raised,   ///< DELETION
    unchanged,          ///< UNCHANGED
    stale,              ///< STALE with U02
    other_content,      ///< INVALID with U03
    other_person,       ///< INVALID with U05
};

/// `stored` null: nothing is stored under the identity.
IdentityDecision judge(const IdentityLine* stored, const IdentityLine& arriving);

/// The line becomes the last word on its identity.
constexpr bool becomes_head(IdentityDecision decision) {
    return decision <= IdentityDecision::tombstone_raised;
}
constexpr bool is_invalid(IdentityDecision decision) {
    return decision >= IdentityDecision::other_content;
}
/// "U02" … "U05", "" where the decision makes no finding.
std::string_view finding_code(IdentityDecision decision);

}  // namespace chaiqin::domain
