#include "agency_matcher/crypto_keys.hpp"

#include "crypto/digest.hpp"
#include "crypto/keyed_hash.hpp"
#include "crypto/sealing.hpp"
#include "domain/failure.hpp"

namespace chaiqin::agency_matcher {

namespace {

constexpr std::size_t most_chunk_bytes = 8u << 20;  ///< twice what the gateway puts into one

class Sha256Digest final : public UploadDigest {
public:
    void add(std::string_view bytes) override { sha256_.add(bytes); }
    std::string hex() override { return sha256_.hex_digest(); }

private:
    crypto::Sha256 sha256_;
};

}  // namespace

CareerKeys crypto_keys(const std::string& directory) {
    const auto ring = crypto::load_keys(directory, {crypto::KeyUse::seal, crypto::KeyUse::token});
    const auto sealer = std::make_shared<const crypto::Sealer>(ring);
    const auto tokens = std::make_shared<const crypto::PersonTokens>(ring);
    const auto open = [sealer](const domain::WaitingLoad& load,
                               std::string_view sealed) -> std::optional<std::string> {
        try {
            return sealer->open(sealed, load.authority, load.load_id, most_chunk_bytes);
        } catch (const domain::PermanentFailure&) {
            return std::nullopt;
        }
    };
    return {open, [tokens](std::string_view person_id) { return tokens->token(person_id); },
            [] { return std::make_unique<Sha256Digest>(); }};
}

}  // namespace chaiqin::agency_matcher
