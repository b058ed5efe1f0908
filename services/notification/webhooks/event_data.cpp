#include "notification/webhooks/event_data.hpp"

#include <array>

#include "crypto/feed_cursor.hpp"
#include "domain/submission_state.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::notification {

namespace {

constexpr std::array<std::string_view, 7> disposition_names{
    "invalid", "unchanged", "stale", "deletion", "superseded", "unmatched", "counted"};

/// A file that is rejected or that the tables do not know has none but those of the event.
std::vector<std::int64_t> dispositions_of(const domain::SubmissionUpdated& event,
                                          const domain::FinishedSubmission* known) {
    if (known && known->dispositions) return *known->dispositions;
    return {event.invalid, 0, 0, 0, 0, event.unmatched, event.counted};
}

}  // namespace

domain::WebhookEvent submission_finished(const domain::SubmissionUpdated& event,
                                         const domain::FinishedSubmission* known) {
    const std::string state(domain::state_name(event.version.state));
    wire::JsonWriter data;
    data.begin_object().member("submission_id", event.submission_id).member("agency", event.agency);
    if (known && known->data_month)
        data.member("data_month", domain::iso_month(*known->data_month));
    data.member("state", state).member("total", event.total).key("dispositions").begin_object();
    const auto dispositions = dispositions_of(event, known);
    for (std::size_t i = 0; i < disposition_names.size(); ++i)
        data.member(disposition_names.at(i), dispositions.at(i));
    data.end_object()
        .member("error_count", event.error_count)
        .member("warning_count", event.warning_count)
        .end_object();
    return {.agency = event.agency,
            .event = std::string(domain::submission_finished_event),
            .event_key = event.submission_id + "|" + state,
            .data = data.take(),
            .at = event.occurred_at};
}

domain::WebhookEvent deadline_event(const domain::FilingChanged& event, domain::Instant now) {
    const auto month = domain::iso_month(event.month);
    wire::JsonWriter data;
    data.begin_object()
        .member("agency", event.agency)
        .member("month", month)
        .member("deadline", domain::iso_day(event.deadline))
        .end_object();
    return {
        .agency = event.agency,
        .event = std::string(domain::is_after_deadline(event.kind) ? domain::deadline_passed_event
                                                                   : domain::deadline_near_event),
        .event_key =
            event.agency + "|" + month + "|" + std::string(domain::row_of(event.kind).name),
        .data = data.take(),
        .at = now};
}

domain::WebhookEvent findings_changed(const domain::RematchedFindings& changed,
                                      domain::Instant now) {
    wire::JsonWriter data;
    data.begin_object()
        .member("agency", changed.agency)
        .member("opened", changed.opened)
        .member("fixed", changed.fixed)
        .member("cursor", crypto::feed_cursor(changed.agency, changed.last_change_no))
        .end_object();
    return {.agency = changed.agency,
            .event = std::string(domain::findings_changed_event),
            .event_key = changed.agency + "|" + std::to_string(changed.last_change_no),
            .data = data.take(),
            .at = now};
}

}  // namespace chaiqin::notification
