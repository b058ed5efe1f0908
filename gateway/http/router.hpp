#pragma once
// From method and path to a route; 404 and 405 are decided here. Immutable, thread-safe.
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/http/route.hpp"

namespace chaiqin::gateway {

struct Matched {
    /// One of the two.
    const Route* read = nullptr;
    const UploadRoute* upload = nullptr;
    std::vector<std::string> captures;

    const std::string& pattern() const { return read ? read->pattern : upload->pattern; }
    const Allowed& allowed() const { return read ? read->allowed : upload->allowed; }
    bool audit_first() const { return read ? read->audit_first : upload->audit_first; }
    bool for_operations() const { return read && read->for_operations; }
    bool knows_caller() const { return read && read->knows_caller; }
};

class Router {
public:
    Router(std::vector<Route> reads, std::vector<UploadRoute> uploads);
    /// The route, or the 404 or 405 (with Allow).
    std::variant<Matched, Response> find(std::string_view method,
                                         std::string_view decoded_path) const;

private:
    std::vector<Route> reads_;
    std::vector<UploadRoute> uploads_;
};

}  // namespace chaiqin::gateway
