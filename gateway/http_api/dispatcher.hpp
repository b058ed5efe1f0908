#pragma once
// The way of a request (the file to read first): route → limits of the address → who calls → share
// of the agency → audit line, where something is to be changed or a right was refused → endpoint on
// its thread → audit line → answer. The server calls it on the io thread and writes what it
// answers. It keeps the deadlines of tokens, reads and audit lines, and turns what an endpoint
// throws into a 503.
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "domain/intake_store.hpp"
#include "gateway/auth/address_limits.hpp"
#include "gateway/auth/gatekeeper.hpp"
#include "gateway/http/router.hpp"
#include "gateway/work/worker_pool.hpp"

namespace chaiqin::gateway {

struct DispatcherParts {
    const Gatekeeper& gatekeeper;
    AddressLimits& address_limits;
    AgencyShares& shares;
    /// For endpoints that block.
    WorkerPool& readers;
    /// For tokens that were not verified lately: the issuer's keys may have to be fetched.
    WorkerPool& token_workers;
    /// Calls back from a database thread.
    std::function<void(domain::AuditLine, std::function<void(bool written)>)> write_audit;
    std::function<domain::Instant()> now;
    /// For one run of an endpoint that only reads.
    std::chrono::milliseconds read_within{1'900};
};

class Dispatcher {
public:
    Dispatcher(Router router, DispatcherParts parts)
        : router_(std::move(router)), parts_(std::move(parts)) {}

    /// On the io thread. Throws only BodyCut and ClientGone.
    boost::asio::awaitable<Response> answer(std::shared_ptr<Request> request, Body& body);
    /// From now on an answer that would wait for a change is given as it is. Any thread.
    void stop_waiting() { waits_ = false; }

private:
    boost::asio::awaitable<Response> run(std::shared_ptr<Request> request, const Matched& matched,
                                         Body& body);
    boost::asio::awaitable<std::optional<Problem>> admit(std::shared_ptr<Request> request,
                                                         const Matched& matched);
    std::optional<Limited> limit_of_address(const Request& request, const Matched& matched);
    boost::asio::awaitable<Response> read(std::shared_ptr<Request> request, const Route& route);
    boost::asio::awaitable<Response> read_in_time(std::shared_ptr<Request> request,
                                                  const Route& route);
    boost::asio::awaitable<Response> upload(std::shared_ptr<Request> request,
                                            const UploadRoute& route, Body& body);
    boost::asio::awaitable<Response> upload_of_agency(std::shared_ptr<Request> request,
                                                      const UploadRoute& route, Body& body);
    domain::AuditLine audit_line(const Request& request, const AuditNote& note,
                                 std::string result) const;
    boost::asio::awaitable<bool> write_audit(domain::AuditLine line);

    Router router_;
    DispatcherParts parts_;
    std::atomic<bool> waits_{true};
};

}  // namespace chaiqin::gateway
