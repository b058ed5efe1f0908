#pragma once
// The keys of the product, read once from a directory of files with mode 0400 (never from
// PostgreSQL): seal-<id>.key (several; the highest id seals, all open), token.key, hash.key,
// intake.key, receipt-<id>.pem (several; the highest signs). `chaiqin keys make DIR` makes what is
// missing. Immutable after loading.
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
    KeysById seal;       ///< 32 bytes each
    std::string token;   ///< person tokens; 32 bytes
    std::string hash;    ///< identity and content hashes; 32 bytes
    std::string intake;  ///< sub, Idempotency-Key, submission ids; 32 bytes
    KeysById receipt;    ///< PEM of an EC P-256 private key each
};

enum class KeyUse { seal, token, hash, intake, receipt };

/// Reads the keys a process needs, and those of `if_there` (token, hash, intake) that are there.
/// ConfigError names every file that is missing, unreadable, of a wrong size or whose mode is not
/// 0400.
Keyring load_keys(const std::string& directory, std::vector<KeyUse> uses,
                  const std::vector<KeyUse>& if_there = {});

/// Makes what is missing, mode 0400, in a directory that only its owner may enter; returns the file
/// names made. TransientFailure if it cannot write.
std::vector<std::string> make_keys(const std::string& directory);

}  // namespace chaiqin::crypto
