#include "rpc/query_server.hpp"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "chaiqin/query/v1/whole_list.pb.h"
#include "domain/failure.hpp"
#include "rpc/metadata.hpp"
#include "rpc/read_methods.hpp"
#include "rpc/work_queue.hpp"

namespace chaiqin::rpc {

namespace {

namespace pb = query::v1;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using grpc::Status;
using grpc::StatusCode;

constexpr std::size_t most_waiting = 1000, most_lists_waiting = 64;
/// For callers that name no deadline.
constexpr std::chrono::seconds longest_answer{10}, longest_list{150};

std::string metadata(const CallbackServerContext& context, const char* name) {
    const auto& all = context.client_metadata();
    const auto found = all.find(name);
    return found == all.end() ? "" : std::string(found->second.data(), found->second.size());
}

Asker asker_of(const CallbackServerContext& context, std::chrono::seconds longest) {
    Asker asker;
    const auto authorization = metadata(context, authorization_key);
    if (authorization.starts_with(bearer_prefix))
        asker.bearer = authorization.substr(bearer_prefix.size());
    asker.acting_agency = metadata(context, acting_agency_key);
    const auto left = std::min<std::chrono::system_clock::duration>(
        context.deadline() - std::chrono::system_clock::now(), longest);
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

template <class Body>
Status status_of(const QueryServerSettings& settings, Body&& body) {
    try {
        body();
        return Status::OK;
    } catch (const Refused& refused) {
        return Status(code_of(refused.why), refused.en(), refused.zh);
    } catch (const domain::TransientFailure& failure) {
        settings.on_failure("transient", failure.what());
        return Status(StatusCode::UNAVAILABLE, "the database does not answer");
    } catch (const std::exception& failure) {
        settings.on_failure("permanent", failure.what());
        return Status(StatusCode::INTERNAL, "an answer could not be made");
    }
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
        const auto asker = asker_of(context, longest_answer);
        const bool taken = work_.push(
            {asker.deadline,
             [this, asker, &method, &request, &answer, reactor] {
                 reactor->Finish(
                     status_of(settings_, [&] { ask(asker, method, request, answer); }));
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

    Questions& questions_;
    const QueryServerSettings& settings_;
    WorkQueue& work_;
    /// gRPC keeps pointers to these.
    std::deque<std::string> paths_;
};

/// One stream of pages. A worker writes them, gRPC's threads tell how that goes; whoever listens
/// sets the pace, so at most one page waits here.
class PageStream final : public grpc::ServerWriteReactor<pb::ReadPagesResponse> {
public:
    /// Waits for the page before. False: nobody listens any more.
    bool write(const Message& answer, std::chrono::steady_clock::time_point deadline) {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, deadline, [&] { return is_over_ || !is_writing_; });
        if (is_over_ || is_writing_) return false;
        is_writing_ = true;
        lock.unlock();
        page_.set_answer(answer.SerializeAsString());
        StartWrite(&page_);
        return true;
    }
    /// The last that is done with it.
    void finish(const Status& status) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return !is_writing_; });
        }
        Finish(status);
    }

    void OnWriteDone(bool done) override {
        std::lock_guard lock(mutex_);
        is_writing_ = false;
        is_over_ = is_over_ || !done;
        changed_.notify_all();
    }
    void OnCancel() override {
        std::lock_guard lock(mutex_);
        is_over_ = true;
        changed_.notify_all();
    }
    void OnDone() override { delete this; }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_writing_ = false, is_over_ = false;
    pb::ReadPagesResponse page_;
};

class WholeListService final : public grpc::Service {
public:
    WholeListService(Questions& questions, const QueryServerSettings& settings, WorkQueue& work)
        : questions_(questions), settings_(settings), work_(work) {
        AddMethod(new grpc::internal::RpcServiceMethod(
            read_pages_path, grpc::internal::RpcMethod::SERVER_STREAMING, nullptr));
        MarkMethodCallback(
            0, new grpc::internal::CallbackServerStreamingHandler<pb::ReadPagesRequest,
                                                                  pb::ReadPagesResponse>(
                   [this](CallbackServerContext* context, const pb::ReadPagesRequest* request) {
                       return take(*context, *request);
                   }));
    }

private:
    PageStream* take(CallbackServerContext& context, const pb::ReadPagesRequest& request) {
        auto* stream = new PageStream;
        const auto asker = asker_of(context, longest_list);
        const bool taken = work_.push(
            {asker.deadline,
             [this, asker, request, stream] {
                 stream->finish(status_of(settings_, [&] { send(asker, request, *stream); }));
             },
             [stream] { stream->finish(Status(StatusCode::DEADLINE_EXCEEDED, "too late")); }});
        if (!taken) stream->finish(Status(StatusCode::UNAVAILABLE, "too many lists"));
        return stream;
    }

    void send(const Asker& asker, const pb::ReadPagesRequest& request, PageStream& to) {
        const auto* method =
            read_methods().front().method->service()->FindMethodByName(request.method());
        const auto question = method ? new_message(*method->input_type()) : nullptr;
        if (!question || !question->ParseFromString(request.question()))
            throw Refused(Refused::Why::bad_request, "無法讀取查詢內容。",
                          "the question cannot be read");
        const auto pages = questions_.ask_all(asker, *method, *question);
        while (const auto answer = pages->next())
            if (!to.write(*answer, asker.deadline))
                throw domain::TransientFailure("nobody listens to a whole list any more");
    }

    Questions& questions_;
    const QueryServerSettings& settings_;
    WorkQueue& work_;
};

class GrpcQueryServer final : public QueryServer {
public:
    GrpcQueryServer(Questions& questions, QueryServerSettings settings)
        : settings_(std::move(settings)),
          work_(settings_.threads, most_waiting),
          list_work_(settings_.list_threads, most_lists_waiting),
          service_(questions, settings_, work_),
          lists_(questions, settings_, list_work_) {
        grpc::EnableDefaultHealthCheckService(true);
        grpc::reflection::InitProtoReflectionServerBuilderPlugin();
        grpc::ServerBuilder builder;
        builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
        builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, largest_metadata);
        builder.AddListeningPort("127.0.0.1:" + std::to_string(settings_.port),
                                 grpc::InsecureServerCredentials(), &port_);
        builder.RegisterService(&service_);
        builder.RegisterService(&lists_);
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
    WorkQueue work_, list_work_;
    Service service_;
    WholeListService lists_;
    std::unique_ptr<grpc::Server> server_;
    int port_ = 0;
};

}  // namespace

std::unique_ptr<QueryServer> serve_questions(Questions& questions, QueryServerSettings settings) {
    if (!settings.on_failure) settings.on_failure = [](const char*, const std::string&) {};
    return std::make_unique<GrpcQueryServer>(questions, std::move(settings));
}

}  // namespace chaiqin::rpc
