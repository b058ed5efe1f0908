#pragma once
// The keys of the product, read once from a directory of files with mode 0400 (never from
// PostgreSQL): seal-<id>.key (several; the one that seal.current names seals, without that file the
// highest id; all open), token.key, hash.key, intake.key, events.key, receipt-<id>.pem (several;
// the highest signs). `chaiqin keys make DIR` makes what is missing, `keys add` and `keys use`
// rotate the sealing key. A Keyring is immutable; a Sealer follows the sealing keys of its
// directory.
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaiqin::crypto {

/// Ids in the order in which keys are made: "2" before "10", "2025" before "2026".
struct OlderKeyFirst {
    bool operator()(const std::string& a, const std::string& b) const {
        return std::pair(a.size(), std::string_view(a)) < std::pair(b.size(), std::string_view(b));
    }
};
using KeysById = std::map<std::string, std::string, OlderKeyFirst>;

struct Keyring {
    KeysById seal;  ///< 32 bytes each
    /// The id of the key that seals; "": the highest.
    std::string current_seal;
    std::string token;   ///< person tokens; 32 bytes
    std::string hash;    ///< identity and content hashes; 32 bytes
    std::string intake;  ///< sub, Idempotency-Key, submission ids; 32 bytes
    std::string events;  ///< MACs of events (crypto::EventKey); 32 bytes
    KeysById receipt;    ///< PEM of an EC P-256 private key each
    /// Where the keys come from; "": from nowhere that can be read again.
    std::string directory;
};

enum class KeyUse { seal, token, hash, intake, events, receipt };

/// Reads the keys a process needs, and those of `if_there` (uses with one key) that are there.
/// ConfigError names every file that is missing, unreadable, of a wrong size or whose mode is not
/// 0400.
Keyring load_keys(const std::string& directory, std::vector<KeyUse> uses,
                  const std::vector<KeyUse>& if_there = {});

/// Letters, digits, '-' and '_': up to 64 of them.
bool can_be_key_id(std::string_view id);

/// The sealing keys that stand in the directory now; files that cannot be used are left out.
KeysById seal_keys_in(const std::string& directory);
/// The key of a use that has one, as it stands in the directory now; "" if it cannot be used.
std::string secret_in(const std::string& directory, KeyUse use);
/// What seal.current says now; "" if there is no such file or it cannot be used.
std::string current_seal_in(const std::string& directory);

/// Makes the next sealing key, which seals nothing yet, and returns its id. ConfigError: there is
/// none before it. TransientFailure if it cannot write.
std::string add_seal_key(const std::string& directory);
/// From now on this key seals. ConfigError: it is not there. TransientFailure if it cannot write.
void use_seal_key(const std::string& directory, const std::string& id);

/// Makes what is missing, mode 0400, in a directory that only its owner may enter; returns the file
/// names made. TransientFailure if it cannot write.
std::vector<std::string> make_keys(const std::string& directory);

}  // namespace chaiqin::crypto
