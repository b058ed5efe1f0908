#pragma once
// Sealed content: LZ4 frame, then AES-256-GCM. Layout: "CQ1", length of the key id, key id, 12-byte
// nonce, ciphertext, 16-byte tag. Associated data bind it to where it belongs (agency and
// submission id, or authority and load id), so a sealed file cannot be passed off as another's.
// Thread-safe after construction.
#include <string>
#include <string_view>

#include "crypto/keyring.hpp"

namespace chaiqin::crypto {

class Sealer {
public:
    explicit Sealer(const Keyring& ring) : keys_(ring.seal) {}
    /// Seals with the newest key.
    std::string seal(std::string_view plain, std::string_view owner, std::string_view id) const;
    /// PermanentFailure: not sealed by us, another owner or id, damaged, an unknown key, or over
    /// `most` bytes.
    std::string open(std::string_view sealed, std::string_view owner, std::string_view id,
                     std::size_t most) const;
    static std::string key_id(std::string_view sealed);

private:
    KeysById keys_;
};

/// A file with its masked name, as it is sealed: length of the name (2 bytes), name, content.
std::string pack_file(std::string_view masked_name, std::string_view content);
struct PackedFile {
    std::string_view masked_name, content;
};
PackedFile unpack_file(std::string_view packed);

}  // namespace chaiqin::crypto
