#pragma once
// Who calls and for whom, before a body is read: bearer token → caller, X-Acting-Agency → agency
// acted for, route → right. A browser's session (a cookie) will be a second way to a caller; it
// belongs beside the bearer token in admit_known(). Thread-safe.
#include <optional>

#include "gateway/http/problems.hpp"
#include "gateway/http/request.hpp"
#include "gateway/http/route.hpp"
#include "identity/token_verifier.hpp"

namespace chaiqin::gateway {

/// Let in, unless it holds the problem of the refusal.
struct Admission {
    std::optional<Problem> refused;
};

class Gatekeeper {
public:
    explicit Gatekeeper(const identity::TokenVerifier& verifier) : verifier_(verifier) {}

    /// Decides at once and never blocks (io thread). Fills bearer, caller and acting_agency. Empty:
    /// the token is not among those verified lately, so ask admit() on a worker.
    std::optional<Admission> admit_known(Request& request, const Allowed& allowed) const;
    /// The same, and blocks where the issuer's keys must be fetched (token worker).
    Admission admit(Request& request, const Allowed& allowed) const;

private:
    const identity::TokenVerifier& verifier_;
};

}  // namespace chaiqin::gateway
