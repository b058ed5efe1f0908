#include "agency_matcher/file_batch.hpp"

#include <algorithm>

#include "domain/failure.hpp"
#include "domain/partitioning.hpp"

namespace chaiqin::agency_matcher {

namespace outcome = domain::outcome;
using domain::FileRecord;
using domain::IdentityDecision;
using domain::IdentityLine;
using domain::PermanentFailure;

namespace {

IdentityLine stored_line(const FileRecord& record, std::size_t at) {
    return {record.revision[at], (record.outcome[at] & outcome::deletion) != 0, record.token[at],
            record.content[at]};
}

void reserve(FileRecord& record, std::size_t lines) {
    record.line.reserve(lines);
    record.identity.reserve(lines);
    record.token.reserve(lines);
    record.content.reserve(lines);
    record.claimed_org.reserve(lines);
    record.day_count.reserve(lines);
    record.revision.reserve(lines);
    record.day.reserve(lines);
    record.minutes.reserve(lines);
    record.kind_type.reserve(lines);
    record.org.reserve(lines);
    record.outcome.reserve(lines);
    record.record_no.reserve(lines);
    record.masked_person_id.reserve(lines);
    record.record_seq.reserve(lines);
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
    for (auto& record : past.files) add_prior(std::move(record), filter);
}

void FileBatch::add_prior(FileRecord record, const PrefixFilter& filter) {
    const auto number = static_cast<std::uint32_t>(files_.size());
    for (std::size_t at = 0; at < record.identity.size(); ++at) {
        if ((record.outcome[at] & outcome::superseded) != 0 ||
            !filter.contains(prefix_of(record.identity[at])))
            continue;
        heads_.set(record.identity[at], {number, static_cast<std::uint32_t>(at)});
    }
    WorkingFile file;
    file.change.submission_id = record.submission_id;
    file.matched.record = std::move(record);
    file.stored_before = true;
    files_.push_back(std::move(file));
}

FileBatch::WorkingFile& FileBatch::begin(const domain::ValidatedFile& file) {
    const auto total = std::uint64_t{file.leave_lines} + file.overtime_lines;
    if (file.lines.size() + file.invalid_lines != total)
        throw PermanentFailure(
            "good and invalid lines of a validated file do not add up to its lines");
    auto& working = files_.emplace_back();
    auto& record = working.matched.record;
    record.submission_id = file.submission_id;
    record.agency = file.agency;
    record.slot = domain::slot_of(file.agency);
    record.received_at = file.received_at;
    record.leave_lines = file.leave_lines;
    record.orgs = file.lines.org_dictionary;
    reserve(record, file.lines.size());
    working.matched.data_month = file.data_month;
    working.matched.zero_report = file.zero_report;
    working.matched.counts.total = static_cast<std::int32_t>(total);
    working.matched.counts.invalid = static_cast<std::int32_t>(file.invalid_lines);
    matcher_.begin(record);
    findings_.begin(file);
    return working;
}

void FileBatch::take(domain::ValidatedFile& file) {
    begin(file);
    for (std::size_t at = 0; at < file.lines.size(); ++at) {
        if (file.lines.line[at] >= file.leave_lines + file.overtime_lines)
            throw PermanentFailure("a line number beyond the lines of a validated file");
        take_line(file, at);
    }
    end(file);
}

void FileBatch::take_line(domain::ValidatedFile& file, std::size_t at) {
    const auto& lines = file.lines;
    const IdentityLine arriving{lines.revision[at], lines.deletion[at], lines.token[at],
                                lines.content[at]};
    const auto* head = heads_.find(lines.identity[at]);
    IdentityLine stored;
    if (head != nullptr) stored = stored_line(files_[head->file].matched.record, head->position);
    const auto decision = domain::judge(head != nullptr ? &stored : nullptr, arriving);
    auto& counts = files_.back().matched.counts;
    if (!domain::finding_code(decision).empty())
        findings_.add(file, at, decision, head != nullptr ? &stored : nullptr);
    if (domain::is_invalid(decision)) {
        ++counts.invalid;
        return;
    }
    ledger_.line_without_error(lines.identity[at], file.submission_id, file.received_at);
    if (head != nullptr) answer_t_findings(*head, file.submission_id);
    if (decision == IdentityDecision::unchanged) ++counts.unchanged;
    if (decision == IdentityDecision::stale) ++counts.stale;
    if (!domain::becomes_head(decision)) return;
    if (head != nullptr) supersede(*head);
    store_line(file, at);
}

void FileBatch::store_line(domain::ValidatedFile& file, std::size_t at) {
    auto& working = files_.back();
    auto& record = working.matched.record;
    const auto& lines = file.lines;
    const auto position = record.line.size();
    record.line.push_back(lines.line[at]);
    record.identity.push_back(lines.identity[at]);
    record.token.push_back(lines.token[at]);
    record.content.push_back(lines.content[at]);
    record.claimed_org.push_back(lines.claimed_org[at]);
    record.day_count.push_back(lines.day_count[at]);
    record.revision.push_back(lines.revision[at]);
    record.day.push_back(lines.day[at]);
    record.minutes.push_back(static_cast<std::int32_t>(lines.minutes[at]));
    record.kind_type.push_back(static_cast<std::int16_t>(lines.kind_type[at]));
    record.org.push_back(0);
    record.outcome.push_back(outcome::deletion);
    if (lines.deletion[at]) {
        ++working.matched.counts.deletion;
    } else {
        attribute_line(working, position, lines.day_count[at]);
    }
    record.record_no.push_back(std::move(file.labels.record_no[at]));
    record.record_seq.push_back(file.labels.record_seq[at]);
    record.masked_person_id.push_back(std::move(file.labels.masked_person_id[at]));
    if (world_.switches.overlay)
        heads_.set(lines.identity[at], {static_cast<std::uint32_t>(files_.size() - 1),
                                        static_cast<std::uint32_t>(position)});
}

void FileBatch::attribute_line(WorkingFile& file, std::size_t at, std::uint32_t day_count) {
    auto& record = file.matched.record;
    auto& counts = file.matched.counts;
    const auto found =
        matcher_.match(record.token[at], record.claimed_org[at], record.day[at], day_count);
    record.org[at] = found.org;
    record.outcome[at] = found.outcome;
    (outcome::is_unmatched(found.outcome) ? counts.unmatched : counts.counted) += 1;
    counts.t_warnings += outcome::finding_count(found.outcome);
    const auto month = domain::month_of(record.day[at]);
    if (record.first_month > record.last_month) record.first_month = record.last_month = month;
    record.first_month = std::min(record.first_month, month);
    record.last_month = std::max(record.last_month, month);
    move_sums(file, at, 1);
}

void FileBatch::supersede(HeadPlace place) {
    auto& old = files_[place.file];
    auto& value = old.matched.record.outcome[place.position];
    const bool was_live = outcome::is_live(value);
    if (was_live) {
        auto& counts = old.matched.counts;
        ++counts.superseded;
        (outcome::is_unmatched(value) ? counts.unmatched : counts.counted) -= 1;
        move_sums(old, place.position, -1);
    }
    value |= outcome::superseded;
    old.changed_lines.push_back(place.position);
}

void FileBatch::answer_t_findings(HeadPlace place, const std::string& by) {
    auto& holder = files_[place.file];
    auto& record = holder.matched.record;
    auto& value = record.outcome[place.position];
    if (!outcome::is_noted(value) || (value & outcome::answered) != 0 || record.submission_id == by)
        return;
    ledger_.answered(record.identity[place.position], record.submission_id, by);
    value |= outcome::answered;
    holder.changed_lines.push_back(place.position);
}

void FileBatch::move_sums(WorkingFile& file, std::size_t at, int sign) {
    const auto& record = file.matched.record;
    const LiveLine line{domain::month_of(record.day[at]), record.kind_type[at], record.minutes[at]};
    const auto sender = number_of(file, 0);
    sums_.claim(sender, line.month, sign, record.received_at);
    if (record.org[at] == 0) return;
    const auto org = number_of(file, record.org[at]);
    sums_.count(org, line, sign);
    if (org != sender) sums_.claim(org, line.month, sign, record.received_at);
}

std::uint32_t FileBatch::number_of(WorkingFile& file, std::int32_t org) {
    const auto& record = file.matched.record;
    const auto at = static_cast<std::size_t>(org);
    if (file.numbers.size() <= at)
        file.numbers.resize(record.orgs.size() + 1, domain::CodeTable::none);
    if (file.numbers[at] == domain::CodeTable::none)
        file.numbers[at] = sums_.number(org == 0 ? record.agency : record.orgs[at - 1]);
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

/// The change of a stored file gets its lines as they are now.
void FileBatch::note_changed_lines(WorkingFile& file) {
    auto& lines = file.changed_lines;
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    file.change.position.assign(lines.begin(), lines.end());
    for (const auto at : lines) file.change.outcome.push_back(file.matched.record.outcome[at]);
}

FileBatch::Result FileBatch::finish() {
    Result result;
    auto counted = counted_.begin();
    for (auto& file : files_) {
        auto& counts = file.matched.counts;
        if (file.stored_before) {
            if (file.changed_lines.empty()) continue;
            file.change.superseded = counts.superseded;
            file.change.unmatched = counts.unmatched;
            file.change.counted = counts.counted;
            note_changed_lines(file);
            result.effects.changes.push_back(std::move(file.change));
            continue;
        }
        counted->total = static_cast<std::uint32_t>(counts.total);
        counted->invalid = static_cast<std::uint32_t>(counts.invalid);
        counted->unmatched = static_cast<std::uint32_t>(counts.unmatched);
        counted->counted = static_cast<std::uint32_t>(counts.counted);
        counted->partial = counts.invalid > 0;
        ++counted;
        auto noted = domain::noted_lines(file.matched.record, file.matched.data_month);
        if (!noted.lines.empty()) result.effects.noted.push_back(std::move(noted));
        if (!file.matched.record.identity.empty())
            result.effects.prefixes.push_back(prefixes_of(file.matched.record));
        result.effects.files.push_back(std::move(file.matched));
    }
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
