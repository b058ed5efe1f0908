#pragma once
// Which notices (通知) a person has read for an agency (schema portal). A port; postgres/portal
// implements it. Each call is one transaction and throws TransientFailure while PostgreSQL is away.
// Thread-safe.
#include <cstdint>
#include <optional>
#include <string>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

/// Who reads, as a keyed hash, and for which agency.
struct NoticeReader {
    std::string sub_hash, agency;
};

class NoticeMarks {
public:
    virtual ~NoticeMarks() = default;
    /// The agency that a notice is for; empty if there is none of that id.
    virtual std::optional<std::string> agency_of(std::int64_t notice_id) = 0;
    /// A mark that stands stays as it is.
    virtual void mark(const NoticeReader& reader, std::int64_t notice_id, Instant now) = 0;
    /// All notices of the reader's agency.
    virtual void mark_all(const NoticeReader& reader, Instant now) = 0;
};

}  // namespace chaiqin::domain
