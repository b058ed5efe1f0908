#pragma once
// Records of files as they were sent, with what was found in them (依紀錄): for the agency that
// sent the file and for nobody else. The query service gives the sealed file and the findings, the
// keys are here. A file is opened, read and forgotten within one call; a request holds one file at
// a time, and few requests do so at once. Every answer with values has its audit line.
#include "crypto/sealing.hpp"
#include "gateway/http/route.hpp"
#include "gateway/ingest/pending_receipts.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::gateway {

/// What the parts below need must outlive the routes.
struct RecordParts {
    rpc::Questions& questions;
    const crypto::Sealer& sealer;
    const PendingReceipts& pending;
};
std::vector<Route> record_routes(const RecordParts& parts);

}  // namespace chaiqin::gateway
