#pragma once
// The notification stage (the file to read first): terminal states and due deadlines in, one notice
// and at most one waiting mail an intent out, and one delivery for each webhook that wants the
// event. Called by the stage loop, one thread a partition. The owner of one partition also moves
// the findings feed on, tells reminders, and tells what a re-match changed.
#include <chrono>
#include <vector>

#include "domain/events.hpp"
#include "domain/finding_feed_store.hpp"
#include "domain/notice_store.hpp"
#include "domain/registry.hpp"
#include "domain/reminder_store.hpp"
#include "domain/webhook_store.hpp"
#include "notification/notice_text.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::notification {

/// What is passed must outlive the stage.
struct NotificationParts {
    domain::NoticeStore& notices;
    domain::FindingFeedStore& feed;
    domain::ReminderQueue& reminders;
    domain::WebhookEvents& webhooks;
    const domain::RegistrySource& registry;
    std::string public_url;
};

class NotificationStage final : public runtime::Stage {
public:
    explicit NotificationStage(NotificationParts parts) : parts_(std::move(parts)) {}

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override;
    /// Every half second; sooner, but with rests, while files wait for the feed.
    bool wants_upkeep(std::int32_t partition, domain::Instant now) override;
    void upkeep(runtime::StageContext& context, runtime::Outbox& outbox) override;

private:
    /// What happened to agencies, for their webhooks.
    struct Happened {
        std::vector<domain::SubmissionUpdated> submissions;
        std::vector<domain::FilingChanged> deadlines;
        std::vector<domain::RematchedFindings> rematched;
    };

    Addressee addressee(const domain::Registry& registry, const std::string& agency,
                        domain::Day today) const;
    void tell(runtime::StageContext& context, std::span<const domain::NewNotice> notices);
    void tell_webhooks(runtime::StageContext& context, const Happened& happened);
    void tell_reminders(runtime::StageContext& context);
    void tell_rematched(runtime::StageContext& context);

    NotificationParts parts_;
    std::chrono::steady_clock::time_point next_look_{};
};

}  // namespace chaiqin::notification
