#include "agency_matcher/stage.hpp"

#include <algorithm>
#include <set>

#include "agency_matcher/file_batch.hpp"
#include "agency_matcher/rematch.hpp"
#include "domain/topics.hpp"
#include "runtime/event.hpp"
#include "runtime/metrics.hpp"
#include "wire/counts_changed.hpp"
#include "wire/file_validated.hpp"

namespace chaiqin::agency_matcher {

namespace {

constexpr std::size_t files_a_read = 100;  ///< while re-matching; bounds memory

std::vector<domain::ValidatedFile> decoded(std::span<const runtime::Message> batch) {
    std::vector<domain::ValidatedFile> files;
    files.reserve(batch.size());
    for (const auto& message : batch) files.push_back(wire::decode_file_validated(message.payload));
    return files;
}

std::vector<std::string> agencies_of(const std::vector<domain::ValidatedFile>& files) {
    std::set<std::string> agencies;
    for (const auto& file : files) agencies.insert(file.agency);
    return {agencies.begin(), agencies.end()};
}

std::size_t line_count(const std::vector<domain::ValidatedFile>& files) {
    std::size_t lines = 0;
    for (const auto& file : files) lines += file.lines.size();
    return lines;
}

PrefixFilter filter_of(const std::vector<domain::ValidatedFile>& files) {
    std::vector<std::uint32_t> prefixes;
    prefixes.reserve(line_count(files));
    for (const auto& file : files)
        for (const auto& line : file.lines) prefixes.push_back(prefix_of(line.identity));
    return PrefixFilter(std::move(prefixes));
}

PrefixFilter filter_of(const std::vector<domain::CareerChange>& changes) {
    std::vector<std::uint32_t> prefixes;
    prefixes.reserve(changes.size());
    for (const auto& change : changes) prefixes.push_back(prefix_of(change.token));
    return PrefixFilter(std::move(prefixes));
}

/// Keeps every agency's number of prefix rows within its limit.
void merge_prefix_rows(const std::vector<domain::IdentityPrefixes>& stored,
                       domain::FileBatchEffects& effects) {
    for (auto begin = stored.begin(); begin != stored.end();) {
        const auto end = std::find_if(begin, stored.end(),
                                      [&](const auto& row) { return row.agency != begin->agency; });
        const auto added = static_cast<std::size_t>(
            std::count_if(effects.files.begin(), effects.files.end(),
                          [&](const auto& file) { return file.head.agency == begin->agency; }));
        auto merged = merge_prefixes(std::span(begin, end), added);
        if (!merged.merged_away.empty()) {
            effects.prefixes.push_back(std::move(merged.row));
            effects.merged_away.insert(effects.merged_away.end(), merged.merged_away.begin(),
                                       merged.merged_away.end());
        }
        begin = end;
    }
}

std::vector<int> slots_of(std::int32_t partition) {
    std::vector<int> slots;
    for (int slot = partition; slot < domain::slot_count; slot += domain::agency_partition_count)
        slots.push_back(slot);
    return slots;
}

}  // namespace

runtime::OutgoingMessage counts_changed(std::int64_t batch_id, domain::Instant committed_at,
                                        std::vector<domain::CountedFile> files) {
    return runtime::event_message(
        {.topic = std::string(domain::topics::counts_changed),
         .id = "batch/" + std::to_string(batch_id),
         .source = domain::stages::agency_matcher.service,
         .at = committed_at,
         .payload = wire::encode(domain::CountsChanged{std::move(files), batch_id})});
}

MatcherStage::MatcherStage(domain::MatchingStore& store, const domain::RegistrySource& registry,
                           Table19Memory& memory, Switches switches)
    : store_(store), registry_(registry), memory_(memory), switches_(switches) {
    for (auto& cursor : cursor_) cursor = -1;
    for (auto& cursor : cursor_after_commit_) cursor = -1;
}

runtime::Applied MatcherStage::apply(runtime::StageContext& context,
                                     std::span<const runtime::Message> batch,
                                     runtime::Outbox& outbox) {
    cursor_after_commit_[static_cast<std::size_t>(context.partition)] = -1;
    const auto table = memory_.current();
    if (switches_.change_no_check && context.change_no > table->change_no()) {
        memory_.refresh();
        return runtime::Applied::decide_again;
    }
    auto files = decoded(batch);
    const auto agencies = agencies_of(files);
    const auto filter = filter_of(files);
    const auto prefixes = store_.identity_prefixes(context.work, agencies);
    const auto possible = possible_files(filter, prefixes);
    BatchPast past;
    if (!possible.empty()) past.files = store_.files_to_judge(context.work, possible);
    past.open = store_.open_findings(context.work, agencies);
    past.rejected = store_.rejected_findings(context.work, agencies);

    add_warned_lines(context.work, files);
    const auto registry = registry_.newest();
    const auto lines = line_count(files);
    FileBatch decision({*table, *registry, context.now, switches_}, filter, std::move(past), lines);
    for (auto& file : files) decision.take(std::move(file));
    auto result = decision.finish();
    merge_prefix_rows(prefixes, result.effects);
    const auto batch_id =
        store_.write(context.work, context.partition, context.now, result.effects);
    outbox.publish(counts_changed(batch_id, context.now, std::move(result.counted)));
    cursor_after_commit_[static_cast<std::size_t>(context.partition)] = context.change_no;
    runtime::metrics().add("chaiqin_stage_records_total", static_cast<double>(lines));
    return runtime::Applied::done;
}

/// The event names the identities of lines with errors; those with warnings only stand in the
/// validator's findings.
void MatcherStage::add_warned_lines(domain::UnitOfWork& work,
                                    std::vector<domain::ValidatedFile>& files) {
    std::vector<std::string> warned;
    for (const auto& file : files)
        if (file.warning_count > 0) warned.push_back(file.submission_id);
    if (warned.empty()) return;
    for (const auto& lines : store_.warned_lines(work, warned)) {
        const auto at = std::find_if(files.begin(), files.end(), [&](const auto& file) {
            return file.submission_id == lines.submission_id;
        });
        if (at == files.end()) continue;
        at->finding_identities.insert(at->finding_identities.end(), lines.identity.begin(),
                                      lines.identity.end());
    }
}

bool MatcherStage::wants_upkeep(std::int32_t partition, domain::Instant /*now*/) {
    return cursor_[static_cast<std::size_t>(partition)] < memory_.change_no();
}

void MatcherStage::upkeep(runtime::StageContext& context, runtime::Outbox& outbox) {
    cursor_after_commit_[static_cast<std::size_t>(context.partition)] = -1;
    const auto table = memory_.current();
    auto cursor = context.change_no;
    if (cursor < table->change_no()) cursor = rematch(context, *table, outbox);
    cursor_after_commit_[static_cast<std::size_t>(context.partition)] = cursor;
}

void MatcherStage::committed(std::int32_t partition) {
    const auto at = static_cast<std::size_t>(partition);
    cursor_[at] = cursor_after_commit_[at].load();
    const auto least =
        std::min_element(cursor_.begin(), cursor_.end(), [](const auto& a, const auto& b) {
            return static_cast<std::uint64_t>(a.load()) <
                   static_cast<std::uint64_t>(b.load());  // -1 is another owner's
        });
    runtime::metrics().set("chaiqin_rematch_backlog", static_cast<double>(std::max<std::int64_t>(
                                                          0, memory_.change_no() - *least)));
}

/// One chunk; returns where the cursor stands afterwards.
std::int64_t MatcherStage::rematch(runtime::StageContext& context, const domain::Table19& table,
                                   runtime::Outbox& outbox) {
    const auto changes = store_.career_changes(context.work, context.change_no, table.change_no(),
                                               most_changes_a_chunk);
    const auto head =
        changes.size() == most_changes_a_chunk ? changes.back().change_no : table.change_no();
    const auto persons = filter_of(changes);
    const auto files =
        store_.person_prefixes(context.work, slots_of(context.partition),
                               [&](std::uint32_t prefix) { return persons.contains(prefix); });
    const auto chunk = choose_chunk(changes, head, files);
    const auto registry = registry_.newest();
    Rematch decision(table, registry->agencies, context.now);
    std::vector<domain::NotedLines> noted;
    for (std::size_t at = 0; at < chunk.submissions.size(); at += files_a_read) {
        const auto count = std::min(files_a_read, chunk.submissions.size() - at);
        auto read = store_.lines_to_match(
            context.work, std::span(chunk.submissions).subspan(at, count),
            [&](std::uint64_t token) {
                return persons.contains(prefix_of(token)) && chunk.load_of.contains(token);
            });
        std::vector<domain::FileToMatch> changed;
        for (auto& file : read)
            if (decision.take(file, chunk)) changed.push_back(std::move(file));
        if (changed.empty()) continue;
        auto stored = store_.read_noted(context.work, changed);
        for (std::size_t i = 0; i < changed.size(); ++i)
            noted.push_back(
                domain::renewed(std::move(stored[i].noted), changed[i], stored[i].labels));
    }
    auto effects = decision.finish();
    effects.noted = std::move(noted);
    effects.from = context.change_no;
    effects.to = chunk.to;
    const auto batch_id = store_.write(context.work, context.partition, context.now, effects);
    if (batch_id != 0) outbox.publish(counts_changed(batch_id, context.now, {}));
    return chunk.to;
}

}  // namespace chaiqin::agency_matcher
