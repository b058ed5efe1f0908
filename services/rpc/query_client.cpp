#include "rpc/query_client.hpp"

#include <grpc/grpc.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/support/sync_stream.h>

#include <future>

#include "chaiqin/query/v1/whole_list.pb.h"
#include "domain/failure.hpp"
#include "rpc/metadata.hpp"
#include "rpc/read_methods.hpp"

namespace chaiqin::rpc {

namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using grpc::StatusCode;

[[noreturn]] void throw_failed(const grpc::Status& status) {
    using Why = Refused::Why;
    const auto refused = [&](Why why) {
        return Refused(why, status.error_details(), status.error_message());
    };
    switch (status.error_code()) {
        case StatusCode::UNAUTHENTICATED:
            throw refused(Why::bad_token);
        case StatusCode::PERMISSION_DENIED:
            throw refused(Why::forbidden);
        case StatusCode::NOT_FOUND:
            throw refused(Why::not_found);
        case StatusCode::INVALID_ARGUMENT:
            throw refused(Why::bad_request);
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
    arguments.SetInt(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, largest_page);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    return arguments;
}

void put_asker(grpc::ClientContext& context, const Asker& asker) {
    const auto left = asker.deadline - std::chrono::steady_clock::now();
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::duration_cast<std::chrono::microseconds>(left));
    context.AddMetadata(authorization_key, std::string(bearer_prefix) + asker.bearer);
    if (!asker.acting_agency.empty()) context.AddMetadata(acting_agency_key, asker.acting_agency);
}

/// The answers of one stream; a stream that is given up is cancelled.
class GrpcPages final : public Pages {
public:
    GrpcPages(std::shared_ptr<grpc::Channel> channel, const Asker& asker,
              const MethodDescriptor& method, const Message& request)
        : channel_(std::move(channel)),
          method_(method),
          call_(read_pages_path, grpc::internal::RpcMethod::SERVER_STREAMING, channel_) {
        put_asker(context_, asker);
        question_.set_method(method.name());
        question_.set_question(request.SerializeAsString());
        reader_.reset(grpc::internal::ClientReaderFactory<query::v1::ReadPagesResponse>::Create(
            channel_.get(), call_, &context_, question_));
    }
    ~GrpcPages() override {
        if (has_ended_) return;
        context_.TryCancel();
        query::v1::ReadPagesResponse ignored;
        while (reader_->Read(&ignored)) continue;
        (void)reader_->Finish();
    }

    std::unique_ptr<Message> next() override {
        if (has_ended_) return nullptr;
        query::v1::ReadPagesResponse page;
        if (!reader_->Read(&page)) {
            has_ended_ = true;
            const auto status = reader_->Finish();
            if (!status.ok()) throw_failed(status);
            return nullptr;
        }
        auto answer = new_message(*method_.output_type());
        if (!answer->ParseFromString(page.answer()))
            throw domain::PermanentFailure("query service: a page cannot be read");
        return answer;
    }

private:
    std::shared_ptr<grpc::Channel> channel_;
    const MethodDescriptor& method_;
    grpc::internal::RpcMethod call_;
    grpc::ClientContext context_;
    query::v1::ReadPagesRequest question_;
    std::unique_ptr<grpc::ClientReader<query::v1::ReadPagesResponse>> reader_;
    bool has_ended_ = false;
};

class GrpcQueryClient final : public QueryClient {
public:
    explicit GrpcQueryClient(const std::string& address)
        : channel_(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                             channel_arguments())),
          stub_(channel_) {}

    bool answers() override {
        return channel_->WaitForConnected(std::chrono::system_clock::now() +
                                          std::chrono::milliseconds(300));
    }

    std::unique_ptr<Message> ask(const Asker& asker, const MethodDescriptor& method,
                                 const Message& request) override {
        grpc::ClientContext context;
        put_asker(context, asker);
        grpc::ByteBuffer sent, received;
        bool own_buffer = false;
        grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(request, &sent, &own_buffer);
        const auto status = call(context, method, sent, received);
        if (!status.ok()) throw_failed(status);
        auto answer = new_message(*method.output_type());
        if (!grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&received, answer.get())
                 .ok())
            throw domain::PermanentFailure("query service: an answer cannot be read");
        return answer;
    }

    std::unique_ptr<Pages> ask_all(const Asker& asker, const MethodDescriptor& method,
                                   const Message& request) override {
        return std::make_unique<GrpcPages>(channel_, asker, method, request);
    }

private:
    /// Sends one call and waits for its end.
    grpc::Status call(grpc::ClientContext& context, const MethodDescriptor& method,
                      const grpc::ByteBuffer& sent, grpc::ByteBuffer& received) {
        std::promise<grpc::Status> ended;
        stub_.UnaryCall(&context, call_path(method), {}, &sent, &received,
                        [&](grpc::Status status) { ended.set_value(std::move(status)); });
        return ended.get_future().get();
    }

    std::shared_ptr<grpc::Channel> channel_;
    grpc::GenericStub stub_;
};

}  // namespace

std::unique_ptr<QueryClient> connect_query_client(const std::string& address) {
    return std::make_unique<GrpcQueryClient>(address);
}

}  // namespace chaiqin::rpc
