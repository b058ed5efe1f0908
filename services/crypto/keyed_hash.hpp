#pragma once
// What may stand for a person or a record outside the validator: keyed, 64 bits (ADR 0005).
// Thread-safe.
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/keyring.hpp"

namespace chaiqin::crypto {

/// 64-bit token of a person id: HMAC-SHA-256, truncated. The key's share of the work is done once.
class PersonTokens {
public:
    explicit PersonTokens(const Keyring& ring);
    std::uint64_t token(std::string_view person_id) const;

private:
    struct State;
    std::shared_ptr<const State> state_;
};

/// 64-bit SipHash-2-4 under a key of its own a purpose ("identity", "content").
class KeyedHash {
public:
    KeyedHash(const Keyring& ring, std::string_view purpose);
    std::uint64_t hash(std::string_view bytes) const;

private:
    std::array<unsigned char, 16> key_{};
};

/// Keyed hash of `sub` and Idempotency-Key for headers and tables: hex, 32 characters.
std::string header_hash(const Keyring& ring, std::string_view purpose, std::string_view text);

/// UUIDv8: from (agency, key, sha256) when a key is given, else random. Lower-case text.
std::string submission_id(const Keyring& ring, std::string_view agency,
                          std::string_view idempotency_key, std::string_view sha256_hex);

/// A random UUIDv4.
std::string random_uuid();

}  // namespace chaiqin::crypto
