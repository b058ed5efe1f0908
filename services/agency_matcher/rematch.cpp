#include "agency_matcher/rematch.hpp"

#include <algorithm>
#include <set>

#include "domain/prefix_filter.hpp"

namespace chaiqin::agency_matcher {

namespace outcome = domain::outcome;

namespace {

constexpr domain::LineOutcome kept_bits = outcome::answered;  ///< not a matter of Table 19

using FilesByPrefix = std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>;

FilesByPrefix files_by_prefix(std::span<const domain::PersonPrefixes> files) {
    FilesByPrefix found;
    for (std::size_t at = 0; at < files.size(); ++at)
        for (const auto prefix : files[at].prefix)
            found[prefix].push_back(static_cast<std::uint32_t>(at));
    return found;
}

std::string org_of(const domain::FileHead& head, std::int32_t org) {
    return org == 0 ? std::string() : head.orgs[static_cast<std::size_t>(org - 1)];
}

}  // namespace

RematchChunk choose_chunk(std::span<const domain::CareerChange> changes, std::int64_t head,
                          std::span<const domain::PersonPrefixes> files) {
    const auto by_prefix = files_by_prefix(files);
    RematchChunk chunk;
    chunk.to = head;
    std::set<std::uint32_t> chosen;
    std::size_t persons = 0;
    for (const auto& change : changes) {
        const auto at = by_prefix.find(domain::prefix_of(change.token));
        if (at != by_prefix.end()) {
            if (persons == most_persons_a_chunk ||
                (persons > 0 && chosen.size() + at->second.size() > most_files_a_chunk)) {
                chunk.to = change.change_no - 1;
                break;
            }
            persons += chunk.load_of.contains(change.token) ? 0 : 1;
            chosen.insert(at->second.begin(), at->second.end());
        }
        chunk.load_of[change.token] = change.load_no;
    }
    for (const auto file : chosen) chunk.submissions.push_back(files[file].submission_id);
    return chunk;
}

bool Rematch::take(domain::FileToMatch& file, const RematchChunk& chunk) {
    matcher_.begin(file.head);
    domain::FileChange change;
    change.submission_id = file.head.submission_id;
    domain::AttributionChanges history;
    history.submission_id = file.head.submission_id;
    for (auto& line : file.lines) {
        const auto load = chunk.load_of.find(line.token);
        if (load == chunk.load_of.end() || !outcome::is_live(line.outcome)) continue;
        auto found = matcher_.match(line.token, line.claimed_org, line.day, line.day_count);
        found.outcome |= line.outcome & kept_bits;
        if (found.org == line.org && found.outcome == line.outcome) continue;
        history.line.push_back(static_cast<std::int32_t>(line.line));
        history.load_no.push_back(load->second);
        history.old_org.push_back(org_of(file.head, line.org));
        history.new_org.push_back(org_of(file.head, found.org));
        history.old_outcome.push_back(line.outcome);
        history.new_outcome.push_back(found.outcome);
        move_counts(file.head, line, found, change);
        line.org = found.org;
        line.outcome = found.outcome;
        change.position.push_back(static_cast<std::int32_t>(line.position));
        change.outcome.push_back(found.outcome);
        change.org.push_back(found.org);
    }
    if (history.line.empty()) return false;
    change.orgs = file.head.orgs;
    effects_.changes.push_back(std::move(change));
    effects_.history.push_back(std::move(history));
    return true;
}

void Rematch::move_counts(const domain::FileHead& head, const domain::LineToMatch& line,
                          const LineMatcher::Found& found, domain::FileChange& change) {
    const auto sender = sums_.number(head.agency);
    const auto move = [&](std::int32_t org, domain::LineOutcome value, int sign) {
        (outcome::is_unmatched(value) ? change.unmatched : change.counted) += sign;
        change.t_warnings += sign * outcome::finding_count(value);
        if (org == 0 || found.org == line.org) return;
        const auto number = sums_.number(org_of(head, org));
        sums_.count(number, line, sign);
        if (number != sender)
            sums_.claim(number, domain::month_of(line.day), sign, head.received_at);
    };
    move(line.org, line.outcome, -1);
    move(found.org, found.outcome, 1);
}

domain::RematchEffects Rematch::finish() {
    effects_.counts = sums_.counts();
    effects_.claims = sums_.claims();
    return std::move(effects_);
}

}  // namespace chaiqin::agency_matcher
