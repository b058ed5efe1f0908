#pragma once
// The hash chain of the audit (domain/audit) and its anchors: a day's head, signed with the receipt
// key. Who can write to the database but has no receipt key cannot change a line unnoticed; only
// lines behind the last anchor that somebody else has seen could be cut off. Pure, thread-safe.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/receipt_signing.hpp"
#include "domain/audit.hpp"

namespace chaiqin::crypto {

/// domain::ChainAudit.
std::vector<domain::AuditDay> extend_audit(const ReceiptSigner& signer,
                                           std::vector<domain::AuditLine>& lines,
                                           std::vector<domain::AuditDay> days);

/// The first line of a day that does not fit.
struct AuditBreak {
    std::int32_t number = 0;
    /// A sentence without its subject: "was changed, or …".
    const char* what = "";
};

/// Goes through the lines of one day in their order.
class AuditDayCheck {
public:
    AuditDayCheck(domain::AuditDay day, std::vector<ReceiptSigner::PublicKey> keys)
        : day_(std::move(day)), keys_(std::move(keys)) {}
    std::optional<AuditBreak> next(const domain::AuditLine& line);
    /// After the last line. `may_lack_anchor`: the day ended before there was a chain.
    std::optional<AuditBreak> end(bool may_lack_anchor) const;

private:
    const domain::AuditDay day_;
    const std::vector<ReceiptSigner::PublicKey> keys_;
    std::int32_t lines_ = 0;
    std::string head_;
};

}  // namespace chaiqin::crypto
