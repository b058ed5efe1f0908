#pragma once
// Receipt keys for tests, made anew; one costs a few milliseconds.
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <string>

#include "crypto/keyring.hpp"

namespace chaiqin::testing {

/// A private key on the curve, as PEM.
inline std::string private_key_pem(const char* curve = "P-256") {
    EVP_PKEY* key = EVP_EC_gen(curve);
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory, &data);
    std::string pem(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    EVP_PKEY_free(key);
    return pem;
}

inline crypto::Keyring ring_with_receipt_key() {
    crypto::Keyring ring;
    ring.receipt["2026-11"] = private_key_pem();
    return ring;
}

}  // namespace chaiqin::testing
