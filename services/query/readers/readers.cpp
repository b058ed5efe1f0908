#include "query/readers/readers.hpp"

#include <map>
#include <string_view>

#include "domain/failure.hpp"

namespace chaiqin::query::readers {

pb::GetSubmissionResponse submission(const Asking&, const pb::GetSubmissionRequest&);
pb::ListSubmissionsResponse submissions(const Asking&, const pb::ListSubmissionsRequest&);
pb::ListFindingsResponse findings(const Asking&, const pb::ListFindingsRequest&);
pb::ListFindingGroupsResponse finding_groups(const Asking&, const pb::ListFindingGroupsRequest&);
pb::ListFindingHistoryResponse finding_history(const Asking&, const pb::ListFindingHistoryRequest&);
pb::GetSealedFileResponse sealed_file(const Asking&, const pb::GetSealedFileRequest&);
pb::ListRecordsResponse records(const Asking&, const pb::ListRecordsRequest&);
pb::ListFindingRecordsResponse finding_records(const Asking&, const pb::ListFindingRecordsRequest&);
pb::FindHeadsResponse heads(const Asking&, const pb::FindHeadsRequest&);
pb::GetMonthlyStatisticsResponse monthly(const Asking&, const pb::GetMonthlyStatisticsRequest&);
pb::GetStatisticsByTypeResponse by_type(const Asking&, const pb::GetStatisticsByTypeRequest&);
pb::GetSummaryResponse summary(const Asking&, const pb::GetSummaryRequest&);
pb::ListUnmatchedResponse unmatched(const Asking&, const pb::ListUnmatchedRequest&);
pb::GetReportingRatesResponse rates(const Asking&, const pb::GetReportingRatesRequest&);
pb::ListReportingRateAgenciesResponse rate_agencies(const Asking&,
                                                    const pb::ListReportingRateAgenciesRequest&);
pb::ListAgenciesResponse agencies(const Asking&, const pb::ListAgenciesRequest&);
pb::ListNoticesResponse notices(const Asking&, const pb::ListNoticesRequest&);
pb::GetTable19LoadResponse table19_load(const Asking&, const pb::GetTable19LoadRequest&);
pb::ListTable19LoadsResponse table19_loads(const Asking&, const pb::ListTable19LoadsRequest&);
pb::GetWorkbenchResponse workbench(const Asking&, const pb::GetWorkbenchRequest&);
pb::ListFindingHistoryGroupsResponse finding_history_groups(
    const Asking&, const pb::ListFindingHistoryGroupsRequest&);
pb::GetStatisticsReportResponse statistics_report(const Asking&,
                                                  const pb::GetStatisticsReportRequest&);
pb::GetFindingStatisticsResponse finding_statistics(const Asking&,
                                                    const pb::GetFindingStatisticsRequest&);
pb::GetReportingRateSeriesResponse rate_series(const Asking&,
                                               const pb::GetReportingRateSeriesRequest&);
pb::ListReportingRateUnitsResponse rate_units(const Asking&,
                                              const pb::ListReportingRateUnitsRequest&);
pb::ListAuditResponse audit(const Asking&, const pb::ListAuditRequest&);
pb::ListQuarantineResponse quarantine(const Asking&, const pb::ListQuarantineRequest&);
pb::ListRemindersResponse reminders(const Asking&, const pb::ListRemindersRequest&);
pb::ListFindingChangesResponse finding_changes(const Asking&, const pb::ListFindingChangesRequest&);
pb::ListFilingsResponse filings(const Asking&, const pb::ListFilingsRequest&);
pb::ListTable19LoadRejectedResponse table19_load_rejected(
    const Asking&, const pb::ListTable19LoadRejectedRequest&);
pb::ListWebhooksResponse webhooks(const Asking&, const pb::ListWebhooksRequest&);
pb::GetWebhookResponse webhook(const Asking&, const pb::GetWebhookRequest&);
pb::ListWebhookDeliveriesResponse webhook_deliveries(const Asking&,
                                                     const pb::ListWebhookDeliveriesRequest&);

namespace {

template <class Request, class Response>
Reader reader(Response (*read)(const Asking&, const Request&)) {
    return [read](const Asking& asking, const google::protobuf::Message& request) {
        return std::make_unique<Response>(read(asking, static_cast<const Request&>(request)));
    };
}

const std::map<std::string_view, Reader>& table() {
    static const std::map<std::string_view, Reader> readers{
        {"GetSubmission", reader(submission)},
        {"ListSubmissions", reader(submissions)},
        {"ListFindings", reader(findings)},
        {"ListFindingGroups", reader(finding_groups)},
        {"ListFindingHistory", reader(finding_history)},
        {"GetSealedFile", reader(sealed_file)},
        {"ListRecords", reader(records)},
        {"ListFindingRecords", reader(finding_records)},
        {"FindHeads", reader(heads)},
        {"GetMonthlyStatistics", reader(monthly)},
        {"GetStatisticsByType", reader(by_type)},
        {"GetSummary", reader(summary)},
        {"ListUnmatched", reader(unmatched)},
        {"GetReportingRates", reader(rates)},
        {"ListReportingRateAgencies", reader(rate_agencies)},
        {"ListAgencies", reader(agencies)},
        {"ListNotices", reader(notices)},
        {"GetTable19Load", reader(table19_load)},
        {"ListTable19Loads", reader(table19_loads)},
        {"GetWorkbench", reader(workbench)},
        {"ListFindingHistoryGroups", reader(finding_history_groups)},
        {"GetStatisticsReport", reader(statistics_report)},
        {"GetFindingStatistics", reader(finding_statistics)},
        {"GetReportingRateSeries", reader(rate_series)},
        {"ListReportingRateUnits", reader(rate_units)},
        {"ListAudit", reader(audit)},
        {"ListQuarantine", reader(quarantine)},
        {"ListReminders", reader(reminders)},
        {"ListFindingChanges", reader(finding_changes)},
        {"ListFilings", reader(filings)},
        {"ListTable19LoadRejected", reader(table19_load_rejected)},
        {"ListWebhooks", reader(webhooks)},
        {"GetWebhook", reader(webhook)},
        {"ListWebhookDeliveries", reader(webhook_deliveries)},
    };
    return readers;
}

}  // namespace

const Reader& reader_of(const google::protobuf::MethodDescriptor& method) {
    const auto found = table().find(method.name());
    if (found == table().end())
        domain::broken_invariant("a method of query.proto has no reader in readers.cpp");
    return found->second;
}

}  // namespace chaiqin::query::readers
