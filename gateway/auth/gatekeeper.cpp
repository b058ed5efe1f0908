#include "gateway/auth/gatekeeper.hpp"

#include "domain/failure.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/login/login_cookies.hpp"
#include "gateway/login/same_origin.hpp"
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

/// Polls and refreshed pages do not keep a session alive.
bool is_by_a_person(const Request& request) {
    return request.header("x-chaiqin-background") != "1";
}

/// Whether the caller may act for the agency that is asked for, and call this route.
Admission authorise(Request& request, identity::Caller caller, std::string_view wanted,
                    const Allowed& allowed) {
    auto acting = identity::acting_agency(caller, wanted);
    request.caller = std::move(caller);
    if (!acting) return {Problem::other_acting_agency};
    request.acting_agency = std::move(*acting);
    identity::keep_roles_for(request.caller, request.acting_agency);
    if (!allowed) return {};
    if (!allowed(request.caller)) return {Problem::right_missing};
    return {};
}

Admission let_in(Request& request, SignedIn session, const Allowed& allowed) {
    request.bearer = std::move(session.access_token);
    const auto wanted = wanted_acting_agency(request).value_or("");
    return authorise(request, std::move(session.caller), wanted, allowed);
}

}  // namespace

std::string Gatekeeper::deciding_cookie(const Request& request) const {
    if (!sessions_ || !request.header("authorization").empty()) return {};
    return session_cookie(request);
}

std::optional<Admission> Gatekeeper::admit_known(Request& request, const Allowed& allowed,
                                                 bool knows_caller) const {
    if (const auto cookie = deciding_cookie(request); !cookie.empty())
        return admit_known_session(request, allowed, cookie);
    if (!allowed && !knows_caller) return Admission{};
    request.bearer = bearer_of(request);
    if (request.bearer.empty()) return allowed ? Admission{Problem::invalid_token} : Admission{};
    auto caller = verifier_.recently_verified(request.bearer);
    if (!caller) return std::nullopt;
    return authorise(request, std::move(*caller), request.header("x-acting-agency"), allowed);
}

std::optional<Admission> Gatekeeper::admit_known_session(Request& request, const Allowed& allowed,
                                                         const std::string& cookie) const {
    const auto wanted = wanted_acting_agency(request);
    if (!wanted) return Admission{Problem::acting_agencies_differ};
    // An open path is open to a browser too, whoever is logged in there.
    if (!allowed && wanted->empty()) return Admission{};
    const bool by_link = is_download(request) && request.parameter("acting").has_value();
    if (wanted->empty() || !is_same_origin(request, public_url_, by_link))
        return Admission{Problem::csrf};
    auto session = sessions_->known(cookie, is_by_a_person(request));
    if (!session) return std::nullopt;
    return let_in(request, std::move(*session), allowed);
}

Admission Gatekeeper::admit(Request& request, const Allowed& allowed) const {
    try {
        if (const auto cookie = deciding_cookie(request); !cookie.empty()) {
            auto session = sessions_->find(cookie, is_by_a_person(request));
            if (!session) return {Problem::session_over};
            return let_in(request, std::move(*session), allowed);
        }
        auto caller = verifier_.verify(request.bearer);
        if (!caller) return {Problem::invalid_token};
        return authorise(request, std::move(*caller), request.header("x-acting-agency"), allowed);
    } catch (const domain::TransientFailure&) {
        return {Problem::token_cannot_be_verified};
    }
}

}  // namespace chaiqin::gateway
