#pragma once
// POST /api/v1/receipts/verify: whether a receipt is one of this platform. Open to anybody.
#include <vector>

#include "gateway/http/route.hpp"
#include "gateway/ingest/housekeeping.hpp"

namespace chaiqin::gateway {

/// `keys` must outlive the routes.
std::vector<UploadRoute> receipt_routes(const Housekeeping& keys);

/// The answer for a body; `keys` as above.
Response verified_receipt(const std::string& body, const Housekeeping& keys);

}  // namespace chaiqin::gateway
