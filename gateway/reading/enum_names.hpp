#pragma once
// How values of an enumeration of query.proto are written in the HTTP API: without the
// enumeration's own name in front, in lower case where its option says so. For .cpp files.
#include <google/protobuf/descriptor.h>

#include <string>

namespace chaiqin::gateway {

/// "COUNTED_PARTIAL", "leave"
std::string enum_name(const google::protobuf::EnumValueDescriptor& value);

}  // namespace chaiqin::gateway
