#include "agency_matcher/file_batch.hpp"

#include <algorithm>

#include "domain/failure.hpp"

namespace chaiqin::agency_matcher {

namespace outcome = domain::outcome;
using domain::IdentityDecision;
using domain::IdentityLine;
using domain::PermanentFailure;

namespace {

IdentityLine identity_line(const domain::JudgedLine& line) {
    return {line.revision, outcome::is_deletion(line.outcome), line.token, line.content};
}

}  // namespace

FileBatch::FileBatch(const BatchWorld& world, const PrefixFilter& filter, BatchPast past,
                     std::size_t lines)
    : world_(world),
      matcher_(world.table, world.registry.agencies, domain::taipei_day(world.now)),
      heads_(lines),
      ledger_(std::move(past.open), past.rejected),
      findings_(world.registry.rules) {
    for (const auto& row : past.rejected) rejected_seen_.push_back(row.submission_id);
    for (auto& file : past.files) add_stored(std::move(file), filter);
}

void FileBatch::add_stored(domain::JudgedFile file, const PrefixFilter& filter) {
    const auto number = static_cast<std::uint32_t>(files_.size());
    for (std::size_t at = 0; at < file.lines.size(); ++at) {
        const auto& line = file.lines[at];
        if ((line.outcome & outcome::superseded) == 0 && filter.contains(prefix_of(line.identity)))
            heads_.set(line.identity, {number, static_cast<std::uint32_t>(at)});
    }
    auto& working = files_.emplace_back();
    working.matched.head = std::move(file.head);
    working.stored_lines = std::move(file.lines);
    working.stored_before = true;
}

void FileBatch::begin(const domain::ValidatedFile& file) {
    const auto total = std::uint64_t{file.leave_lines} + file.overtime_lines;
    if (file.lines.size() + file.invalid_lines != total)
        throw PermanentFailure(
            "good and invalid lines of a validated file do not add up to its lines");
    auto& matched = files_.emplace_back().matched;
    matched.head = {file.submission_id, file.agency, file.received_at, file.orgs};
    matched.data_month = file.data_month;
    matched.zero_report = file.zero_report;
    matched.leave_lines = file.leave_lines;
    matched.counts.total = static_cast<std::int32_t>(total);
    matched.counts.invalid = static_cast<std::int32_t>(file.invalid_lines);
    matched.lines.reserve(file.lines.size());
    matcher_.begin(matched.head);
    findings_.begin(file);
}

void FileBatch::take(domain::ValidatedFile file) {
    begin(file);
    for (auto& line : file.lines) {
        if (line.line >= file.leave_lines + file.overtime_lines)
            throw PermanentFailure("a line number beyond the lines of a validated file");
        take_line(file, line);
    }
    end(file);
}

void FileBatch::take_line(const domain::ValidatedFile& file, domain::FileLine& line) {
    const auto* head = heads_.find(line.identity);
    IdentityLine stored;
    if (head != nullptr) stored = identity_line(files_[head->file].line(head->position));
    const auto* judged_against = head != nullptr ? &stored : nullptr;
    const auto decision = domain::judge(judged_against, identity_line(line));
    auto& counts = files_.back().matched.counts;
    if (!domain::finding_code(decision).empty())
        findings_.add(file, line, decision, judged_against);
    if (domain::is_invalid(decision)) {
        ++counts.invalid;
        return;
    }
    ledger_.line_without_error(line.identity, file.submission_id, file.received_at);
    if (head != nullptr) answer_t_findings(*head, file.submission_id);
    if (decision == IdentityDecision::unchanged) ++counts.unchanged;
    if (decision == IdentityDecision::stale) ++counts.stale;
    if (!domain::becomes_head(decision)) return;
    if (head != nullptr) supersede(*head);
    store_line(std::move(line));
}

void FileBatch::store_line(domain::FileLine&& line) {
    auto& working = files_.back();
    if (outcome::is_deletion(line.outcome)) {
        ++working.matched.counts.deletion;
    } else {
        attribute_line(working, line);
    }
    auto& lines = working.matched.lines;
    if (world_.switches.overlay)
        heads_.set(line.identity, {static_cast<std::uint32_t>(files_.size() - 1),
                                   static_cast<std::uint32_t>(lines.size())});
    lines.push_back(std::move(line));
}

void FileBatch::attribute_line(WorkingFile& file, domain::FileLine& line) {
    auto& matched = file.matched;
    auto& counts = matched.counts;
    const auto found = matcher_.match(line.token, line.claimed_org, line.day, line.day_count);
    line.org = found.org;
    line.outcome = found.outcome;
    (outcome::is_unmatched(found.outcome) ? counts.unmatched : counts.counted) += 1;
    counts.t_warnings += outcome::finding_count(found.outcome);
    const auto month = domain::month_of(line.day);
    if (matched.first_month > matched.last_month) matched.first_month = matched.last_month = month;
    matched.first_month = std::min(matched.first_month, month);
    matched.last_month = std::max(matched.last_month, month);
    move_sums(file, line, 1);
}

void FileBatch::supersede(HeadPosition head) {
    auto& file = files_[head.file];
    auto& line = file.line(head.position);
    if (outcome::is_live(line.outcome)) {
        auto& counts = file.matched.counts;
        ++counts.superseded;
        (outcome::is_unmatched(line.outcome) ? counts.unmatched : counts.counted) -= 1;
        move_sums(file, line, -1);
    }
    line.outcome |= outcome::superseded;
    file.changed_lines.push_back(head.position);
    first_receipts_.push_back({line.identity, file.matched.head.received_at});
}

void FileBatch::answer_t_findings(HeadPosition head, const std::string& by) {
    auto& file = files_[head.file];
    auto& line = file.line(head.position);
    const auto& submission = file.matched.head.submission_id;
    if (!outcome::is_noted(line.outcome) || (line.outcome & outcome::answered) != 0 ||
        submission == by)
        return;
    ledger_.answered(line.identity, submission, by);
    line.outcome |= outcome::answered;
    file.changed_lines.push_back(head.position);
}

void FileBatch::move_sums(WorkingFile& file, const domain::CountedLine& line, int sign) {
    const auto received_at = file.matched.head.received_at;
    const auto month = domain::month_of(line.day);
    const auto sender = number_of(file, 0);
    sums_.claim(sender, month, sign, received_at);
    if (line.org == 0) return;
    const auto org = number_of(file, line.org);
    sums_.count(org, line, sign);
    if (org != sender) sums_.claim(org, month, sign, received_at);
}

std::uint32_t FileBatch::number_of(WorkingFile& file, std::int32_t org) {
    const auto& head = file.matched.head;
    const auto at = static_cast<std::size_t>(org);
    if (file.numbers.size() <= at)
        file.numbers.resize(head.orgs.size() + 1, domain::CodeTable::none);
    if (file.numbers[at] == domain::CodeTable::none)
        file.numbers[at] = sums_.number(org == 0 ? head.agency : head.orgs[at - 1]);
    return file.numbers[at];
}

void FileBatch::end(const domain::ValidatedFile& file) {
    auto& working = files_.back();
    auto& counts = working.matched.counts;
    auto totals = findings_.end();
    counts.matcher_errors = totals.errors;
    counts.matcher_warnings = totals.warnings;
    auto identities = std::move(totals.identities);
    identities.insert(identities.end(), file.finding_identities.begin(),
                      file.finding_identities.end());
    ledger_.open(file.agency, file.submission_id, std::move(identities));
    if (file.zero_report)
        sums_.claim(sums_.number(file.agency), file.data_month, 1, file.received_at, true);
    domain::CountedFile counted;
    counted.submission_id = file.submission_id;
    counted.attempt = file.attempt;
    counted.agency = file.agency;
    counted.received_at = file.received_at;
    counted.route = file.route;
    counted_.push_back(std::move(counted));
}

domain::FileChange FileBatch::change_of(WorkingFile& file) {
    auto& positions = file.changed_lines;
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    domain::FileChange change;
    change.submission_id = file.matched.head.submission_id;
    change.superseded = file.matched.counts.superseded;
    change.unmatched = file.matched.counts.unmatched;
    change.counted = file.matched.counts.counted;
    for (const auto position : positions) {
        change.position.push_back(static_cast<std::int32_t>(position));
        change.outcome.push_back(file.stored_lines[position].outcome);
    }
    return change;
}

FileBatch::Result FileBatch::finish() {
    Result result;
    auto counted = counted_.begin();
    for (auto& file : files_) {
        if (file.stored_before) {
            if (!file.changed_lines.empty()) result.effects.changes.push_back(change_of(file));
            continue;
        }
        const auto& counts = file.matched.counts;
        counted->total = static_cast<std::uint32_t>(counts.total);
        counted->invalid = static_cast<std::uint32_t>(counts.invalid);
        counted->unmatched = static_cast<std::uint32_t>(counts.unmatched);
        counted->counted = static_cast<std::uint32_t>(counts.counted);
        counted->partial = counts.invalid > 0;
        ++counted;
        auto noted = domain::noted_lines(file.matched);
        if (!noted.lines.empty()) result.effects.noted.push_back(std::move(noted));
        if (!file.matched.lines.empty())
            result.effects.prefixes.push_back(prefixes_of(file.matched));
        result.effects.files.push_back(std::move(file.matched));
    }
    result.effects.first_receipts = std::move(first_receipts_);
    result.effects.findings = findings_.take_findings();
    result.effects.groups = findings_.take_groups();
    result.effects.opened = ledger_.opened();
    result.effects.still_open = ledger_.still_open();
    result.effects.fixed = ledger_.fixed();
    result.effects.rejected_seen = std::move(rejected_seen_);
    result.effects.counts = sums_.counts();
    result.effects.claims = sums_.claims();
    result.counted = std::move(counted_);
    return result;
}

}  // namespace chaiqin::agency_matcher
