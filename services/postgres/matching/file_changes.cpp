#include "postgres/binary.hpp"
#include "postgres/matching/batches.sql.hpp"
#include "postgres/matching/file_rows.hpp"
#include "postgres/matching/packed.hpp"

namespace chaiqin::postgres::matching {

namespace {

void change_counters(domain::UnitOfWork& work, const std::vector<domain::FileChange>& changes) {
    using domain::FileChange;
    Params params;
    params.add_uuid_column(changes, &FileChange::submission_id)
        .add_column(changes, &FileChange::superseded)
        .add_column(changes, &FileChange::unmatched)
        .add_column(changes, &FileChange::counted)
        .add_column(changes, &FileChange::t_warnings);
    query_prepared(work, sql::change_counters, params);
}

void change_outcomes(domain::UnitOfWork& work, const std::vector<domain::FileChange>& changes) {
    std::vector<std::string> submissions;
    Flattened<std::int32_t> positions;
    Flattened<std::int16_t> outcomes;
    for (const auto& change : changes) {
        if (change.position.empty() || !change.org.empty()) continue;
        submissions.push_back(change.submission_id);
        positions.add(values_of<std::int32_t>(change.position, subscript));
        outcomes.add(change.outcome);
    }
    if (submissions.empty()) return;
    Params params;
    params.add_uuid_array(submissions).add_array(positions.begin).add_array(positions.end);
    params.add_array(positions.values).add_array(outcomes.values);
    query_prepared(work, sql::change_outcomes, params);
    Params which;
    which.add_uuid_array(submissions);
    query_prepared(work, sql::renew_noted_outcomes, which);
}

void change_attributions(domain::UnitOfWork& work, const std::vector<domain::FileChange>& changes) {
    std::vector<std::string> submissions;
    Flattened<std::int32_t> positions, orgs;
    Flattened<std::int16_t> outcomes;
    Flattened<std::string> dictionaries;
    for (const auto& change : changes) {
        if (change.org.empty()) continue;
        submissions.push_back(change.submission_id);
        positions.add(values_of<std::int32_t>(change.position, subscript));
        outcomes.add(change.outcome);
        orgs.add(change.org);
        dictionaries.add(change.orgs);
    }
    if (submissions.empty()) return;
    Params params;
    params.add_uuid_array(submissions).add_array(positions.begin).add_array(positions.end);
    params.add_array(dictionaries.begin).add_array(dictionaries.end).add_array(positions.values);
    params.add_array(outcomes.values).add_array(orgs.values).add_array(dictionaries.values);
    query_prepared(work, sql::change_attributions, params);
}

}  // namespace

void change_files(domain::UnitOfWork& work, const std::vector<domain::FileChange>& changes) {
    if (changes.empty()) return;
    change_counters(work, changes);
    change_outcomes(work, changes);
    change_attributions(work, changes);
}

void note_first_receipts(domain::UnitOfWork& work, const std::vector<domain::FirstReceipt>& rows) {
    if (rows.empty()) return;
    Params params;
    params.add_column(rows, [](const auto& row) { return static_cast<std::int64_t>(row.identity); })
        .add_column(rows, &domain::FirstReceipt::received_at);
    query_prepared(work, sql::note_first_receipts, params);
}

void replace_noted(domain::UnitOfWork& work, const std::vector<domain::NotedLines>& rows) {
    if (rows.empty()) return;
    Params params;
    params.add_uuid_column(rows, &domain::NotedLines::submission_id);
    query_prepared(work, sql::delete_noted, params);
    copy_noted(work, rows);
}

void copy_history(domain::UnitOfWork& work, std::int64_t change_no, domain::Instant now,
                  const std::vector<domain::AttributionChanges>& rows) {
    if (rows.empty()) return;
    CopyWriter copy(work, "matching.attribution_change",
                    {"submission_id", "change_no", "changed_at", "line", "load_no", "old_org",
                     "new_org", "old_outcome", "new_outcome"});
    for (const auto& row : rows) {
        copy.row();
        copy.uuid(row.submission_id);
        copy.int8(change_no);
        copy.instant(now);
        copy.int4_array(row.line);
        copy.int8_array(row.load_no);
        copy.text_array(row.old_org);
        copy.text_array(row.new_org);
        copy.int2_array(as_smallint(row.old_outcome));
        copy.int2_array(as_smallint(row.new_outcome));
    }
    copy.finish();
}

}  // namespace chaiqin::postgres::matching
