#pragma once
// Sealed content: LZ4 frame, then AES-256-GCM. Layout: "CQ", the version of the layout, length of
// the key id, key id, 12-byte nonce, ciphertext, 16-byte tag. Associated data bind it to where it
// belongs (agency and submission id, or authority and load id), so a sealed file cannot be passed
// off as another's. Version "2" carries facts about the content as well, readable and bound: after
// the key id stand their length (2 bytes) and they themselves. Version "1" has none.
// A Sealer follows the key directory: a key that it does not know is looked for there, and the key
// that seals is the one that seal.current names at the moment. Thread-safe.
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/keyring.hpp"

namespace chaiqin::crypto {

/// What was sealed, and the facts that were sealed with it; none in a layout that has no facts.
struct OpenedContent {
    std::string content;
    std::optional<std::string> facts;
};

class Sealer {
public:
    explicit Sealer(const Keyring& ring);
    /// Seals with the current key.
    std::string seal(std::string_view plain, std::string_view owner, std::string_view id) const;
    /// The same with facts of up to 65,535 bytes, which whoever opens it gets back as they were.
    std::string seal_with_facts(std::string_view plain, std::string_view owner, std::string_view id,
                                std::string_view facts) const;
    /// PermanentFailure: not sealed by us, another owner or id, damaged, or over `most` bytes.
    /// DeploymentFailure: the key is not in the key directory.
    std::string open(std::string_view sealed, std::string_view owner, std::string_view id,
                     std::size_t most) const;
    OpenedContent open_with_facts(std::string_view sealed, std::string_view owner,
                                  std::string_view id, std::size_t most) const;
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

/// No packed file is larger: what does not fit was not sealed by us.
inline constexpr std::size_t most_packed_file_bytes = 6u << 20;
/// A file with its masked name, as it is sealed: length of the name (2 bytes), name, content.
std::string pack_file(std::string_view masked_name, std::string_view content);
struct PackedFile {
    std::string_view masked_name, content;
};
PackedFile unpack_file(std::string_view packed);

}  // namespace chaiqin::crypto
