#include "postgres/validation/validation_store.hpp"

#include <algorithm>

#include "domain/topics.hpp"
#include "postgres/binary.hpp"
#include "postgres/validation/validation.sql.hpp"

namespace chaiqin::postgres::validation {

using domain::FileVerdict;
using domain::UnitOfWork;

namespace {

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
    query(work, sql::forget_verdicts, params);
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
                    {"submission_id", "kind",     "index",       "pointer",    "code",
                     "seq",           "severity", "record_no",   "record_seq", "field",
                     "field_name",    "value",    "expected",    "message",    "message_en",
                     "identity",      "agency",   "received_at", "data_month", "revision"});
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
            f.revision ? copy.int8(*f.revision) : copy.null();
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

class PostgresValidationStore final : public domain::ValidationStore {
public:
    std::vector<domain::EarlierAnswer> earlier(
        UnitOfWork& work, std::span<const domain::EarlierQuestion> questions) override {
        using domain::EarlierQuestion;
        Params params;
        params.add_uuid_column(questions, &EarlierQuestion::submission_id)
            .add_column(questions, &EarlierQuestion::agency)
            .add_column(questions, &EarlierQuestion::sha256)
            .add_column(questions, &EarlierQuestion::key_hash)
            .add_column(questions, &EarlierQuestion::received_at)
            .add_column(questions, [](const EarlierQuestion& question) {
                return static_cast<std::int16_t>(question.again);
            });
        std::vector<domain::EarlierAnswer> answers(questions.size());
        for (const auto row : query_prepared(work, sql::earlier_files, params)) {
            auto& answer = answers.at(static_cast<std::size_t>(row.int8("place") - 1));
            if (row.boolean("is_repeated"))
                answer.same_content_batch = row.optional_text("batch_no").value_or("");
            answer.key_had_other_content = row.boolean("key_had_other_content");
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
        lost.settled_until =
            query(work, sql::settled_until, params).only().instant("settled_until");
        if (lost.settled_until >= before) return lost;
        params.add(static_cast<std::int32_t>(most)).add(domain::topics::file_received);
        for (const auto row : query(work, sql::lost_files, params))
            lost.files.push_back({.submission_id = row.uuid("submission_id"),
                                  .agency = row.string("agency"),
                                  .route = row.string("route"),
                                  .sha256 = row.string("sha256"),
                                  .key_hash = row.string("key_hash"),
                                  .attempt = static_cast<std::uint32_t>(row.int4("attempt")),
                                  .received_at = row.instant("received_at"),
                                  .validated_at = row.instant("validated_at"),
                                  .sealed = row.string("sealed")});
        return lost;
    }
};

}  // namespace

std::unique_ptr<domain::ValidationStore> make_validation_store() {
    return std::make_unique<PostgresValidationStore>();
}

}  // namespace chaiqin::postgres::validation
