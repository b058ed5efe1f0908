#include "notification/stage.hpp"

#include "domain/topics.hpp"
#include "notification/notice_text.hpp"
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
    for (const auto& message : batch) {
        if (message.topic == domain::topics::submission_updated) {
            const auto event = wire::decode_submission_updated(message.payload);
            const auto [name, recipient] = about(event.agency);
            notices.push_back(submission_notice(event, name, recipient, public_url_));
        } else {
            const auto event = wire::decode_filing_changed(message.payload);
            const auto [name, recipient] = about(event.agency);
            notices.push_back(deadline_notice(event, name, recipient, public_url_));
            notices.back().created_at = context.now;
        }
    }
    store_.write(context.work, notices);
    runtime::metrics().add("chaiqin_stage_records_total", static_cast<double>(notices.size()));
    return runtime::Applied::done;
}

}  // namespace chaiqin::notification
