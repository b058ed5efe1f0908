#pragma once
// SHA-256, hex and base64url. Pure functions over OpenSSL.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chaiqin::crypto {

/// 32 raw bytes.
std::string sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
std::string hex(std::string_view bytes);
std::string base64url(std::string_view bytes);  ///< without padding
/// The bytes; empty if it is not base64url without padding, or more than `most` bytes.
std::optional<std::string> from_base64url(std::string_view text, std::size_t most);
std::string random_bytes(std::size_t size);

/// SHA-256 over pieces, for streamed uploads.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    void add(std::string_view bytes);
    std::string hex_digest();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace chaiqin::crypto
