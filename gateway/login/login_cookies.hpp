#pragma once
// The two cookies of the portal. `__Host-chaiqin` holds a random value that names a session;
// `__Host-chaiqin-login-…` holds, sealed, what one login is recognised by, for at most ten minutes.
// Pure but for the random numbers.
#include <optional>
#include <string>
#include <string_view>

#include "crypto/sealing.hpp"
#include "gateway/http/request.hpp"
#include "identity/login_provider.hpp"

namespace chaiqin::gateway {

inline constexpr std::string_view session_cookie_name = "__Host-chaiqin";

/// The value of a cookie that the browser sent; "" if there is none, or two of that name.
std::string cookie_value(const Request& request, std::string_view name);
/// Of the session; "" if there is none or it is too long to be one.
std::string session_cookie(const Request& request);

std::string set_session_cookie(const std::string& value);
std::string forget_cookie(std::string_view name);

/// A login that has begun: what it is recognised by and where it goes on.
struct BegunLogin {
    identity::LoginAttempt attempt;
    std::string return_to;
    domain::Instant ends_at{};
};

/// A login with new random values.
BegunLogin begin_login(std::string return_to, domain::Instant now);
std::string login_cookie_name(const std::string& state);
std::string set_login_cookie(const BegunLogin& login, const crypto::Sealer& sealer);
/// The login of this state that the browser began; empty if it did not, or too long ago.
std::optional<BegunLogin> begun_login(const Request& request, const std::string& state,
                                      const crypto::Sealer& sealer, domain::Instant now);

/// `wanted` if it is a path of this site that a login may end at, else "/".
std::string safe_return_to(std::string_view wanted);

}  // namespace chaiqin::gateway
