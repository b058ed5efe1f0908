#pragma once
// How a person logs in with the browser: an adapter to whoever knows the person. OpenID Connect is
// the first (oidc_login.hpp); eCPA's own protocol would be a second. Everything that is secret
// stays with the caller. Thread-safe; what says "blocks" asks the issuer and takes up to about 4 s.
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::identity {

/// What one login is recognised by when the browser comes back. All random.
struct LoginAttempt {
    std::string state, nonce, verifier;
};

/// What the issuer gives for one login.
struct LoginTokens {
    std::string access, refresh, id;
    domain::Instant access_ends_at{};
    std::string issuer, sub;
    /// The issuer's own session, for its back-channel logout; "" if it names none.
    std::string sid;
};

/// A logout that the issuer tells about: by its session, or else of a person.
struct LogoutNotice {
    std::string issuer, sub, sid;
    /// Of this notice; a second one with the same id is a replay.
    std::string id;
};

/// The login cannot be completed, and trying again with the same answer will not help: cancelled, a
/// code that is used up, a token that does not fit.
struct LoginRefused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class LoginProvider {
public:
    virtual ~LoginProvider() = default;
    /// Where the browser goes to log in. Blocks. TransientFailure: the issuer does not answer.
    virtual std::string authorization_url(const LoginAttempt& attempt) = 0;
    /// From the parameters with which the browser came back to the tokens. Blocks. LoginRefused;
    /// TransientFailure.
    virtual LoginTokens complete(const std::vector<std::pair<std::string, std::string>>& parameters,
                                 const LoginAttempt& attempt) = 0;
    /// New tokens; `refresh` of them may be new too, `id` and `sid` are "" if they did not change.
    /// Blocks. LoginRefused: the login has ended (`invalid_grant`); TransientFailure: anything
    /// else.
    virtual LoginTokens refresh(const std::string& refresh_token) = 0;
    /// Where the browser goes to log out at the issuer. Blocks. TransientFailure.
    virtual std::string end_session_url(const std::string& id_token) = 0;
    /// The notice in a logout token; empty if it is not one of ours. Blocks. TransientFailure.
    virtual std::optional<LogoutNotice> read_logout_token(const std::string& token,
                                                          domain::Instant now) = 0;
};

}  // namespace chaiqin::identity
