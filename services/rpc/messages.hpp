#pragma once
// Generated messages <-> the values of domain/reading. For the .cpp files of this folder only
// (protobuf headers). Reading a message never fails: an unknown enum number becomes the first
// value, a missing part its default.
#include "chaiqin/query/v1/query.pb.h"
#include "domain/reading.hpp"

namespace chaiqin::rpc {

namespace pb = chaiqin::query::v1;

// Questions.
void write(const std::string& submission_id, pb::GetSubmissionRequest& to);
void write(const domain::SubmissionsQuestion& from, pb::ListSubmissionsRequest& to);
void write(const domain::FindingsQuestion& from, pb::ListFindingsRequest& to);
void write(const std::string& submission_id, pb::ListFindingGroupsRequest& to);
void write(const domain::FindingHistoryQuestion& from, pb::ListFindingHistoryRequest& to);
void write(const domain::MonthlyQuestion& from, pb::GetMonthlyStatisticsRequest& to);
void write(const domain::ByTypeQuestion& from, pb::GetStatisticsByTypeRequest& to);
void write(const domain::SummaryQuestion& from, pb::GetSummaryRequest& to);
void write(const domain::UnmatchedQuestion& from, pb::ListUnmatchedRequest& to);
void write(const domain::RatesQuestion& from, pb::GetReportingRatesRequest& to);
void write(const domain::RateAgenciesQuestion& from, pb::ListReportingRateAgenciesRequest& to);
void write(const domain::AgenciesQuestion& from, pb::ListAgenciesRequest& to);
void write(const domain::NoticesQuestion& from, pb::ListNoticesRequest& to);
void write(const std::string& load_id, pb::GetTable19LoadRequest& to);

std::string read(const pb::GetSubmissionRequest& from);
domain::SubmissionsQuestion read(const pb::ListSubmissionsRequest& from);
domain::FindingsQuestion read(const pb::ListFindingsRequest& from);
std::string read(const pb::ListFindingGroupsRequest& from);
domain::FindingHistoryQuestion read(const pb::ListFindingHistoryRequest& from);
domain::MonthlyQuestion read(const pb::GetMonthlyStatisticsRequest& from);
domain::ByTypeQuestion read(const pb::GetStatisticsByTypeRequest& from);
domain::SummaryQuestion read(const pb::GetSummaryRequest& from);
domain::UnmatchedQuestion read(const pb::ListUnmatchedRequest& from);
domain::RatesQuestion read(const pb::GetReportingRatesRequest& from);
domain::RateAgenciesQuestion read(const pb::ListReportingRateAgenciesRequest& from);
domain::AgenciesQuestion read(const pb::ListAgenciesRequest& from);
domain::NoticesQuestion read(const pb::ListNoticesRequest& from);
std::string read(const pb::GetTable19LoadRequest& from);

// Answers.
void write(const domain::SubmissionAnswer& from, pb::GetSubmissionResponse& to);
void write(const domain::SubmissionsAnswer& from, pb::ListSubmissionsResponse& to);
void write(const domain::FindingsAnswer& from, pb::ListFindingsResponse& to);
void write(const domain::GroupsAnswer& from, pb::ListFindingGroupsResponse& to);
void write(const domain::FindingsAnswer& from, pb::ListFindingHistoryResponse& to);
void write(const domain::MonthlyAnswer& from, pb::GetMonthlyStatisticsResponse& to);
void write(const domain::ByTypeAnswer& from, pb::GetStatisticsByTypeResponse& to);
void write(const domain::SummaryAnswer& from, pb::GetSummaryResponse& to);
void write(const domain::UnmatchedAnswer& from, pb::ListUnmatchedResponse& to);
void write(const domain::RatesAnswer& from, pb::GetReportingRatesResponse& to);
void write(const domain::RateAgenciesAnswer& from, pb::ListReportingRateAgenciesResponse& to);
void write(const domain::AgenciesAnswer& from, pb::ListAgenciesResponse& to);
void write(const domain::NoticesAnswer& from, pb::ListNoticesResponse& to);
void write(const domain::Table19LoadAnswer& from, pb::GetTable19LoadResponse& to);

domain::SubmissionAnswer read(const pb::GetSubmissionResponse& from);
domain::SubmissionsAnswer read(const pb::ListSubmissionsResponse& from);
domain::FindingsAnswer read(const pb::ListFindingsResponse& from);
domain::GroupsAnswer read(const pb::ListFindingGroupsResponse& from);
domain::FindingsAnswer read(const pb::ListFindingHistoryResponse& from);
domain::MonthlyAnswer read(const pb::GetMonthlyStatisticsResponse& from);
domain::ByTypeAnswer read(const pb::GetStatisticsByTypeResponse& from);
domain::SummaryAnswer read(const pb::GetSummaryResponse& from);
domain::UnmatchedAnswer read(const pb::ListUnmatchedResponse& from);
domain::RatesAnswer read(const pb::GetReportingRatesResponse& from);
domain::RateAgenciesAnswer read(const pb::ListReportingRateAgenciesResponse& from);
domain::AgenciesAnswer read(const pb::ListAgenciesResponse& from);
domain::NoticesAnswer read(const pb::ListNoticesResponse& from);
domain::Table19LoadAnswer read(const pb::GetTable19LoadResponse& from);

}  // namespace chaiqin::rpc
