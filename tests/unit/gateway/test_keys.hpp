#pragma once
// Keys for tests of the gateway, made anew.
#include "support/receipt_ring.hpp"

namespace chaiqin::gateway {

inline crypto::Keyring test_keys() {
    crypto::Keyring keys;
    keys.seal["1"] = std::string(32, 's');
    keys.intake = std::string(32, 'i');
    keys.receipt["1"] = testing::private_key_pem();
    return keys;
}

}  // namespace chaiqin::gateway
