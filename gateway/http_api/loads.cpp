#include "gateway/http_api/loads.hpp"

#include "crypto/keyed_hash.hpp"
#include "domain/failure.hpp"
#include "gateway/http/header_value.hpp"
#include "identity/access.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::gateway {

using boost::asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr std::uint64_t most_table19_bytes = 512u << 20;
constexpr std::uint64_t most_registry_bytes = 32u << 20;
constexpr std::size_t most_rejected_listed = 1000, most_changes_listed = 1000;
/// How long PostgreSQL is asked again while it is away: an answer comes within a second.
constexpr auto asked_again_for = std::chrono::milliseconds(600);
constexpr auto read_within = std::chrono::milliseconds(900);
/// While it is only slow.
constexpr auto upload_row_within = std::chrono::seconds(10);
constexpr auto registry_within = std::chrono::seconds(60);

/// The 415 if the body is no plain CSV.
std::optional<Response> no_csv(const Request& request) {
    const auto type = parse_header_value(request.header("content-type"));
    const auto encoding = lower_case(request.header("content-encoding"));
    if (type && type->value == "text/csv" && (encoding.empty() || encoding == "identity"))
        return std::nullopt;
    return answer_with(Problem::no_csv);
}

/// Absent is false. Empty if it is neither true nor false.
std::optional<bool> flag(const Request& request, std::string_view name) {
    const auto value = request.parameter(name).value_or("false");
    if (value == "true") return true;
    if (value == "false") return false;
    return std::nullopt;
}

void write_counts(wire::JsonWriter& json, const domain::RegistryLoadPlan& plan) {
    json.member("rows", plan.rows)
        .member("added", plan.added)
        .member("changed", plan.changed)
        .member("unchanged", plan.unchanged)
        .member("rejected_count", plan.rejected.size());
}

void write_rejected(wire::JsonWriter& json, const std::vector<domain::RejectedUpload>& rejected) {
    json.key("rejected").begin_array();
    for (std::size_t i = 0; i < std::min(rejected.size(), most_rejected_listed); ++i)
        json.begin_object()
            .member("line", rejected[i].line)
            .member("reason", rejected[i].reason)
            .end_object();
    json.end_array();
}

/// null for "".
void write_text(wire::JsonWriter& json, std::string_view name, const std::string& text) {
    json.key(name);
    text.empty() ? json.null() : json.value(text);
}

void write_day(wire::JsonWriter& json, std::string_view name, std::optional<domain::Day> day) {
    json.key(name);
    day ? json.value(domain::iso_day(*day)) : json.null();
}

void write_version(wire::JsonWriter& json, const domain::AgencyVersion& version) {
    json.begin_object();
    write_day(json, "effective_on", version.effective_on);
    write_text(json, "name", version.name);
    write_text(json, "supervising_agency", version.supervising_agency);
    write_day(json, "established_on", version.established_on);
    write_day(json, "abolished_on", version.abolished_on);
    write_text(json, "successor", version.successor);
    write_day(json, "exempt_from", version.exempt_from);
    write_day(json, "exempt_to", version.exempt_to);
    write_text(json, "contact_email", version.contact_email);
    json.end_object();
}

/// What each version would take the place of: the one that is in force from its day on.
void write_changes(wire::JsonWriter& json, const domain::RegistryLoadPlan& plan,
                   const domain::AgencyRegistry& before) {
    json.key("changes").begin_array();
    for (std::size_t i = 0; i < std::min(plan.changes.size(), most_changes_listed); ++i) {
        const auto& [code, version] = plan.changes[i];
        const auto* stands = before.as_of(code, version.effective_on);
        json.begin_object()
            .member("agency", code)
            .member("change", stands ? "changed" : "added")
            .key("before");
        stands ? write_version(json, *stands) : void(json.null());
        json.key("after");
        write_version(json, version);
        json.end_object();
    }
    json.end_array();
}

/// Nothing is applied, so nothing needs a confirmation.
Response tried_registry_answer(const domain::RegistryLoadPlan& plan,
                               const domain::AgencyRegistry& before) {
    wire::JsonWriter json;
    json.begin_object();
    write_counts(json, plan);
    write_rejected(json, plan.rejected);
    write_changes(json, plan, before);
    Response response;
    response.body = json.end_object().take();
    response.audit = AuditNote{"try registry load", std::to_string(plan.rows) + " rows"};
    return response;
}

Response registry_answer(const domain::RegistryLoadPlan& plan, bool confirmed) {
    Response response;
    if (plan.needs_confirmation && !confirmed) {
        response = answer_with(Problem::confirmation_needed, {},
                               [&](wire::JsonWriter& json) { write_counts(json, plan); });
    } else {
        wire::JsonWriter json;
        json.begin_object();
        write_counts(json, plan);
        write_rejected(json, plan.rejected);
        json.end_object();
        response.body = json.take();
    }
    response.audit = AuditNote{"load registry", std::to_string(plan.rows) + " rows"};
    return response;
}

class Loads {
public:
    explicit Loads(LoadParts parts) : parts_(std::move(parts)) {}

    awaitable<Response> load_table19(const Request& request, Body& body) {
        if (auto wrong = no_csv(request)) co_return std::move(*wrong);
        domain::CareerUpload upload;
        const auto mode = domain::parse_load_mode(request.parameter("mode").value_or(""));
        upload.authority = request.parameter("authority").value_or("");
        const auto force = flag(request, "force");
        if (!mode || upload.authority.empty() || !force)
            co_return answer_with(Problem::bad_table19_parameters);
        upload.mode = *mode;
        upload.force = *force;
        if (!identity::may_load_authority(request.caller, upload.authority))
            co_return answer_with(Problem::unknown_authority);
        if (upload.force && !identity::may(request.caller, identity::Right::force_table19))
            co_return answer_with(Problem::force_not_allowed);
        // A std::function made inside a co_await expression is destroyed twice by gcc 12; so it has
        // a name.
        std::function<bool(domain::IntakeStore&)> knows =
            [authority = upload.authority](domain::IntakeStore& store) {
                return store.knows_agency(authority);
            };
        const auto known = co_await ask<bool>(std::move(knows), read_within);
        if (!known) co_return answer_with(Problem::unavailable);
        if (!*known) co_return answer_with(Problem::unknown_authority);
        upload.load_id = crypto::random_uuid();
        upload.received_at = parts_.clock.now();
        auto response = co_await stream(std::move(upload), body);
        co_return response;
    }

    awaitable<Response> load_registry(const Request& request, Body& body) {
        if (auto wrong = no_csv(request)) co_return std::move(*wrong);
        const auto confirmed = flag(request, "confirm");
        if (!confirmed) co_return answer_with(Problem::bad_confirm);
        const auto tries = flag(request, "dry_run");
        if (!tries)
            co_return answer_with(Problem::bad_parameter, {{"dry_run 僅可為 true 或 false",
                                                            "dry_run may only be true or false"}});
        const auto csv = std::make_shared<std::string>();
        MemoryBudget::Share share(parts_.budget);
        for (;;) {
            const auto piece = co_await body.next();
            if (piece.empty()) break;
            if (!share.try_grow(piece.size())) co_return answer_with(Problem::too_many_uploads);
            *csv += piece;
        }
        auto job = [this, csv, today = domain::taipei_day(parts_.clock.now()), confirm = *confirmed,
                    tries = *tries]() -> Response {
            const auto read = wire::parse_agency_rows(*csv);
            if (const auto* fault = std::get_if<wire::TableFault>(&read))
                return answer_with(Problem::bad_csv, {{fault->zh(), fault->en()}});
            const auto& rows = std::get<domain::AgencyUploads>(read);
            if (tries) {
                const auto registry = parts_.registry.newest();
                return tried_registry_answer(
                    domain::plan_registry_load(rows, registry->agencies, today),
                    registry->agencies);
            }
            return registry_answer(parts_.load_agencies(rows, today, confirm), confirm);
        };
        auto answer = co_await parts_.database_workers.run(std::move(job),
                                                           steady_clock::now() + registry_within);
        if (!answer) co_return answer_with(Problem::registry_load_unknown);
        co_return std::move(*answer);
    }

private:
    awaitable<Response> stream(domain::CareerUpload upload, Body& body) {
        domain::CareerChunk head;
        head.load_id = upload.load_id;
        head.authority = upload.authority;
        head.mode = upload.mode;
        head.force = upload.force;
        head.received_at = upload.received_at;
        CareerUploadStream chunks(parts_.career, std::move(head));
        for (;;) {
            const auto piece = co_await body.next();
            if (piece.empty()) break;
            co_await chunks.add(piece);
        }
        if (chunks.total_bytes() == 0) co_return answer_with(Problem::empty_csv);
        co_await chunks.finish();
        upload.size_bytes = chunks.total_bytes();
        std::function<bool(domain::IntakeStore&)> add_row = [upload](domain::IntakeStore& store) {
            store.add_career_upload(upload);
            return true;
        };
        const auto added = co_await ask<bool>(std::move(add_row), upload_row_within);
        if (!added) co_return answer_with(Problem::load_not_entered);
        Response response;
        response.status = 202;
        wire::JsonWriter json;
        json.begin_object().member("load_id", upload.load_id).end_object();
        response.body = json.take();
        response.audit = AuditNote{"load table19", upload.authority + " " + upload.load_id};
        co_return response;
    }

    /// A call of the store on a database worker, repeated for a while if PostgreSQL is away. Empty
    /// if it was not done.
    template <class Result>
    awaitable<std::optional<Result>> ask(std::function<Result(domain::IntakeStore&)> call,
                                         std::chrono::milliseconds time) {
        const auto begun = steady_clock::now();
        auto job = [this, call = std::move(call), begun]() -> std::optional<Result> {
            do {
                try {
                    const std::lock_guard lock(store_mutex_);
                    return call(parts_.store);
                } catch (const domain::TransientFailure&) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(200));
                }
            } while (steady_clock::now() < begun + asked_again_for);
            return std::nullopt;
        };
        auto answer = co_await parts_.database_workers.run(std::move(job), begun + time);
        if (!answer) co_return std::nullopt;
        co_return std::move(*answer);
    }

    LoadParts parts_;
    std::mutex store_mutex_;
};

}  // namespace

std::vector<UploadRoute> load_routes(LoadParts parts) {
    const auto loads = std::make_shared<Loads>(std::move(parts));
    const auto may = [](identity::Right right) {
        return [right](const identity::Caller& caller) { return identity::may(caller, right); };
    };
    return {
        {"POST",
         "/api/v1/table19/loads",
         may(identity::Right::load_table19),
         {most_table19_bytes, std::chrono::seconds(0), 256 * 1024},
         [loads](const Request& request, Body& body) { return loads->load_table19(request, body); },
         true,
         Limit::loads},
        {"POST",
         "/api/v1/registry/agencies",
         may(identity::Right::load_registry),
         {most_registry_bytes, std::chrono::seconds(120), 8 * 1024},
         [loads](const Request& request, Body& body) {
             return loads->load_registry(request, body);
         },
         true,
         Limit::loads}};
}

}  // namespace chaiqin::gateway
