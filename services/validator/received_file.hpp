#pragma once
// A message of file.received as the validator reads it: what the headers say, the sealed
// bytes unopened.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/calendar.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::validator {

struct ReceivedFile {
    std::string submission_id, agency, route, sha256;
    std::string key_hash;  ///< of the Idempotency-Key; "" without one
    std::string traceparent;
    std::uint32_t attempt = 1;
    domain::Instant received_at{};
    std::string_view sealed;  ///< into the message
    /// Of the message; null for a file from the archive, which no broker has held.
    const runtime::Headers* headers = nullptr;

    /// PermanentFailure: somebody changed a header on the way. Files sealed before there were facts
    /// have nothing to compare with.
    void need_headers_as_sealed(const std::optional<std::string>& facts) const;
    std::string event_id() const { return submission_id + "/" + std::to_string(attempt); }
};

/// PermanentFailure: a header that is missing or no number, or an event id of another file. The
/// message outlives the result.
ReceivedFile received_file(const runtime::Message& message);

}  // namespace chaiqin::validator
