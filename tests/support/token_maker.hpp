#pragma once
// An issuer for tests: keys, their JWK Set, tokens good and bad. Links OpenSSL only.
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <ctime>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace chaiqin::testing {

inline std::string to_base64url(const std::string& bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    while (!text.empty() && text.back() == '=') text.pop_back();
    for (auto& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

class TokenMaker {
public:
    static constexpr const char* issuer = "https://issuer.example";

    explicit TokenMaker(const std::string& prefix = "k")
        : prefix_(prefix), ec_(EVP_EC_gen("P-256")), rsa_(EVP_RSA_gen(2048)) {}
    ~TokenMaker() {
        EVP_PKEY_free(ec_);
        EVP_PKEY_free(rsa_);
    }
    TokenMaker(const TokenMaker&) = delete;

    std::string ec_kid() const { return prefix_ + "-ec"; }
    std::string rsa_kid() const { return prefix_ + "-rsa"; }

    std::string jwks() const {
        return R"({"keys":[{"kty":"EC","crv":"P-256","use":"sig","kid":")" + ec_kid() +
               R"(","x":")" + number(ec_, OSSL_PKEY_PARAM_EC_PUB_X, 32) + R"(","y":")" +
               number(ec_, OSSL_PKEY_PARAM_EC_PUB_Y, 32) +
               R"("},{"kty":"RSA","use":"sig","kid":")" + rsa_kid() + R"(","e":"AQAB","n":")" +
               number(rsa_, OSSL_PKEY_PARAM_RSA_N, 256) +
               R"("},{"kty":"oct","kid":"oct","k":"c2VjcmV0"}]})";
    }
    void write_jwks(const std::string& path) const { std::ofstream(path) << jwks(); }

    /// Claims of a clerk of `agency`; `more` are further members (",\"a\":1") and may repeat none.
    static std::string claims(const std::string& agency = "ZT0000001A",
                              const std::string& roles = R"("agency_clerk")",
                              const std::string& more = "", long exp_in_s = 3600,
                              const std::string& aud = R"("chaiqin")",
                              const std::string& iss = issuer) {
        return R"({"iss":")" + iss + R"(","aud":)" + aud +
               R"(,"sub":"somebody","name":"某人","agency":")" + agency + R"(","roles":[)" + roles +
               R"(],"client_kind":"webitr","exp":)" +
               std::to_string(std::time(nullptr) + exp_in_s) + more + "}";
    }
    std::string token(const std::string& the_claims = claims()) const { return es256(the_claims); }
    std::string es256(const std::string& the_claims, std::string header = "") const {
        if (header.empty()) header = R"({"alg":"ES256","kid":")" + ec_kid() + R"("})";
        const auto input = to_base64url(header) + "." + to_base64url(the_claims);
        return input + "." + to_base64url(raw_signature(sign(ec_, input, false)));
    }
    std::string rsa(const std::string& the_claims, bool pss) const {
        const auto header = std::string(R"({"alg":")") + (pss ? "PS256" : "RS256") +
                            R"(","kid":")" + rsa_kid() + R"("})";
        const auto input = to_base64url(header) + "." + to_base64url(the_claims);
        return input + "." + to_base64url(sign(rsa_, input, pss));
    }
    static std::string hs256(const std::string& the_claims, const std::string& header,
                             const std::string& secret) {
        const auto input = to_base64url(header) + "." + to_base64url(the_claims);
        unsigned char mac[32];
        unsigned int size = sizeof mac;
        HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(input.data()), input.size(), mac, &size);
        return input + "." + to_base64url(std::string(reinterpret_cast<char*>(mac), size));
    }

private:
    static std::string number(EVP_PKEY* key, const char* name, int size) {
        BIGNUM* value = nullptr;
        if (EVP_PKEY_get_bn_param(key, name, &value) != 1)
            throw std::runtime_error("no such key parameter");
        std::string bytes(static_cast<std::size_t>(size), '\0');
        BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), size);
        BN_free(value);
        return to_base64url(bytes);
    }
    static std::string sign(EVP_PKEY* key, const std::string& input, bool pss) {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              EVP_MD_CTX_free);
        EVP_PKEY_CTX* with = nullptr;
        EVP_DigestSignInit(context.get(), &with, EVP_sha256(), nullptr, key);
        if (pss) {
            EVP_PKEY_CTX_set_rsa_padding(with, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(with, RSA_PSS_SALTLEN_DIGEST);
        }
        std::string signature(512, '\0');
        std::size_t size = signature.size();
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(input.data()), input.size());
        signature.resize(size);
        return signature;
    }
    static std::string raw_signature(const std::string& der) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        ECDSA_SIG* parsed = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
        std::string raw(64, '\0');
        BN_bn2binpad(ECDSA_SIG_get0_r(parsed), reinterpret_cast<unsigned char*>(raw.data()), 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(parsed), reinterpret_cast<unsigned char*>(raw.data()) + 32,
                     32);
        ECDSA_SIG_free(parsed);
        return raw;
    }

    std::string prefix_;
    EVP_PKEY *ec_, *rsa_;
};

}  // namespace chaiqin::testing
