#include "identity/token_verifier.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <unordered_map>

#include "identity/claims.hpp"
#include "identity/http_exchange.hpp"
#include "identity/signed_tokens.hpp"

namespace chaiqin::identity {

namespace {

constexpr auto remembered_for = std::chrono::seconds(60);
constexpr std::size_t most_remembered = 4096;

std::set<Role> roles_of(const json_t* claims) {
    std::set<Role> roles;
    for (const auto& name : text_list_claim(claims, "roles"))
        if (const auto role = parse_role(name)) roles.insert(*role);
    return roles;
}

double now_s() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string fingerprint(std::string_view token) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

struct Verified {
    Caller caller;
    double expires_s = 0;
};

/// Claims of a token whose signature is good; nothing if they do not let it in.
std::optional<Verified> judge_claims(std::string_view payload, const TokenSettings& settings) {
    const Json claims = parse_object(payload);
    if (!claims) return std::nullopt;
    const auto exp = time_claim(claims.get(), "exp"), nbf = time_claim(claims.get(), "nbf");
    const double now = now_s();
    if (!exp || now >= *exp + clock_skew_s) return std::nullopt;
    const bool has_nbf = json_object_get(claims.get(), "nbf") != nullptr;
    if (has_nbf && (!nbf || now < *nbf - clock_skew_s)) return std::nullopt;
    if (text_claim(claims.get(), "iss") != settings.issuer ||
        !names_audience(claims.get(), settings.audience))
        return std::nullopt;
    Verified verified;
    verified.expires_s = *exp + clock_skew_s;
    Caller& caller = verified.caller;
    caller.sub = text_claim(claims.get(), "sub");
    if (caller.sub.empty()) return std::nullopt;
    caller.name = text_claim(claims.get(), "name");
    caller.agency = text_claim(claims.get(), "agency");
    caller.delegated_agencies = text_list_claim(claims.get(), "delegated_agencies");
    caller.roles = roles_of(claims.get());
    caller.client_kind = text_claim(claims.get(), "client_kind");
    return verified;
}

/// RFC 9068 gives access tokens a type of their own; issuers that do not know it say JWT or
/// nothing. A logout token must not pass.
bool may_be_access_token(const std::string& type) {
    return type.empty() || type == "jwt" || type == "at+jwt" || type == "application/at+jwt";
}

}  // namespace

std::string problem_of(const TokenSettings& settings) {
    if (settings.jwks_url.empty() == settings.jwks_file.empty())
        return "jwks_url or jwks_file: one of them is needed";
    if (!settings.jwks_url.empty() && !is_safe_address(settings.jwks_url))
        return "jwks_url: keys come over https, or http from this machine: " + settings.jwks_url;
    return "";
}

struct TokenVerifier::State {
    explicit State(TokenSettings the_settings)
        : settings(std::move(the_settings)),
          tokens(settings.jwks_file.empty() ? fetch_from_url(settings.jwks_url)
                                            : fetch_from_file(settings.jwks_file)) {}

    std::optional<Verified> judge(std::string_view token) {
        const auto opened = tokens.open(token);
        if (!opened || !may_be_access_token(opened->type)) return std::nullopt;
        return judge_claims(opened->payload, settings);
    }

    struct Remembered {
        Verified verified;
        std::chrono::steady_clock::time_point at;
    };

    void remember(std::string_view token, const Verified& verified) {
        const auto now = std::chrono::steady_clock::now();
        std::lock_guard lock(mutex);
        if (remembered.size() >= most_remembered) {
            std::erase_if(remembered,
                          [&](const auto& one) { return now - one.second.at >= remembered_for; });
            if (remembered.size() >= most_remembered) remembered.clear();
        }
        remembered.insert_or_assign(fingerprint(token), Remembered{verified, now});
    }

    TokenSettings settings;
    SignedTokens tokens;
    std::mutex mutex;
    std::unordered_map<std::string, Remembered> remembered;
};

TokenVerifier::TokenVerifier(TokenSettings settings)
    : state_(std::make_unique<State>(std::move(settings))) {}
TokenVerifier::~TokenVerifier() = default;

std::optional<Caller> TokenVerifier::verify(std::string_view token) const {
    if (auto caller = recently_verified(token)) return caller;
    auto verified = state_->judge(token);
    if (!verified) return std::nullopt;
    state_->remember(token, *verified);
    return std::move(verified->caller);
}

std::optional<Caller> TokenVerifier::recently_verified(std::string_view token) const {
    if (token.size() > longest_token) return std::nullopt;
    const auto print = fingerprint(token);
    std::lock_guard lock(state_->mutex);
    const auto found = state_->remembered.find(print);
    if (found == state_->remembered.end()) return std::nullopt;
    const auto& [verified, at] = found->second;
    if (std::chrono::steady_clock::now() - at >= remembered_for || now_s() >= verified.expires_s)
        return std::nullopt;
    return verified.caller;
}

}  // namespace chaiqin::identity
