#pragma once
// Who calls and for whom, before a body is read: bearer token or session → caller, agency acted
// for, route → right. A bearer token beside a session's cookie wins. With a cookie the request must
// come from our own page and name the agency acted for. Thread-safe.
#include <optional>
#include <string>

#include "gateway/http/problems.hpp"
#include "gateway/http/request.hpp"
#include "gateway/http/route.hpp"
#include "gateway/login/sessions.hpp"
#include "identity/token_verifier.hpp"

namespace chaiqin::gateway {

/// Let in, unless it holds the problem of the refusal.
struct Admission {
    std::optional<Problem> refused;
};

class Gatekeeper {
public:
    explicit Gatekeeper(const identity::TokenVerifier& verifier) : verifier_(verifier) {}
    /// From now on sessions are known too. Called before the first request.
    void let_in_sessions(Sessions& sessions, std::string public_url) {
        sessions_ = &sessions;
        public_url_ = std::move(public_url);
    }

    /// Decides at once and never blocks (io thread). Fills bearer, caller and acting_agency. Empty:
    /// the token or session was not seen lately, so ask admit() on a worker.
    /// `knows_caller`: of an open route, see there.
    std::optional<Admission> admit_known(Request& request, const Allowed& allowed,
                                         bool knows_caller = false) const;
    /// The same, and blocks where the issuer or PostgreSQL must be asked (token worker).
    Admission admit(Request& request, const Allowed& allowed) const;

private:
    /// The cookie, if it is the cookie that says who calls.
    std::string deciding_cookie(const Request& request) const;
    std::optional<Admission> admit_known_session(Request& request, const Allowed& allowed,
                                                 const std::string& cookie) const;

    const identity::TokenVerifier& verifier_;
    Sessions* sessions_ = nullptr;
    std::string public_url_;
};

}  // namespace chaiqin::gateway
