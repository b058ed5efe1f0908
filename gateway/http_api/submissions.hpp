#pragma once
// POST /api/v1/submissions and POST /api/v1/checks: what is read of the request and how the
// fate of each file is answered. What happens to the files is ingest/accepting's and checking's.
#include <functional>
#include <vector>

#include "domain/registry.hpp"
#include "gateway/http/agency_shares.hpp"
#include "gateway/http/route.hpp"
#include "gateway/http_api/comparing.hpp"
#include "gateway/ingest/accepting.hpp"
#include "gateway/ingest/upload_reader.hpp"
#include "gateway/work/worker_pool.hpp"
#include "runtime/clock.hpp"

namespace chaiqin::gateway {

struct SendingParts {
    Accepting& accepting;
    AgencyShares& shares;
    MemoryBudget& budget;
    /// Two threads, so that checks never take more of the machine.
    WorkerPool& check_workers;
    const domain::RegistrySource& registry;
    const runtime::Clock& clock;
    domain::Month first_month = 0;
    /// For ?compare=true, which asks the query service on a reader.
    const Comparing& comparing;
    WorkerPool& readers;
};

/// What is passed must outlive the routes.
std::vector<UploadRoute> sending_routes(SendingParts parts);

/// The answer to a POST of files (docs/http-api.md, "Outcomes of a file").
Response submissions_answer(const std::vector<AnsweredFile>& files);

/// 1–64 of [A-Za-z0-9_.:-].
bool is_idempotency_key(std::string_view text);

}  // namespace chaiqin::gateway
