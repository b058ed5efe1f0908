#pragma once
// The reading part of the HTTP API: one route per method of query.proto, and the receipt of a
// submission, which is signed anew from what the query service says of it. Path and parameters
// become a question to the query service, its answer becomes JSON. Decides nothing about rights
// itself: the query service does, by the same token. Endpoints block for at most the read deadline
// (1.5 s) and run on the gateway's reader threads; `?wait` never blocks a thread: the endpoint
// answers `ask_again_after` until the state is terminal or the time is over.
#include <functional>
#include <vector>

#include "crypto/receipt_signing.hpp"
#include "domain/registry.hpp"
#include "gateway/http/refusal.hpp"
#include "gateway/http/route.hpp"
#include "gateway/ingest/pending_receipts.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::gateway {

/// What the parts below need must outlive the routes.
struct ReadParts {
    rpc::Questions& questions;
    const domain::RegistrySource& registry;
    std::function<domain::Instant()> now;
    const PendingReceipts& pending;
    const crypto::ReceiptSigner& signer;
};
std::vector<Route> read_routes(const ReadParts& parts);

/// What the audit must name of an answer; "" if it opened nothing of another agency.
std::string others_of(const google::protobuf::Message& answer);

}  // namespace chaiqin::gateway
