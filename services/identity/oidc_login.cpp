#include "identity/oidc_login.hpp"

#include <cjose/cjose.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <new>
#include <optional>

#include "domain/failure.hpp"
#include "identity/claims.hpp"
#include "identity/http_exchange.hpp"
#include "identity/oidc_tokens.hpp"

namespace chaiqin::identity {

namespace {

constexpr double shortest_access_s = 1, longest_access_s = 3600;

/// What the issuer says about itself (OpenID Connect Discovery).
struct Discovery {
    std::string authorization, token, end_session, jwks;
    /// RFC 9207: every callback names the issuer.
    bool names_issuer_in_callback = false;
};

std::string without_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

/// BASE64URL(SHA-256(verifier)), RFC 7636.
std::string challenge_of(const std::string& verifier) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size(), digest);
    char* text = nullptr;
    std::size_t size = 0;
    if (!cjose_base64url_encode(digest, sizeof digest, &text, &size, nullptr))
        throw std::bad_alloc();
    std::string out(text, size);
    std::free(text);
    return out;
}

std::string parameter(const std::vector<std::pair<std::string, std::string>>& parameters,
                      std::string_view name) {
    for (const auto& [one, value] : parameters)
        if (one == name) return value;
    return {};
}

class OidcLogin final : public LoginProvider {
public:
    OidcLogin(OidcSettings settings, std::function<domain::Instant()> now)
        : settings_(std::move(settings)), now_(std::move(now)) {}

    std::string authorization_url(const LoginAttempt& attempt) override {
        const auto found = discovery();
        return with_query(found.authorization, {{"response_type", "code"},
                                                {"client_id", settings_.client_id},
                                                {"redirect_uri", redirect_uri()},
                                                {"scope", "openid"},
                                                {"state", attempt.state},
                                                {"nonce", attempt.nonce},
                                                {"code_challenge", challenge_of(attempt.verifier)},
                                                {"code_challenge_method", "S256"}});
    }

    LoginTokens complete(const std::vector<std::pair<std::string, std::string>>& parameters,
                         const LoginAttempt& attempt) override {
        const auto found = discovery();
        if (parameter(parameters, "state") != attempt.state)
            throw LoginRefused("the state is another one");
        const auto issuer = parameter(parameters, "iss");
        if (issuer.empty() ? found.names_issuer_in_callback : issuer != settings_.issuer)
            throw LoginRefused("the answer is from another issuer");
        if (const auto error = parameter(parameters, "error"); !error.empty())
            throw LoginRefused("the issuer answers " + error);
        const auto code = parameter(parameters, "code");
        if (code.empty()) throw LoginRefused("there is no code");
        auto tokens = ask_for_tokens({{"grant_type", "authorization_code"},
                                      {"code", code},
                                      {"redirect_uri", redirect_uri()},
                                      {"code_verifier", attempt.verifier}});
        read_id_token(tokens, attempt.nonce);
        if (tokens.sub.empty()) throw LoginRefused("there is no ID token");
        return tokens;
    }

    LoginTokens refresh(const std::string& refresh_token) override {
        auto tokens =
            ask_for_tokens({{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}});
        if (tokens.refresh.empty()) tokens.refresh = refresh_token;
        read_id_token(tokens, "");
        return tokens;
    }

    std::string end_session_url(const std::string& id_token) override {
        const auto found = discovery();
        if (found.end_session.empty()) return settings_.public_url + "/";
        return with_query(found.end_session,
                          {{"id_token_hint", id_token},
                           {"client_id", settings_.client_id},
                           {"post_logout_redirect_uri", settings_.public_url + "/"}});
    }

    std::optional<LogoutNotice> read_logout_token(const std::string& token,
                                                  domain::Instant now) override {
        const auto opened = tokens_of_issuer().open(token);
        if (!opened) return std::nullopt;
        return judge_logout_token(*opened, {settings_.issuer, settings_.client_id}, now);
    }

private:
    using Form = std::vector<std::pair<std::string, std::string>>;

    std::string redirect_uri() const { return settings_.public_url + "/auth/callback"; }

    static std::string with_query(const std::string& url, const Form& members) {
        return url + (url.find('?') == std::string::npos ? "?" : "&") + form_encoded(members);
    }

    Discovery discovery() {
        const std::lock_guard lock(mutex_);
        if (!discovery_) discovery_ = discover();
        return *discovery_;
    }

    Discovery discover() const {
        const auto answer = http_exchange(
            {.url = without_slash(settings_.issuer) + "/.well-known/openid-configuration"});
        if (!answer || answer->status != 200)
            throw domain::TransientFailure("the issuer's discovery document cannot be had");
        const auto document = parse_object(answer->body);
        if (!document || text_claim(document.get(), "issuer") != settings_.issuer)
            throw domain::TransientFailure("the discovery document is of another issuer");
        Discovery found{text_claim(document.get(), "authorization_endpoint"),
                        text_claim(document.get(), "token_endpoint"),
                        text_claim(document.get(), "end_session_endpoint"),
                        text_claim(document.get(), "jwks_uri")};
        found.names_issuer_in_callback = json_is_true(
            json_object_get(document.get(), "authorization_response_iss_parameter_supported"));
        if (found.authorization.empty() || found.token.empty() || found.jwks.empty())
            throw domain::TransientFailure("the discovery document lacks endpoints");
        return found;
    }

    SignedTokens& tokens_of_issuer() {
        const auto found = discovery();
        const std::lock_guard lock(mutex_);
        if (!tokens_) tokens_.emplace(fetch_from_url(found.jwks));
        return *tokens_;
    }

    LoginTokens ask_for_tokens(Form form) {
        const auto answer = http_exchange({.url = discovery().token,
                                           .form = std::move(form),
                                           .user = url_encoded(settings_.client_id),
                                           .password = url_encoded(settings_.client_secret)});
        if (!answer) throw domain::TransientFailure("the issuer does not answer");
        const auto body = parse_object(answer->body);
        const auto error = body ? text_claim(body.get(), "error") : "";
        if (error == "invalid_grant") throw LoginRefused("the issuer answers invalid_grant");
        if (answer->status != 200 || !body)
            throw domain::TransientFailure("the issuer answers " + std::to_string(answer->status) +
                                           (error.empty() ? "" : " " + error));
        LoginTokens tokens;
        tokens.access = text_claim(body.get(), "access_token");
        tokens.refresh = text_claim(body.get(), "refresh_token");
        tokens.id = text_claim(body.get(), "id_token");
        if (tokens.access.empty()) throw LoginRefused("there is no access token");
        const auto lives = std::clamp(time_claim(body.get(), "expires_in").value_or(60),
                                      shortest_access_s, longest_access_s);
        tokens.access_ends_at = now_() + std::chrono::seconds(static_cast<std::int64_t>(lives));
        return tokens;
    }

    /// Fills issuer, sub and sid from the ID token, if there is one.
    void read_id_token(LoginTokens& tokens, const std::string& nonce) {
        if (tokens.id.empty()) return;
        const auto opened = tokens_of_issuer().open(tokens.id);
        const auto claims =
            opened ? judge_id_token(*opened, {settings_.issuer, settings_.client_id}, nonce, now_())
                   : std::nullopt;
        if (!claims) throw LoginRefused("the ID token does not fit");
        tokens.issuer = settings_.issuer;
        tokens.sub = claims->sub;
        tokens.sid = claims->sid;
    }

    OidcSettings settings_;
    std::function<domain::Instant()> now_;
    std::mutex mutex_;
    std::optional<Discovery> discovery_;
    std::optional<SignedTokens> tokens_;
};

}  // namespace

std::unique_ptr<LoginProvider> make_oidc_login(OidcSettings settings,
                                               std::function<domain::Instant()> now) {
    return std::make_unique<OidcLogin>(std::move(settings), std::move(now));
}

}  // namespace chaiqin::identity
