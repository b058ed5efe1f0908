#pragma once
// A question to the query service and why it may be refused. Every question is a method of
// proto/chaiqin/query/v1/query.proto with its generated request and answer, so all of them travel
// through one function. Implemented by query/service, which decides and reads, and by QueryClient,
// which asks the former over gRPC. Thread-safe.
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace chaiqin::rpc {

/// The end user who asks: the raw access token, the agency acted for ("" = own), until when an
/// answer is of use.
struct Asker {
    std::string bearer, acting_agency;
    std::chrono::steady_clock::time_point deadline;
};

/// A question that gets no answer, and why, in both languages. Thrown where a question is decided,
/// and again by QueryClient; caught at the edges.
struct Refused : std::runtime_error {
    enum class Why { bad_token, forbidden, not_found, bad_request };
    Refused(Why w, std::string in_zh, const std::string& in_en)
        : std::runtime_error(in_en), why(w), zh(std::move(in_zh)) {}
    std::string en() const { return what(); }

    Why why;
    std::string zh;
};

/// The answers of a whole list, page after page, all of one moment. Used by one thread; what is
/// needed for it is held until it goes.
class Pages {
public:
    virtual ~Pages() = default;
    /// The next answer; null behind the last one. Throws what `ask` throws.
    virtual std::unique_ptr<google::protobuf::Message> next() = 0;
};

class Questions {
public:
    virtual ~Questions() = default;
    /// The answer to `request`, a message of the method's input type; it is of the method's output
    /// type. Throws Refused, and TransientFailure when the service or its database is away or the
    /// deadline has passed.
    virtual std::unique_ptr<google::protobuf::Message> ask(
        const Asker& asker, const google::protobuf::MethodDescriptor& method,
        const google::protobuf::Message& request) = 0;
    /// The whole list that `request` asks for a page of (ADR 0014); whatever it
    /// says about pages is not looked at. Throws as `ask`, here or at the first page.
    virtual std::unique_ptr<Pages> ask_all(const Asker& asker,
                                           const google::protobuf::MethodDescriptor& method,
                                           const google::protobuf::Message& request) = 0;
};

}  // namespace chaiqin::rpc
