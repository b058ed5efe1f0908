#include "domain/identity_decision.hpp"

namespace chaiqin::domain {

namespace {

IdentityDecision against_tombstone(const IdentityLine& stored, const IdentityLine& arriving) {
    if (arriving.revision > stored.revision)
        return arriving.deletion ? IdentityDecision::tombstone_raised : IdentityDecision::stored;
    if (arriving.deletion && arriving.revision == stored.revision)
        return IdentityDecision::unchanged;
    return IdentityDecision::stale;
}

IdentityDecision against_live(const IdentityLine& stored, const IdentityLine& arriving) {
    if (arriving.revision < stored.revision) return IdentityDecision::stale;
    if (arriving.deletion)
        return arriving.token == stored.token ? IdentityDecision::deleted
                                              : IdentityDecision::other_person;
    if (arriving.revision > stored.revision)
        return arriving.token == stored.token ? IdentityDecision::replaced
                                              : IdentityDecision::other_person;
    return arriving.content == stored.content ? IdentityDecision::unchanged
                                              : IdentityDecision::other_content;
}

}  // namespace

IdentityDecision judge(const IdentityLine* stored, const IdentityLine& arriving) {
    if (stored == nullptr)
        return arriving.deletion ? IdentityDecision::nothing_to_delete : IdentityDecision::stored;
    return stored->deletion ? against_tombstone(*stored, arriving)
                            : against_live(*stored, arriving);
}

std::string_view finding_code(IdentityDecision decision) {
    switch (decision) {
        case IdentityDecision::stale:
            return "U02";
        case IdentityDecision::other_content:
            return "U03";
        case IdentityDecision::nothing_to_delete:
            return "U04";
        case IdentityDecision::other_person:
            return "U05";
        default:
            return "";
    }
}

}  // namespace chaiqin::domain
