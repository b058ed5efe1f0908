#include "postgres/binary.hpp"
#include "postgres/matching/file_rows.hpp"
#include "postgres/matching/packed.hpp"

namespace chaiqin::postgres::matching {

namespace {

void change_counters(domain::UnitOfWork& work, const std::vector<domain::FileChange>& changes) {
    std::vector<std::string> submissions;
    std::vector<std::int32_t> superseded, unmatched, counted, t_warnings;
    for (const auto& change : changes) {
        submissions.push_back(change.submission_id);
        superseded.push_back(change.superseded);
        unmatched.push_back(change.unmatched);
        counted.push_back(change.counted);
        t_warnings.push_back(change.t_warnings);
    }
    Params params;
    params.add_uuid_array(submissions)
        .add_array(superseded)
        .add_array(unmatched)
        .add_array(counted)
        .add_array(t_warnings);
    query_prepared(
        work,
        "UPDATE matching.file f SET superseded = f.superseded + c.superseded, unmatched = "
        "f.unmatched + "
        "c.unmatched,"
        " counted = f.counted + c.counted, t_warnings = f.t_warnings + c.t_warnings"
        " FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[])"
        " AS c(submission_id, superseded, unmatched, counted, t_warnings)"
        " WHERE f.submission_id = c.submission_id"
        " AND (c.superseded <> 0 OR c.unmatched <> 0 OR c.counted <> 0 OR c.t_warnings <> 0)",
        params);
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
    query_prepared(work,
                   "UPDATE matching.file_record f SET outcome = matching.with_values(f.outcome,"
                   " ($4::int[])[c.at:c.until], ($5::smallint[])[c.at:c.until])"
                   " FROM unnest($1::uuid[], $2::int[], $3::int[]) AS c(submission_id, at, until)"
                   " WHERE f.submission_id = c.submission_id",
                   params);
    Params which;
    which.add_uuid_array(submissions);
    query_prepared(
        work,
        "UPDATE matching.noted n SET outcome = (SELECT array_agg(o.outcome ORDER BY p.number)"
        " FROM unnest(n.\"position\") WITH ORDINALITY AS p(at, number)"
        " JOIN unnest(f.outcome) WITH ORDINALITY AS o(outcome, number) ON o.number = p.at + 1)"
        " FROM matching.file_record f WHERE f.submission_id = n.submission_id AND "
        "n.submission_id = "
        "ANY($1::uuid[])",
        which);
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
    query_prepared(work,
                   "UPDATE matching.file_record f SET outcome = matching.with_values(f.outcome,"
                   " ($6::int[])[c.at:c.until], ($7::smallint[])[c.at:c.until]),"
                   " org = matching.with_values(f.org, ($6::int[])[c.at:c.until], "
                   "($8::int[])[c.at:c.until]),"
                   " orgs = ($9::text[])[c.orgs_at:c.orgs_until]"
                   " FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[])"
                   " AS c(submission_id, at, until, orgs_at, orgs_until)"
                   " WHERE f.submission_id = c.submission_id",
                   params);
}

}  // namespace

void change_files(domain::UnitOfWork& work, const std::vector<domain::FileChange>& changes) {
    if (changes.empty()) return;
    change_counters(work, changes);
    change_outcomes(work, changes);
    change_attributions(work, changes);
}

void replace_noted(domain::UnitOfWork& work, const std::vector<domain::NotedLines>& rows) {
    if (rows.empty()) return;
    std::vector<std::string> submissions;
    for (const auto& row : rows) submissions.push_back(row.submission_id);
    Params params;
    params.add_uuid_array(submissions);
    query_prepared(work, "DELETE FROM matching.noted WHERE submission_id = ANY($1::uuid[])",
                   params);
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
