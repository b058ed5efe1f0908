#include "crypto/keyed_hash.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"

namespace chaiqin::crypto {

namespace {

/// A running SHA-256 of OpenSSL.
class Digest {
public:
    Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {}
    EVP_MD_CTX* get() const { return context_.get(); }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

std::string uuid_text(std::string bytes, int version) {
    bytes.resize(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | version << 4);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    auto text = hex(bytes);
    for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
    return text;
}

}  // namespace

/// The two hash states of RFC 2104 after the padded key: a token starts from copies of them.
struct PersonTokens::State {
    Digest inner, outer;

    explicit State(std::string_view key) {
        if (key.size() > block_bytes)
            domain::broken_invariant("a token key longer than a block of SHA-256");
        start(inner, key, 0x36);
        start(outer, key, 0x5c);
    }

private:
    static constexpr std::size_t block_bytes = 64;
    static void start(const Digest& digest, std::string_view key, unsigned char padding) {
        std::array<unsigned char, block_bytes> block{};
        std::copy(key.begin(), key.end(), block.begin());
        for (auto& byte : block) byte ^= padding;
        EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
        EVP_DigestUpdate(digest.get(), block.data(), block.size());
    }
};

PersonTokens::PersonTokens(const Keyring& ring)
    : state_(std::make_shared<const State>(ring.token)) {}

std::uint64_t PersonTokens::token(std::string_view person_id) const {
    static thread_local const Digest working;
    std::array<unsigned char, 32> mac;
    EVP_MD_CTX_copy_ex(working.get(), state_->inner.get());
    EVP_DigestUpdate(working.get(), person_id.data(), person_id.size());
    EVP_DigestFinal_ex(working.get(), mac.data(), nullptr);
    EVP_MD_CTX_copy_ex(working.get(), state_->outer.get());
    EVP_DigestUpdate(working.get(), mac.data(), mac.size());
    if (EVP_DigestFinal_ex(working.get(), mac.data(), nullptr) != 1)
        domain::broken_invariant("OpenSSL refuses SHA-256");
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
    crypto_shorthash(reinterpret_cast<unsigned char*>(&value),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     key_.data());
    return value;
}

std::string header_hash(const Keyring& ring, std::string_view purpose, std::string_view text) {
    std::string bytes(purpose);
    bytes += '\0';
    bytes += text;
    return hex(hmac_sha256(ring.intake, bytes).substr(0, 16));
}

std::string submission_id(const Keyring& ring, std::string_view agency,
                          std::string_view idempotency_key, std::string_view sha256_hex) {
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
