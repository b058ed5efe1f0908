#include "gateway/http_api/submissions.hpp"

#include <algorithm>

#include "checking/findings/check_answer.hpp"
#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/http_api/json_text.hpp"
#include "identity/access.hpp"

namespace chaiqin::gateway {

using boost::asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr auto check_within = std::chrono::seconds(30);

std::string header(const Request& request, const char* name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
}

bool is_form(const Request& request) {
    return lower_case(header(request, "content-type")).starts_with("multipart/");
}

/// W3C Trace Context: 00-<32 hex>-<16 hex>-<2 hex>; a bad or missing one begins a trace here.
std::string trace_parent(const Request& request) {
    const auto sent = header(request, "traceparent");
    const auto is_good = [](std::string_view text) {
        if (text.size() != 55) return false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            const bool dash = i == 2 || i == 35 || i == 52;
            if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
        }
        return true;
    };
    if (is_good(sent)) return sent;
    return "00-" + crypto::hex(crypto::random_bytes(16)) + "-" +
           crypto::hex(crypto::random_bytes(8)) + "-01";
}

std::string refused_object(const Refusal& refusal) {
    return problem_object(refusal.status, refusal.code, refusal.title, refusal.detail);
}

std::string outcome_object(const AcceptedFile& file) {
    JsonObject object;
    object.text("file_name", file.file_name);
    switch (file.outcome) {
        case Outcome::accepted:
            object.text("outcome", "accepted")
                .boolean("replayed", file.replayed)
                .raw("receipt", file.receipt_json);
            object.text("receipt_jws", file.receipt_jws);
            break;
        case Outcome::refused:
            object.text("outcome", "refused").raw("problem", refused_object(*file.refusal));
            break;
        case Outcome::unavailable:
            object.text("outcome", "unavailable");
            break;
        case Outcome::unknown:
            object.text("outcome", "unknown");
            break;
    }
    return std::move(object).done();
}

Response too_many() {
    return problem(429, "rate_limited", "傳送過於頻繁", "請依 Retry-After 所示秒數後再送。");
}

Response no_agency() {
    return problem(403, "forbidden", "權杖未載明機關", "請向機關管理者申請機關身分。");
}

class Sending {
public:
    explicit Sending(SendingParts parts) : parts_(std::move(parts)) {}

    awaitable<Response> submit(const Request& request, Body& body) {
        if (request.acting_agency.empty()) co_return no_agency();
        if (!parts_.rate_limit.try_take(request.acting_agency, steady_clock::now()))
            co_return too_many();
        Sender sender{request.acting_agency,
                      request.caller.sub,
                      request.caller.client_kind,
                      trace_parent(request),
                      {},
                      is_form(request)};
        if (const auto key = request.headers.find("idempotency-key");
            key != request.headers.end()) {
            if (!is_idempotency_key(key->second))
                co_return problem(400, "bad_request", "Idempotency-Key 格式不正確",
                                  "須為 1 至 64 個英數字或 _ . : - 字元。");
            sender.idempotency_key = key->second;
        }
        auto read = co_await read_upload(request, body, parts_.budget, UploadUse::submission);
        if (auto* wrong = std::get_if<Response>(&read)) co_return std::move(*wrong);
        auto& files = std::get<std::vector<UploadedFile>>(read);
        parts_.rate_limit.take_more(request.acting_agency, files.size() - 1);
        const auto outcomes = co_await parts_.accepting.accept(std::move(sender), std::move(files));
        co_return submissions_answer(outcomes);
    }

    awaitable<Response> check(const Request& request, Body& body) {
        if (request.acting_agency.empty()) co_return no_agency();
        if (!parts_.rate_limit.try_take(request.acting_agency, steady_clock::now()))
            co_return too_many();
        auto read = co_await read_upload(request, body, parts_.budget, UploadUse::check);
        if (auto* wrong = std::get_if<Response>(&read)) co_return std::move(*wrong);
        const auto files = std::make_shared<std::vector<UploadedFile>>(
            std::move(std::get<std::vector<UploadedFile>>(read)));
        const bool no_room = std::any_of(files->begin(), files->end(),
                                         [](const UploadedFile& file) { return file.has_no_room; });
        if (no_room) co_return busy();
        auto job = [this, files, agency = request.acting_agency] {
            return check_files(*files, agency);
        };
        const auto answer =
            co_await parts_.check_workers.run(std::move(job), steady_clock::now() + check_within);
        if (!answer) co_return busy();
        Response response;
        response.body = std::move(*answer);
        co_return response;
    }

private:
    static Response busy() {
        return problem(503, "unavailable", "檢核忙碌中", "請依 Retry-After 所示秒數後再試。");
    }

    /// On a worker. Nothing of the content is kept, queued or logged.
    std::string check_files(const std::vector<UploadedFile>& files,
                            const std::string& agency) const {
        const auto registry = parts_.registry.current();
        if (registry->rules.rules().empty())
            throw domain::TransientFailure("no rules are loaded yet: chaiqin migrate");
        const auto now = parts_.clock.now();
        std::vector<checking::CheckedFile> checked;
        for (const auto& file : files) {
            checking::CheckRequest request;
            request.file_name = file.name;
            request.bytes = file.bytes;
            request.registry = registry;
            request.acting_agency = agency;
            request.received_at = now;
            request.first_month = parts_.first_month;
            request.detail_cap_per_code = checking::check_detail_cap_per_code;
            request.detail_cap = checking::check_detail_cap;
            checked.push_back({file.name, checking::check_file(request)});
        }
        return checking::check_answer(checked);
    }

    SendingParts parts_;
};

}  // namespace

bool is_idempotency_key(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_' || c == '.' || c == ':' || c == '-';
    });
}

Response submissions_answer(const std::vector<AcceptedFile>& files) {
    const auto has = [&](Outcome outcome) {
        return std::any_of(files.begin(), files.end(),
                           [&](const auto& f) { return f.outcome == outcome; });
    };
    std::string list;
    for (const auto& file : files) list += (list.empty() ? "" : ",") + outcome_object(file);
    const auto members = "\"files\":[" + list + "]";
    if (has(Outcome::unavailable) || has(Outcome::unknown)) {
        auto response =
            problem(503, "unavailable", "暫時無法收件",
                    "unavailable 之檔案未收件，unknown 之檔案請以同一 Idempotency-Key 重送確認。");
        response.body = with_members(std::move(response.body), members);
        return response;
    }
    if (!has(Outcome::accepted)) {
        const auto& first = *files.front().refusal;
        auto response = problem(first.status, first.code, first.title, first.detail);
        response.body = with_members(std::move(response.body), members);
        return response;
    }
    Response response;
    response.status = 202;
    response.body = "{" + members + "}";
    return response;
}

std::vector<UploadRoute> sending_routes(SendingParts parts) {
    const auto sending = std::make_shared<Sending>(std::move(parts));
    const BodyLimits limits{most_upload_bytes, std::chrono::seconds(120), 8 * 1024};
    const auto may = [](identity::Right right) {
        return [right](const identity::Caller& caller) { return identity::may(caller, right); };
    };
    return {
        {"POST", "/api/v1/submissions", may(identity::Right::submit), limits,
         [sending](const Request& request, Body& body) { return sending->submit(request, body); }},
        {"POST", "/api/v1/checks", may(identity::Right::check), limits,
         [sending](const Request& request, Body& body) { return sending->check(request, body); }}};
}

}  // namespace chaiqin::gateway
