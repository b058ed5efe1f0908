#include "validator/judgement.hpp"

#include <algorithm>

namespace chaiqin::validator {

namespace {}  // namespace

void add_file_finding(checking::CheckResult& result, std::optional<domain::Finding> finding) {
    if (!finding) return;
    const bool error = finding->severity == domain::Severity::error;
    ++(error ? result.error_count : result.warning_count);
    result.rejected = result.rejected || error;
    result.groups.insert(
        result.groups.begin(),
        {finding->code, finding->severity, finding->field, finding->message, 1, {}});
    const auto at =
        std::find_if(result.findings.begin(), result.findings.end(), [&](const auto& listed) {
            return listed.finding.kind != domain::FindingKind::file ||
                   listed.finding.pointer > finding->pointer ||
                   (listed.finding.pointer == finding->pointer &&
                    listed.finding.code > finding->code);
        });
    result.findings.insert(at, {std::move(*finding), 0, false});
}

domain::ValidatedFile take_validated(const ReceivedFile& file, checking::CheckResult& result) {
    domain::ValidatedFile validated;
    validated.submission_id = file.submission_id;
    validated.attempt = file.attempt;
    validated.agency = file.agency;
    validated.received_at = file.received_at;
    validated.route = file.route;
    validated.source_system = result.source_system;
    validated.data_month = result.data_month.value_or(0);
    validated.zero_report = result.zero_report;
    validated.leave_lines = result.leave_lines;
    validated.overtime_lines = result.overtime_lines;
    validated.invalid_lines = result.invalid_lines;
    validated.error_count = static_cast<std::uint32_t>(result.error_count);
    validated.warning_count = static_cast<std::uint32_t>(result.warning_count);
    validated.orgs = std::move(result.orgs);
    validated.lines = std::move(result.lines);
    validated.finding_identities = std::move(result.finding_identities);
    validated.finding_lines = std::move(result.finding_lines);
    return validated;
}

domain::FileVerdict take_verdict(const ReceivedFile& file, checking::CheckResult& result,
                                 std::string masked_name, std::string ruleset,
                                 domain::Instant now) {
    domain::FileVerdict verdict;
    verdict.submission_id = file.submission_id;
    verdict.attempt = file.attempt;
    verdict.agency = file.agency;
    verdict.rejected = result.rejected;
    verdict.received_at = file.received_at;
    verdict.validated_at = now;
    verdict.file_name = std::move(masked_name);
    verdict.route = file.route;
    verdict.sha256 = file.sha256;
    verdict.key_hash = file.key_hash;
    verdict.ruleset = std::move(ruleset);
    verdict.source_system = result.source_system;
    verdict.batch_no = result.batch_no_masked;
    verdict.data_month = result.data_month;
    verdict.zero_report = result.zero_report;
    verdict.record_count = result.record_count;
    verdict.total = result.rejected ? 0 : result.record_count;
    verdict.invalid = result.rejected ? 0 : result.invalid_lines;
    verdict.error_count = result.error_count;
    verdict.warning_count = result.warning_count;
    verdict.findings.reserve(result.findings.size());
    for (auto& listed : result.findings) {
        const auto identity = listed.has_identity ? std::optional(listed.identity) : std::nullopt;
        verdict.findings.push_back({std::move(listed.finding), identity});
    }
    verdict.groups = std::move(result.groups);
    return verdict;
}

domain::SubmissionUpdated rejection(const domain::FileVerdict& verdict) {
    domain::SubmissionUpdated event;
    event.submission_id = verdict.submission_id;
    event.agency = verdict.agency;
    event.version = {verdict.attempt, domain::SubmissionState::rejected_file};
    event.received_at = verdict.received_at;
    event.occurred_at = verdict.validated_at;
    event.error_count = static_cast<std::uint32_t>(verdict.error_count);
    event.warning_count = static_cast<std::uint32_t>(verdict.warning_count);
    return event;
}

}  // namespace chaiqin::validator
