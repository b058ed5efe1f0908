#include "notification/stage.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "domain/topics.hpp"
#include "notification/webhooks/event_data.hpp"
#include "runtime/metrics.hpp"
#include "wire/filing_changed.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::notification {

using domain::NewNotice;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr std::int32_t partition_of_upkeep = 0;
constexpr steady_clock::duration looks_every = 500ms;
/// The feed takes at most a tenth of a core, however many files come in: they are counted first.
constexpr int rests_for_each = 9;
/// A re-match works in pieces; it is told as one when no piece has come for a while.
constexpr auto rematch_is_quiet_after = 10s;
constexpr auto rematch_is_told_after = 120s;

}  // namespace

runtime::Applied NotificationStage::apply(runtime::StageContext& context,
                                          std::span<const runtime::Message> batch,
                                          runtime::Outbox&) {
    // At least as new as what happened: an address that was loaded before a file is known.
    const auto registry = parts_.registry.newest();
    const auto today = domain::taipei_day(context.now);
    std::vector<NewNotice> notices;
    Happened happened;
    for (const auto& message : batch) {
        if (message.topic == domain::topics::submission_updated) {
            auto event = wire::decode_submission_updated(message.payload);
            const auto on = domain::taipei_day(event.occurred_at);
            notices.push_back(submission_notice(event, addressee(*registry, event.agency, on)));
            happened.submissions.push_back(std::move(event));
            continue;
        }
        auto event = wire::decode_filing_changed(message.payload);
        const auto to = addressee(*registry, event.agency, today);
        const bool is_digest = domain::row_of(event.kind).digest_due.has_value();
        notices.push_back(is_digest ? digest(event, to) : deadline_notice(event, to));
        notices.back().created_at = context.now;
        if (!is_digest) happened.deadlines.push_back(std::move(event));
    }
    tell(context, notices);
    tell_webhooks(context, happened);
    return runtime::Applied::done;
}

bool NotificationStage::wants_upkeep(std::int32_t partition, domain::Instant) {
    return partition == partition_of_upkeep && steady_clock::now() >= next_look_;
}

void NotificationStage::upkeep(runtime::StageContext& context, runtime::Outbox&) {
    const auto began = steady_clock::now();
    const bool is_behind = parts_.feed.advance(context.work, context.now);
    const auto took = steady_clock::now() - began;
    tell_reminders(context);
    tell_rematched(context);
    next_look_ = steady_clock::now() + (is_behind ? rests_for_each * took : looks_every);
}

void NotificationStage::tell_reminders(runtime::StageContext& context) {
    const auto reminders = parts_.reminders.take(context.work);
    if (reminders.empty()) return;
    const auto registry = parts_.registry.newest();
    const auto today = domain::taipei_day(context.now);
    std::vector<NewNotice> notices;
    for (const auto& reminder : reminders)
        notices.push_back(reminder_notice(reminder, registry->calendar.deadline(reminder.month),
                                          addressee(*registry, reminder.sent_by, today).name,
                                          addressee(*registry, reminder.agency, today)));
    tell(context, notices);
}

void NotificationStage::tell_rematched(runtime::StageContext& context) {
    Happened happened;
    happened.rematched = parts_.feed.take_rematched(
        context.work, context.now - rematch_is_quiet_after, context.now - rematch_is_told_after);
    if (happened.rematched.empty()) return;
    const auto registry = parts_.registry.newest();
    const auto today = domain::taipei_day(context.now);
    std::vector<NewNotice> notices;
    for (const auto& changed : happened.rematched) {
        notices.push_back(findings_notice(changed, addressee(*registry, changed.agency, today)));
        notices.back().created_at = context.now;
    }
    tell(context, notices);
    tell_webhooks(context, happened);
}

Addressee NotificationStage::addressee(const domain::Registry& registry, const std::string& agency,
                                       domain::Day today) const {
    const auto* version = registry.agencies.as_of(agency, today);
    return {agency, version ? version->name : agency, version ? version->contact_email : "",
            parts_.public_url};
}

void NotificationStage::tell(runtime::StageContext& context, std::span<const NewNotice> notices) {
    if (notices.empty()) return;
    parts_.notices.write(context.work, notices);
    runtime::metrics().add("chaiqin_stage_records_total", static_cast<double>(notices.size()));
}

/// Most agencies have no webhook: then one statement finds that out.
void NotificationStage::tell_webhooks(runtime::StageContext& context, const Happened& happened) {
    std::vector<std::string> agencies, ids;
    for (const auto& event : happened.submissions) agencies.push_back(event.agency);
    for (const auto& event : happened.deadlines) agencies.push_back(event.agency);
    for (const auto& event : happened.rematched) agencies.push_back(event.agency);
    if (agencies.empty()) return;
    const auto listening = parts_.webhooks.listening(context.work, agencies);
    if (listening.empty()) return;
    for (const auto& event : happened.submissions)
        if (listening.contains(event.agency)) ids.push_back(event.submission_id);
    std::vector<domain::FinishedSubmission> known;
    if (!ids.empty()) known = parts_.webhooks.finished(context.work, ids);
    std::vector<domain::WebhookEvent> events;
    for (const auto& event : happened.submissions) {
        if (!listening.contains(event.agency)) continue;
        const auto found = std::ranges::find(known, event.submission_id,
                                             &domain::FinishedSubmission::submission_id);
        events.push_back(submission_finished(event, found == known.end() ? nullptr : &*found));
    }
    for (const auto& event : happened.deadlines)
        if (listening.contains(event.agency)) events.push_back(deadline_event(event, context.now));
    for (const auto& event : happened.rematched)
        if (listening.contains(event.agency))
            events.push_back(findings_changed(event, context.now));
    parts_.webhooks.add(context.work, events);
}

}  // namespace chaiqin::notification
