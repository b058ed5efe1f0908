#include "crypto/webhook_signature.hpp"

#include <openssl/evp.h>

#include "crypto/digest.hpp"

namespace chaiqin::crypto {

namespace {

constexpr std::size_t secret_bytes = 32;

std::string base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

}  // namespace

std::string make_webhook_secret() { return random_bytes(secret_bytes); }

std::string webhook_secret_text(std::string_view secret) { return "whsec_" + base64(secret); }

std::string webhook_signatures(const std::vector<std::string>& secrets, std::string_view id,
                               std::int64_t unix_seconds, std::string_view body) {
    std::string content(id);
    content.append(".").append(std::to_string(unix_seconds)).append(".").append(body);
    std::string all;
    for (const auto& secret : secrets) {
        if (!all.empty()) all += ' ';
        all += "v1," + base64(hmac_sha256(secret, content));
    }
    return all;
}

}  // namespace chaiqin::crypto
