#include "validator/stage.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "checking/check.hpp"
#include "crypto/sealing.hpp"
#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "validator/line_hasher.hpp"
#include "wire/file_validated.hpp"
#include "wire/submission_updated.hpp"
#include "wire/topics.hpp"

namespace chaiqin::validator {

using runtime::Message;

namespace {

constexpr std::size_t most_opened_bytes = (6u << 20);
constexpr std::uint64_t rejected_rank = 5;

struct Envelope {
    std::string submission_id, agency, route, sha256, idempotency_hash;
    std::uint32_t attempt = 1;
    domain::Instant received_at{};
};

std::int64_t number(const Message& message, std::string_view name) {
    const auto text = message.header(name);
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size())
        throw domain::PermanentFailure("header " + std::string(name) + " is missing or no number");
    return value;
}

Envelope envelope_of(const Message& message) {
    Envelope e;
    const auto text = [&](std::string_view name) { return std::string(message.header(name)); };
    e.submission_id = text("submission_id");
    e.agency = text("agency");
    e.route = text("route");
    e.sha256 = text("sha256");
    e.idempotency_hash = text("idempotency_hash");
    e.attempt = static_cast<std::uint32_t>(number(message, "attempt"));
    e.received_at = domain::Instant(std::chrono::microseconds(number(message, "received_at")));
    if (e.submission_id.empty() || e.agency.empty()) throw domain::PermanentFailure("headers submission_id and agency are needed");
    return e;
}

runtime::Headers headers_of(const Envelope& e, std::string_view type, domain::Instant now) {
    return {{"ce_specversion", "1.0"}, {"ce_type", std::string(type)}, {"ce_source", "chaiqin/validator"}, {"ce_time", domain::rfc3339_taipei(now)},
            {"ce_id", e.submission_id + "/" + std::to_string(e.attempt)}, {"submission_id", e.submission_id}, {"attempt", std::to_string(e.attempt)},
            {"agency", e.agency}, {"route", e.route}};
}

/// Puts a finding about the whole file where it belongs in the order of the API: before the envelope's.
void add_file_finding(checking::CheckResult& result, std::optional<domain::Finding> finding) {
    if (!finding) return;
    const bool error = finding->severity == domain::Severity::error;
    ++(error ? result.error_count : result.warning_count);
    result.rejected = result.rejected || error;
    domain::FindingGroup group{finding->code, finding->severity, finding->field, finding->message, 1, {}};
    const auto groups_at = std::find_if(result.groups.begin(), result.groups.end(), [&](const auto& g) { return g.code > group.code; });
    result.groups.insert(groups_at, std::move(group));
    const auto at = std::find_if(result.findings.begin(), result.findings.end(), [&](const auto& f) {
        return f.finding.kind != domain::FindingKind::file || f.finding.code > finding->code;
    });
    result.findings.insert(at, {std::move(*finding), 0, false});
}

domain::ValidatedFile validated_file(const Envelope& e, checking::CheckResult& result) {
    domain::ValidatedFile file;
    file.submission_id = e.submission_id;
    file.attempt = e.attempt;
    file.agency = e.agency;
    file.received_at = e.received_at;
    file.route = e.route;
    file.source_system = result.source_system;
    file.data_month = result.data_month.value_or(0);
    file.zero_report = result.zero_report;
    file.leave_lines = result.leave_lines;
    file.overtime_lines = result.overtime_lines;
    file.invalid_lines = result.invalid_lines;
    file.error_count = static_cast<std::uint32_t>(result.error_count);
    file.warning_count = static_cast<std::uint32_t>(result.warning_count);
    file.lines = std::move(result.lines);
    file.labels = std::move(result.labels);
    file.finding_identities = std::move(result.finding_identities);
    file.finding_lines = std::move(result.finding_lines);
    return file;
}

domain::Verdict verdict_of(const Envelope& e, checking::CheckResult& result, std::string masked_name, const std::string& ruleset, domain::Instant now) {
    domain::Verdict v;
    v.submission_id = e.submission_id;
    v.attempt = e.attempt;
    v.agency = e.agency;
    v.rejected = result.rejected;
    v.received_at = e.received_at;
    v.validated_at = now;
    v.file_name = std::move(masked_name);
    v.route = e.route;
    v.sha256 = e.sha256;
    v.ruleset = ruleset;
    v.source_system = result.source_system;
    v.batch_no = result.batch_no_masked;
    v.data_month = result.data_month;
    v.zero_report = result.zero_report;
    v.record_count = result.record_count;
    v.total = result.rejected ? 0 : result.record_count;
    v.invalid = result.rejected ? 0 : result.invalid_lines;
    v.error_count = result.error_count;
    v.warning_count = result.warning_count;
    for (auto& f : result.findings) v.findings.push_back({std::move(f.finding), f.has_identity ? std::optional(f.identity) : std::nullopt});
    v.groups = std::move(result.groups);
    return v;
}

domain::SubmissionUpdated rejected(const Envelope& e, const domain::Verdict& v, domain::Instant now) {
    domain::SubmissionUpdated event;
    event.submission_id = e.submission_id;
    event.agency = e.agency;
    event.version = e.attempt * 16 + rejected_rank;
    event.state = "REJECTED_FILE";
    event.received_at = e.received_at;
    event.occurred_at = now;
    event.error_count = static_cast<std::uint32_t>(v.error_count);
    event.warning_count = static_cast<std::uint32_t>(v.warning_count);
    return event;
}

}  // namespace

struct ValidatorStage::Keys {
    explicit Keys(const crypto::Keyring& ring) : sealer(ring), tokens(ring), identity(ring, "identity"), content(ring, "content") {}
    crypto::Sealer sealer;
    crypto::PersonTokens tokens;
    crypto::KeyedHash identity, content;

    /// Opens and checks one file with the columns for the matcher.
    checking::CheckResult check(const Envelope& e, std::string_view name, std::string_view content_bytes, const domain::RegistryPtr& registry, domain::Month first_month) const {
        FileLineHasher hasher(tokens, identity, content);
        checking::CheckRequest request;
        request.file_name = std::string(name);
        request.bytes = content_bytes;
        request.registry = registry;
        request.acting_agency = e.agency;
        request.received_at = e.received_at;
        request.first_month = first_month;
        request.hasher = &hasher;
        return checking::check_file(request);
    }
};

ValidatorStage::ValidatorStage(domain::ValidationStore& store, const domain::RegistrySource& registry, const crypto::Keyring& keys, domain::Month first_month)
    : store_(store), registry_(registry), keys_(std::make_unique<Keys>(keys)), first_month_(first_month) {}
ValidatorStage::~ValidatorStage() = default;

runtime::Applied ValidatorStage::apply(runtime::StageContext& context, std::span<const Message> batch, runtime::Outbox& outbox) {
    const auto registry = registry_.current();
    std::vector<Envelope> envelopes;
    std::vector<domain::EarlierQuestion> questions;
    for (const auto& message : batch) {
        envelopes.push_back(envelope_of(message));
        const auto& e = envelopes.back();
        questions.push_back({e.submission_id, e.agency, e.sha256, e.idempotency_hash});
    }
    const auto earlier = store_.earlier(context.work, questions);
    std::map<std::pair<std::string, std::string>, std::string> in_batch;  // accepted before in this batch → batch_no
    std::vector<domain::Verdict> verdicts;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto& e = envelopes[i];
        const auto packed = keys_->sealer.open(batch[i].payload, e.agency, e.submission_id, most_opened_bytes);
        const auto file = crypto::unpack_file(packed);
        auto result = keys_->check(e, file.masked_name, file.content, registry, first_month_);
        const auto day = domain::taipei_day(e.received_at);
        auto same = earlier[i].same_content_batch;
        const auto before = in_batch.find({e.agency, e.sha256});
        if (!same && before != in_batch.end()) same = before->second;
        if (same) {
            const domain::Placeholder batch_no{"n", *same};
            add_file_finding(result, domain::file_finding(registry->rules, "F11", day, {&batch_no, 1}));
        }
        if (earlier[i].key_had_other_content) add_file_finding(result, domain::file_finding(registry->rules, "F13", day));
        auto verdict = verdict_of(e, result, std::string(file.masked_name), registry->rules.version(), context.now);
        verdict.key_id = crypto::Sealer::key_id(batch[i].payload);
        verdict.sealed = batch[i].payload;
        if (verdict.rejected) {
            outbox.publish({std::string(wire::topics::submission_updated), context.partition, e.agency, e.submission_id + "/" + std::to_string(e.attempt) + "/rejected",
                            headers_of(e, wire::topics::submission_updated, context.now), wire::encode(rejected(e, verdict, context.now))});
        } else {
            in_batch.emplace(std::pair(e.agency, e.sha256), verdict.batch_no);
            outbox.publish({std::string(wire::topics::file_validated), context.partition, e.agency, e.submission_id + "/" + std::to_string(e.attempt),
                            headers_of(e, wire::topics::file_validated, context.now), wire::encode(validated_file(e, result))});
        }
        runtime::metrics().add(runtime::Metric::stage_records, verdict.record_count);
        verdicts.push_back(std::move(verdict));
    }
    store_.write(context.work, context.partition, verdicts);
    return runtime::Applied::done;
}

bool ValidatorStage::wants_upkeep(std::int32_t partition, domain::Instant now) {
    auto& swept = swept_at_us_.at(static_cast<std::size_t>(partition));
    const auto us = now.time_since_epoch().count();
    if (us - swept < 60'000'000) return false;
    swept = us;
    return true;
}

void ValidatorStage::upkeep(runtime::StageContext& context, runtime::Outbox& outbox) {
    const auto lost = store_.lost_files(context.work, context.partition, context.now - std::chrono::minutes(10), 20);
    if (lost.empty()) return;
    runtime::log_warn("accepted files without a matcher row are sent again", {{"partition", context.partition}, {"count", lost.size()}});
    const auto registry = registry_.current();
    for (const auto& file : lost) {
        const Envelope e{file.submission_id, file.agency, file.route, file.sha256, "", file.attempt, file.received_at};
        const auto packed = keys_->sealer.open(file.sealed, e.agency, e.submission_id, most_opened_bytes);
        const auto opened = crypto::unpack_file(packed);
        auto result = keys_->check(e, opened.masked_name, opened.content, registry, first_month_);
        outbox.publish({std::string(wire::topics::file_validated), context.partition, e.agency, e.submission_id + "/" + std::to_string(e.attempt),
                        headers_of(e, wire::topics::file_validated, context.now), wire::encode(validated_file(e, result))});
    }
}

}  // namespace chaiqin::validator
