#include "rpc/query_server.hpp"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include "chaiqin/query/v1/query.grpc.pb.h"
#include "domain/failure.hpp"
#include "rpc/messages.hpp"
#include "rpc/metadata.hpp"
#include "rpc/work_queue.hpp"

namespace chaiqin::rpc {

namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using grpc::Status;
using grpc::StatusCode;

constexpr std::size_t most_waiting = 1000;
constexpr std::chrono::seconds longest_answer{10};  ///< for callers that name no deadline

std::string metadata(const CallbackServerContext& context, const char* name) {
    const auto& all = context.client_metadata();
    const auto found = all.find(name);
    return found == all.end() ? "" : std::string(found->second.data(), found->second.size());
}

Asker asker_of(const CallbackServerContext& context) {
    Asker asker;
    const auto authorization = metadata(context, authorization_key);
    if (authorization.starts_with(bearer_prefix))
        asker.bearer = authorization.substr(bearer_prefix.size());
    asker.acting_agency = metadata(context, acting_agency_key);
    const auto left = std::min<std::chrono::system_clock::duration>(
        context.deadline() - std::chrono::system_clock::now(), longest_answer);
    asker.deadline = std::chrono::steady_clock::now() + left;
    return asker;
}

StatusCode code_of(domain::Refused::Why why) {
    switch (why) {
        case domain::Refused::Why::bad_token:
            return StatusCode::UNAUTHENTICATED;
        case domain::Refused::Why::forbidden:
            return StatusCode::PERMISSION_DENIED;
        case domain::Refused::Why::not_found:
            return StatusCode::NOT_FOUND;
        case domain::Refused::Why::bad_request:
            return StatusCode::INVALID_ARGUMENT;
    }
    return StatusCode::INTERNAL;
}

class Service final : public pb::QueryService::CallbackService {
public:
    Service(Queries& queries, const QueryServerSettings& settings, WorkQueue& work)
        : queries_(queries), settings_(settings), work_(work) {}

    ServerUnaryReactor* GetSubmission(CallbackServerContext* c, const pb::GetSubmissionRequest* q,
                                      pb::GetSubmissionResponse* a) override {
        return answer(c, q, a, &Queries::submission);
    }
    ServerUnaryReactor* ListSubmissions(CallbackServerContext* c,
                                        const pb::ListSubmissionsRequest* q,
                                        pb::ListSubmissionsResponse* a) override {
        return answer(c, q, a, &Queries::submissions);
    }
    ServerUnaryReactor* ListFindings(CallbackServerContext* c, const pb::ListFindingsRequest* q,
                                     pb::ListFindingsResponse* a) override {
        return answer(c, q, a, &Queries::findings);
    }
    ServerUnaryReactor* ListFindingGroups(CallbackServerContext* c,
                                          const pb::ListFindingGroupsRequest* q,
                                          pb::ListFindingGroupsResponse* a) override {
        return answer(c, q, a, &Queries::groups);
    }
    ServerUnaryReactor* ListFindingHistory(CallbackServerContext* c,
                                           const pb::ListFindingHistoryRequest* q,
                                           pb::ListFindingHistoryResponse* a) override {
        return answer(c, q, a, &Queries::finding_history);
    }
    ServerUnaryReactor* GetMonthlyStatistics(CallbackServerContext* c,
                                             const pb::GetMonthlyStatisticsRequest* q,
                                             pb::GetMonthlyStatisticsResponse* a) override {
        return answer(c, q, a, &Queries::monthly);
    }
    ServerUnaryReactor* GetStatisticsByType(CallbackServerContext* c,
                                            const pb::GetStatisticsByTypeRequest* q,
                                            pb::GetStatisticsByTypeResponse* a) override {
        return answer(c, q, a, &Queries::by_type);
    }
    ServerUnaryReactor* GetSummary(CallbackServerContext* c, const pb::GetSummaryRequest* q,
                                   pb::GetSummaryResponse* a) override {
        return answer(c, q, a, &Queries::summary);
    }
    ServerUnaryReactor* ListUnmatched(CallbackServerContext* c, const pb::ListUnmatchedRequest* q,
                                      pb::ListUnmatchedResponse* a) override {
        return answer(c, q, a, &Queries::unmatched);
    }
    ServerUnaryReactor* GetReportingRates(CallbackServerContext* c,
                                          const pb::GetReportingRatesRequest* q,
                                          pb::GetReportingRatesResponse* a) override {
        return answer(c, q, a, &Queries::rates);
    }
    ServerUnaryReactor* ListReportingRateAgencies(
        CallbackServerContext* c, const pb::ListReportingRateAgenciesRequest* q,
        pb::ListReportingRateAgenciesResponse* a) override {
        return answer(c, q, a, &Queries::rate_agencies);
    }
    ServerUnaryReactor* ListAgencies(CallbackServerContext* c, const pb::ListAgenciesRequest* q,
                                     pb::ListAgenciesResponse* a) override {
        return answer(c, q, a, &Queries::agencies);
    }
    ServerUnaryReactor* ListNotices(CallbackServerContext* c, const pb::ListNoticesRequest* q,
                                    pb::ListNoticesResponse* a) override {
        return answer(c, q, a, &Queries::notices);
    }
    ServerUnaryReactor* GetTable19Load(CallbackServerContext* c, const pb::GetTable19LoadRequest* q,
                                       pb::GetTable19LoadResponse* a) override {
        return answer(c, q, a, &Queries::table19_load);
    }

private:
    /// Queues the question; request, response and reactor live until Finish.
    template <class Request, class Response, class Ask>
    ServerUnaryReactor* answer(CallbackServerContext* context, const Request* request,
                               Response* response, Ask ask) {
        auto* reactor = context->DefaultReactor();
        const auto asker = asker_of(*context);
        const bool taken = work_.push(
            {asker.deadline,
             [this, asker, request, response, ask, reactor] {
                 reactor->Finish(
                     status_of([&] { write((queries_.*ask)(asker, read(*request)), *response); }));
             },
             [reactor] { reactor->Finish(Status(StatusCode::DEADLINE_EXCEEDED, "too late")); }});
        if (!taken) reactor->Finish(Status(StatusCode::UNAVAILABLE, "too many questions"));
        return reactor;
    }

    template <class Body>
    Status status_of(Body&& body) {
        try {
            body();
            return Status::OK;
        } catch (const domain::Refused& refused) {
            return Status(code_of(refused.why), refused.what());
        } catch (const domain::TransientFailure& failure) {
            settings_.on_failure("transient", failure.what());
            return Status(StatusCode::UNAVAILABLE, "the database does not answer");
        } catch (const std::exception& failure) {
            settings_.on_failure("permanent", failure.what());
            return Status(StatusCode::INTERNAL, "an answer could not be made");
        }
    }

    Queries& queries_;
    const QueryServerSettings& settings_;
    WorkQueue& work_;
};

class GrpcQueryServer final : public QueryServer {
public:
    GrpcQueryServer(Queries& queries, QueryServerSettings settings)
        : settings_(std::move(settings)),
          work_(settings_.threads, most_waiting),
          service_(queries, settings_, work_) {
        grpc::EnableDefaultHealthCheckService(true);
        grpc::reflection::InitProtoReflectionServerBuilderPlugin();
        grpc::ServerBuilder builder;
        builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
        builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, largest_metadata);
        builder.AddListeningPort("127.0.0.1:" + std::to_string(settings_.port),
                                 grpc::InsecureServerCredentials(), &port_);
        builder.RegisterService(&service_);
        server_ = builder.BuildAndStart();
        if (!server_ || port_ == 0)
            throw domain::ConfigError(
                {"grpc_port: " + std::to_string(settings_.port) + " cannot be listened on"});
        server_->GetHealthCheckService()->SetServingStatus(pb::QueryService::service_full_name(),
                                                           true);
    }
    ~GrpcQueryServer() override {
        server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    }
    int port() const override { return port_; }

private:
    QueryServerSettings settings_;
    WorkQueue work_;
    Service service_;
    std::unique_ptr<grpc::Server> server_;
    int port_ = 0;
};

}  // namespace

std::unique_ptr<QueryServer> serve_queries(Queries& queries, QueryServerSettings settings) {
    if (!settings.on_failure) settings.on_failure = [](const char*, const std::string&) {};
    return std::make_unique<GrpcQueryServer>(queries, std::move(settings));
}

}  // namespace chaiqin::rpc
