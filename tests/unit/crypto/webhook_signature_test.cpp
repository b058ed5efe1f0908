#include "crypto/webhook_signature.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

namespace chaiqin::crypto {
namespace {

std::string bytes_of(const std::string& base64) {
    std::string bytes(base64.size(), '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(base64.data()),
                                     static_cast<int>(base64.size()));
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
}

/// The test vector that Standard Webhooks publishes.
TEST(WebhookSignature, is_that_of_standard_webhooks) {
    const auto secret = bytes_of("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    ASSERT_EQ(secret.size(), 24u);
    EXPECT_EQ(webhook_secret_text(secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    EXPECT_EQ(webhook_signatures({secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                                 R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, two_secrets_give_two_with_a_space_between) {
    const auto one = webhook_signatures({"a"}, "id", 1, "{}"),
               other = webhook_signatures({"b"}, "id", 1, "{}");
    EXPECT_NE(one, other);
    EXPECT_EQ(webhook_signatures({"a", "b"}, "id", 1, "{}"), one + " " + other);
}

TEST(WebhookSignature, depends_on_id_time_and_body) {
    const auto signature = webhook_signatures({"a"}, "id", 1, "{}");
    EXPECT_NE(webhook_signatures({"a"}, "ie", 1, "{}"), signature);
    EXPECT_NE(webhook_signatures({"a"}, "id", 2, "{}"), signature);
    EXPECT_NE(webhook_signatures({"a"}, "id", 1, "[]"), signature);
}

TEST(WebhookSignature, a_new_secret_is_random_and_of_32_bytes) {
    const auto secret = make_webhook_secret();
    EXPECT_EQ(secret.size(), 32u);
    EXPECT_NE(secret, make_webhook_secret());
}

}  // namespace
}  // namespace chaiqin::crypto
