#pragma once
// Whether a text is a receipt that this platform signed: compact JWS, ES256. Only the one spelling
// that the signer gives is taken, so that no changed character goes unnoticed. Pure, thread-safe.
#include <optional>
#include <string>
#include <string_view>

namespace chaiqin::crypto {

/// What a text claims to be, not yet verified.
struct ClaimedReceipt {
    /// Names the key that shall have signed it.
    std::string kid;
    /// The receipt's bytes.
    std::string payload;
};
/// Empty if it is no compact JWS of ES256 with a kid.
std::optional<ClaimedReceipt> claimed_receipt(std::string_view jws);

/// Whether the public key signed it. `jws` must be one that claimed_receipt() takes.
bool is_signed_by(std::string_view jws, std::string_view public_jwk);

}  // namespace chaiqin::crypto
