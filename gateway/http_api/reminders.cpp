#include "gateway/http_api/reminders.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "chaiqin/query/v1/query.pb.h"
#include "gateway/http/json_body.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/http/refusal.hpp"
#include "gateway/http/whole_body.hpp"
#include "identity/access.hpp"
#include "rpc/read_methods.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::gateway {

namespace {

namespace pb = query::v1;
using boost::asio::awaitable;
using std::chrono::steady_clock;

constexpr std::size_t most_agencies = 1000;
constexpr std::uint64_t most_bytes = 64 * 1024;
constexpr auto asked_within = std::chrono::milliseconds(1400);
constexpr auto written_within = std::chrono::seconds(5);
/// In an audit line.
constexpr std::size_t most_named = 20;

struct Wanted {
    domain::Month month = 0;
    /// In the order sent, each once.
    std::vector<std::string> agencies;
};

std::optional<Wanted> parse(const std::string& sent) {
    const auto body = JsonBody::parse(sent);
    if (!body) return std::nullopt;
    const auto month = domain::parse_iso_month(body->text("month").value_or(""));
    auto agencies = body->texts("agencies");
    if (!month || !agencies || agencies->empty() || agencies->size() > most_agencies)
        return std::nullopt;
    Wanted wanted{.month = *month, .agencies = {}};
    std::set<std::string> seen;
    for (auto& agency : *agencies)
        if (seen.insert(agency).second) wanted.agencies.push_back(std::move(agency));
    return wanted;
}

/// Why an agency is not reminded; "" if it is.
std::string_view reason_of(pb::FilingStatus status) {
    switch (status) {
        case pb::FILING_STATUS_MISSING:
        case pb::FILING_STATUS_DUE:
            return "";
        case pb::FILING_STATUS_REPORTED:
        case pb::FILING_STATUS_ZERO:
            return "reported";
        case pb::FILING_STATUS_EXEMPT:
            return "exempt";
        case pb::FILING_STATUS_NOT_DUE:
            return "not_due";
        default:
            return "not_obliged";
    }
}

class Reminders {
public:
    explicit Reminders(const ReminderParts& parts) : parts_(parts) {}

    awaitable<Response> send(const Request& request, Body& body) const {
        if (!sends_json(request)) co_return answer_with(Problem::no_json);
        auto wanted = parse(co_await whole_body(body));
        if (!wanted)
            co_return answer_with(
                Problem::bad_member,
                {{"需要 month（例如 2026-10）與 agencies（1 至 1,000 個機關代碼）",
                  "month (like 2026-10) and agencies (1 to 1,000 codes) are needed"}});
        auto job = [this, bearer = request.bearer, sender = request.acting_agency,
                    wanted = std::move(*wanted)] {
            try {
                return sent(bearer, sender, wanted);
            } catch (const rpc::Refused& why) {
                return answer_with(why);
            }
        };
        auto answer =
            co_await parts_.workers.run(std::move(job), steady_clock::now() + written_within);
        if (!answer) co_return answer_with(Problem::unavailable);
        co_return std::move(*answer);
    }

private:
    std::map<std::string, pb::FilingStatus> statuses(const std::string& bearer,
                                                     const std::string& sender,
                                                     const Wanted& wanted) const {
        pb::ListFilingsRequest question;
        question.set_month(wanted.month);
        for (const auto& agency : wanted.agencies) question.add_agencies(agency);
        const auto answer =
            parts_.questions.ask({bearer, sender, steady_clock::now() + asked_within},
                                 *rpc::read_with<pb::ListFilingsResponse>().method, question);
        std::map<std::string, pb::FilingStatus> found;
        for (const auto& filing : dynamic_cast<const pb::ListFilingsResponse&>(*answer).filings())
            found[filing.agency()] = filing.status();
        return found;
    }

    Response sent(const std::string& bearer, const std::string& sender,
                  const Wanted& wanted) const {
        const auto found = statuses(bearer, sender, wanted);
        std::vector<std::string> due;
        std::vector<std::pair<std::string, std::string_view>> skipped;
        for (const auto& agency : wanted.agencies) {
            const auto status = found.find(agency);
            const auto reason = status == found.end() ? std::string_view("not_yours")
                                : wanted.month < parts_.first_month
                                    ? std::string_view("not_obliged")
                                    : reason_of(status->second);
            if (reason.empty())
                due.push_back(agency);
            else
                skipped.emplace_back(agency, reason);
        }
        const auto reminded = due.empty()
                                  ? std::vector<std::string>()
                                  : parts_.store.remind(due, wanted.month, sender, parts_.now());
        for (const auto& agency : due)
            if (std::find(reminded.begin(), reminded.end(), agency) == reminded.end())
                skipped.emplace_back(agency, "already_today");
        return answer_of(wanted.month, reminded, skipped);
    }

    static Response answer_of(
        domain::Month month, const std::vector<std::string>& reminded,
        const std::vector<std::pair<std::string, std::string_view>>& skipped) {
        wire::JsonWriter json;
        json.begin_object().key("sent").begin_array();
        for (const auto& agency : reminded) json.value(agency);
        json.end_array().key("skipped").begin_array();
        for (const auto& [agency, reason] : skipped)
            json.begin_object().member("agency", agency).member("reason", reason).end_object();
        Response response;
        response.body = json.end_array().end_object().take();
        if (!reminded.empty())
            response.audit =
                AuditNote{"send reminders", domain::iso_month(month) + " to " + named(reminded)};
        return response;
    }

    static std::string named(const std::vector<std::string>& agencies) {
        std::string names;
        for (std::size_t i = 0; i < std::min(agencies.size(), most_named); ++i)
            names += (i == 0 ? "" : ",") + agencies[i];
        if (agencies.size() > most_named)
            names += " and " + std::to_string(agencies.size() - most_named) + " more";
        return names;
    }

    ReminderParts parts_;
};

}  // namespace

std::vector<UploadRoute> reminder_routes(const ReminderParts& parts) {
    const auto reminders = std::make_shared<const Reminders>(parts);
    return {{.method = "POST",
             .pattern = "/api/v1/reminders",
             .allowed =
                 [](const identity::Caller& caller) {
                     return identity::may(caller, identity::Right::send_reminders);
                 },
             .limits = {.most_bytes = most_bytes,
                        .whole = std::chrono::seconds(30),
                        .least_bytes_per_s = 1024},
             .endpoint = [reminders](const Request& request,
                                     Body& body) { return reminders->send(request, body); },
             .audit_first = true}};
}

}  // namespace chaiqin::gateway
