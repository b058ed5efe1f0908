#pragma once
// Sealed content: LZ4 frame, then AES-256-GCM. Layout: "CQ1", length of the key id, key id, 12-byte
// nonce, ciphertext, 16-byte tag. Associated data bind it to where it belongs (agency and
// submission id, or authority and load id), so a sealed file cannot be passed off as another's.
// A Sealer follows the key directory: a key that it does not know is looked for there, and the key
// that seals is the one that seal.current names at the moment. Thread-safe.
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/keyring.hpp"

namespace chaiqin::crypto {

class Sealer {
public:
    explicit Sealer(const Keyring& ring);
    /// Seals with the current key.
    std::string seal(std::string_view plain, std::string_view owner, std::string_view id) const;
    /// PermanentFailure: not sealed by us, another owner or id, damaged, or over `most` bytes.
    /// DeploymentFailure: the key is not in the key directory.
    std::string open(std::string_view sealed, std::string_view owner, std::string_view id,
                     std::size_t most) const;
    static std::string key_id(std::string_view sealed);

private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    /// Id and bytes of the key that seals.
    std::pair<std::string, std::string> current_key() const;
    std::string key_with(const std::string& id) const;
    void read_keys_again() const;

    const std::string directory_;
    mutable std::mutex mutex_;
    mutable KeysById keys_;
    mutable std::string current_;
    /// When the directory was read for a key, and for what seals.
    mutable SteadyTime keys_read_{}, current_read_{};
};

/// A file with its masked name, as it is sealed: length of the name (2 bytes), name, content.
std::string pack_file(std::string_view masked_name, std::string_view content);
struct PackedFile {
    std::string_view masked_name, content;
};
PackedFile unpack_file(std::string_view packed);

}  // namespace chaiqin::crypto
