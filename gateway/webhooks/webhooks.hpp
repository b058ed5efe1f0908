#pragma once
// What an agency does to its webhooks over HTTP (docs/http-api.md, "Webhooks"): adds, changes,
// removes, tests, sends again. They are read through the query service, and sent by notification.
// Every change is an audit line.
#include <functional>
#include <vector>

#include "crypto/sealing.hpp"
#include "domain/webhook_store.hpp"
#include "gateway/http/route.hpp"
#include "gateway/work/worker_pool.hpp"

namespace chaiqin::gateway {

/// What is wrong with an address that is to be stored; blocks while the host is resolved.
using RefuseReceiver =
    std::function<std::optional<domain::RefusedReceiver>(const std::string& url)>;

struct WebhookParts {
    domain::WebhookStore& store;
    const crypto::Sealer& sealer;
    /// For what has a body.
    WorkerPool& workers;
    RefuseReceiver refuse_receiver;
    std::function<domain::Instant()> now;
};

/// What is passed must outlive the routes.
std::vector<Route> webhook_routes(const WebhookParts& parts);
std::vector<UploadRoute> webhook_upload_routes(const WebhookParts& parts);

}  // namespace chaiqin::gateway
