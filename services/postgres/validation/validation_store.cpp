#include "postgres/validation/validation_store.hpp"

#include <algorithm>

#include "postgres/binary.hpp"

namespace chaiqin::postgres::validation {

using domain::FileVerdict;
using domain::UnitOfWork;

namespace {

constexpr const char* file_received_topic =
    "chaiqin.file.received.v1";  // its rows of the outbox are this partition's

constexpr const char* submission_columns[] = {
    "submission_id", "attempt",     "agency",       "partition",   "verdict",      "received_at",
    "validated_at",  "file_name",   "route",        "sha256",      "key_hash",     "ruleset",
    "source_system", "batch_no",    "data_month",   "zero_report", "record_count", "total",
    "invalid",       "error_count", "warning_count"};

/// What an earlier judgement of the same file left goes first; the archived bytes are the same.
void clear_judged_again(UnitOfWork& work, std::span<const FileVerdict> verdicts) {
    std::vector<std::string> ids;
    for (const auto& verdict : verdicts)
        if (verdict.again) ids.push_back(verdict.submission_id);
    if (ids.empty()) return;
    Params params;
    params.add_uuid_array(ids);
    for (const char* table : {"submission", "finding", "finding_group", "archive"})
        query(work,
              std::string("DELETE FROM validation.") + table + " WHERE submission_id = ANY ($1)",
              params);
}

void copy_submissions(UnitOfWork& work, std::int32_t partition,
                      std::span<const FileVerdict> verdicts) {
    CopyWriter copy(work, "validation.submission",
                    {std::begin(submission_columns), std::end(submission_columns)});
    const auto text_or_null = [&](const std::string& text) {
        text.empty() ? copy.null() : copy.text(text);
    };
    for (const auto& verdict : verdicts) {
        copy.row();
        copy.uuid(verdict.submission_id);
        copy.int4(static_cast<std::int32_t>(verdict.attempt));
        copy.text(verdict.agency);
        copy.int4(partition);
        copy.text(verdict.rejected ? "REJECTED_FILE" : "ACCEPTED");
        copy.instant(verdict.received_at);
        copy.instant(verdict.validated_at);
        copy.text(verdict.file_name);
        copy.text(verdict.route);
        copy.text(verdict.sha256);
        text_or_null(verdict.key_hash);
        copy.text(verdict.ruleset);
        text_or_null(verdict.source_system);
        text_or_null(verdict.batch_no);
        verdict.data_month ? copy.int4(*verdict.data_month) : copy.null();
        copy.boolean(verdict.zero_report);
        copy.int4(static_cast<std::int32_t>(verdict.record_count));
        copy.int4(static_cast<std::int32_t>(verdict.total));
        copy.int4(static_cast<std::int32_t>(verdict.invalid));
        copy.int8(static_cast<std::int64_t>(verdict.error_count));
        copy.int8(static_cast<std::int64_t>(verdict.warning_count));
    }
    copy.finish();
}

void copy_findings(UnitOfWork& work, std::span<const FileVerdict> verdicts) {
    if (std::all_of(verdicts.begin(), verdicts.end(),
                    [](const auto& v) { return v.findings.empty(); }))
        return;
    CopyWriter copy(work, "validation.finding",
                    {"submission_id", "kind", "index", "pointer", "code", "seq", "severity",
                     "record_no", "record_seq", "field", "field_name", "value", "expected",
                     "message", "message_en", "identity", "agency", "received_at", "data_month"});
    const auto text = [&](const std::optional<std::string>& value) {
        value ? copy.text(*value) : copy.null();
    };
    for (const auto& v : verdicts) {
        std::int32_t seq = 0;
        for (const auto& [f, identity] : v.findings) {
            copy.row();
            copy.uuid(v.submission_id);
            copy.int2(static_cast<std::int16_t>(f.kind));
            copy.int4(f.index ? static_cast<std::int32_t>(*f.index) : -1);
            copy.text(f.pointer);
            copy.text(f.code);
            copy.int4(seq++);
            copy.int2(static_cast<std::int16_t>(f.severity));
            text(f.record_no);
            f.record_seq ? copy.int8(*f.record_seq) : copy.null();
            copy.text(f.field);
            copy.text(f.field_name);
            text(f.value);
            text(f.expected);
            copy.text(f.message);
            copy.text(f.message_en);
            identity ? copy.int8(static_cast<std::int64_t>(*identity)) : copy.null();
            copy.text(v.agency);
            copy.instant(v.received_at);
            v.data_month ? copy.int4(*v.data_month) : copy.null();
        }
    }
    copy.finish();
}

void copy_groups(UnitOfWork& work, std::span<const FileVerdict> verdicts) {
    if (std::all_of(verdicts.begin(), verdicts.end(),
                    [](const auto& v) { return v.groups.empty(); }))
        return;
    CopyWriter copy(work, "validation.finding_group",
                    {"submission_id", "code", "severity", "field", "message", "count", "first"});
    for (const auto& v : verdicts)
        for (const auto& g : v.groups) {
            copy.row();
            copy.uuid(v.submission_id);
            copy.text(g.code);
            copy.int2(static_cast<std::int16_t>(g.severity));
            copy.text(g.field);
            copy.text(g.message);
            copy.int8(static_cast<std::int64_t>(g.count));
            copy.int4_array(std::vector<std::int32_t>(g.first.begin(), g.first.end()));
        }
    copy.finish();
}

void copy_archive(UnitOfWork& work, std::span<const FileVerdict> verdicts) {
    CopyWriter copy(work, "validation.archive", {"submission_id", "key_id", "sealed"});
    for (const auto& v : verdicts) {
        copy.row();
        copy.uuid(v.submission_id);
        copy.text(v.key_id);
        copy.text(v.sealed);
    }
    copy.finish();
}

/// A file that is quarantined by the matcher and not replayed is no earlier file.
constexpr const char* earlier_statement =
    "SELECT q.place, s.batch_no, s.submission_id IS NOT NULL,"
    "  EXISTS (SELECT 1 FROM intake.idempotency_key k WHERE q.key_hash <> '' AND k.agency = "
    "q.agency"
    "    AND k.key_hash = q.key_hash AND k.sha256 <> q.sha256)"
    "  OR EXISTS (SELECT 1 FROM validation.submission e WHERE q.key_hash <> '' AND e.agency = "
    "q.agency"
    "    AND e.key_hash = q.key_hash AND e.sha256 <> q.sha256 AND e.submission_id <> q.id"
    "    AND e.received_at > q.received_at - interval '90 days' AND (NOT q.again OR e.received_at "
    "< "
    "q.received_at))"
    " FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS u(id, agency, sha256, key_hash, "
    "received_at, "
    "again, place)"
    " CROSS JOIN LATERAL (SELECT u.id, u.agency, u.sha256, u.key_hash, u.received_at, u.again <> 0 "
    "AS again, "
    "u.place) q"
    " LEFT JOIN LATERAL (SELECT e.submission_id, e.batch_no FROM validation.submission e"
    "   WHERE e.agency = q.agency AND e.sha256 = q.sha256 AND e.submission_id <> q.id AND "
    "e.verdict = "
    "'ACCEPTED'"
    "   AND (NOT q.again OR e.received_at < q.received_at)"
    "   AND NOT EXISTS (SELECT 1 FROM matching.quarantine z"
    "     WHERE z.event_id = e.submission_id::text || '/' || e.attempt AND z.replayed_at IS NULL)"
    "   ORDER BY e.received_at LIMIT 1) s ON true"
    " ORDER BY q.place";

constexpr const char* lost_statement =
    "SELECT s.submission_id, s.agency, s.route, s.sha256, COALESCE(s.key_hash, ''), s.attempt, "
    "s.received_at, s.validated_at,"
    "  a.sealed"
    " FROM validation.submission s JOIN validation.archive a USING (submission_id)"
    " WHERE s.partition = $1 AND s.verdict = 'ACCEPTED' AND s.validated_at >= $2 AND "
    "s.validated_at < $3"
    " AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.submission_id = s.submission_id)"
    " AND NOT EXISTS (SELECT 1 FROM matching.quarantine z WHERE z.event_id = s.submission_id::text "
    "|| '/' || "
    "s.attempt)"
    " AND NOT EXISTS (SELECT 1 FROM validation.outbox o WHERE o.input_topic = $5 AND "
    "o.input_partition = $1"
    "   AND o.event_id = s.submission_id::text || '/' || s.attempt)"
    " AND NOT EXISTS (SELECT 1 FROM validation.outbox_dead d WHERE d.event_id = "
    "s.submission_id::text || '/' "
    "|| s.attempt)"
    " ORDER BY s.validated_at LIMIT $4";

constexpr const char* settled_statement =
    "SELECT COALESCE(min(s.validated_at), $3) FROM validation.submission s"
    " WHERE s.partition = $1 AND s.verdict = 'ACCEPTED' AND s.validated_at >= $2 AND "
    "s.validated_at < $3"
    " AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.submission_id = s.submission_id)";

class PostgresValidationStore final : public domain::ValidationStore {
public:
    std::vector<domain::EarlierAnswer> earlier(
        UnitOfWork& work, std::span<const domain::EarlierQuestion> questions) override {
        std::vector<std::string> ids, agencies, digests, keys;
        std::vector<domain::Instant> received;
        std::vector<std::int16_t> again;
        for (const auto& question : questions) {
            ids.push_back(question.submission_id);
            agencies.push_back(question.agency);
            digests.push_back(question.sha256);
            keys.push_back(question.key_hash);
            received.push_back(question.received_at);
            again.push_back(question.again);
        }
        Params params;
        params.add_uuid_array(ids)
            .add_array(agencies)
            .add_array(digests)
            .add_array(keys)
            .add_array(received)
            .add_array(again);
        const auto rows = query_prepared(work, earlier_statement, params);
        std::vector<domain::EarlierAnswer> answers(questions.size());
        for (int i = 0; i < rows.size(); ++i) {
            auto& answer = answers.at(static_cast<std::size_t>(rows.int8(i, 0) - 1));
            if (rows.boolean(i, 2))
                answer.same_content_batch = rows.optional_text(i, 1).value_or("");
            answer.key_had_other_content = rows.boolean(i, 3);
        }
        return answers;
    }

    void write(UnitOfWork& work, std::int32_t partition,
               std::span<const FileVerdict> verdicts) override {
        if (verdicts.empty()) return;
        clear_judged_again(work, verdicts);
        copy_submissions(work, partition, verdicts);
        copy_findings(work, verdicts);
        copy_groups(work, verdicts);
        copy_archive(work, verdicts);
    }

    domain::LostFiles lost_files(UnitOfWork& work, std::int32_t partition, domain::Instant from,
                                 domain::Instant before, int most) override {
        Params params;
        params.add(partition).add(from).add(before);
        domain::LostFiles lost;
        lost.settled_until = query(work, settled_statement, params).instant(0, 0);
        if (lost.settled_until >= before) return lost;
        params.add(static_cast<std::int32_t>(most)).add(file_received_topic);
        const auto rows = query(work, lost_statement, params);
        for (int i = 0; i < rows.size(); ++i) {
            lost.files.push_back({rows.uuid(i, 0), rows.string(i, 1), rows.string(i, 2),
                                  rows.string(i, 3), rows.string(i, 4),
                                  static_cast<std::uint32_t>(rows.int4(i, 5)), rows.instant(i, 6),
                                  rows.instant(i, 7), rows.string(i, 8)});
        }
        return lost;
    }
};

}  // namespace

std::unique_ptr<domain::ValidationStore> make_validation_store() {
    return std::make_unique<PostgresValidationStore>();
}

}  // namespace chaiqin::postgres::validation
