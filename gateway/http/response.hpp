#pragma once
// An answer as the endpoints give it; the server writes it.
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chaiqin::gateway {

/// What the audit says about a read or load of another agency's data. The dispatcher adds who, for
/// whom, when and the status, and writes the line before the answer leaves (if it cannot: 503).
struct AuditNote {
    /// "read findings", "load table19" …
    std::string action;
    /// "submission 0199…", "Z00000001A and 36 more"
    std::string object;
    /// Who did it, where the request itself does not say so (a login); "" otherwise.
    std::string sub = {}, agency = {};
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    /// Empty if nothing of another agency was touched.
    std::optional<AuditNote> audit;
    /// Lives until the answer has been sent: a share of some memory.
    std::shared_ptr<const void> kept_meanwhile;
    /// Set if this is not an answer yet: the endpoint runs again after that time.
    std::optional<std::chrono::milliseconds> ask_again_after;
};

}  // namespace chaiqin::gateway
