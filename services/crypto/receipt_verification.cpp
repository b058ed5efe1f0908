#include "crypto/receipt_verification.hpp"

#include <cjose/cjose.h>
#include <jansson.h>

#include <memory>

#include "crypto/digest.hpp"

namespace chaiqin::crypto {

namespace {

constexpr std::size_t longest_part = 64 * 1024, signature_bytes = 64;

struct FreeJson {
    void operator()(json_t* json) const { json_decref(json); }
};
struct FreeJws {
    void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};
struct FreeJwk {
    void operator()(cjose_jwk_t* jwk) const { cjose_jwk_release(jwk); }
};

/// Empty also for another spelling of the same bytes: the last character may hold unused bits.
std::optional<std::string> decoded(std::string_view part) {
    auto bytes = from_base64url(part, longest_part);
    if (bytes && base64url(*bytes) != part) return std::nullopt;
    return bytes;
}

/// The kid of a header that is {"alg":"ES256","kid":…} and asks for nothing that is not understood.
std::optional<std::string> kid_of(const std::string& header) {
    const std::unique_ptr<json_t, FreeJson> json(
        json_loadb(header.data(), header.size(), JSON_REJECT_DUPLICATES, nullptr));
    if (!json || json_object_get(json.get(), "crit")) return std::nullopt;
    const char* alg = json_string_value(json_object_get(json.get(), "alg"));
    const char* kid = json_string_value(json_object_get(json.get(), "kid"));
    if (!alg || !kid || std::string_view(alg) != "ES256") return std::nullopt;
    return kid;
}

}  // namespace

std::optional<ClaimedReceipt> claimed_receipt(std::string_view jws) {
    const auto first = jws.find('.'), second = jws.find('.', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
    const auto header = decoded(jws.substr(0, first));
    auto payload = decoded(jws.substr(first + 1, second - first - 1));
    const auto signature = decoded(jws.substr(second + 1));
    if (!header || !payload || !signature || signature->size() != signature_bytes)
        return std::nullopt;
    auto kid = kid_of(*header);
    if (!kid) return std::nullopt;
    return ClaimedReceipt{std::move(*kid), std::move(*payload)};
}

bool is_signed_by(std::string_view jws, std::string_view public_jwk) {
    const std::unique_ptr<cjose_jwk_t, FreeJwk> key(
        cjose_jwk_import(public_jwk.data(), public_jwk.size(), nullptr));
    const std::unique_ptr<cjose_jws_t, FreeJws> parsed(
        cjose_jws_import(jws.data(), jws.size(), nullptr));
    return key && parsed && cjose_jws_verify(parsed.get(), key.get(), nullptr);
}

}  // namespace chaiqin::crypto
