#pragma once
// The audit as `chaiqin audit` reads it. Changes nothing.
#include <optional>
#include <string>
#include <vector>

#include "domain/audit.hpp"
#include "domain/intake_store.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::operations {

/// Newest first; `to` is exclusive.
std::vector<domain::AuditLine> list_audit(Session& session, domain::Instant from,
                                          domain::Instant to);

/// Every day of the chain in the order in which they began, and days of lines that no day of the
/// chain knows: those have the ordinal 0. All reads of one work see the same moment.
std::vector<domain::AuditDay> audit_days(domain::UnitOfWork& work);
/// Lines of a day by number.
std::vector<domain::AuditLine> audit_lines(domain::UnitOfWork& work, domain::Day day);

/// Whose file a submission is, and who sent it.
struct FileSender {
    std::string agency;
    domain::Instant received_at{};
    domain::SentBy by;
};
/// Nothing: there is no receipt with that id.
std::optional<FileSender> sender_of(Session& session, const std::string& submission_id);

}  // namespace chaiqin::postgres::operations
