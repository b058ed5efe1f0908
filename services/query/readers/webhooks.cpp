// Webhooks of the agency acted for with their deliveries, and those of all agencies that fail.
#include <limits>

#include "domain/webhook.hpp"
#include "query/readers/readers.hpp"
#include "query/readers/webhooks.sql.hpp"
#include "query/refusals.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Row;

constexpr domain::Instant begin_of_time{};
constexpr const char* least_uuid = "00000000-0000-0000-0000-000000000000";

[[noreturn]] void refuse_unknown_webhook() {
    refuse_unknown("查無 Webhook", "there is no such webhook");
}

void write_webhook(const Row& row, pb::Webhook& to) {
    to.set_id(row.uuid("id"));
    to.set_url(row.string("url"));
    for (auto& event : row.text_array("events")) to.add_events(std::move(event));
    to.set_state(row.string("state"));
    to.set_created_at(rpc::microseconds(row.instant("created_at")));
    if (const auto at = row.optional_instant("last_success_at"))
        to.set_last_success_at(rpc::microseconds(*at));
    if (const auto since = row.optional_instant("failing_since"))
        to.set_failing_since(rpc::microseconds(*since));
}

void write_delivery(const Row& row, const std::string& webhook_id, pb::WebhookDelivery& to) {
    to.set_n(row.int8("n"));
    to.set_event(row.string("event"));
    to.set_webhook_id(domain::webhook_message_id(webhook_id, to.n()));
    to.set_state(row.string("state"));
    const auto at = row.int8_array("attempt_at"), status = row.int8_array("attempt_status");
    const auto error = row.text_array("attempt_error");
    for (std::size_t i = 0; i < at.size(); ++i) {
        auto& attempt = *to.add_attempts();
        attempt.set_at(at[i]);
        if (status.at(i) != 0) attempt.set_status(static_cast<std::int32_t>(status[i]));
        if (!error.at(i).empty()) attempt.set_error(error[i]);
    }
    if (const auto next = row.optional_instant("next_at")) to.set_next_at(rpc::microseconds(*next));
}

pb::ListWebhooksResponse own_webhooks(const Asking& asking, bool only_failing) {
    postgres::Params params;
    params.add(asking.sight.acting()).add(only_failing);
    pb::ListWebhooksResponse response;
    for (const auto row : asking.rows(sql::webhooks_of_agency, params))
        write_webhook(row, *response.add_webhooks());
    return response;
}

}  // namespace

pb::ListWebhooksResponse webhooks(const Asking& asking, const pb::ListWebhooksRequest& request) {
    const bool only_failing = request.state() == "failing";
    if (!request.state().empty() && !only_failing)
        refuse_bad("state：應為 failing", "state must be failing");
    ListFilters filters("webhooks");
    filters.add(request.state());
    const Page page(request, filters);
    if (!only_failing || !asking.sight.scope().everything) {
        if (!asking.sight.caller().has(identity::Role::agency_clerk)) refuse_without_role();
        return own_webhooks(asking, only_failing);
    }
    PageKeyReader behind(page.key());
    postgres::Params params;
    params.add(behind.instant(begin_of_time));
    params.add_uuid(behind.uuid(least_uuid));
    const auto rows = asking.rows(sql::failing_webhooks.with(page.rows_wanted()), params);
    pb::ListWebhooksResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        auto& webhook = *response.add_webhooks();
        write_webhook(rows[i], webhook);
        webhook.set_agency(rows[i].string("agency"));
        webhook.set_agency_name(
            asking.sight.index().name_on(webhook.agency(), asking.sight.today()));
    }
    response.set_next_page_token(page.next_token(rows, [](const Row& last) {
        return PageKey().add(last.instant("failing_since")).add(last.uuid("id"));
    }));
    response.set_others("all agencies");
    return response;
}

pb::GetWebhookResponse webhook(const Asking& asking, const pb::GetWebhookRequest& request) {
    const auto id = canonical_uuid(request.id());
    if (id.empty()) refuse_unknown_webhook();
    postgres::Params params;
    params.add(asking.sight.acting()).add_uuid(id);
    const auto rows = asking.rows(sql::one_webhook, params);
    if (rows.empty()) refuse_unknown_webhook();
    pb::GetWebhookResponse response;
    write_webhook(rows.only(), *response.mutable_webhook());
    return response;
}

pb::ListWebhookDeliveriesResponse webhook_deliveries(
    const Asking& asking, const pb::ListWebhookDeliveriesRequest& request) {
    const auto id = canonical_uuid(request.id());
    if (id.empty()) refuse_unknown_webhook();
    ListFilters filters("webhook deliveries");
    filters.add(id);
    const Page page(request, filters);
    postgres::Params params;
    params.add(asking.sight.acting()).add_uuid(id);
    params.add(PageKeyReader(page.key()).number(std::numeric_limits<std::int64_t>::max()));
    const auto rows = asking.rows(sql::webhook_deliveries.with(page.rows_wanted()), params);
    if (rows.empty()) refuse_unknown_webhook();
    pb::ListWebhookDeliveriesResponse response;
    for (int i = 0; i < page.shown(rows); ++i)
        if (!rows[i].is_null("n")) write_delivery(rows[i], id, *response.add_deliveries());
    response.set_next_page_token(
        page.next_token(rows, [](const Row& last) { return PageKey().add(last.int8("n")); }));
    return response;
}

}  // namespace chaiqin::query::readers
