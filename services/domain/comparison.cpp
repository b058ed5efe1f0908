#include "domain/comparison.hpp"

#include <unordered_map>

#include "domain/attribution.hpp"

namespace chaiqin::domain {

namespace {

Compared compared(IdentityDecision decision) {
    switch (decision) {
        case IdentityDecision::stored:
            return Compared::added;
        case IdentityDecision::replaced:
            return Compared::changed;
        case IdentityDecision::deleted:
            return Compared::deleted;
        case IdentityDecision::nothing_to_delete:
        case IdentityDecision::tombstone_raised:
            return Compared::unknown_deletion;
        case IdentityDecision::unchanged:
            return Compared::same;
        case IdentityDecision::stale:
            return Compared::older;
        case IdentityDecision::other_content:
        case IdentityDecision::other_person:
            break;
    }
    return Compared::invalid;
}

}  // namespace

Comparison compare(std::span<const FileLine> good, std::uint32_t total,
                   std::span<const StoredHead> heads) {
    std::unordered_map<std::uint64_t, IdentityLine> last;
    for (const auto& head : heads) last.insert_or_assign(head.identity, head.line);
    Comparison comparison;
    auto next = good.begin();
    for (std::uint32_t number = 0; number < total; ++number) {
        auto what = Compared::invalid;
        if (next != good.end() && next->line == number) {
            const IdentityLine arriving{next->revision, outcome::is_deletion(next->outcome),
                                        next->token, next->content};
            const auto stored = last.find(next->identity);
            const auto decision = judge(stored == last.end() ? nullptr : &stored->second, arriving);
            if (becomes_head(decision)) last.insert_or_assign(next->identity, arriving);
            what = compared(decision);
            ++next;
        }
        auto& lines = comparison.of[static_cast<std::size_t>(what)];
        if (lines.count++ < most_compared_named) lines.first.push_back(number);
    }
    return comparison;
}

}  // namespace chaiqin::domain
