#include "identity/token_verifier.hpp"

#include <cjose/cjose.h>
#include <jansson.h>
#include <openssl/sha.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <unordered_map>

#include "domain/failure.hpp"
#include "identity/jwks.hpp"

namespace chaiqin::identity {

namespace {

constexpr std::size_t longest_token = 12 * 1024;
constexpr double skew_s = 60;
constexpr auto remembered_for = std::chrono::seconds(60);
constexpr std::size_t most_remembered = 4096;

struct FreeJson {
    void operator()(json_t* value) const { json_decref(value); }
};
using Json = std::unique_ptr<json_t, FreeJson>;
struct FreeJws {
    void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};
using Jws = std::unique_ptr<cjose_jws_t, FreeJws>;
struct FreeJwk {
    void operator()(cjose_jwk_t* jwk) const { cjose_jwk_release(jwk); }
};
using Jwk = std::unique_ptr<cjose_jwk_t, FreeJwk>;

/// A header member as text; "" if absent or no string.
std::string header_text(cjose_header_t* header, const char* name) {
    const char* value = cjose_header_get(header, name, nullptr);
    return value ? value : "";
}

bool has_header(cjose_header_t* header, const char* name) {
    const std::unique_ptr<char, decltype(&free)> raw(cjose_header_get_raw(header, name, nullptr),
                                                     free);
    return raw != nullptr;
}

/// The algorithm is the key's business, not only the token's word: HS256 with a public key as
/// secret, none and anything else end here.
bool fits(const std::string& alg, const VerificationKey& key) {
    const bool kind_fits = key.kty == "RSA" ? alg == "RS256" || alg == "PS256" : alg == "ES256";
    return kind_fits && (key.alg.empty() || key.alg == alg);
}

std::string text_claim(const json_t* claims, const char* name) {
    const json_t* value = json_object_get(claims, name);
    return json_is_string(value) ? std::string(json_string_value(value), json_string_length(value))
                                 : std::string();
}

std::vector<std::string> text_list_claim(const json_t* claims, const char* name) {
    std::vector<std::string> all;
    const json_t* list = json_object_get(claims, name);
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        const json_t* value = json_array_get(list, i);
        if (json_is_string(value))
            all.emplace_back(json_string_value(value), json_string_length(value));
    }
    return all;
}

bool names_audience(const json_t* claims, const std::string& audience) {
    const json_t* aud = json_object_get(claims, "aud");
    if (json_is_string(aud)) return audience == json_string_value(aud);
    for (std::size_t i = 0; i < json_array_size(aud); ++i) {
        const json_t* one = json_array_get(aud, i);
        if (json_is_string(one) && audience == json_string_value(one)) return true;
    }
    return false;
}

std::set<Role> roles_of(const json_t* claims) {
    std::set<Role> roles;
    for (const auto& name : text_list_claim(claims, "roles")) {
        if (name == "agency_clerk") roles.insert(Role::agency_clerk);
        if (name == "supervisor") roles.insert(Role::supervisor);
        if (name == "personnel_office") roles.insert(Role::personnel_office);
        if (name == "operator") roles.insert(Role::operator_);
        if (name == "auditor") roles.insert(Role::auditor);
    }
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
    json_error_t where;
    const Json claims(json_loadb(payload.data(), payload.size(), JSON_REJECT_DUPLICATES, &where));
    if (!json_is_object(claims.get())) return std::nullopt;
    const json_t *exp = json_object_get(claims.get(), "exp"),
                 *nbf = json_object_get(claims.get(), "nbf");
    const double now = now_s();
    if (!json_is_number(exp) || now >= json_number_value(exp) + skew_s) return std::nullopt;
    if (nbf && (!json_is_number(nbf) || now < json_number_value(nbf) - skew_s)) return std::nullopt;
    if (text_claim(claims.get(), "iss") != settings.issuer ||
        !names_audience(claims.get(), settings.audience))
        return std::nullopt;
    Verified verified;
    verified.expires_s = json_number_value(exp) + skew_s;
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

/// header.payload.signature, all base64url and none empty: what cjose need not be asked about.
bool has_compact_form(std::string_view token) {
    if (token.empty() || token.size() > longest_token) return false;
    const auto is_base64url = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    std::size_t dots = 0, since_dot = 0;
    for (const char c : token) {
        if (c == '.') {
            if (since_dot == 0) return false;
            ++dots;
            since_dot = 0;
        } else if (is_base64url(c)) {
            ++since_dot;
        } else {
            return false;
        }
    }
    return dots == 2 && since_dot > 0;
}

}  // namespace

struct TokenVerifier::State {
    explicit State(TokenSettings the_settings)
        : settings(std::move(the_settings)),
          keys(settings.jwks_file.empty() ? fetch_from_url(settings.jwks_url)
                                          : fetch_from_file(settings.jwks_file)) {}

    std::optional<Verified> judge(std::string_view token) {
        if (!has_compact_form(token)) return std::nullopt;
        const Jws jws(cjose_jws_import(token.data(), token.size(), nullptr));
        if (!jws) return std::nullopt;
        cjose_header_t* header = cjose_jws_get_protected(jws.get());
        if (!header || has_header(header, "crit")) return std::nullopt;
        const auto alg = header_text(header, CJOSE_HDR_ALG);
        if (alg != "RS256" && alg != "PS256" && alg != "ES256") return std::nullopt;
        const auto key = keys.find(header_text(header, CJOSE_HDR_KID));
        if (!key || !fits(alg, *key)) return std::nullopt;
        const Jwk jwk(cjose_jwk_import(key->jwk.data(), key->jwk.size(), nullptr));
        if (!jwk || !cjose_jws_verify(jws.get(), jwk.get(), nullptr)) return std::nullopt;
        std::uint8_t* plain = nullptr;
        std::size_t size = 0;
        if (!cjose_jws_get_plaintext(jws.get(), &plain, &size, nullptr)) return std::nullopt;
        return judge_claims({reinterpret_cast<const char*>(plain), size}, settings);
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
    KeySource keys;
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
