#include "gateway/auth/gatekeeper.hpp"

#include "domain/failure.hpp"
#include "gateway/http/header_value.hpp"
#include "identity/access.hpp"

namespace chaiqin::gateway {

namespace {

/// The token after "Bearer "; "" if there is none.
std::string bearer_of(const Request& request) {
    const auto text = request.header("authorization");
    const std::string_view value(text);
    if (value.size() < 7 || lower_case(value.substr(0, 7)) != "bearer ") return {};
    const auto begin = value.find_first_not_of(' ', 6);
    return begin == std::string_view::npos ? std::string() : std::string(value.substr(begin));
}

/// Whether the caller may act for the agency that is asked for, and call this route.
Admission authorise(Request& request, identity::Caller caller, const Allowed& allowed) {
    request.caller = std::move(caller);
    auto acting = identity::acting_agency(request.caller, request.header("x-acting-agency"));
    if (!acting) return {Problem::other_acting_agency};
    request.acting_agency = std::move(*acting);
    if (request.caller.roles.empty() || !allowed(request.caller)) return {Problem::right_missing};
    return {};
}

}  // namespace

std::optional<Admission> Gatekeeper::admit_known(Request& request, const Allowed& allowed) const {
    if (!allowed) return Admission{};
    request.bearer = bearer_of(request);
    if (request.bearer.empty()) return Admission{Problem::invalid_token};
    auto caller = verifier_.recently_verified(request.bearer);
    if (!caller) return std::nullopt;
    return authorise(request, std::move(*caller), allowed);
}

Admission Gatekeeper::admit(Request& request, const Allowed& allowed) const {
    try {
        auto caller = verifier_.verify(request.bearer);
        if (!caller) return {Problem::invalid_token};
        return authorise(request, std::move(*caller), allowed);
    } catch (const domain::TransientFailure&) {
        return {Problem::token_cannot_be_verified};
    }
}

}  // namespace chaiqin::gateway
