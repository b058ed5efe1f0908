#pragma once
// The reading part of the HTTP API: path and parameters → a question to the query service, its
// typed answer → JSON of exactly the documented shape. Decides nothing about rights itself: the
// query service does, by the same token. Endpoints block for at most the read deadline (1.5 s) and
// run in the gateway's worker pool; `?wait` never blocks a worker: the endpoint answers
// `ask_again_after` until the state is terminal or the time is over.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/reading.hpp"
#include "domain/registry.hpp"
#include "gateway/http/route.hpp"
#include "gateway/ingest/pending_receipts.hpp"
#include "rpc/queries.hpp"

namespace chaiqin::gateway {

/// What the open paths serve.
struct OpenReads {
    domain::Month first_month = 0;         ///< of the configuration
    std::function<domain::Instant()> now;  ///< the (settable) clock
    std::string format_document;           ///< docs/data-format.md, then docs/rules.md
    std::string sample;                    ///< bytes of schemas/submission/v1/sample.json
};
/// Reads `docs_dir`/data-format.md and rules.md and `schemas_dir`/submission/v1/sample.json;
/// ConfigError if one is missing.
OpenReads read_open_documents(const std::string& docs_dir, const std::string& schemas_dir);

/// Everything under "Reading". What is passed must outlive the routes; `pending` may be null.
std::vector<Route> read_routes(rpc::Queries& queries, const domain::RegistrySource& registry,
                               OpenReads open, const PendingReceipts* pending = nullptr);

}  // namespace chaiqin::gateway
