#pragma once
// POST /api/v1/table19/loads and POST /api/v1/registry/agencies (docs/http-api.md, "Master data").
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "domain/intake_store.hpp"
#include "domain/registry.hpp"
#include "domain/registry_load.hpp"
#include "gateway/http/route.hpp"
#include "gateway/ingest/career_upload.hpp"
#include "gateway/ingest/uploaded_file.hpp"
#include "gateway/work/worker_pool.hpp"
#include "runtime/clock.hpp"

namespace chaiqin::gateway {

struct LoadParts {
    CareerUploadStream::Parts career;
    WorkerPool& database_workers;
    /// Used by the database workers, one at a time.
    domain::IntakeStore& store;
    MemoryBudget& budget;
    const runtime::Clock& clock;
    /// Applies an agencies file (postgres/registry); blocks. TransientFailure while PostgreSQL is
    /// away.
    std::function<domain::RegistryLoadPlan(const domain::AgencyUploads&, domain::Day today,
                                           bool confirmed)>
        load_agencies;
    const domain::RegistrySource& registry;
};

/// What is passed must outlive the routes.
std::vector<UploadRoute> load_routes(LoadParts parts);

}  // namespace chaiqin::gateway
