#pragma once
// The notification stage (the file to read first): terminal states and due deadlines in, one notice
// and at most one waiting mail an intent out, and one delivery for each webhook that wants the
// event. Called by the stage loop, one thread a partition.
#include "domain/events.hpp"
#include "domain/notice_store.hpp"
#include "domain/registry.hpp"
#include "domain/webhook_store.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::notification {

class NotificationStage final : public runtime::Stage {
public:
    NotificationStage(domain::NoticeStore& store, domain::WebhookEvents& webhooks,
                      const domain::RegistrySource& registry, std::string public_url)
        : store_(store),
          webhooks_(webhooks),
          registry_(registry),
          public_url_(std::move(public_url)) {}

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override;

private:
    struct Told {
        std::vector<domain::SubmissionUpdated> submissions;
        std::vector<domain::FilingChanged> deadlines;
    };
    void tell_webhooks(runtime::StageContext& context, const Told& told);

    domain::NoticeStore& store_;
    domain::WebhookEvents& webhooks_;
    const domain::RegistrySource& registry_;
    std::string public_url_;
};

}  // namespace chaiqin::notification
