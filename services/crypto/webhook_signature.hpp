#pragma once
// Signatures of Standard Webhooks 1.0 (v1: HMAC-SHA256 over "ID.TIMESTAMP.BODY") and their secrets.
// A secret is raw bytes here; its receiver knows it as whsec_ with base64 behind. Pure but for
// making one.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chaiqin::crypto {

/// 32 random bytes.
std::string make_webhook_secret();
/// "whsec_MfKQ…", as it is shown once.
std::string webhook_secret_text(std::string_view secret);

/// The value of the header webhook-signature: one signature per secret, a space between.
std::string webhook_signatures(const std::vector<std::string>& secrets, std::string_view id,
                               std::int64_t unix_seconds, std::string_view body);

}  // namespace chaiqin::crypto
