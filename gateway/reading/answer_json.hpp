#pragma once
// An answer of the query service as JSON: the members of its message in their order, as
// options.proto says. Pure.
#include <google/protobuf/message.h>

#include <string>

namespace chaiqin::gateway {

std::string to_json(const google::protobuf::Message& answer);

}  // namespace chaiqin::gateway
