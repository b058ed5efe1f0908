#pragma once
// Keys with one new receipt key.
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <string>

#include "crypto/keyring.hpp"

namespace chaiqin::testing {

inline crypto::Keyring ring_with_receipt_key() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory, &data);
    crypto::Keyring ring;
    ring.receipt["2026-11"] = std::string(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    EVP_PKEY_free(key);
    return ring;
}

}  // namespace chaiqin::testing
