#pragma once
// checking::LineHasher over the key ring: a person's token is made once a file.
#include <string>
#include <unordered_map>

#include "checking/check.hpp"
#include "crypto/keyed_hash.hpp"

namespace chaiqin::validator {

class FileLineHasher final : public checking::LineHasher {
public:
    FileLineHasher(const crypto::PersonTokens& tokens, const crypto::KeyedHash& identity, const crypto::KeyedHash& content)
        : tokens_(tokens), identity_(identity), content_(content) {}

    std::uint64_t token(std::string_view person_id) override {
        if (person_id == last_id_) return last_token_;
        last_id_.assign(person_id);
        const auto [at, fresh] = known_.try_emplace(last_id_, 0);
        if (fresh) at->second = tokens_.token(person_id);
        return last_token_ = at->second;
    }
    std::uint64_t identity(std::string_view canonical_bytes) override { return identity_.hash(canonical_bytes); }
    std::uint64_t content(std::string_view canonical_bytes) override { return content_.hash(canonical_bytes); }

private:
    const crypto::PersonTokens& tokens_;
    const crypto::KeyedHash& identity_;
    const crypto::KeyedHash& content_;
    std::unordered_map<std::string, std::uint64_t> known_;
    std::string last_id_;
    std::uint64_t last_token_ = 0;
};

}  // namespace chaiqin::validator
