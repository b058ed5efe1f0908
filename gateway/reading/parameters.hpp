#pragma once
// A question made from a request: its message's fields are filled from the path and from the query
// parameters of the same names (options.proto says what forms there are). A value that is not one
// throws rpc::Refused (bad_request) and names the parameter; a missing or empty one leaves its
// field alone. Unknown parameters are never looked at.
#include <google/protobuf/message.h>

#include <chrono>
#include <memory>
#include <optional>

#include "gateway/http/request.hpp"
#include "rpc/read_methods.hpp"

namespace chaiqin::gateway {

std::unique_ptr<google::protobuf::Message> question_of(const rpc::ReadMethod& read,
                                                       const Request& request);
/// wait=1s … 30s: how long the answer may be waited for until a file's state is terminal.
std::optional<std::chrono::seconds> wait_of(const Request& request);

}  // namespace chaiqin::gateway
