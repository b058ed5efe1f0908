#include "identity/signed_tokens.hpp"

#include <cjose/cjose.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>

namespace chaiqin::identity {

namespace {

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

std::optional<SignedToken> SignedTokens::open(std::string_view token) {
    if (!has_compact_form(token)) return std::nullopt;
    const Jws jws(cjose_jws_import(token.data(), token.size(), nullptr));
    if (!jws) return std::nullopt;
    cjose_header_t* header = cjose_jws_get_protected(jws.get());
    if (!header || has_header(header, "crit")) return std::nullopt;
    const auto alg = header_text(header, CJOSE_HDR_ALG);
    if (alg != "RS256" && alg != "PS256" && alg != "ES256") return std::nullopt;
    const auto key = keys_.find(header_text(header, CJOSE_HDR_KID));
    if (!key || !fits(alg, *key)) return std::nullopt;
    const Jwk jwk(cjose_jwk_import(key->jwk.data(), key->jwk.size(), nullptr));
    if (!jwk || !cjose_jws_verify(jws.get(), jwk.get(), nullptr)) return std::nullopt;
    std::uint8_t* plain = nullptr;
    std::size_t size = 0;
    if (!cjose_jws_get_plaintext(jws.get(), &plain, &size, nullptr)) return std::nullopt;
    SignedToken opened{header_text(header, "typ"),
                       std::string(reinterpret_cast<const char*>(plain), size)};
    std::transform(opened.type.begin(), opened.type.end(), opened.type.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return opened;
}

}  // namespace chaiqin::identity
