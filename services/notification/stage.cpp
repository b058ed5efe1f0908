#include "notification/stage.hpp"

#include <algorithm>

#include "domain/topics.hpp"
#include "notification/notice_text.hpp"
#include "notification/webhooks/event_data.hpp"
#include "runtime/metrics.hpp"
#include "wire/filing_changed.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::notification {

runtime::Applied NotificationStage::apply(runtime::StageContext& context,
                                          std::span<const runtime::Message> batch,
                                          runtime::Outbox&) {
    const auto registry = registry_.current();
    const auto today = domain::taipei_day(context.now);
    const auto about = [&](const std::string& agency) {
        const auto* version = registry->agencies.as_of(agency, today);
        return version ? std::pair(version->name, version->contact_email)
                       : std::pair(agency, std::string());
    };
    std::vector<domain::NewNotice> notices;
    Told told;
    for (const auto& message : batch) {
        if (message.topic == domain::topics::submission_updated) {
            const auto event = wire::decode_submission_updated(message.payload);
            const auto [name, recipient] = about(event.agency);
            notices.push_back(submission_notice(event, name, recipient, public_url_));
            told.submissions.push_back(event);
        } else {
            const auto event = wire::decode_filing_changed(message.payload);
            const auto [name, recipient] = about(event.agency);
            notices.push_back(deadline_notice(event, name, recipient, public_url_));
            notices.back().created_at = context.now;
            told.deadlines.push_back(event);
        }
    }
    store_.write(context.work, notices);
    tell_webhooks(context, told);
    runtime::metrics().add("chaiqin_stage_records_total", static_cast<double>(notices.size()));
    return runtime::Applied::done;
}

/// Most agencies have no webhook: then one statement finds that out.
void NotificationStage::tell_webhooks(runtime::StageContext& context, const Told& told) {
    std::vector<std::string> agencies, ids;
    for (const auto& event : told.submissions) agencies.push_back(event.agency);
    for (const auto& event : told.deadlines) agencies.push_back(event.agency);
    const auto listening = webhooks_.listening(context.work, agencies);
    if (listening.empty()) return;
    for (const auto& event : told.submissions)
        if (listening.contains(event.agency)) ids.push_back(event.submission_id);
    std::vector<domain::FinishedSubmission> known;
    if (!ids.empty()) known = webhooks_.finished(context.work, ids);
    std::vector<domain::WebhookEvent> events;
    for (const auto& event : told.submissions) {
        if (!listening.contains(event.agency)) continue;
        const auto found = std::ranges::find(known, event.submission_id,
                                             &domain::FinishedSubmission::submission_id);
        events.push_back(submission_finished(event, found == known.end() ? nullptr : &*found));
    }
    for (const auto& event : told.deadlines)
        if (listening.contains(event.agency)) events.push_back(deadline_event(event, context.now));
    webhooks_.add(context.work, events);
}

}  // namespace chaiqin::notification
