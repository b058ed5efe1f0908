#include "rpc/query_client.hpp"

#include <grpc/grpc.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <future>

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
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    return arguments;
}

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
        const auto left = asker.deadline - std::chrono::steady_clock::now();
        context.set_deadline(std::chrono::system_clock::now() +
                             std::chrono::duration_cast<std::chrono::microseconds>(left));
        context.AddMetadata(authorization_key, std::string(bearer_prefix) + asker.bearer);
        if (!asker.acting_agency.empty())
            context.AddMetadata(acting_agency_key, asker.acting_agency);
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
