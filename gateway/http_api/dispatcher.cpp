#include "gateway/http_api/dispatcher.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "domain/failure.hpp"
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
    const bool is_login = request->path.starts_with("/auth/");
    if (is_login && !parts_.address_limits.try_login(*request, steady_clock::now()))
        co_return answer_with(Problem::address_too_often);
    auto found = router_.find(request->method, request->path);
    if (auto* none = std::get_if<Response>(&found)) co_return std::move(*none);
    auto& matched = std::get<Matched>(found);
    request->captures = std::move(matched.captures);
    if (!is_login && !matched.allowed() &&
        !parts_.address_limits.try_open(*request, steady_clock::now()))
        co_return answer_with(Problem::address_too_often);
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

awaitable<Response> Dispatcher::run(std::shared_ptr<Request> request, const Matched& matched,
                                    Body& body) {
    const auto refused = co_await admit(request, matched);
    if (refused) {
        if (is_refusal_of_right(*refused))
            co_await write_audit(*request, {"was refused", target_of(*request, matched)}, "403");
        co_return answer_with(*refused);
    }
    if (matched.audit_first() &&
        !co_await write_audit(*request, {"begin", target_of(*request, matched)}, "begun"))
        co_return answer_with(Problem::unavailable);
    Response response;
    if (matched.read && matched.read->whole_list && is_wanted_as_file(*request)) {
        response = co_await matched.read->whole_list(request);
    } else if (matched.read && matched.read->at_once) {
        response = matched.read->endpoint(*request);
    } else if (matched.read) {
        response = co_await read(request, *matched.read);
    } else {
        body.limit(matched.upload->limits);
        response = co_await matched.upload->endpoint(*request, body);
    }
    if (!response.audit) co_return response;
    // The audit line comes before the answer, or instead of the answer comes 503.
    const bool written =
        co_await write_audit(*request, *response.audit, std::to_string(response.status));
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
    const auto decided =
        co_await parts_.token_workers.run(std::move(job), steady_clock::now() + token_within);
    if (!decided) co_return Problem::unavailable;
    co_return decided->refused;
}

/// Runs the endpoint on a reader, again as long as it asks for it; the pauses hold no thread.
awaitable<Response> Dispatcher::read(std::shared_ptr<Request> request, const Route& route) {
    const auto executor = co_await asio::this_coro::executor;
    for (;;) {
        auto job = [request, endpoint = route.endpoint] { return endpoint(*request); };
        const auto within = route.within.count() > 0 ? route.within : parts_.read_within;
        auto response = co_await parts_.readers.run(std::move(job), steady_clock::now() + within);
        if (!response) co_return answer_with(Problem::unavailable);
        if (!response->ask_again_after || !waits_) co_return std::move(*response);
        asio::steady_timer timer(executor, *response->ask_again_after);
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

awaitable<bool> Dispatcher::write_audit(const Request& request, AuditNote note,
                                        std::string result) {
    const auto executor = co_await asio::this_coro::executor;
    const Promised<bool> written(executor);
    const bool is_told = !note.sub.empty();
    domain::AuditLine line{parts_.now(),
                           is_told ? note.sub : request.caller.sub,
                           is_told ? note.agency : request.caller.agency,
                           request.acting_agency,
                           std::move(note.action),
                           std::move(note.object),
                           std::move(result)};
    // Called back on a database thread.
    parts_.write_audit(std::move(line), [written](bool done) { written.set(done); });
    const auto done = co_await written.until(steady_clock::now() + audit_within);
    co_return done.value_or(false);
}

}  // namespace chaiqin::gateway
