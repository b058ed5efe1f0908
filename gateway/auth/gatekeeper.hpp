#pragma once
// Who calls and for whom, before a body is read: bearer token → caller, X-Acting-Agency → agency
// acted for, route → right. Answers 401 or 403 itself. Blocks only when the issuer's keys must be
// fetched (so: on a worker); everything else is decided at once. Thread-safe.
#include <functional>
#include <optional>

#include "gateway/http/request.hpp"
#include "gateway/http/response.hpp"
#include "identity/token_verifier.hpp"

namespace chaiqin::gateway {

class Gatekeeper {
public:
    explicit Gatekeeper(const identity::TokenVerifier& verifier) : verifier_(verifier) {}

    enum class Waiting { may_block, never };
    /// Fills bearer, caller and acting_agency. Nothing: let in. `never` gives up (is_decided false)
    /// when the token is not among those verified lately.
    struct Verdict {
        bool is_decided = true;
        std::optional<Response> refused;
    };
    Verdict admit(Request& request, const std::function<bool(const identity::Caller&)>& allowed,
                  Waiting waiting) const;

private:
    const identity::TokenVerifier& verifier_;
};

}  // namespace chaiqin::gateway
