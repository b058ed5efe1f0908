#pragma once
// The notification stage (the file to read first): terminal states and due deadlines in, one notice
// and at most one waiting mail an intent out. Called by the stage loop, one thread a partition. The
// owner of one partition also moves the findings feed on and tells reminders.
#include "domain/finding_feed_store.hpp"
#include "domain/notice_store.hpp"
#include "domain/registry.hpp"
#include "domain/reminder_store.hpp"
#include "notification/notice_text.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::notification {

class NotificationStage final : public runtime::Stage {
public:
    NotificationStage(domain::NoticeStore& notices, domain::FindingFeedStore& feed,
                      domain::ReminderQueue& reminders, const domain::RegistrySource& registry,
                      std::string public_url)
        : notices_(notices),
          feed_(feed),
          reminders_(reminders),
          registry_(registry),
          public_url_(std::move(public_url)) {}

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override;
    /// Every half second, and again while files wait: the feed; then reminders and what a re-match
    /// changed.
    bool wants_upkeep(std::int32_t partition, domain::Instant now) override;
    void upkeep(runtime::StageContext& context, runtime::Outbox& outbox) override;

private:
    Addressee addressee(const domain::Registry& registry, const std::string& agency,
                        domain::Day today) const;
    void tell(runtime::StageContext& context, std::span<const domain::NewNotice> notices);
    void tell_reminders(runtime::StageContext& context);
    void tell_rematched(runtime::StageContext& context);

    domain::NoticeStore& notices_;
    domain::FindingFeedStore& feed_;
    domain::ReminderQueue& reminders_;
    const domain::RegistrySource& registry_;
    std::string public_url_;
    domain::Instant looked_at_{};
    bool due_ = false;
};

}  // namespace chaiqin::notification
