#include "gateway/http_api/dispatcher.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "domain/failure.hpp"
#include "gateway/http/agency_body.hpp"
#include "runtime/log.hpp"

namespace chaiqin::gateway {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr auto token_within = std::chrono::seconds(5);
constexpr auto audit_within = std::chrono::milliseconds(1000);

bool is_wanted_as_file(const Request& request) {
    return !request.parameter("format").value_or("").empty();
}

bool is_refusal_of_right(Problem problem) {
    return problem == Problem::right_missing || problem == Problem::other_acting_agency;
}

/// As an audit line names it: the pattern, since a path may hold anything.
std::string target_of(const Request& request, const Matched& matched) {
    return request.method + " " + matched.pattern();
}

}  // namespace

awaitable<Response> Dispatcher::answer(std::shared_ptr<Request> request, Body& body) {
    if (request->path.starts_with("/auth/"))
        if (const auto reached = parts_.address_limits.take_login(*request, steady_clock::now()))
            co_return answer_with(*reached);
    auto found = router_.find(request->method, request->path);
    const auto* known = std::get_if<Matched>(&found);
    if (request->came_in_reserve && !(known && known->for_operations()))
        co_return answer_with(Problem::connections_full);
    if (auto* none = std::get_if<Response>(&found)) co_return std::move(*none);
    auto& matched = std::get<Matched>(found);
    request->captures = std::move(matched.captures);
    if (const auto reached = limit_of_address(*request, matched)) co_return answer_with(*reached);
    try {
        auto response = co_await run(request, matched, body);
        co_return response;
    } catch (const domain::TransientFailure& failure) {
        runtime::log_warn("a request could not be answered now",
                          {{"path", matched.pattern()}, {"reason", failure.what()}});
    } catch (const std::exception& failure) {
        runtime::log_error("a request failed",
                           {{"path", matched.pattern()}, {"reason", failure.what()}});
    }
    co_return answer_with(Problem::unavailable);
}

/// Of paths that are open to everybody; logins have a limit of their own.
std::optional<Limited> Dispatcher::limit_of_address(const Request& request,
                                                    const Matched& matched) {
    if (matched.allowed() || request.path.starts_with("/auth/")) return std::nullopt;
    const auto now = steady_clock::now();
    return matched.for_operations() ? parts_.address_limits.take_operation(request, now)
                                    : parts_.address_limits.take_open(request, now);
}

awaitable<Response> Dispatcher::run(std::shared_ptr<Request> request, const Matched& matched,
                                    Body& body) {
    const auto refused = co_await admit(request, matched);
    // Lines are made apart from co_await: GCC 12 destroys an aggregate twice that is made in its
    // expression.
    if (refused && is_refusal_of_right(*refused)) {
        const AuditNote note{"was refused", target_of(*request, matched)};
        auto line = audit_line(*request, note, "403");
        co_await write_audit(std::move(line));
    }
    if (refused) co_return answer_with(*refused);
    if (matched.audit_first()) {
        const AuditNote note{"begin", target_of(*request, matched)};
        auto line = audit_line(*request, note, "begun");
        const bool is_noted = co_await write_audit(std::move(line));
        if (!is_noted) co_return answer_with(Problem::unavailable);
    }
    Response response;
    if (matched.read)
        response = co_await read(request, *matched.read);
    else
        response = co_await upload(request, *matched.upload, body);
    if (!response.audit) co_return response;
    // The audit line comes before the answer, or instead of the answer comes 503.
    auto line = audit_line(*request, *response.audit, std::to_string(response.status));
    const bool written = co_await write_audit(std::move(line));
    if (!written) co_return answer_with(Problem::unavailable);
    co_return response;
}

/// The problem, if the caller is not let in. A token that was verified lately is decided here on
/// the io thread, any other on a token worker.
awaitable<std::optional<Problem>> Dispatcher::admit(std::shared_ptr<Request> request,
                                                    const Matched& matched) {
    const auto& allowed = matched.allowed();
    const auto at_once = parts_.gatekeeper.admit_known(*request, allowed, matched.knows_caller());
    if (at_once) co_return at_once->refused;
    auto job = [this, request, allowed = allowed] {
        return parts_.gatekeeper.admit(*request, allowed);
    };
    const auto whose = parts_.address_limits.network(*request);
    const auto decided = co_await parts_.token_workers.run(
        std::move(job), steady_clock::now() + token_within, whose);
    if (!decided) co_return Problem::unavailable;
    co_return decided->refused;
}

/// Within the share of the agency, if one asks.
awaitable<Response> Dispatcher::read(std::shared_ptr<Request> request, const Route& route) {
    const auto holder = holder_of(*request);
    AgencyShares::Held wait;
    if (!holder.empty()) {
        const auto now = steady_clock::now();
        if (const auto reached = parts_.shares.take(Limit::reads, holder, now))
            co_return answer_with(*reached);
        if (request->parameter("wait")) {
            auto held = parts_.shares.hold(Limit::waits, holder);
            if (const auto* reached = std::get_if<Limited>(&held)) co_return answer_with(*reached);
            wait = std::move(std::get<AgencyShares::Held>(held));
        }
    }
    Response response;
    if (route.whole_list && is_wanted_as_file(*request))
        response = co_await route.whole_list(request);
    else
        response = co_await read_in_time(request, route);
    co_return response;
}

/// Runs the endpoint on a reader, again as long as it asks for it; the pauses hold no thread.
awaitable<Response> Dispatcher::read_in_time(std::shared_ptr<Request> request, const Route& route) {
    if (route.at_once) co_return route.endpoint(*request);
    const auto whose = route.for_operations ? "operations" : holder_of(*request);
    const auto executor = co_await asio::this_coro::executor;
    for (;;) {
        auto job = [request, endpoint = route.endpoint] { return endpoint(*request); };
        const auto within = route.within.count() > 0 ? route.within : parts_.read_within;
        auto response =
            co_await parts_.readers.run(std::move(job), steady_clock::now() + within, whose);
        if (!response) co_return answer_with(Problem::unavailable);
        if (!response->ask_again_after || !waits_) co_return std::move(*response);
        asio::steady_timer timer(executor, *response->ask_again_after);
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

/// Lets an endpoint read its body, if there are not too many of them.
awaitable<Response> Dispatcher::upload(std::shared_ptr<Request> request, const UploadRoute& route,
                                       Body& body) {
    body.limit(route.limits);
    Response response;
    if (!holder_of(*request).empty()) {
        response = co_await upload_of_agency(request, route, body);
    } else {
        const auto held = parts_.address_limits.hold_open_body(*request);
        if (!held) co_return answer_with(AddressLimits::too_many_open_bodies());
        response = co_await route.endpoint(*request, body);
    }
    co_return response;
}

/// Within the share of the agency, which is taken before the body is read. A load is no more than
/// two chunks in memory, so its bytes do not count.
awaitable<Response> Dispatcher::upload_of_agency(std::shared_ptr<Request> request,
                                                 const UploadRoute& route, Body& body) {
    const auto holder = holder_of(*request);
    auto place = parts_.shares.hold(route.at_once, holder);
    if (const auto* reached = std::get_if<Limited>(&place)) co_return answer_with(*reached);
    Response response;
    if (route.at_once == Limit::loads) {
        response = co_await route.endpoint(*request, body);
        co_return response;
    }
    const auto declared = static_cast<std::size_t>(
        std::min<std::uint64_t>(body.declared_bytes().value_or(0), route.limits.most_bytes));
    auto in_flight = parts_.shares.hold(Limit::bytes_in_flight, holder, declared);
    if (const auto* reached = std::get_if<Limited>(&in_flight)) co_return answer_with(*reached);
    const auto now = steady_clock::now();
    if (const auto reached = parts_.shares.take(Limit::bytes, holder, now, declared))
        co_return answer_with(*reached);
    AgencyBody counted(body, parts_.shares, holder,
                       std::move(std::get<AgencyShares::Held>(in_flight)), declared);
    response = co_await route.endpoint(*request, counted);
    co_return response;
}

domain::AuditLine Dispatcher::audit_line(const Request& request, const AuditNote& note,
                                         std::string result) const {
    const bool is_told = !note.sub.empty();
    return {.at = parts_.now(),
            .sub = is_told ? note.sub : request.caller.sub,
            .agency = is_told ? note.agency : request.caller.agency,
            .acting = request.acting_agency,
            .action = note.action,
            .object = note.object,
            .result = std::move(result)};
}

awaitable<bool> Dispatcher::write_audit(domain::AuditLine line) {
    const auto executor = co_await asio::this_coro::executor;
    const Promised<bool> written(executor);
    // Called back on a database thread.
    parts_.write_audit(std::move(line), [written](bool done) { written.set(done); });
    const auto done = co_await written.until(steady_clock::now() + audit_within);
    co_return done.value_or(false);
}

}  // namespace chaiqin::gateway
