#pragma once
// The notification stage (the file to read first): terminal states and due deadlines in, one notice
// and at most one waiting mail an intent out. Called by the stage loop, one thread a partition.
#include "domain/notice_store.hpp"
#include "domain/registry.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::notification {

class NotificationStage final : public runtime::Stage {
public:
    NotificationStage(domain::NoticeStore& store, const domain::RegistrySource& registry,
                      std::string public_url)
        : store_(store), registry_(registry), public_url_(std::move(public_url)) {}

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override;

private:
    domain::NoticeStore& store_;
    const domain::RegistrySource& registry_;
    std::string public_url_;
};

}  // namespace chaiqin::notification
