#pragma once
// checking::LineHasher over the key ring. checking remembers a file's tokens itself.
#include "checking/check.hpp"
#include "crypto/keyed_hash.hpp"

namespace chaiqin::validator {

class KeyedLineHasher final : public checking::LineHasher {
public:
    explicit KeyedLineHasher(const crypto::Keyring& ring)
        : tokens_(ring), identity_(ring, "identity"), content_(ring, "content") {}

    std::uint64_t token(std::string_view person_id) override { return tokens_.token(person_id); }
    std::uint64_t identity(std::string_view canonical_bytes) override {
        return identity_.hash(canonical_bytes);
    }
    std::uint64_t content(std::string_view canonical_bytes) override {
        return content_.hash(canonical_bytes);
    }

private:
    crypto::PersonTokens tokens_;
    crypto::KeyedHash identity_, content_;
};

}  // namespace chaiqin::validator
