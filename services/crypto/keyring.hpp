#pragma once
// The keys of the product, read once from a directory of files with mode 0400 (never from PostgreSQL): seal-<id>.key
// (several; the highest id seals, all open), token.key, hash.key, intake.key, receipt-<id>.pem (several; the highest
// signs). `chaiqin keys make DIR` makes what is missing. Immutable after loading.
#include <map>
#include <string>
#include <vector>

namespace chaiqin::crypto {

struct Keyring {
    std::map<std::string, std::string> seal;     ///< key id → 32 bytes
    std::string token;                           ///< person tokens
    std::string hash;                            ///< identity and content hashes
    std::string intake;                          ///< sub, Idempotency-Key, submission ids
    std::map<std::string, std::string> receipt;  ///< key id → PEM of an EC P-256 private key
};

enum class KeyUse { seal, token, hash, intake, receipt };

/// Reads the keys a process needs. ConfigError names every file that is missing, unreadable, of a wrong size or
/// readable by others.
Keyring load_keys(const std::string& directory, const std::vector<KeyUse>& uses);

/// Makes what is missing, mode 0400; returns the file names made. TransientFailure if it cannot write.
std::vector<std::string> make_keys(const std::string& directory);

}  // namespace chaiqin::crypto
