#include "rpc/query_client.hpp"

#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>

#include "chaiqin/query/v1/query.grpc.pb.h"
#include "domain/failure.hpp"
#include "rpc/messages.hpp"
#include "rpc/metadata.hpp"

namespace chaiqin::rpc {

namespace {

using grpc::StatusCode;
using Stub = pb::QueryService::Stub;

[[noreturn]] void throw_failed(const grpc::Status& status) {
    using Why = domain::Refused::Why;
    switch (status.error_code()) {
        case StatusCode::UNAUTHENTICATED:
            throw domain::Refused(Why::bad_token, status.error_message());
        case StatusCode::PERMISSION_DENIED:
            throw domain::Refused(Why::forbidden, status.error_message());
        case StatusCode::NOT_FOUND:
            throw domain::Refused(Why::not_found, status.error_message());
        case StatusCode::INVALID_ARGUMENT:
            throw domain::Refused(Why::bad_request, status.error_message());
        case StatusCode::INTERNAL:
        case StatusCode::UNIMPLEMENTED:
            throw domain::PermanentFailure("query service: " + status.error_message());
        default:
            throw domain::TransientFailure("query service: " + status.error_message());
    }
}

grpc::ChannelArguments channel_arguments() {
    grpc::ChannelArguments arguments;
    // A restarted service is found again within half a second.
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 50);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
    arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, largest_metadata);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    return arguments;
}

class GrpcQueryClient final : public QueryClient {
public:
    explicit GrpcQueryClient(const std::string& address)
        : channel_(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                             channel_arguments())),
          stub_(pb::QueryService::NewStub(channel_)) {}

    bool answers() override {
        return channel_->WaitForConnected(std::chrono::system_clock::now() +
                                          std::chrono::milliseconds(300));
    }

    domain::SubmissionAnswer submission(const Asker& asker,
                                        const std::string& submission_id) override {
        return ask<pb::GetSubmissionRequest, pb::GetSubmissionResponse>(asker, submission_id,
                                                                        &Stub::GetSubmission);
    }
    domain::SubmissionsAnswer submissions(const Asker& asker,
                                          const domain::SubmissionsQuestion& question) override {
        return ask<pb::ListSubmissionsRequest, pb::ListSubmissionsResponse>(asker, question,
                                                                            &Stub::ListSubmissions);
    }
    domain::FindingsAnswer findings(const Asker& asker,
                                    const domain::FindingsQuestion& question) override {
        return ask<pb::ListFindingsRequest, pb::ListFindingsResponse>(asker, question,
                                                                      &Stub::ListFindings);
    }
    domain::GroupsAnswer groups(const Asker& asker, const std::string& submission_id) override {
        return ask<pb::ListFindingGroupsRequest, pb::ListFindingGroupsResponse>(
            asker, submission_id, &Stub::ListFindingGroups);
    }
    domain::FindingsAnswer finding_history(
        const Asker& asker, const domain::FindingHistoryQuestion& question) override {
        return ask<pb::ListFindingHistoryRequest, pb::ListFindingHistoryResponse>(
            asker, question, &Stub::ListFindingHistory);
    }
    domain::MonthlyAnswer monthly(const Asker& asker,
                                  const domain::MonthlyQuestion& question) override {
        return ask<pb::GetMonthlyStatisticsRequest, pb::GetMonthlyStatisticsResponse>(
            asker, question, &Stub::GetMonthlyStatistics);
    }
    domain::ByTypeAnswer by_type(const Asker& asker,
                                 const domain::ByTypeQuestion& question) override {
        return ask<pb::GetStatisticsByTypeRequest, pb::GetStatisticsByTypeResponse>(
            asker, question, &Stub::GetStatisticsByType);
    }
    domain::SummaryAnswer summary(const Asker& asker,
                                  const domain::SummaryQuestion& question) override {
        return ask<pb::GetSummaryRequest, pb::GetSummaryResponse>(asker, question,
                                                                  &Stub::GetSummary);
    }
    domain::UnmatchedAnswer unmatched(const Asker& asker,
                                      const domain::UnmatchedQuestion& question) override {
        return ask<pb::ListUnmatchedRequest, pb::ListUnmatchedResponse>(asker, question,
                                                                        &Stub::ListUnmatched);
    }
    domain::RatesAnswer rates(const Asker& asker, const domain::RatesQuestion& question) override {
        return ask<pb::GetReportingRatesRequest, pb::GetReportingRatesResponse>(
            asker, question, &Stub::GetReportingRates);
    }
    domain::RateAgenciesAnswer rate_agencies(
        const Asker& asker, const domain::RateAgenciesQuestion& question) override {
        return ask<pb::ListReportingRateAgenciesRequest, pb::ListReportingRateAgenciesResponse>(
            asker, question, &Stub::ListReportingRateAgencies);
    }
    domain::AgenciesAnswer agencies(const Asker& asker,
                                    const domain::AgenciesQuestion& question) override {
        return ask<pb::ListAgenciesRequest, pb::ListAgenciesResponse>(asker, question,
                                                                      &Stub::ListAgencies);
    }
    domain::NoticesAnswer notices(const Asker& asker,
                                  const domain::NoticesQuestion& question) override {
        return ask<pb::ListNoticesRequest, pb::ListNoticesResponse>(asker, question,
                                                                    &Stub::ListNotices);
    }
    domain::Table19LoadAnswer table19_load(const Asker& asker,
                                           const std::string& load_id) override {
        return ask<pb::GetTable19LoadRequest, pb::GetTable19LoadResponse>(asker, load_id,
                                                                          &Stub::GetTable19Load);
    }

private:
    template <class Request, class Response, class Question, class Call>
    decltype(read(std::declval<const Response&>())) ask(const Asker& asker,
                                                        const Question& question, Call call) {
        grpc::ClientContext context;
        const auto left = asker.deadline - std::chrono::steady_clock::now();
        context.set_deadline(std::chrono::system_clock::now() +
                             std::chrono::duration_cast<std::chrono::microseconds>(left));
        context.AddMetadata(authorization_key, std::string(bearer_prefix) + asker.bearer);
        if (!asker.acting_agency.empty())
            context.AddMetadata(acting_agency_key, asker.acting_agency);
        Request request;
        write(question, request);
        Response response;
        const auto status = (*stub_.*call)(&context, request, &response);
        if (!status.ok()) throw_failed(status);
        return read(response);
    }

    std::shared_ptr<grpc::Channel> channel_;
    std::unique_ptr<Stub> stub_;
};

}  // namespace

std::unique_ptr<QueryClient> connect_query_client(const std::string& address) {
    return std::make_unique<GrpcQueryClient>(address);
}

}  // namespace chaiqin::rpc
