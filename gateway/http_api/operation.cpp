#include "gateway/http_api/operation.hpp"

namespace chaiqin::gateway {

namespace {

constexpr auto readiness_holds_for = std::chrono::milliseconds(500);

Response json_answer(std::string body, int status = 200) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

}  // namespace

std::pair<bool, std::string> Readiness::look() {
    std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (seen_.second.empty() || now - looked_at_ > readiness_holds_for) {
        seen_ = runtime::readiness(checks_);
        looked_at_ = std::chrono::steady_clock::now();
    }
    return seen_;
}

std::vector<Route> operation_routes(Readiness& readiness, const Housekeeping& housekeeping) {
    const auto healthz = [](const Request&) { return json_answer("{\"alive\":true}"); };
    const auto readyz = [&readiness](const Request&) {
        auto [ready, body] = readiness.look();
        return json_answer(std::move(body), ready ? 200 : 503);
    };
    const auto receipt_keys = [&housekeeping](const Request&) {
        return json_answer(housekeeping.receipt_key_set());
    };
    return {{.method = "GET",
             .pattern = "/healthz",
             .endpoint = healthz,
             .at_once = true,
             .for_operations = true},
            {.method = "GET", .pattern = "/readyz", .endpoint = readyz, .for_operations = true},
            {.method = "GET",
             .pattern = "/api/v1/receipts/key",
             .allowed = {},
             .endpoint = receipt_keys}};
}

}  // namespace chaiqin::gateway
