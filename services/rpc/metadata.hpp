#pragma once
// Names that both ends of the query service agree on beside the .proto.
#include <string_view>

namespace chaiqin::rpc {

inline constexpr const char* authorization_key = "authorization";
inline constexpr const char* acting_agency_key = "acting-agency";
inline constexpr std::string_view bearer_prefix = "Bearer ";
inline constexpr int largest_metadata =
    64 * 1024;  ///< bytes; tokens with many delegated agencies are long

}  // namespace chaiqin::rpc
