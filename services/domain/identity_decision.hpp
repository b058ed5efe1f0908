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
    /// A tombstone; a `D` line.
    bool deletion = false;
    /// Of the person.
    std::uint64_t token = 0;
    /// Hash of all listed keys but action.
    std::uint64_t content = 0;
};

enum class IdentityDecision : std::uint8_t {
    /// Nothing (or an older tombstone) was there: live from now on.
    stored,
    /// Live from now on; the old line becomes SUPERSEDED.
    replaced,
    /// Tombstone; the old line becomes SUPERSEDED.
    deleted,
    /// Tombstone where nothing was: DELETION with U04.
    nothing_to_delete,
    /// DELETION.
    tombstone_raised,
    /// UNCHANGED.
    unchanged,
    /// STALE with U02.
    stale,
    /// INVALID with U03.
    other_content,
    /// INVALID with U05.
    other_person,
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
