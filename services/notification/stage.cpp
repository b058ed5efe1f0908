#include "notification/stage.hpp"

#include <chrono>
#include <utility>

#include "domain/topics.hpp"
#include "runtime/metrics.hpp"
#include "wire/filing_changed.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::notification {

using domain::NewNotice;
using namespace std::chrono_literals;

namespace {

constexpr std::int32_t partition_of_upkeep = 0;
constexpr auto looks_every = 500ms;
/// A re-match works in pieces; it is told as one when no piece has come for a while.
constexpr auto rematch_is_quiet_after = 10s;
constexpr auto rematch_is_told_after = 120s;

}  // namespace

runtime::Applied NotificationStage::apply(runtime::StageContext& context,
                                          std::span<const runtime::Message> batch,
                                          runtime::Outbox&) {
    const auto registry = registry_.current();
    const auto today = domain::taipei_day(context.now);
    std::vector<NewNotice> notices;
    for (const auto& message : batch) {
        if (message.topic == domain::topics::submission_updated) {
            const auto event = wire::decode_submission_updated(message.payload);
            notices.push_back(submission_notice(event, addressee(*registry, event.agency, today)));
        } else {
            const auto event = wire::decode_filing_changed(message.payload);
            const auto to = addressee(*registry, event.agency, today);
            notices.push_back(domain::row_of(event.kind).digest_due ? digest(event, to)
                                                                    : deadline_notice(event, to));
            notices.back().created_at = context.now;
        }
    }
    tell(context, notices);
    return runtime::Applied::done;
}

bool NotificationStage::wants_upkeep(std::int32_t partition, domain::Instant now) {
    if (partition != partition_of_upkeep) return false;
    if (now - looked_at_ >= looks_every || now < looked_at_) {
        looked_at_ = now;
        due_ = true;
    }
    return due_;
}

void NotificationStage::upkeep(runtime::StageContext& context, runtime::Outbox&) {
    if (feed_.advance(context.work, context.now)) return;
    due_ = false;
    tell_reminders(context);
    tell_rematched(context);
}

void NotificationStage::tell_reminders(runtime::StageContext& context) {
    const auto registry = registry_.current();
    const auto today = domain::taipei_day(context.now);
    std::vector<NewNotice> notices;
    for (const auto& reminder : reminders_.take(context.work))
        notices.push_back(reminder_notice(reminder, registry->calendar.deadline(reminder.month),
                                          addressee(*registry, reminder.sent_by, today).name,
                                          addressee(*registry, reminder.agency, today)));
    tell(context, notices);
}

void NotificationStage::tell_rematched(runtime::StageContext& context) {
    const auto registry = registry_.current();
    const auto today = domain::taipei_day(context.now);
    std::vector<NewNotice> notices;
    for (const auto& changed :
         feed_.take_rematched(context.work, context.now - rematch_is_quiet_after,
                              context.now - rematch_is_told_after)) {
        notices.push_back(findings_notice(changed, addressee(*registry, changed.agency, today)));
        notices.back().created_at = context.now;
    }
    tell(context, notices);
}

Addressee NotificationStage::addressee(const domain::Registry& registry, const std::string& agency,
                                       domain::Day today) const {
    const auto* version = registry.agencies.as_of(agency, today);
    return {agency, version ? version->name : agency, version ? version->contact_email : "",
            public_url_};
}

void NotificationStage::tell(runtime::StageContext& context, std::span<const NewNotice> notices) {
    if (notices.empty()) return;
    notices_.write(context.work, notices);
    runtime::metrics().add("chaiqin_stage_records_total", static_cast<double>(notices.size()));
}

}  // namespace chaiqin::notification
