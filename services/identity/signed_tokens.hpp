#pragma once
// Compact JWS tokens of the issuer (access tokens, ID tokens, logout tokens): form, algorithm
// (RS256, PS256, ES256 only) and signature. What the claims must say is for those who ask.
// Thread-safe.
#include <optional>
#include <string>
#include <string_view>

#include "identity/jwks.hpp"

namespace chaiqin::identity {

struct SignedToken {
    /// `typ` of the header in lower case; "" if there is none.
    std::string type;
    /// The claims, as JSON.
    std::string payload;
};

class SignedTokens {
public:
    explicit SignedTokens(KeySource::Fetch fetch_keys) : keys_(std::move(fetch_keys)) {}
    /// The token, if the issuer signed it. May block up to 2 s when keys must be fetched.
    /// TransientFailure: no key has ever been had and the issuer does not answer.
    std::optional<SignedToken> open(std::string_view token);

private:
    KeySource keys_;
};

/// Longer tokens are not looked at.
inline constexpr std::size_t longest_token = 12 * 1024;
/// How far the issuer's clock may differ from ours, in seconds.
inline constexpr double clock_skew_s = 60;

}  // namespace chaiqin::identity
