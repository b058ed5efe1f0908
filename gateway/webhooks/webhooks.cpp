#include "gateway/webhooks/webhooks.hpp"

#include <memory>

#include "crypto/keyed_hash.hpp"
#include "crypto/webhook_signature.hpp"
#include "domain/uuid.hpp"
#include "gateway/http/json_body.hpp"
#include "gateway/http/path_id.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/http/whole_body.hpp"
#include "gateway/webhooks/webhook_json.hpp"
#include "identity/access.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::gateway {

using boost::asio::awaitable;
using domain::OwnedWebhook;
using domain::WebhookChange;
using std::chrono::steady_clock;

namespace {

constexpr std::uint64_t most_body_bytes = 16 * 1024;
/// Resolving the host is part of it.
constexpr auto written_within = std::chrono::seconds(10);
constexpr auto previous_secret_signs = std::chrono::hours(24);
constexpr std::string_view list_path = "/api/v1/webhooks", one_path = "/api/v1/webhooks/{id}",
                           rotate_path = "/api/v1/webhooks/{id}/rotate",
                           test_path = "/api/v1/webhooks/{id}/test",
                           retry_path = "/api/v1/webhooks/{id}/deliveries/{n}/retry";

Response nothing() {
    return answer_with(Problem::nothing_found,
                       {{"查無 Webhook 或傳送紀錄", "There is no such webhook or delivery"}});
}

Response answer(int status, std::string body, const char* action, const std::string& object) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    response.audit = AuditNote{action, object};
    return response;
}

std::string number_json(std::int64_t n) {
    wire::JsonWriter json;
    return json.begin_object().member("n", n).end_object().take();
}

/// Empty if the path names no id.
std::optional<OwnedWebhook> named_by(const Request& request) {
    auto id = domain::canonical_uuid(request.captures.at(0));
    if (id.empty()) return std::nullopt;
    return OwnedWebhook{request.acting_agency, std::move(id)};
}

class Webhooks {
public:
    explicit Webhooks(const WebhookParts& parts) : parts_(parts) {}

    Response remove(const Request& request) const {
        const auto of = named_by(request);
        if (!of || !parts_.store.remove(*of)) return nothing();
        return answer(204, "", "delete webhook", "webhook " + of->id);
    }

    Response rotate(const Request& request) const {
        const auto of = named_by(request);
        if (!of) return nothing();
        const auto secret = crypto::make_webhook_secret();
        if (!parts_.store.rotate(*of, sealed(*of, secret), parts_.now() + previous_secret_signs))
            return nothing();
        wire::JsonWriter json;
        json.begin_object().member("secret", crypto::webhook_secret_text(secret)).end_object();
        return answer(200, json.take(), "rotate webhook secret", "webhook " + of->id);
    }

    Response test(const Request& request) const {
        const auto of = named_by(request);
        if (!of) return nothing();
        wire::JsonWriter data;
        data.begin_object().member("agency", of->agency).member("webhook", of->id).end_object();
        const auto now = parts_.now();
        const auto body = domain::webhook_body(domain::webhook_test_event, now, data.take());
        const auto n = parts_.store.add_test(*of, body, now);
        if (!n) return nothing();
        return answer(202, number_json(*n), "test webhook", "webhook " + of->id);
    }

    Response retry(const Request& request) const {
        const auto of = named_by(request);
        const auto n = parse_id(request.captures.at(1));
        if (!of || !n || !parts_.store.retry(*of, *n, parts_.now())) return nothing();
        return answer(202, number_json(*n), "retry webhook delivery",
                      "webhook " + of->id + " delivery " + std::to_string(*n));
    }

    /// POST without an id, PATCH with one.
    awaitable<Response> write(const Request& request, Body& body) const {
        if (!sends_json(request)) co_return answer_with(Problem::no_json);
        const bool is_new = request.captures.empty();
        auto of =
            is_new ? OwnedWebhook{request.acting_agency, crypto::random_uuid()} : named_by(request);
        if (!of) co_return nothing();
        const auto sent = co_await whole_body(body);
        auto parsed = parse_webhook(sent, is_new);
        if (const auto* wrong = std::get_if<WrongWebhook>(&parsed))
            co_return answer_with(Problem::bad_member, {{wrong->zh, wrong->en}});
        auto job = [this, is_new, of = std::move(*of),
                    change = std::get<WebhookChange>(std::move(parsed))] {
            return written(is_new, of, change);
        };
        auto response =
            co_await parts_.workers.run(std::move(job), steady_clock::now() + written_within);
        if (!response) co_return answer_with(Problem::unavailable);
        co_return std::move(*response);
    }

private:
    std::string sealed(const OwnedWebhook& of, const std::string& secret) const {
        return parts_.sealer.seal(secret, of.agency, of.id);
    }

    Response written(bool is_new, const OwnedWebhook& of, const WebhookChange& change) const {
        if (change.url)
            if (const auto refused = parts_.refuse_receiver(*change.url))
                return answer_with(Problem::bad_member, {{refused->zh, refused->en}});
        if (is_new) return added(of, change);
        const auto webhook = parts_.store.change(of, change, parts_.now());
        if (!webhook) return nothing();
        return answer(200, webhook_json(*webhook), "change webhook", "webhook " + of.id);
    }

    Response added(const OwnedWebhook& of, const WebhookChange& change) const {
        const auto secret = crypto::make_webhook_secret();
        const auto webhook = parts_.store.add({.id = of.id,
                                               .agency = of.agency,
                                               .url = change.url.value(),
                                               .events = change.events.value(),
                                               .state = {},
                                               .created_at = parts_.now()},
                                              sealed(of, secret));
        if (!webhook) return answer_with(Problem::webhooks_full);
        return answer(201, webhook_json(*webhook, crypto::webhook_secret_text(secret)),
                      "add webhook", "webhook " + of.id);
    }

    WebhookParts parts_;
};

bool may_manage(const identity::Caller& caller) {
    return identity::may(caller, identity::Right::manage_webhooks);
}

}  // namespace

std::vector<Route> webhook_routes(const WebhookParts& parts) {
    const auto all = std::make_shared<const Webhooks>(parts);
    const auto route = [&](const char* method, std::string_view pattern,
                           Response (Webhooks::*endpoint)(const Request&) const) {
        return Route{
            .method = method,
            .pattern = std::string(pattern),
            .allowed = may_manage,
            .endpoint = [all, endpoint](const Request& asked) { return (*all.*endpoint)(asked); },
            .within = written_within,
            .audit_first = true};
    };
    return {route("DELETE", one_path, &Webhooks::remove),
            route("POST", rotate_path, &Webhooks::rotate),
            route("POST", test_path, &Webhooks::test), route("POST", retry_path, &Webhooks::retry)};
}

std::vector<UploadRoute> webhook_upload_routes(const WebhookParts& parts) {
    const auto all = std::make_shared<const Webhooks>(parts);
    const auto route = [&](const char* method, std::string_view pattern) {
        return UploadRoute{
            .method = method,
            .pattern = std::string(pattern),
            .allowed = may_manage,
            .limits = {.most_bytes = most_body_bytes,
                       .whole = std::chrono::seconds(30),
                       .least_bytes_per_s = 1024},
            .endpoint = [all](const Request& asked, Body& body) { return all->write(asked, body); },
            .audit_first = true};
    };
    return {route("POST", list_path), route("PATCH", one_path)};
}

}  // namespace chaiqin::gateway
