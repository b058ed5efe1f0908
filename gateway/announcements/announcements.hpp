#pragma once
// Announcements (公告) over HTTP (docs/http-api.md, "Announcements"): everybody reads the public
// ones, people with a role all that are in force, operators write them. Every change is an audit
// line.
#include <functional>
#include <vector>

#include "crypto/keyring.hpp"
#include "domain/announcement_store.hpp"
#include "gateway/http/route.hpp"
#include "gateway/ingest/uploaded_file.hpp"
#include "gateway/work/worker_pool.hpp"

namespace chaiqin::gateway {

struct AnnouncementParts {
    domain::AnnouncementStore& store;
    /// For what is written.
    WorkerPool& workers;
    /// Attachments that are in memory at a time, coming or going; none of the files' share.
    MemoryBudget& budget;
    /// For the tokens of pages.
    const crypto::Keyring& keys;
    std::function<domain::Instant()> now;
};

/// What is passed must outlive the routes.
std::vector<Route> announcement_routes(const AnnouncementParts& parts);
std::vector<UploadRoute> announcement_upload_routes(const AnnouncementParts& parts);

}  // namespace chaiqin::gateway
