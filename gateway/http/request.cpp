#include "gateway/http/request.hpp"

#include <algorithm>

namespace chaiqin::gateway {

std::optional<std::string> Request::parameter(std::string_view name) const {
    const auto found = std::find_if(query.begin(), query.end(),
                                    [&](const auto& one) { return one.first == name; });
    if (found == query.end()) return std::nullopt;
    return found->second;
}

std::string Request::header(const char* name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

}  // namespace chaiqin::gateway
