#include "crypto/receipt_signing.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"

namespace chaiqin::crypto {

namespace {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

Key read_pem(const std::string& pem) {
    BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    Key key(PEM_read_bio_PrivateKey(memory, nullptr, nullptr, nullptr));
    BIO_free(memory);
    return key;
}

bool is_p256(EVP_PKEY* key) {
    char group[32] = {};
    return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) &&
           std::string_view(group) == SN_X9_62_prime256v1;
}

/// Uncompressed point: 4, x (32), y (32).
std::string public_point(EVP_PKEY* key) {
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, nullptr, 0, &size);
    std::string point(size, '\0');
    EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
                                    reinterpret_cast<unsigned char*>(point.data()), size, &size);
    return point;
}

/// DER signature → r ‖ s, 32 bytes each, as JWS wants it.
std::string fixed_signature(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* parsed = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    if (!parsed) domain::broken_invariant("OpenSSL made a signature that it cannot read");
    std::string out(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(parsed), reinterpret_cast<unsigned char*>(out.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parsed), reinterpret_cast<unsigned char*>(out.data()) + 32, 32);
    ECDSA_SIG_free(parsed);
    return out;
}

}  // namespace

struct ReceiptSigner::State {
    Key newest;
    std::string kid, header;
    std::vector<PublicKey> public_keys;
};

ReceiptSigner::ReceiptSigner(const Keyring& ring) : state_(std::make_unique<State>()) {
    for (const auto& [id, pem] : ring.receipt) {
        auto key = read_pem(pem);
        if (!key || !is_p256(key.get()))
            throw domain::ConfigError(
                {"keys_dir: receipt-" + id + ".pem holds no P-256 private key"});
        const auto point = public_point(key.get());
        const auto x = base64url(point.substr(1, 32)), y = base64url(point.substr(33));
        // RFC 7638 thumbprint: the same key has the same kid on every machine.
        const auto kid =
            base64url(sha256(R"({"crv":"P-256","kty":"EC","x":")" + x + R"(","y":")" + y + R"("})"))
                .substr(0, 22);
        state_->public_keys.push_back(
            {kid, R"({"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":")" + kid +
                      R"(","x":")" + x + R"(","y":")" + y + R"("})"});
        state_->newest = std::move(key);
        state_->kid = kid;
    }
    if (!state_->newest) domain::broken_invariant("a receipt signer without a key");
    state_->header = base64url(R"({"alg":"ES256","kid":")" + state_->kid + R"("})");
}

ReceiptSigner::~ReceiptSigner() = default;

std::string ReceiptSigner::sign(std::string_view payload_json) const {
    const std::string input = state_->header + "." + base64url(payload_json);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t size = 0;
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, state_->newest.get());
    EVP_DigestSign(context, nullptr, &size, reinterpret_cast<const unsigned char*>(input.data()),
                   input.size());
    std::string der(size, '\0');
    const int made =
        EVP_DigestSign(context, reinterpret_cast<unsigned char*>(der.data()), &size,
                       reinterpret_cast<const unsigned char*>(input.data()), input.size());
    EVP_MD_CTX_free(context);
    if (made != 1) domain::broken_invariant("OpenSSL refuses to sign a receipt");
    der.resize(size);
    return input + "." + base64url(fixed_signature(der));
}

const std::string& ReceiptSigner::key_id() const { return state_->kid; }
std::vector<ReceiptSigner::PublicKey> ReceiptSigner::public_keys() const {
    return state_->public_keys;
}

}  // namespace chaiqin::crypto
