#include "rpc/query_server.hpp"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>

#include <deque>

#include "domain/failure.hpp"
#include "rpc/metadata.hpp"
#include "rpc/read_methods.hpp"
#include "rpc/work_queue.hpp"

namespace chaiqin::rpc {

namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using grpc::Status;
using grpc::StatusCode;

constexpr std::size_t most_waiting = 1000;
/// For callers that name no deadline.
constexpr std::chrono::seconds longest_answer{10};

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

StatusCode code_of(Refused::Why why) {
    switch (why) {
        case Refused::Why::bad_token:
            return StatusCode::UNAUTHENTICATED;
        case Refused::Why::forbidden:
            return StatusCode::PERMISSION_DENIED;
        case Refused::Why::not_found:
            return StatusCode::NOT_FOUND;
        case Refused::Why::bad_request:
            return StatusCode::INVALID_ARGUMENT;
    }
    return StatusCode::INTERNAL;
}

/// The service of query.proto without a line per method: each method's request and answer are made
/// from its descriptor. (MarkMethodRawCallback is what generated code calls for a method whose
/// bytes it leaves to the caller.)
class Service final : public grpc::Service {
public:
    Service(Questions& questions, const QueryServerSettings& settings, WorkQueue& work)
        : questions_(questions), settings_(settings), work_(work) {
        for (const auto& read : read_methods()) {
            paths_.push_back(call_path(*read.method));
            AddMethod(new grpc::internal::RpcServiceMethod(
                paths_.back().c_str(), grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
            MarkMethodRawCallback(
                read.method->index(),
                new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                    [this, method = read.method](CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* answer) {
                        return take(*context, *method, *request, *answer);
                    }));
        }
    }

private:
    /// Queues the question; request, answer and reactor live until Finish.
    ServerUnaryReactor* take(CallbackServerContext& context, const MethodDescriptor& method,
                             const grpc::ByteBuffer& request, grpc::ByteBuffer& answer) {
        auto* reactor = context.DefaultReactor();
        const auto asker = asker_of(context);
        const bool taken = work_.push(
            {asker.deadline,
             [this, asker, &method, &request, &answer, reactor] {
                 reactor->Finish(status_of([&] { ask(asker, method, request, answer); }));
             },
             [reactor] { reactor->Finish(Status(StatusCode::DEADLINE_EXCEEDED, "too late")); }});
        if (!taken) reactor->Finish(Status(StatusCode::UNAVAILABLE, "too many questions"));
        return reactor;
    }

    void ask(const Asker& asker, const MethodDescriptor& method, grpc::ByteBuffer request,
             grpc::ByteBuffer& answer) {
        const auto question = new_message(*method.input_type());
        if (!grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&request, question.get())
                 .ok())
            throw Refused(Refused::Why::bad_request, "無法讀取查詢內容。",
                          "the question cannot be read");
        const auto found = questions_.ask(asker, method, *question);
        bool own_buffer = false;
        grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*found, &answer, &own_buffer);
    }

    template <class Body>
    Status status_of(Body&& body) {
        try {
            body();
            return Status::OK;
        } catch (const Refused& refused) {
            return Status(code_of(refused.why), refused.en(), refused.zh);
        } catch (const domain::TransientFailure& failure) {
            settings_.on_failure("transient", failure.what());
            return Status(StatusCode::UNAVAILABLE, "the database does not answer");
        } catch (const std::exception& failure) {
            settings_.on_failure("permanent", failure.what());
            return Status(StatusCode::INTERNAL, "an answer could not be made");
        }
    }

    Questions& questions_;
    const QueryServerSettings& settings_;
    WorkQueue& work_;
    /// gRPC keeps pointers to these.
    std::deque<std::string> paths_;
};

class GrpcQueryServer final : public QueryServer {
public:
    GrpcQueryServer(Questions& questions, QueryServerSettings settings)
        : settings_(std::move(settings)),
          work_(settings_.threads, most_waiting),
          service_(questions, settings_, work_) {
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
        server_->GetHealthCheckService()->SetServingStatus(
            read_methods().front().method->service()->full_name(), true);
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

std::unique_ptr<QueryServer> serve_questions(Questions& questions, QueryServerSettings settings) {
    if (!settings.on_failure) settings.on_failure = [](const char*, const std::string&) {};
    return std::make_unique<GrpcQueryServer>(questions, std::move(settings));
}

}  // namespace chaiqin::rpc
