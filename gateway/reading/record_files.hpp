#pragma once
// Stored files opened for the agency that sent them. The query service gives the sealed file, the
// keys are here. Thread-safe: nothing is kept.
#include <memory>
#include <optional>
#include <string>

#include "checking/record/shown_file.hpp"
#include "crypto/sealing.hpp"
#include "gateway/http/agency_shares.hpp"
#include "gateway/http/request.hpp"
#include "gateway/ingest/pending_receipts.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::gateway {

/// A sealed file and what can be read in it.
struct OpenedFile {
    std::string packed;
    std::optional<checking::ShownFile> shown;
    /// Why no records can be shown; "" if they can.
    std::string why_not;
};

/// What the parts below need must outlive those who use them.
struct RecordParts {
    rpc::Questions& questions;
    const crypto::Sealer& sealer;
    const PendingReceipts& pending;
    AgencyShares& shares;
};

class RecordFiles {
public:
    explicit RecordFiles(const RecordParts& parts) : parts_(parts) {}
    /// Never null. Throws Refused where the submission is not the agency's.
    std::unique_ptr<OpenedFile> open(const std::string& submission_id,
                                     const Request& request) const;

private:
    RecordParts parts_;
};

}  // namespace chaiqin::gateway
