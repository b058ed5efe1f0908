#include "postgres/validation/validation_store.hpp"

#include "postgres/binary.hpp"

namespace chaiqin::postgres::validation {

using domain::UnitOfWork;
using domain::Verdict;

namespace {

std::optional<std::string> or_null(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

void write_submissions(UnitOfWork& work, std::int32_t partition, std::span<const Verdict> verdicts) {
    for (const auto& v : verdicts) {
        Params params;
        params.add_uuid(v.submission_id).add(static_cast<std::int32_t>(v.attempt)).add(v.agency).add(partition);
        params.add(v.rejected ? "REJECTED_FILE" : "ACCEPTED").add(v.received_at).add(v.validated_at).add(v.file_name).add(v.route).add(v.sha256);
        params.add(v.ruleset).add(or_null(v.source_system)).add(or_null(v.batch_no)).add(v.data_month ? std::optional<std::int32_t>(*v.data_month) : std::nullopt);
        params.add(v.zero_report).add(static_cast<std::int32_t>(v.record_count)).add(static_cast<std::int32_t>(v.total));
        params.add(static_cast<std::int32_t>(v.invalid)).add(static_cast<std::int64_t>(v.error_count)).add(static_cast<std::int64_t>(v.warning_count));
        query(work,
              "INSERT INTO validation.submission (submission_id, attempt, agency, partition, verdict, received_at, validated_at, file_name,"
              " route, sha256, ruleset, source_system, batch_no, data_month, zero_report, record_count, total, invalid, error_count, warning_count)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
              " ON CONFLICT (submission_id) DO UPDATE SET attempt = excluded.attempt, verdict = excluded.verdict, validated_at = excluded.validated_at,"
              " ruleset = excluded.ruleset, source_system = excluded.source_system, batch_no = excluded.batch_no, data_month = excluded.data_month,"
              " zero_report = excluded.zero_report, record_count = excluded.record_count, total = excluded.total, invalid = excluded.invalid,"
              " error_count = excluded.error_count, warning_count = excluded.warning_count", params);
    }
}

/// A replayed file is judged anew: what an earlier attempt left goes first.
void clear_replayed(UnitOfWork& work, std::span<const Verdict> verdicts) {
    std::vector<std::string> ids;
    for (const auto& v : verdicts)
        if (v.attempt > 1) ids.push_back(v.submission_id);
    if (ids.empty()) return;
    Params params;
    params.add_uuid_array(ids);
    for (const char* table : {"finding", "finding_group", "archive"})
        query(work, std::string("DELETE FROM validation.") + table + " WHERE submission_id = ANY ($1)", params);
}

void copy_findings(UnitOfWork& work, std::span<const Verdict> verdicts) {
    bool any = false;
    for (const auto& v : verdicts) any = any || !v.findings.empty();
    if (!any) return;
    CopyWriter copy(work, "validation.finding",
                    {"submission_id", "kind", "index", "pointer", "code", "seq", "severity", "record_no", "record_seq", "field", "field_name", "value",
                     "expected", "message", "message_en", "identity", "agency", "received_at", "data_month"});
    const auto text = [&](const std::optional<std::string>& value) { value ? copy.text(*value) : copy.null(); };
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

void copy_groups(UnitOfWork& work, std::span<const Verdict> verdicts) {
    bool any = false;
    for (const auto& v : verdicts) any = any || !v.groups.empty();
    if (!any) return;
    CopyWriter copy(work, "validation.finding_group", {"submission_id", "code", "severity", "field", "message", "count", "first"});
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

void copy_archive(UnitOfWork& work, std::span<const Verdict> verdicts) {
    CopyWriter copy(work, "validation.archive", {"submission_id", "key_id", "sealed"});
    for (const auto& v : verdicts) {
        copy.row();
        copy.uuid(v.submission_id);
        copy.text(v.key_id);
        copy.text(v.sealed);
    }
    copy.finish();
}

class PostgresValidationStore final : public domain::ValidationStore {
public:
    std::vector<domain::EarlierAnswer> earlier(UnitOfWork& work, std::span<const domain::EarlierQuestion> questions) override {
        std::vector<std::string> ids, agencies, digests, keys;
        for (const auto& q : questions) {
            ids.push_back(q.submission_id);
            agencies.push_back(q.agency);
            digests.push_back(q.sha256);
            keys.push_back(q.key_hash);
        }
        Params params;
        params.add_uuid_array(ids).add_array(agencies).add_array(digests).add_array(keys);
        const auto rows = query(work,
                                "SELECT q.place, s.batch_no, s.submission_id IS NOT NULL, k.submission_id IS NOT NULL"
                                " FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS q(id, agency, sha256, key_hash, place)"
                                " LEFT JOIN LATERAL (SELECT e.submission_id, e.batch_no FROM validation.submission e"
                                "   WHERE e.agency = q.agency AND e.sha256 = q.sha256 AND e.submission_id <> q.id AND e.verdict = 'ACCEPTED'"
                                "   AND NOT EXISTS (SELECT 1 FROM matching.quarantine z WHERE z.event_id = e.submission_id::text || '/' || e.attempt AND z.replayed_at IS NULL)"
                                "   ORDER BY e.received_at LIMIT 1) s ON true"
                                " LEFT JOIN intake.idempotency_key k ON q.key_hash <> '' AND k.agency = q.agency AND k.key_hash = q.key_hash AND k.sha256 <> q.sha256"
                                " ORDER BY q.place", params);
        std::vector<domain::EarlierAnswer> answers(questions.size());
        for (int i = 0; i < rows.size(); ++i) {
            auto& answer = answers[static_cast<std::size_t>(rows.int8(i, 0) - 1)];
            if (rows.boolean(i, 2)) answer.same_content_batch = rows.optional_text(i, 1).value_or("");
            answer.key_had_other_content = rows.boolean(i, 3);
        }
        return answers;
    }

    void write(UnitOfWork& work, std::int32_t partition, std::span<const Verdict> verdicts) override {
        clear_replayed(work, verdicts);
        write_submissions(work, partition, verdicts);
        copy_findings(work, verdicts);
        copy_groups(work, verdicts);
        copy_archive(work, verdicts);
    }

    std::vector<domain::LostFile> lost_files(UnitOfWork& work, std::int32_t partition, domain::Instant before, int most) override {
        Params params;
        params.add(partition).add(before).add(static_cast<std::int32_t>(most));
        const auto rows = query(work,
                                "SELECT s.submission_id, s.agency, s.route, s.file_name, s.sha256, s.attempt, s.received_at, a.sealed"
                                " FROM validation.submission s JOIN validation.archive a USING (submission_id)"
                                " WHERE s.partition = $1 AND s.verdict = 'ACCEPTED' AND s.validated_at < $2 AND s.validated_at > $2 - interval '30 days'"
                                " AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.submission_id = s.submission_id)"
                                " AND NOT EXISTS (SELECT 1 FROM validation.outbox o WHERE o.event_id = s.submission_id::text || '/' || s.attempt)"
                                " AND NOT EXISTS (SELECT 1 FROM matching.quarantine z WHERE z.event_id = s.submission_id::text || '/' || s.attempt)"
                                " ORDER BY s.received_at LIMIT $3", params);
        std::vector<domain::LostFile> lost;
        for (int i = 0; i < rows.size(); ++i)
            lost.push_back({rows.uuid(i, 0), rows.string(i, 1), rows.string(i, 2), rows.string(i, 3), rows.string(i, 4),
                            static_cast<std::uint32_t>(rows.int4(i, 5)), rows.instant(i, 6), rows.string(i, 7)});
        return lost;
    }
};

}  // namespace

std::unique_ptr<domain::ValidationStore> make_validation_store() { return std::make_unique<PostgresValidationStore>(); }

}  // namespace chaiqin::postgres::validation
