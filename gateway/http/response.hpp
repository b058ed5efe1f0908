#pragma once
// An answer as the endpoints give it; the server writes it.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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

/// A body that is too large for memory. Its bytes are all there before the answer begins.
class ResponseFile {
public:
    virtual ~ResponseFile() = default;
    virtual std::uint64_t bytes() const = 0;
    /// The next piece, valid until the next call; awaited on the io thread. Empty if it cannot be
    /// read.
    virtual boost::asio::awaitable<std::string_view> next() = 0;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    /// Sent in place of the body.
    std::shared_ptr<ResponseFile> file;
    /// Empty if nothing of another agency was touched.
    std::optional<AuditNote> audit;
    /// Lives until the answer has been sent: a share of some memory.
    std::shared_ptr<const void> kept_meanwhile;
    /// Set if this is not an answer yet: the endpoint runs again after that time.
    std::optional<std::chrono::milliseconds> ask_again_after;
};

}  // namespace chaiqin::gateway
