#pragma once
// Login by OpenID Connect: authorization code with PKCE (RFC 9700), confidential client, state,
// nonce and `iss` checked. Endpoints come from the issuer's discovery document, which is kept once
// it was had.
#include <functional>
#include <memory>
#include <string>

#include "identity/login_provider.hpp"

namespace chaiqin::identity {

struct OidcSettings {
    std::string issuer;
    std::string client_id, client_secret;
    /// "https://chaiqin.example": the browser comes back to /auth/callback below it.
    std::string public_url;
};

std::unique_ptr<LoginProvider> make_oidc_login(OidcSettings settings,
                                               std::function<domain::Instant()> now);

}  // namespace chaiqin::identity
