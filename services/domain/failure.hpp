#pragma once
// How things fail in chaiqin (docs/style.md, "Failures"). Data that breaks a check is a Finding,
// never one of these. Adapters translate foreign exceptions into these at the call; the stage loop,
// the HTTP and gRPC edges and main are the only places that catch them.
#include <stdexcept>
#include <string>
#include <vector>

namespace chaiqin::domain {

/// Bytes that break our own contract; repeating cannot help. Ends in quarantine.
struct PermanentFailure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Database, broker or mail away, deadlock, commit in doubt. Ends in back-off; nothing is
/// committed.
struct TransientFailure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Wrong configuration: all problems at once; main prints them and exits 78.
struct ConfigError : std::runtime_error {
    explicit ConfigError(std::vector<std::string> all);
    std::vector<std::string> problems;
};

/// Our own invariant is broken: says the sentence on stderr and aborts; the supervisor restarts.
[[noreturn]] void broken_invariant(const char* sentence) noexcept;

}  // namespace chaiqin::domain
