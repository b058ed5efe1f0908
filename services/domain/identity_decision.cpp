#include "domain/identity_decision.hpp"

namespace chaiqin::domain {

namespace {

Verdict against_tombstone(const IdentityLine& stored, const IdentityLine& arriving) {
    if (arriving.revision > stored.revision)
        return arriving.deletion ? Verdict::tombstone_raised : Verdict::stored;
    if (arriving.deletion && arriving.revision == stored.revision) return Verdict::unchanged;
    return Verdict::stale;
}

Verdict against_live(const IdentityLine& stored, const IdentityLine& arriving) {
    if (arriving.revision < stored.revision) return Verdict::stale;
    if (arriving.deletion)
        return arriving.token == stored.token ? Verdict::deleted : Verdict::other_person;
    if (arriving.revision > stored.revision)
        return arriving.token == stored.token ? Verdict::replaced : Verdict::other_person;
    return arriving.content == stored.content ? Verdict::unchanged : Verdict::other_content;
}

}  // namespace

Verdict judge(const IdentityLine* stored, const IdentityLine& arriving) {
    if (stored == nullptr) return arriving.deletion ? Verdict::nothing_to_delete : Verdict::stored;
    return stored->deletion ? against_tombstone(*stored, arriving)
                            : against_live(*stored, arriving);
}

std::string_view finding_code(Verdict verdict) {
    switch (verdict) {
        case Verdict::stale:
            return "U02";
        case Verdict::other_content:
            return "U03";
        case Verdict::nothing_to_delete:
            return "U04";
        case Verdict::other_person:
            return "U05";
        default:
            return "";
    }
}

}  // namespace chaiqin::domain
