#include "crypto/receipt_signing.hpp"

#include <cjose/cjose.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/digest.hpp"
#include "crypto/receipt_verification.hpp"
#include "domain/failure.hpp"
#include "support/receipt_ring.hpp"

namespace chaiqin::crypto {
namespace {

using testing::private_key_pem;

/// What cjose, an implementation of its own, reads from the receipt with the public key; "" if it
/// does not verify.
std::string verified(const std::string& jws, const std::string& jwk) {
    cjose_err error{};
    std::string payload;
    cjose_jwk_t* key = cjose_jwk_import(jwk.data(), jwk.size(), &error);
    cjose_jws_t* parsed = cjose_jws_import(jws.data(), jws.size(), &error);
    if (key && parsed && cjose_jws_verify(parsed, key, &error)) {
        std::uint8_t* data = nullptr;
        std::size_t size = 0;
        cjose_jws_get_plaintext(parsed, &data, &size, &error);
        payload.assign(reinterpret_cast<char*>(data), size);
    }
    if (parsed) cjose_jws_release(parsed);
    if (key) cjose_jwk_release(key);
    return payload;
}

TEST(Receipt, verifies_with_the_published_key) {
    Keyring ring;
    ring.receipt["1"] = private_key_pem("P-256");
    const ReceiptSigner signer(ring);
    const auto jws = signer.sign(R"({"submission_id":"x","file_name":"報送.json"})");
    ASSERT_EQ(signer.public_keys().size(), 1u);
    EXPECT_EQ(verified(jws, signer.public_keys()[0].jwk),
              R"({"submission_id":"x","file_name":"報送.json"})");
    auto forged = jws;
    forged[forged.find('.') + 3] ^= 1;
    EXPECT_EQ(verified(forged, signer.public_keys()[0].jwk), "");
}

TEST(Receipt, is_signed_with_the_newest_of_several_keys_and_all_are_published) {
    Keyring ring;
    ring.receipt["9"] = private_key_pem("P-256");
    const auto old_kid = ReceiptSigner(ring).key_id();
    ring.receipt["10"] = private_key_pem("P-256");
    const ReceiptSigner signer(ring);
    ASSERT_EQ(signer.public_keys().size(), 2u);
    EXPECT_EQ(signer.public_keys()[0].kid, old_kid);
    EXPECT_EQ(signer.public_keys()[1].kid, signer.key_id());
    EXPECT_EQ(verified(signer.sign("{}"), signer.public_keys()[1].jwk), "{}");
    EXPECT_EQ(signer.public_keys()[0].jwk.find("\"d\""), std::string::npos);
}

TEST(Receipt, every_changed_character_is_noticed) {
    Keyring ring, other;
    ring.receipt["1"] = private_key_pem("P-256");
    other.receipt["1"] = private_key_pem("P-256");
    const ReceiptSigner signer(ring);
    const auto jws = signer.sign(R"({"submission_id":"x"})");
    const auto key = signer.public_keys()[0];
    const auto claimed = claimed_receipt(jws);
    ASSERT_TRUE(claimed);
    EXPECT_EQ(claimed->kid, key.kid);
    EXPECT_EQ(claimed->payload, R"({"submission_id":"x"})");
    EXPECT_TRUE(is_signed_by(jws, key.jwk));
    EXPECT_FALSE(is_signed_by(jws, ReceiptSigner(other).public_keys()[0].jwk));
    for (std::size_t i = 0; i < jws.size(); ++i) {
        auto forged = jws;
        forged[i] = jws[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(claimed_receipt(forged) && is_signed_by(forged, key.jwk)) << i;
    }
}

TEST(Receipt, what_asks_to_be_verified_otherwise_is_no_receipt) {
    const auto of = [](const std::string& header) {
        return base64url(header) + "." + base64url("{}") + "." + base64url(std::string(64, 's'));
    };
    EXPECT_TRUE(claimed_receipt(of(R"({"alg":"ES256","kid":"k"})")));
    for (const std::string header :
         {R"({"alg":"none","kid":"k"})", R"({"alg":"HS256","kid":"k"})", R"({"alg":"ES256"})",
          R"({"alg":"ES256","kid":"k","crit":["x"]})", R"({"alg":"ES256","alg":"none","kid":"k"})",
          "[]", "no json"})
        EXPECT_FALSE(claimed_receipt(of(header))) << header;
    for (const std::string text : {"", ".", "..", "a.b.c", "e30.e30.", "e30.e30.e30.e30"})
        EXPECT_FALSE(claimed_receipt(text)) << text;
}

TEST(Receipt, needs_a_p256_key) {
    Keyring ring;
    for (const auto& pem :
         {private_key_pem("P-384"), private_key_pem("secp256k1"), std::string("no key")}) {
        ring.receipt["1"] = pem;
        EXPECT_THROW(ReceiptSigner{ring}, domain::ConfigError);
    }
}

}  // namespace
}  // namespace chaiqin::crypto
