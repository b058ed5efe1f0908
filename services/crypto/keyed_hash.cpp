#include "crypto/keyed_hash.hpp"

#include <sodium.h>

#include <cstring>

#include "crypto/digest.hpp"

namespace chaiqin::crypto {

namespace {

std::string uuid_text(std::string bytes, int version) {
    bytes.resize(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | version << 4);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    auto text = hex(bytes);
    for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
    return text;
}

}  // namespace

std::uint64_t PersonTokens::token(std::string_view person_id) const {
    const auto mac = hmac_sha256(key_, person_id);
    std::uint64_t value;
    std::memcpy(&value, mac.data(), sizeof value);
    return value;
}

KeyedHash::KeyedHash(const Keyring& ring, std::string_view purpose) {
    const auto derived = hmac_sha256(ring.hash, purpose);
    std::memcpy(key_.data(), derived.data(), key_.size());
}

std::uint64_t KeyedHash::hash(std::string_view bytes) const {
    std::uint64_t value;
    crypto_shorthash(reinterpret_cast<unsigned char*>(&value), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), key_.data());
    return value;
}

std::string header_hash(const Keyring& ring, std::string_view purpose, std::string_view text) {
    std::string bytes(purpose);
    bytes += '\0';
    bytes += text;
    return hex(hmac_sha256(ring.intake, bytes).substr(0, 16));
}

std::string submission_id(const Keyring& ring, std::string_view agency, std::string_view idempotency_key, std::string_view sha256_hex) {
    if (idempotency_key.empty()) return uuid_text(random_bytes(16), 8);
    std::string bytes("submission");
    for (const auto part : {agency, idempotency_key, sha256_hex}) {
        bytes += '\0';
        bytes += part;
    }
    return uuid_text(hmac_sha256(ring.intake, bytes), 8);
}

std::string random_uuid() { return uuid_text(random_bytes(16), 4); }

}  // namespace chaiqin::crypto
