#pragma once
// From method and path to a route; 404 and 405 are decided here. Immutable, thread-safe.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/http_api/body.hpp"
#include "gateway/http_api/exchange.hpp"

namespace chaiqin::gateway {

struct Matched {
    const Route* read = nullptr;  ///< one of the two
    const UploadRoute* upload = nullptr;
    std::vector<std::string> captures;
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

/// A request target taken apart: decoded path and decoded query parameters in order.
struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
};
/// Nothing: not origin-form, a bad percent sequence, or text that is not UTF-8 or holds NUL.
std::optional<Target> parse_target(std::string_view target);

}  // namespace chaiqin::gateway
