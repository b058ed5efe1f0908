#pragma once
// The reads that query.proto describes: for each its path below /api/v1, the right it needs and its
// name in the audit, from the method's options. Made once; immutable.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <vector>

#include "identity/access.hpp"

namespace chaiqin::rpc {

struct ReadMethod {
    const google::protobuf::MethodDescriptor* method = nullptr;
    /// "/submissions/{submission_id}"; "" where only the gateway itself asks
    std::string path;
    identity::Right right{};
    /// "read submission"
    std::string audit;
    /// The gateway makes the answer at this path of more than this message.
    bool composed = false;
    /// Its reader runs several statements, which must see one moment.
    bool one_moment = false;
    /// It takes the parameter wait.
    bool can_wait = false;
};

/// All methods of the query service. Aborts if one says nothing about itself.
const std::vector<ReadMethod>& read_methods();
const ReadMethod& read_method(const google::protobuf::MethodDescriptor& method);
/// The one that gives answers of this type. Aborts if there is none.
const ReadMethod& read_that_answers(const google::protobuf::Descriptor& answer);
template <class Answer>
const ReadMethod& read_with() {
    static const auto& found = read_that_answers(*Answer::descriptor());
    return found;
}

/// A new empty message of a type that is compiled in.
std::unique_ptr<google::protobuf::Message> new_message(const google::protobuf::Descriptor& type);

}  // namespace chaiqin::rpc
