#pragma once
// How things fail in chaiqin (docs/style.md, "Failures"). Data that breaks a check is a Finding,
// never one of these. Adapters translate foreign exceptions into these at the call; the stage loop,
// the HTTP and gRPC edges and main are the only places that catch them.
#include <stdexcept>
#include <string>
#include <utility>
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

/// A state of the deployment that somebody must mend: a key that is not there, a registry that
/// cannot be read, tables that the program does not know. Ends in waiting: nothing is committed,
/// no try is counted, and the stage goes on by itself when it is mended. Who does not wait treats
/// it as what it is a kind of.
struct DeploymentFailure : TransientFailure {
    /// `why_waiting` is one of `waiting_for`, `mend` a sentence for the operator.
    DeploymentFailure(const char* why_waiting, const std::string& sentence, std::string how_to_mend)
        : TransientFailure(sentence), reason(why_waiting), mend(std::move(how_to_mend)) {}
    const char* reason;
    std::string mend;
};

/// The reasons of DeploymentFailure, as metrics and /readyz say them.
namespace waiting_for {
inline constexpr char seal_key[] = "seal_key", events_key[] = "events_key", registry[] = "registry",
                      schema[] = "schema", topics[] = "topics", durability[] = "durability",
                      quarantine[] = "quarantine";
}  // namespace waiting_for

/// Wrong configuration: all problems at once; main prints them and exits 78.
struct ConfigError : std::runtime_error {
    explicit ConfigError(std::vector<std::string> all);
    std::vector<std::string> problems;
};

/// Our own invariant is broken: says the sentence on stderr and aborts; the supervisor restarts.
[[noreturn]] void broken_invariant(const char* sentence) noexcept;

}  // namespace chaiqin::domain
