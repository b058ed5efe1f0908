#pragma once
// From a bearer token to the caller (docs/http-api.md, "Who is calling"): signature by the issuer's
// JWKS (RS256, PS256, ES256 only), iss, aud, exp, nbf with 60 s skew. Used by gateway and query
// service. Keys are cached for a minute, so a key that the issuer withdraws is refused within two;
// an unknown kid asks the issuer again at most every few seconds, so a rotation needs no restart
// and forged kids cost nothing. Thread-safe.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "identity/caller.hpp"

namespace chaiqin::identity {

struct TokenSettings {
    std::string issuer;
    std::string audience = "chaiqin";
    std::string jwks_url;   ///< http(s)://… ; or
    std::string jwks_file;  ///< a file with a JWK Set, read again every minute
};
/// What is wrong with the settings; "" if they are good.
std::string problem_of(const TokenSettings& settings);

class TokenVerifier {
public:
    explicit TokenVerifier(TokenSettings settings);
    ~TokenVerifier();

    /// The caller, or nothing if the token is not good (401). May block up to 2 s when keys must be
    /// fetched. TransientFailure: no key has ever been had and the issuer does not answer (503).
    std::optional<Caller> verify(std::string_view token) const;
    /// The caller of a token verified less than a minute ago; never blocks.
    std::optional<Caller> recently_verified(std::string_view token) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace chaiqin::identity
