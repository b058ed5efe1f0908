#pragma once
// Keys for tests of the gateway, made anew; the receipt key costs a few milliseconds.
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "crypto/keyring.hpp"

namespace chaiqin::gateway {

inline crypto::Keyring test_keys() {
    crypto::Keyring keys;
    keys.seal["1"] = std::string(32, 's');
    keys.intake = std::string(32, 'i');
    EVP_PKEY* key = EVP_EC_gen("P-256");
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory, &text);
    keys.receipt["1"] = std::string(text, static_cast<std::size_t>(size));
    BIO_free(memory);
    EVP_PKEY_free(key);
    return keys;
}

}  // namespace chaiqin::gateway
