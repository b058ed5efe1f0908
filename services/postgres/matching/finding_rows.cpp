#include "postgres/binary.hpp"
#include "postgres/matching/file_rows.hpp"
#include "postgres/matching/findings.sql.hpp"
#include "postgres/matching/packed.hpp"

namespace chaiqin::postgres::matching {

namespace {

void text_or_null(CopyWriter& copy, const std::optional<std::string>& text) {
    if (text)
        copy.text(*text);
    else
        copy.null();
}

void copy_details(domain::UnitOfWork& work, const std::vector<domain::MatcherFinding>& findings) {
    CopyWriter copy(work, "matching.finding",
                    {"submission_id", "kind",     "index",       "pointer",    "code",
                     "seq",           "severity", "record_no",   "record_seq", "field",
                     "field_name",    "value",    "expected",    "message",    "message_en",
                     "identity",      "agency",   "received_at", "data_month", "revision"});
    std::int32_t seq = 0;
    for (const auto& row : findings) {
        const auto& finding = row.finding;
        copy.row();
        copy.uuid(row.submission_id);
        copy.int2(static_cast<std::int16_t>(finding.kind));
        copy.int4(static_cast<std::int32_t>(finding.index.value_or(0)));
        copy.text(finding.pointer);
        copy.text(finding.code);
        copy.int4(seq++);
        copy.int2(finding.severity == domain::Severity::error ? 0 : 1);
        text_or_null(copy, finding.record_no);
        if (finding.record_seq)
            copy.int8(*finding.record_seq);
        else
            copy.null();
        copy.text(finding.field);
        copy.text(finding.field_name);
        text_or_null(copy, finding.value);
        text_or_null(copy, finding.expected);
        copy.text(finding.message);
        copy.text(finding.message_en);
        copy.int8(static_cast<std::int64_t>(row.identity));
        copy.text(row.agency);
        copy.instant(row.received_at);
        copy.int4(row.data_month);
        if (finding.revision)
            copy.int8(*finding.revision);
        else
            copy.null();
    }
    copy.finish();
}

void copy_groups(domain::UnitOfWork& work, const std::vector<domain::MatcherFindingGroup>& groups) {
    CopyWriter copy(work, "matching.finding_group",
                    {"submission_id", "code", "severity", "field", "message", "count", "first"});
    for (const auto& [submission_id, group] : groups) {
        copy.row();
        copy.uuid(submission_id);
        copy.text(group.code);
        copy.int2(group.severity == domain::Severity::error ? 0 : 1);
        copy.text(group.field);
        copy.text(group.message);
        copy.int8(static_cast<std::int64_t>(group.count));
        copy.int4_array({group.first.begin(), group.first.end()});
    }
    copy.finish();
}

void copy_open(domain::UnitOfWork& work, const std::vector<domain::OpenFindings>& rows) {
    CopyWriter copy(work, "matching.open_finding",
                    {"submission_id", "agency", "later_than", "identity"});
    for (const auto& row : rows) {
        if (row.identity.empty()) continue;
        copy.row();
        copy.uuid(row.submission_id);
        copy.text(row.agency);
        if (row.later_than)
            copy.instant(*row.later_than);
        else
            copy.null();
        copy.text(packed(row.identity));
    }
    copy.finish();
}

}  // namespace

void copy_findings(domain::UnitOfWork& work, const domain::FileBatchEffects& effects) {
    if (!effects.findings.empty()) copy_details(work, effects.findings);
    if (!effects.groups.empty()) copy_groups(work, effects.groups);
}

void move_open_findings(domain::UnitOfWork& work, const domain::FileBatchEffects& effects) {
    if (!effects.still_open.empty()) {
        Params params;
        params.add_uuid_column(effects.still_open, &domain::OpenFindings::submission_id);
        query(work, sql::delete_open_findings, params);
        copy_open(work, effects.still_open);
    }
    if (!effects.opened.empty()) copy_open(work, effects.opened);
    if (!effects.rejected_seen.empty()) {
        Params seen;
        seen.add_uuid_array(effects.rejected_seen);
        query(work, sql::note_rejected_seen, seen);
    }
    if (effects.fixed.empty()) return;
    CopyWriter copy(work, "matching.fixed", {"submission_id", "fixed_by", "identity"});
    for (const auto& row : effects.fixed) {
        copy.row();
        copy.uuid(row.submission_id);
        copy.uuid(row.fixed_by);
        copy.int8_array({row.identity.begin(), row.identity.end()});
    }
    copy.finish();
}

}  // namespace chaiqin::postgres::matching
