#include "gateway/http_api/submissions.hpp"

#include <algorithm>

#include "checking/findings/check_answer.hpp"
#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/http/refusal.hpp"
#include "gateway/http_api/refusals.hpp"
#include "identity/access.hpp"

namespace chaiqin::gateway {

using boost::asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr auto check_within = std::chrono::seconds(30);

/// For all files of a request together.
constexpr auto compare_within = std::chrono::seconds(5);
const ProblemWord bad_compare{"compare：應為 true 或 false", "compare must be true or false"};

/// Absent is false. Empty if it is neither true nor false.
std::optional<bool> compare_wanted(const Request& request) {
    const auto value = request.parameter("compare").value_or("");
    if (value.empty() || value == "false") return false;
    if (value == "true") return true;
    return std::nullopt;
}

bool is_form(const Request& request) {
    return lower_case(request.header("content-type")).starts_with("multipart/");
}

UploadHead upload_head(const Request& request) {
    UploadHead head{request.header("content-type"), request.header("content-encoding"), {}};
    if (request.headers.contains("x-file-name")) head.file_name = request.header("x-file-name");
    return head;
}

/// W3C Trace Context: 00-<32 hex>-<16 hex>-<2 hex>; a bad or missing one begins a trace here.
std::string trace_parent(const Request& request) {
    const auto sent = request.header("traceparent");
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

void write_file(wire::JsonWriter& json, const AnsweredFile& file) {
    json.begin_object().member("file_name", file.file_name);
    switch (file.fate) {
        case FileFate::accepted:
            json.member("outcome", "accepted").member("replayed", file.replayed);
            json.key("receipt").raw(file.receipt_json).member("receipt_jws", file.receipt_jws);
            break;
        case FileFate::refused:
            json.member("outcome", "refused").key("problem");
            write_problem(json, problem_of(*file.refusal));
            break;
        case FileFate::unavailable:
            json.member("outcome", "unavailable");
            break;
        case FileFate::unknown:
            json.member("outcome", "unknown");
            break;
    }
    json.end_object();
}

class Sending {
public:
    explicit Sending(SendingParts parts) : parts_(std::move(parts)) {}

    awaitable<Response> submit(const Request& request, Body& body) {
        if (auto refused = not_now(Limit::files, request)) co_return std::move(*refused);
        Sender sender{request.acting_agency, request.caller.sub,
                      request.caller.name,   request.caller.client_kind,
                      trace_parent(request), {},
                      is_form(request)};
        if (const auto key = request.headers.find("idempotency-key");
            key != request.headers.end()) {
            if (!is_idempotency_key(key->second))
                co_return answer_with(Problem::bad_idempotency_key);
            sender.idempotency_key = key->second;
        }
        auto head = upload_head(request);
        auto read =
            co_await read_upload(std::move(head), body, parts_.budget, UploadUse::submission);
        if (const auto* refusal = std::get_if<UploadRefusal>(&read))
            co_return answer_with(problem_of(*refusal));
        auto& files = std::get<std::vector<UploadedFile>>(read);
        parts_.shares.take_more(Limit::files, request.acting_agency, files.size() - 1);
        const auto answered = co_await parts_.accepting.accept(std::move(sender), std::move(files));
        co_return submissions_answer(answered);
    }

    awaitable<Response> check(const Request& request, Body& body) {
        if (auto refused = not_now(Limit::checks, request)) co_return std::move(*refused);
        const auto compares = compare_wanted(request);
        if (!compares) co_return answer_with(Problem::bad_parameter, {bad_compare});
        auto head = upload_head(request);
        auto read = co_await read_upload(std::move(head), body, parts_.budget, UploadUse::check);
        if (const auto* refusal = std::get_if<UploadRefusal>(&read))
            co_return answer_with(problem_of(*refusal));
        const auto files = std::make_shared<std::vector<UploadedFile>>(
            std::move(std::get<std::vector<UploadedFile>>(read)));
        parts_.shares.take_more(Limit::checks, request.acting_agency, files->size() - 1);
        const bool no_room = std::any_of(files->begin(), files->end(),
                                         [](const UploadedFile& file) { return file.has_no_room; });
        if (no_room) co_return answer_with(Problem::checks_busy);
        if (!*compares) {
            auto job = [this, files, agency = request.acting_agency] {
                return answer_of(check_files(*files, agency, false));
            };
            auto answer = co_await parts_.check_workers.run(
                std::move(job), steady_clock::now() + check_within, request.acting_agency);
            if (!answer) co_return answer_with(Problem::checks_busy);
            co_return std::move(*answer);
        }
        auto answer = co_await check_and_compare(files, request);
        co_return answer;
    }

private:
    using Files = std::shared_ptr<std::vector<UploadedFile>>;
    using Checked = std::vector<checking::CheckedFile>;

    /// Checks on a check worker, and asks what is stored on a reader: a slow database takes no
    /// time of other checks.
    awaitable<Response> check_and_compare(Files files, const Request& request) {
        auto check_job = [this, files, agency = request.acting_agency] {
            return std::make_shared<Checked>(check_files(*files, agency, true));
        };
        const auto checked = co_await parts_.check_workers.run(
            std::move(check_job), steady_clock::now() + check_within, request.acting_agency);
        if (!checked) co_return answer_with(Problem::checks_busy);
        auto compare_job = [this, files, checked = *checked,
                            asker = rpc::Asker{request.bearer, request.acting_agency,
                                               steady_clock::now() + compare_within}] {
            return compared(*files, *checked, asker);
        };
        auto answer = co_await parts_.readers.run(
            std::move(compare_job), steady_clock::now() + compare_within + compare_within,
            request.acting_agency);
        if (!answer) co_return answer_with(Problem::unavailable);
        if (answer->status == 200 && request.acting_agency != request.caller.agency)
            answer->audit = AuditNote{.action = "compare files",
                                      .object = "stored records of " + request.acting_agency};
        co_return std::move(*answer);
    }

    /// Takes one file of the agency's share, before the body is read; the answer if there is none
    /// left. The other files of a form are a debt.
    std::optional<Response> not_now(Limit limit, const Request& request) {
        if (request.acting_agency.empty()) return answer_with(Problem::no_agency_in_token);
        const auto reached = parts_.shares.take(limit, request.acting_agency, steady_clock::now());
        if (reached) return answer_with(*reached);
        return std::nullopt;
    }

    /// On a check worker. Nothing of the content is kept, queued or logged.
    Checked check_files(const std::vector<UploadedFile>& files, const std::string& agency,
                        bool compares) const {
        if (compares && parts_.comparing.hasher() == nullptr)
            throw domain::TransientFailure("token.key and hash.key are not in keys_dir");
        const auto registry = parts_.registry.current();
        if (registry->rules.rules().empty())
            throw domain::TransientFailure("no rules are loaded yet: chaiqin migrate");
        const auto now = parts_.clock.now();
        Checked checked;
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
            if (compares) request.hasher = parts_.comparing.hasher();
            checked.push_back({file.name, checking::check_file(request)});
        }
        return checked;
    }

    static Response answer_of(const Checked& checked) {
        Response response;
        response.body = checking::check_answer(checked);
        return response;
    }

    /// On a reader.
    Response compared(const std::vector<UploadedFile>& files, Checked& checked,
                      const rpc::Asker& asker) const {
        try {
            for (std::size_t i = 0; i < checked.size(); ++i)
                checked[i].comparison =
                    parts_.comparing.comparison(asker, files[i].bytes, checked[i].result);
        } catch (const rpc::Refused& why) {
            return answer_with(why);
        }
        return answer_of(checked);
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

Response submissions_answer(const std::vector<AnsweredFile>& files) {
    const auto has = [&](FileFate fate) {
        return std::any_of(files.begin(), files.end(),
                           [&](const auto& file) { return file.fate == fate; });
    };
    const auto write_files = [&](wire::JsonWriter& json) {
        json.key("files").begin_array();
        for (const auto& file : files) write_file(json, file);
        json.end_array();
    };
    if (has(FileFate::unavailable) || has(FileFate::unknown))
        return answer_with(Problem::not_all_files_accepted, {}, write_files);
    if (!has(FileFate::accepted))
        return answer_with(problem_of(*files.front().refusal), {}, write_files);
    wire::JsonWriter json;
    json.begin_object();
    write_files(json);
    json.end_object();
    Response response;
    response.status = 202;
    response.body = json.take();
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
