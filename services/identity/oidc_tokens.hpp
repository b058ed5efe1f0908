#pragma once
// What an ID token and a logout token must say (OpenID Connect Core 3.1.3.7, Back-Channel Logout
// 2.6). Signatures are checked before (signed_tokens.hpp). Pure.
#include <optional>
#include <string>
#include <string_view>

#include "domain/calendar.hpp"
#include "identity/login_provider.hpp"
#include "identity/signed_tokens.hpp"

namespace chaiqin::identity {

struct OidcClientName {
    std::string issuer, client_id;
};

struct IdClaims {
    std::string sub, sid;
};

/// Empty unless the token is for this client, from this issuer, for this login (`nonce`, "" after a
/// refresh: then it may say none or anything) and of now.
std::optional<IdClaims> judge_id_token(const SignedToken& token, const OidcClientName& client,
                                       std::string_view nonce, domain::Instant now);

/// Empty unless it is a logout token of this issuer for this client, at most two minutes old.
std::optional<LogoutNotice> judge_logout_token(const SignedToken& token,
                                               const OidcClientName& client, domain::Instant now);

}  // namespace chaiqin::identity
