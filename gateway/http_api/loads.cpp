#include "gateway/http_api/loads.hpp"

#include <simdjson.h>

#include "crypto/keyed_hash.hpp"
#include "domain/failure.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/http_api/json_text.hpp"
#include "identity/access.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::gateway {

using boost::asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr std::uint64_t most_table19_bytes = 512u << 20;
constexpr std::uint64_t most_registry_bytes = 32u << 20;
constexpr int most_uploads_at_once = 4;
constexpr std::size_t most_rejected_listed = 1000;
constexpr auto read_within = std::chrono::milliseconds(1500);
constexpr auto upload_row_within = std::chrono::seconds(10);
constexpr auto registry_within = std::chrono::seconds(60);

Response bad_request(std::string_view detail) {
    return problem(400, "bad_request", "請求格式不正確", detail);
}
Response away(std::string_view detail) {
    return problem(503, "unavailable", "服務暫時無法使用", detail);
}

/// The 415 if the body is no plain CSV.
std::optional<Response> no_csv(const Request& request) {
    const auto text = [&](const char* name) {
        const auto found = request.headers.find(name);
        return found == request.headers.end() ? std::string() : found->second;
    };
    const auto type = parse_header_value(text("content-type"));
    const auto encoding = lower_case(text("content-encoding"));
    if (type && type->value == "text/csv" && (encoding.empty() || encoding == "identity"))
        return std::nullopt;
    return problem(415, "unsupported_media_type", "不支援的內容格式",
                   "請以 Content-Type: text/csv 傳送，且勿壓縮。");
}

/// true, false, or nothing for anything else; absent is false.
std::optional<bool> flag(const Request& request, std::string_view name) {
    const auto value = request.parameter(name).value_or("false");
    if (value == "true") return true;
    if (value == "false") return false;
    return std::nullopt;
}

std::string rejected_list(const std::vector<domain::RejectedUpload>& rejected) {
    std::string list;
    for (std::size_t i = 0; i < std::min(rejected.size(), most_rejected_listed); ++i) {
        JsonObject one;
        one.number("line", static_cast<std::int64_t>(rejected[i].line))
            .text("reason", rejected[i].reason);
        list += (i == 0 ? "" : ",") + std::move(one).done();
    }
    return "[" + list + "]";
}

Response registry_answer(const domain::RegistryLoadPlan& plan, bool confirmed) {
    JsonObject counts;
    counts.number("rows", static_cast<std::int64_t>(plan.rows))
        .number("added", static_cast<std::int64_t>(plan.added));
    counts.number("changed", static_cast<std::int64_t>(plan.changed))
        .number("unchanged", static_cast<std::int64_t>(plan.unchanged));
    counts.number("rejected_count", static_cast<std::int64_t>(plan.rejected.size()));
    Response response;
    if (plan.needs_confirmation && !confirmed) {
        const auto members = std::move(counts).done();
        response = problem(409, "confirmation_needed", "變動超過 1% 之機關，尚未套用",
                           "請核對筆數後以 confirm=true 重送。");
        response.body = with_members(std::move(response.body),
                                     std::string_view(members).substr(1, members.size() - 2));
    } else {
        counts.raw("rejected", rejected_list(plan.rejected));
        response.body = std::move(counts).done();
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
        upload.mode = request.parameter("mode").value_or("");
        upload.authority = request.parameter("authority").value_or("");
        const auto force = flag(request, "force");
        if ((upload.mode != "snapshot" && upload.mode != "changes") || upload.authority.empty() ||
            !force)
            co_return bad_request(
                "須有 mode=snapshot 或 changes、authority=機關代碼，force 僅可為 true 或 false。");
        upload.force = *force;
        if (!identity::may_load_authority(request.caller, upload.authority))
            co_return no_such_authority();
        if (upload.force && !identity::may(request.caller, identity::Right::force_table19))
            co_return problem(403, "forbidden", "無此權限",
                              "僅系統管理者得以 force=true 強制載入。");
        // A std::function made inside a co_await expression is destroyed twice by gcc 12; so it has
        // a name.
        std::function<bool(domain::IntakeStore&)> knows =
            [authority = upload.authority](domain::IntakeStore& store) {
                return store.knows_agency(authority);
            };
        const auto known = co_await ask<bool>(std::move(knows), read_within);
        if (!known) co_return away("請依 Retry-After 所示秒數後再試。");
        if (!*known) co_return no_such_authority();
        if (uploads_ >= most_uploads_at_once) co_return away("目前上傳檔案過多，請稍後再試。");
        const Counted counted(uploads_);
        upload.load_id = crypto::random_uuid();
        upload.received_at = parts_.clock.now();
        auto response = co_await stream(std::move(upload), body);
        co_return response;
    }

    awaitable<Response> load_registry(const Request& request, Body& body) {
        if (auto wrong = no_csv(request)) co_return std::move(*wrong);
        const auto confirmed = flag(request, "confirm");
        if (!confirmed) co_return bad_request("confirm 僅可為 true 或 false。");
        const auto csv = std::make_shared<std::string>();
        MemoryBudget::Share share(parts_.budget);
        for (;;) {
            const auto piece = co_await body.next();
            if (piece.empty()) break;
            if (!share.try_grow(piece.size())) co_return away("目前上傳檔案過多，請稍後再試。");
            *csv += piece;
        }
        auto job = [this, csv, today = domain::taipei_day(parts_.clock.now()),
                    confirm = *confirmed]() -> Response {
            if (!simdjson::validate_utf8(csv->data(), csv->size()) ||
                csv->find('\0') != std::string::npos)
                return bad_request("CSV 須為 UTF-8。");
            return registry_answer(
                parts_.load_agencies(wire::parse_agency_rows(*csv), today, confirm), confirm);
        };
        auto answer = co_await parts_.database_workers.run(std::move(job),
                                                           steady_clock::now() + registry_within);
        if (!answer) co_return away("載入結果未知，請稍後查詢機關清單。");
        co_return std::move(*answer);
    }

private:
    struct Counted {
        explicit Counted(int& count) : count_(count) { ++count_; }
        ~Counted() { --count_; }
        int& count_;
    };

    static Response no_such_authority() {
        return problem(404, "not_found", "查無此機關", "請核對 authority 之機關代碼。");
    }

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
        if (chunks.total_bytes() == 0) co_return bad_request("CSV 無內容，第一列須為欄名。");
        co_await chunks.finish();
        upload.size_bytes = chunks.total_bytes();
        std::function<bool(domain::IntakeStore&)> add_row = [upload](domain::IntakeStore& store) {
            store.add_career_upload(upload);
            return true;
        };
        const auto added = co_await ask<bool>(std::move(add_row), upload_row_within);
        if (!added) co_return away("檔案已收但無法登錄，請重送（重複載入無妨）。");
        Response response;
        response.status = 202;
        response.body = std::move(JsonObject().text("load_id", upload.load_id)).done();
        response.audit = AuditNote{"load table19", upload.authority + " " + upload.load_id};
        co_return response;
    }

    /// A call of the store on a worker, repeated while PostgreSQL is away and there is time;
    /// nothing: it was not done.
    template <class Result>
    awaitable<std::optional<Result>> ask(std::function<Result(domain::IntakeStore&)> call,
                                         std::chrono::milliseconds time) {
        const auto deadline = steady_clock::now() + time;
        auto job = [this, call = std::move(call), deadline]() -> std::optional<Result> {
            do {
                try {
                    const std::lock_guard lock(store_mutex_);
                    return call(parts_.store);
                } catch (const domain::TransientFailure&) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(200));
                }
            } while (steady_clock::now() < deadline);
            return std::nullopt;
        };
        auto answer = co_await parts_.database_workers.run(std::move(job), deadline);
        if (!answer) co_return std::nullopt;
        co_return std::move(*answer);
    }

    LoadParts parts_;
    std::mutex store_mutex_;
    int uploads_ = 0;  // on the io thread
};

}  // namespace

std::vector<UploadRoute> load_routes(LoadParts parts) {
    const auto loads = std::make_shared<Loads>(std::move(parts));
    const auto may = [](identity::Right right) {
        return [right](const identity::Caller& caller) { return identity::may(caller, right); };
    };
    return {{"POST",
             "/api/v1/table19/loads",
             may(identity::Right::load_table19),
             {most_table19_bytes, std::chrono::seconds(0), 256 * 1024},
             [loads](const Request& request, Body& body) {
                 return loads->load_table19(request, body);
             }},
            {"POST",
             "/api/v1/registry/agencies",
             may(identity::Right::load_registry),
             {most_registry_bytes, std::chrono::seconds(120), 8 * 1024},
             [loads](const Request& request, Body& body) {
                 return loads->load_registry(request, body);
             }}};
}

}  // namespace chaiqin::gateway
