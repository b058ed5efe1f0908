#include "rpc/messages.hpp"

namespace chaiqin::rpc {

namespace {

void write_page(const domain::PageWanted& from, pb::Page& to) {
    to.set_size(from.size);
    to.set_token(from.token);
    if (from.page) to.set_number(*from.page);
}

domain::PageWanted read_page(const pb::Page& from) {
    domain::PageWanted page{from.size(), from.token(), std::nullopt};
    if (from.has_number()) page.page = from.number();
    return page;
}

template <class Question, class Message>
void write_days(const Question& from, Message& to) {
    if (from.from) to.set_from_day(*from.from);
    if (from.to) to.set_to_day(*from.to);
}

template <class Question, class Message>
void read_days(const Message& from, Question& to) {
    if (from.has_from_day()) to.from = from.from_day();
    if (from.has_to_day()) to.to = from.to_day();
}

}  // namespace

void write(const std::string& submission_id, pb::GetSubmissionRequest& to) {
    to.set_submission_id(submission_id);
}
void write(const std::string& submission_id, pb::ListFindingGroupsRequest& to) {
    to.set_submission_id(submission_id);
}
void write(const std::string& load_id, pb::GetTable19LoadRequest& to) { to.set_load_id(load_id); }

void write(const domain::SubmissionsQuestion& from, pb::ListSubmissionsRequest& to) {
    to.set_agency(from.agency);
    write_days(from, to);
    write_page(from.page, *to.mutable_page());
}

void write(const domain::FindingsQuestion& from, pb::ListFindingsRequest& to) {
    to.set_submission_id(from.submission_id);
    if (from.severity)
        to.set_severity(*from.severity == domain::Severity::error ? pb::SEVERITY_ERROR
                                                                  : pb::SEVERITY_WARNING);
    to.set_code(from.code);
    write_page(from.page, *to.mutable_page());
}

void write(const domain::FindingHistoryQuestion& from, pb::ListFindingHistoryRequest& to) {
    to.set_agency(from.agency);
    write_days(from, to);
    if (from.status)
        to.set_status(*from.status == domain::FindingStatus::open ? pb::FINDING_STATUS_OPEN
                                                                  : pb::FINDING_STATUS_FIXED);
    write_page(from.page, *to.mutable_page());
}

void write(const domain::MonthlyQuestion& from, pb::GetMonthlyStatisticsRequest& to) {
    to.set_year(from.year);
    to.set_q(from.q);
    write_page(from.page, *to.mutable_page());
}

void write(const domain::ByTypeQuestion& from, pb::GetStatisticsByTypeRequest& to) {
    to.set_from_month(from.from);
    to.set_to_month(from.to);
    to.set_q(from.q);
}

void write(const domain::SummaryQuestion& from, pb::GetSummaryRequest& to) {
    to.set_q(from.q);
    write_page(from.page, *to.mutable_page());
}

void write(const domain::UnmatchedQuestion& from, pb::ListUnmatchedRequest& to) {
    to.set_agency(from.agency);
    to.set_reason(from.reason);
    write_page(from.page, *to.mutable_page());
}

void write(const domain::RatesQuestion& from, pb::GetReportingRatesRequest& to) {
    to.set_month(from.month);
    to.set_authority(from.authority);
}

void write(const domain::RateAgenciesQuestion& from, pb::ListReportingRateAgenciesRequest& to) {
    to.set_month(from.month);
    to.set_authority(from.authority);
    to.set_status(from.status);
    write_page(from.page, *to.mutable_page());
}

void write(const domain::AgenciesQuestion& from, pb::ListAgenciesRequest& to) {
    to.set_q(from.q);
    write_page(from.page, *to.mutable_page());
}

void write(const domain::NoticesQuestion& from, pb::ListNoticesRequest& to) {
    write_page(from.page, *to.mutable_page());
}

std::string read(const pb::GetSubmissionRequest& from) { return from.submission_id(); }
std::string read(const pb::ListFindingGroupsRequest& from) { return from.submission_id(); }
std::string read(const pb::GetTable19LoadRequest& from) { return from.load_id(); }

domain::SubmissionsQuestion read(const pb::ListSubmissionsRequest& from) {
    domain::SubmissionsQuestion question;
    question.agency = from.agency();
    read_days(from, question);
    question.page = read_page(from.page());
    return question;
}

domain::FindingsQuestion read(const pb::ListFindingsRequest& from) {
    domain::FindingsQuestion question;
    question.submission_id = from.submission_id();
    if (from.severity() == pb::SEVERITY_ERROR) question.severity = domain::Severity::error;
    if (from.severity() == pb::SEVERITY_WARNING) question.severity = domain::Severity::warning;
    question.code = from.code();
    question.page = read_page(from.page());
    return question;
}

domain::FindingHistoryQuestion read(const pb::ListFindingHistoryRequest& from) {
    domain::FindingHistoryQuestion question;
    question.agency = from.agency();
    read_days(from, question);
    if (from.status() == pb::FINDING_STATUS_OPEN) question.status = domain::FindingStatus::open;
    if (from.status() == pb::FINDING_STATUS_FIXED) question.status = domain::FindingStatus::fixed;
    question.page = read_page(from.page());
    return question;
}

domain::MonthlyQuestion read(const pb::GetMonthlyStatisticsRequest& from) {
    return {from.year(), from.q(), read_page(from.page())};
}

domain::ByTypeQuestion read(const pb::GetStatisticsByTypeRequest& from) {
    return {from.from_month(), from.to_month(), from.q()};
}

domain::SummaryQuestion read(const pb::GetSummaryRequest& from) {
    return {from.q(), read_page(from.page())};
}

domain::UnmatchedQuestion read(const pb::ListUnmatchedRequest& from) {
    return {from.agency(), from.reason(), read_page(from.page())};
}

domain::RatesQuestion read(const pb::GetReportingRatesRequest& from) {
    return {from.month(), from.authority()};
}

domain::RateAgenciesQuestion read(const pb::ListReportingRateAgenciesRequest& from) {
    return {from.month(), from.authority(), from.status(), read_page(from.page())};
}

domain::AgenciesQuestion read(const pb::ListAgenciesRequest& from) {
    return {from.q(), read_page(from.page())};
}

domain::NoticesQuestion read(const pb::ListNoticesRequest& from) {
    return {read_page(from.page())};
}

}  // namespace chaiqin::rpc
