#include "gateway/http_api/reads.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "domain/failure.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/http_api/parameters.hpp"
#include "gateway/http_api/read_answers.hpp"
#include "identity/access.hpp"

namespace chaiqin::gateway {

namespace {

using domain::Refused;
using identity::Right;

/// A little less than the server gives an endpoint, so that the reason for a late answer is known
/// here.
constexpr std::chrono::milliseconds answer_within{1400};
constexpr std::chrono::milliseconds shortest_pause{15}, longest_pause{250};

Response json_response(std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
}

/// What the query service refuses, as the client is told.
Response refused(const Refused& why) {
    switch (why.why) {
        case Refused::Why::bad_token:
            return answer_with(Problem::invalid_token);
        case Refused::Why::forbidden:
            return answer_with(Problem::right_missing);
        case Refused::Why::not_found:
            return answer_with(Problem::nothing_found);
        case Refused::Why::bad_request:
            break;
    }
    const std::string_view text(why.what());
    if (text.starts_with("page_token does not belong"))
        return answer_with(Problem::other_lists_page_token);
    if (text == "from is after to") return answer_with(Problem::range_reversed);
    if (text.find("apart") != std::string_view::npos) return answer_with(Problem::range_too_long);
    return answer_with(Problem::bad_parameter, {why.what()});
}

std::string file_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw domain::ConfigError({"cannot read " + path});
    return text.str();
}

/// One endpoint's work: the question's answer as a response.
class Reader {
public:
    Reader(rpc::Queries& queries, const domain::RegistrySource& registry,
           std::function<domain::Instant()> now, const PendingReceipts* pending)
        : queries_(queries), registry_(registry), now_(std::move(now)), pending_(pending) {}

    Response submission(const Request& request) const;
    Response submissions(const Request& request) const;
    Response findings(const Request& request) const;
    Response groups(const Request& request) const;
    Response finding_history(const Request& request) const;
    Response monthly(const Request& request) const;
    Response by_type(const Request& request) const;
    Response summary(const Request& request) const;
    Response unmatched(const Request& request) const;
    Response rates(const Request& request) const;
    Response rate_agencies(const Request& request) const;
    Response agencies(const Request& request) const;
    Response notices(const Request& request) const;
    Response table19_load(const Request& request) const;

private:
    static rpc::Asker asker(const Request& request) {
        return {request.bearer, request.acting_agency,
                std::chrono::steady_clock::now() + answer_within};
    }
    static Response answered(std::string body, const char* action, const std::string& others) {
        auto response = json_response(std::move(body));
        if (!others.empty()) response.audit = AuditNote{action, others};
        return response;
    }
    /// A receipt that is on its way to the database, if the caller may read it. To be looked for
    /// before the database is asked: one that is stored in between is neither in the answer nor
    /// here any more.
    std::optional<domain::Receipt> pending_receipt(const Request& request) const;
    domain::SubmissionAnswer find_submission(const Request& request) const;
    int this_year() const { return domain::month_of(domain::taipei_day(now_())) / 12; }

    rpc::Queries& queries_;
    const domain::RegistrySource& registry_;
    std::function<domain::Instant()> now_;
    const PendingReceipts* pending_;
};

std::optional<domain::Receipt> Reader::pending_receipt(const Request& request) const {
    auto receipt = pending_ ? pending_->find(request.captures.at(0)) : std::nullopt;
    if (!receipt) return std::nullopt;
    const auto scope =
        identity::scope_of(request.caller, request.acting_agency, Right::read_submissions);
    const bool directly = std::find(scope.agencies.begin(), scope.agencies.end(),
                                    receipt->agency) != scope.agencies.end();
    if (directly || scope.everything) return receipt;
    if (!identity::covers(scope, receipt->agency, registry_.current()->agencies,
                          domain::taipei_day(now_())))
        return std::nullopt;
    return receipt;
}

domain::SubmissionAnswer Reader::find_submission(const Request& request) const {
    auto receipt = pending_receipt(request);
    try {
        return queries_.submission(asker(request), request.captures.at(0));
    } catch (const Refused& why) {
        if (why.why != Refused::Why::not_found || !receipt) throw;
        const auto others = receipt->agency == request.caller.agency
                                ? ""
                                : "submission " + receipt->submission_id + " of " + receipt->agency;
        return {{std::move(*receipt)}, others};
    }
}

Response Reader::submission(const Request& request) const {
    const auto wait = Parameters(request).wait();
    const auto answer = find_submission(request);
    auto response = answered(to_json(answer.submission), "read submission", answer.others);
    const auto waited = std::chrono::steady_clock::now() - request.arrived_at;
    if (!wait || waited >= *wait || domain::ends_wait(answer.submission.state)) return response;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*wait - waited) +
                      std::chrono::milliseconds(1);
    const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(waited / 8);
    response.ask_again_after = std::min(left, std::clamp(pause, shortest_pause, longest_pause));
    return response;
}

Response Reader::submissions(const Request& request) const {
    const Parameters parameters(request);
    const auto answer =
        queries_.submissions(asker(request), {parameters.text("agency"), parameters.day("from"),
                                              parameters.day("to"), parameters.page()});
    return answered(to_json(answer), "read submissions", answer.others);
}

Response Reader::findings(const Request& request) const {
    const Parameters parameters(request);
    const auto severity = parameters.choice("severity", {"error", "warning"});
    domain::FindingsQuestion question{request.captures.at(0), std::nullopt, parameters.text("code"),
                                      parameters.page()};
    if (!severity.empty())
        question.severity =
            severity == "error" ? domain::Severity::error : domain::Severity::warning;
    const bool is_pending = pending_receipt(request).has_value();
    try {
        const auto answer = queries_.findings(asker(request), question);
        return answered(to_json(answer, false), "read findings", answer.others);
    } catch (const Refused& why) {
        if (why.why != Refused::Why::not_found || !is_pending) throw;
        return json_response(to_json(domain::FindingsAnswer{}, false));
    }
}

Response Reader::groups(const Request& request) const {
    const bool is_pending = pending_receipt(request).has_value();
    try {
        const auto answer = queries_.groups(asker(request), request.captures.at(0));
        return answered(to_json(answer), "read findings", answer.others);
    } catch (const Refused& why) {
        if (why.why != Refused::Why::not_found || !is_pending) throw;
        return json_response(to_json(domain::GroupsAnswer{}));
    }
}

Response Reader::finding_history(const Request& request) const {
    const Parameters parameters(request);
    const auto status = parameters.choice("status", {"open", "fixed", "all"});
    domain::FindingHistoryQuestion question{parameters.text("agency"), parameters.day("from"),
                                            parameters.day("to"), std::nullopt, parameters.page()};
    if (status == "open") question.status = domain::FindingStatus::open;
    if (status == "fixed") question.status = domain::FindingStatus::fixed;
    const auto answer = queries_.finding_history(asker(request), question);
    return answered(to_json(answer, true), "read finding history", answer.others);
}

Response Reader::monthly(const Request& request) const {
    const Parameters parameters(request);
    const auto year = parameters.number("year", 1, 9999).value_or(this_year());
    const auto answer =
        queries_.monthly(asker(request), {year, parameters.text("q"), parameters.page(true)});
    return answered(to_json(answer), "read monthly statistics", answer.others);
}

Response Reader::by_type(const Request& request) const {
    const Parameters parameters(request);
    const auto january = static_cast<domain::Month>(this_year() * 12);
    const auto from = parameters.month("from").value_or(january),
               to = parameters.month("to").value_or(january + 11);
    const auto answer = queries_.by_type(asker(request), {from, to, parameters.text("q")});
    return answered(to_json(answer), "read statistics by type", answer.others);
}

Response Reader::summary(const Request& request) const {
    const Parameters parameters(request);
    const auto answer =
        queries_.summary(asker(request), {parameters.text("q"), parameters.page(true)});
    return answered(to_json(answer), "read summary", answer.others);
}

Response Reader::unmatched(const Request& request) const {
    const Parameters parameters(request);
    const auto reason =
        parameters.choice("reason", {"NO_PERSON", "BEFORE_FIRST", "GAP", "AFTER_LAST"});
    const auto answer =
        queries_.unmatched(asker(request), {parameters.text("agency"), reason, parameters.page()});
    return answered(to_json(answer), "read unmatched records", answer.others);
}

Response Reader::rates(const Request& request) const {
    const Parameters parameters(request);
    const auto answer = queries_.rates(
        asker(request), {parameters.needed_month("month"), parameters.text("authority")});
    return answered(to_json(answer), "read reporting rates", answer.others);
}

Response Reader::rate_agencies(const Request& request) const {
    const Parameters parameters(request);
    const auto status = parameters.choice(
        "status", {"reported", "zero", "missing", "exempt", "not_due", "not_obliged"});
    const auto answer = queries_.rate_agencies(
        asker(request), {parameters.needed_month("month"), parameters.text("authority"), status,
                         parameters.page()});
    return answered(to_json(answer), "read reporting rates", answer.others);
}

Response Reader::agencies(const Request& request) const {
    const Parameters parameters(request);
    return json_response(
        to_json(queries_.agencies(asker(request), {parameters.text("q"), parameters.page()})));
}

Response Reader::notices(const Request& request) const {
    const auto answer = queries_.notices(asker(request), {Parameters(request).page()});
    return answered(to_json(answer), "read notices", answer.others);
}

Response Reader::table19_load(const Request& request) const {
    const auto answer = queries_.table19_load(asker(request), request.captures.at(0));
    return answered(to_json(answer.load), "read table19 load", answer.others);
}

/// The HTTP edge: a refusal becomes a problem.
BlockingEndpoint at_edge(BlockingEndpoint endpoint) {
    return [endpoint = std::move(endpoint)](const Request& request) {
        try {
            return endpoint(request);
        } catch (const Refused& why) {
            return refused(why);
        }
    };
}

std::function<bool(const identity::Caller&)> with(Right right) {
    return [right](const identity::Caller& caller) { return identity::may(caller, right); };
}

std::vector<Route> open_routes(const domain::RegistrySource& registry,
                               const std::shared_ptr<const OpenReads>& open) {
    const auto rules = [&registry, open](const Request&) {
        return json_response(
            to_json(registry.current()->rules, open->first_month, domain::taipei_day(open->now())));
    };
    const auto format = [open](const Request&) {
        auto response = json_response(open->format_document);
        response.content_type = "text/markdown; charset=utf-8";
        return response;
    };
    const auto sample = [open](const Request&) { return json_response(open->sample); };
    return {{"GET", "/api/v1/rules", {}, rules},
            {"GET", "/api/v1/format", {}, format},
            {"GET", "/api/v1/format/sample", {}, sample}};
}

}  // namespace

OpenReads read_open_documents(const std::string& docs_dir, const std::string& schemas_dir) {
    OpenReads open;
    open.format_document =
        file_text(docs_dir + "/data-format.md") + "\n" + file_text(docs_dir + "/rules.md");
    open.sample = file_text(schemas_dir + "/submission/v1/sample.json");
    return open;
}

std::vector<Route> read_routes(rpc::Queries& queries, const domain::RegistrySource& registry,
                               OpenReads open, const PendingReceipts* pending) {
    const auto shared = std::make_shared<const OpenReads>(std::move(open));
    const auto reader = std::make_shared<const Reader>(queries, registry, shared->now, pending);
    auto routes = open_routes(registry, shared);
    const auto add = [&](const char* pattern, Right right,
                         Response (Reader::*read)(const Request&) const) {
        routes.push_back({"GET", std::string("/api/v1") + pattern, with(right),
                          at_edge([reader, read](const Request& request) {
                              return (reader.get()->*read)(request);
                          })});
    };
    add("/submissions", Right::read_submissions, &Reader::submissions);
    add("/submissions/{id}", Right::read_submissions, &Reader::submission);
    add("/submissions/{id}/findings", Right::read_submissions, &Reader::findings);
    add("/submissions/{id}/groups", Right::read_submissions, &Reader::groups);
    add("/findings", Right::read_submissions, &Reader::finding_history);
    add("/statistics/monthly", Right::read_statistics, &Reader::monthly);
    add("/statistics/by-type", Right::read_statistics, &Reader::by_type);
    add("/summary", Right::read_statistics, &Reader::summary);
    add("/unmatched", Right::read_unmatched, &Reader::unmatched);
    add("/reporting-rates", Right::read_rates, &Reader::rates);
    add("/reporting-rates/agencies", Right::read_rates, &Reader::rate_agencies);
    add("/agencies", Right::read_agencies, &Reader::agencies);
    add("/notices", Right::read_submissions, &Reader::notices);
    add("/table19/loads/{id}", Right::read_table19_loads, &Reader::table19_load);
    return routes;
}

}  // namespace chaiqin::gateway
