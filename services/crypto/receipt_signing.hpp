#pragma once
// Receipts as compact JWS (ES256, kid) and the public keys as a JWK Set. Thread-safe after
// construction.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/keyring.hpp"

namespace chaiqin::crypto {

class ReceiptSigner {
public:
    explicit ReceiptSigner(
        const Keyring& ring);  ///< ConfigError: a key file that holds no P-256 key
    ~ReceiptSigner();
    /// header.payload.signature
    std::string sign(std::string_view payload_json) const;
    const std::string& key_id() const;
    struct PublicKey {
        std::string kid, jwk;  ///< {"kty":"EC","crv":"P-256",…}
    };
    std::vector<PublicKey> public_keys() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace chaiqin::crypto
