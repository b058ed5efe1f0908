// Answers about submissions, findings, notices, loads.
#include "rpc/answer_parts.hpp"

namespace chaiqin::rpc {

using domain::Instant;

std::int64_t us(Instant at) { return at.time_since_epoch().count(); }
Instant instant(std::int64_t us) { return Instant(std::chrono::microseconds(us)); }

namespace {

void write_dispositions(const domain::Dispositions& from, pb::Dispositions& to) {
    to.set_invalid(from.invalid);
    to.set_unchanged(from.unchanged);
    to.set_stale(from.stale);
    to.set_deletion(from.deletion);
    to.set_superseded(from.superseded);
    to.set_unmatched(from.unmatched);
    to.set_counted(from.counted);
}

domain::Dispositions read_dispositions(const pb::Dispositions& from) {
    return {from.invalid(),    from.unchanged(), from.stale(),  from.deletion(),
            from.superseded(), from.unmatched(), from.counted()};
}

void write_finding(const domain::ListedFinding& from, pb::Finding& to) {
    const auto& finding = from.finding;
    to.set_submission_id(from.submission_id);
    to.set_file_name(from.file_name);
    to.set_kind(static_cast<pb::FindingKind>(static_cast<int>(finding.kind) + 1));
    if (finding.index) to.set_index(*finding.index);
    to.set_pointer(finding.pointer);
    if (finding.record_no) to.set_record_no(*finding.record_no);
    if (finding.record_seq) to.set_record_seq(*finding.record_seq);
    to.set_code(finding.code);
    to.set_severity(finding.severity == domain::Severity::error ? pb::SEVERITY_ERROR
                                                                : pb::SEVERITY_WARNING);
    to.set_field(finding.field);
    to.set_field_name(finding.field_name);
    if (finding.value) to.set_value(*finding.value);
    if (finding.expected) to.set_expected(*finding.expected);
    to.set_message(finding.message);
    to.set_message_en(finding.message_en);
    to.set_status(from.status == domain::FindingStatus::fixed ? pb::FINDING_STATUS_FIXED
                                                              : pb::FINDING_STATUS_OPEN);
    to.set_fixed_by(from.fixed_by);
}

domain::ListedFinding read_finding(const pb::Finding& from) {
    domain::ListedFinding listed{
        from.submission_id(), from.file_name(), {}, domain::FindingStatus::open, from.fixed_by()};
    auto& finding = listed.finding;
    if (from.kind() > pb::FINDING_KIND_FILE && from.kind() <= pb::FINDING_KIND_OVERTIME)
        finding.kind = static_cast<domain::FindingKind>(from.kind() - 1);
    if (from.has_index()) finding.index = from.index();
    finding.pointer = from.pointer();
    if (from.has_record_no()) finding.record_no = from.record_no();
    if (from.has_record_seq()) finding.record_seq = from.record_seq();
    finding.code = from.code();
    finding.severity = from.severity() == pb::SEVERITY_WARNING ? domain::Severity::warning
                                                               : domain::Severity::error;
    finding.field = from.field();
    finding.field_name = from.field_name();
    if (from.has_value()) finding.value = from.value();
    if (from.has_expected()) finding.expected = from.expected();
    finding.message = from.message();
    finding.message_en = from.message_en();
    if (from.status() == pb::FINDING_STATUS_FIXED) listed.status = domain::FindingStatus::fixed;
    return listed;
}

template <class Message>
void write_findings(const domain::FindingsAnswer& from, Message& to) {
    for (const auto& finding : from.findings) write_finding(finding, *to.add_findings());
    to.set_next_page_token(from.next_page_token);
    to.set_others(from.others);
}

template <class Message>
domain::FindingsAnswer read_findings(const Message& from) {
    domain::FindingsAnswer answer{{}, from.next_page_token(), from.others()};
    for (const auto& finding : from.findings()) answer.findings.push_back(read_finding(finding));
    return answer;
}

}  // namespace

void write_submission(const domain::Submission& from, pb::Submission& to) {
    const auto& receipt = from.receipt;
    to.set_submission_id(receipt.submission_id);
    to.set_agency(receipt.agency);
    to.set_file_name(receipt.file_name);
    to.set_route(receipt.route);
    to.set_size_bytes(receipt.size_bytes);
    to.set_sha256(receipt.sha256);
    to.set_received_at_us(us(receipt.received_at));
    to.set_state(static_cast<pb::SubmissionState>(static_cast<int>(from.state) + 1));
    if (from.counted_at) to.set_counted_at_us(us(*from.counted_at));
    if (from.ruleset) to.set_ruleset(*from.ruleset);
    if (from.record_count) to.set_record_count(*from.record_count);
    if (from.total) to.set_total(*from.total);
    if (from.invalid) to.set_invalid(*from.invalid);
    if (from.dispositions) write_dispositions(*from.dispositions, *to.mutable_dispositions());
    if (from.error_count) to.set_error_count(*from.error_count);
    if (from.warning_count) to.set_warning_count(*from.warning_count);
}

domain::Submission read_submission(const pb::Submission& from) {
    domain::Submission submission;
    submission.receipt = {from.submission_id(),
                          from.agency(),
                          from.file_name(),
                          from.route(),
                          from.size_bytes(),
                          from.sha256(),
                          instant(from.received_at_us())};
    if (from.state() > pb::SUBMISSION_STATE_RECEIVED &&
        from.state() <= pb::SUBMISSION_STATE_QUARANTINED)
        submission.state = static_cast<domain::SubmissionState>(from.state() - 1);
    if (from.has_counted_at_us()) submission.counted_at = instant(from.counted_at_us());
    if (from.has_ruleset()) submission.ruleset = from.ruleset();
    if (from.has_record_count()) submission.record_count = from.record_count();
    if (from.has_total()) submission.total = from.total();
    if (from.has_invalid()) submission.invalid = from.invalid();
    if (from.has_dispositions()) submission.dispositions = read_dispositions(from.dispositions());
    if (from.has_error_count()) submission.error_count = from.error_count();
    if (from.has_warning_count()) submission.warning_count = from.warning_count();
    return submission;
}

void write(const domain::SubmissionAnswer& from, pb::GetSubmissionResponse& to) {
    write_submission(from.submission, *to.mutable_submission());
    to.set_others(from.others);
}

domain::SubmissionAnswer read(const pb::GetSubmissionResponse& from) {
    return {read_submission(from.submission()), from.others()};
}

void write(const domain::SubmissionsAnswer& from, pb::ListSubmissionsResponse& to) {
    for (const auto& submission : from.submissions)
        write_submission(submission, *to.add_submissions());
    to.set_next_page_token(from.next_page_token);
    to.set_others(from.others);
}

domain::SubmissionsAnswer read(const pb::ListSubmissionsResponse& from) {
    domain::SubmissionsAnswer answer{{}, from.next_page_token(), from.others()};
    for (const auto& submission : from.submissions())
        answer.submissions.push_back(read_submission(submission));
    return answer;
}

void write(const domain::FindingsAnswer& from, pb::ListFindingsResponse& to) {
    write_findings(from, to);
}
void write(const domain::FindingsAnswer& from, pb::ListFindingHistoryResponse& to) {
    write_findings(from, to);
}
domain::FindingsAnswer read(const pb::ListFindingsResponse& from) { return read_findings(from); }
domain::FindingsAnswer read(const pb::ListFindingHistoryResponse& from) {
    return read_findings(from);
}

void write(const domain::GroupsAnswer& from, pb::ListFindingGroupsResponse& to) {
    for (const auto& group : from.groups) {
        auto& one = *to.add_groups();
        one.set_code(group.code);
        one.set_severity(group.severity == domain::Severity::error ? pb::SEVERITY_ERROR
                                                                   : pb::SEVERITY_WARNING);
        one.set_field(group.field);
        one.set_message(group.message);
        one.set_count(group.count);
        one.mutable_first()->Add(group.first.begin(), group.first.end());
    }
    to.set_others(from.others);
}

domain::GroupsAnswer read(const pb::ListFindingGroupsResponse& from) {
    domain::GroupsAnswer answer{{}, from.others()};
    for (const auto& one : from.groups()) {
        const auto severity = one.severity() == pb::SEVERITY_WARNING ? domain::Severity::warning
                                                                     : domain::Severity::error;
        answer.groups.push_back({one.code(),
                                 severity,
                                 one.field(),
                                 one.message(),
                                 one.count(),
                                 {one.first().begin(), one.first().end()}});
    }
    return answer;
}

void write(const domain::NoticesAnswer& from, pb::ListNoticesResponse& to) {
    for (const auto& notice : from.notices) {
        auto& one = *to.add_notices();
        one.set_id(notice.id);
        one.set_kind(notice.kind);
        one.set_submission_id(notice.submission_id);
        one.set_text(notice.text);
        one.set_created_at_us(us(notice.created_at));
        if (notice.read_at) one.set_read_at_us(us(*notice.read_at));
    }
    to.set_next_page_token(from.next_page_token);
    to.set_others(from.others);
}

domain::NoticesAnswer read(const pb::ListNoticesResponse& from) {
    domain::NoticesAnswer answer{{}, from.next_page_token(), from.others()};
    for (const auto& one : from.notices()) {
        domain::Notice notice{
            one.id(),    one.kind(), one.submission_id(), one.text(), instant(one.created_at_us()),
            std::nullopt};
        if (one.has_read_at_us()) notice.read_at = instant(one.read_at_us());
        answer.notices.push_back(std::move(notice));
    }
    return answer;
}

}  // namespace chaiqin::rpc
