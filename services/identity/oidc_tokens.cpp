#include "identity/oidc_tokens.hpp"

#include "identity/claims.hpp"

namespace chaiqin::identity {

namespace {

constexpr double most_logout_age_s = 120;
constexpr const char* logout_event = "http://schemas.openid.net/event/backchannel-logout";

double seconds(domain::Instant at) {
    return std::chrono::duration<double>(at.time_since_epoch()).count();
}

bool is_for(const json_t* claims, const OidcClientName& client) {
    if (text_claim(claims, "iss") != client.issuer) return false;
    if (!names_audience(claims, client.client_id)) return false;
    const auto party = text_claim(claims, "azp");
    return party.empty() || party == client.client_id;
}

/// Issued in the past, give or take the clocks' difference.
bool is_issued(const json_t* claims, double now_s) {
    const auto issued = time_claim(claims, "iat");
    return issued && *issued <= now_s + clock_skew_s;
}

bool is_current(const json_t* claims, double now_s) {
    const auto ends = time_claim(claims, "exp");
    return ends && now_s < *ends + clock_skew_s;
}

}  // namespace

std::optional<IdClaims> judge_id_token(const SignedToken& token, const OidcClientName& client,
                                       std::string_view nonce, domain::Instant now) {
    if (!token.type.empty() && token.type != "jwt") return std::nullopt;
    const auto claims = parse_object(token.payload);
    if (!claims || !is_for(claims.get(), client)) return std::nullopt;
    if (!is_issued(claims.get(), seconds(now)) || !is_current(claims.get(), seconds(now)))
        return std::nullopt;
    if (!nonce.empty() && text_claim(claims.get(), "nonce") != nonce) return std::nullopt;
    IdClaims id{text_claim(claims.get(), "sub"), text_claim(claims.get(), "sid")};
    if (id.sub.empty()) return std::nullopt;
    return id;
}

std::optional<LogoutNotice> judge_logout_token(const SignedToken& token,
                                               const OidcClientName& client, domain::Instant now) {
    if (token.type != "logout+jwt" && token.type != "application/logout+jwt") return std::nullopt;
    const auto claims = parse_object(token.payload);
    if (!claims || !is_for(claims.get(), client)) return std::nullopt;
    const auto now_s = seconds(now);
    if (!is_issued(claims.get(), now_s)) return std::nullopt;
    if (*time_claim(claims.get(), "iat") + most_logout_age_s < now_s) return std::nullopt;
    if (json_object_get(claims.get(), "exp") && !is_current(claims.get(), now_s))
        return std::nullopt;
    const auto* events = json_object_get(claims.get(), "events");
    if (!json_is_object(json_object_get(events, logout_event))) return std::nullopt;
    if (json_object_get(claims.get(), "nonce")) return std::nullopt;
    LogoutNotice notice{client.issuer, text_claim(claims.get(), "sub"),
                        text_claim(claims.get(), "sid"), text_claim(claims.get(), "jti")};
    if (notice.id.empty() || (notice.sub.empty() && notice.sid.empty())) return std::nullopt;
    return notice;
}

}  // namespace chaiqin::identity
