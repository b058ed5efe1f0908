#pragma once
// domain::LineHasher over the key ring: the validator's, and the gateway's where a check compares
// with what is stored. Keeps nothing between calls, so threads may share it; checking remembers a
// file's tokens itself.
#include "crypto/keyed_hash.hpp"
#include "domain/line_hasher.hpp"

namespace chaiqin::crypto {

class KeyedLineHasher final : public domain::LineHasher {
public:
    explicit KeyedLineHasher(const Keyring& ring)
        : tokens_(ring), identity_(ring, "identity"), content_(ring, "content") {}

    std::uint64_t token(std::string_view person_id) override { return tokens_.token(person_id); }
    std::uint64_t identity(std::string_view canonical_bytes) override {
        return identity_.hash(canonical_bytes);
    }
    std::uint64_t content(std::string_view canonical_bytes) override {
        return content_.hash(canonical_bytes);
    }

private:
    PersonTokens tokens_;
    KeyedHash identity_, content_;
};

}  // namespace chaiqin::crypto
