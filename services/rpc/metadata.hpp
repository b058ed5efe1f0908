#pragma once
// What both ends of the query service agree on beside the .proto: names, limits, and how a refusal
// travels (English in the status' message, Chinese in its details).
#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>

namespace chaiqin::rpc {

inline constexpr const char* authorization_key = "authorization";
inline constexpr const char* acting_agency_key = "acting-agency";
inline constexpr std::string_view bearer_prefix = "Bearer ";
/// In bytes: tokens with many delegated agencies are long.
inline constexpr int largest_metadata = 64 * 1024;
/// An answer, in bytes. Pages of whole lists are larger than those that a person looks at.
inline constexpr int largest_page = 64 * 1024 * 1024;
inline constexpr const char* read_pages_path = "/chaiqin.query.v1.WholeListService/ReadPages";

/// "/chaiqin.query.v1.QueryService/GetSubmission"
inline std::string call_path(const google::protobuf::MethodDescriptor& method) {
    return "/" + method.service()->full_name() + "/" + method.name();
}

}  // namespace chaiqin::rpc
