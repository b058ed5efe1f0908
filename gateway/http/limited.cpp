#include "gateway/http/limited.hpp"

#include "runtime/metrics.hpp"

namespace chaiqin::gateway {

Response answer_with(const Limited& limited) {
    auto response = answer_with(limited.problem, limited.words, [&](wire::JsonWriter& json) {
        json.member("limit", limited.limit);
    });
    for (auto& [name, value] : response.headers)
        if (name == "Retry-After") value = std::to_string(limited.retry_after.count());
    if (response.status == 429)
        runtime::metrics().add("chaiqin_requests_limited_total", 1, limited.limit);
    return response;
}

}  // namespace chaiqin::gateway
