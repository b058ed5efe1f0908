#include "gateway/auth/gatekeeper.hpp"

#include "domain/failure.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/http/problems.hpp"
#include "identity/access.hpp"

namespace chaiqin::gateway {

namespace {

/// The token after "Bearer "; "" if there is none.
std::string bearer_of(const Request& request) {
    const auto found = request.headers.find("authorization");
    if (found == request.headers.end()) return {};
    const std::string_view value = found->second;
    if (value.size() < 7 || lower_case(value.substr(0, 7)) != "bearer ") return {};
    const auto begin = value.find_first_not_of(' ', 6);
    return begin == std::string_view::npos ? std::string() : std::string(value.substr(begin));
}

Response invalid_token() {
    return problem(401, "invalid_token", "權杖無效或已過期", "請重新取得存取權杖後再試。");
}

}  // namespace

Gatekeeper::Verdict Gatekeeper::admit(Request& request,
                                      const std::function<bool(const identity::Caller&)>& allowed,
                                      Waiting waiting) const {
    if (!allowed) return {};
    request.bearer = bearer_of(request);
    if (request.bearer.empty()) return {true, invalid_token()};
    std::optional<identity::Caller> caller;
    try {
        caller = waiting == Waiting::never ? verifier_.recently_verified(request.bearer)
                                           : verifier_.verify(request.bearer);
    } catch (const domain::TransientFailure&) {
        return {true, problem(503, "unavailable", "暫時無法驗證權杖", "請稍後再試。")};
    }
    if (!caller && waiting == Waiting::never) return {false, std::nullopt};
    if (!caller) return {true, invalid_token()};
    request.caller = std::move(*caller);
    const auto wanted = request.headers.find("x-acting-agency");
    auto acting = identity::acting_agency(request.caller,
                                          wanted == request.headers.end() ? "" : wanted->second);
    if (!acting)
        return {true, problem(403, "forbidden", "不得代理此機關",
                              "X-Acting-Agency 須為本機關或兼辦機關。")};
    request.acting_agency = std::move(*acting);
    if (request.caller.roles.empty() || !allowed(request.caller))
        return {true, problem(403, "forbidden", "無此權限", "請向機關管理者申請所需角色。")};
    return {};
}

}  // namespace chaiqin::gateway
