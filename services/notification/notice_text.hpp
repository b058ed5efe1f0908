#pragma once
// What notices and mails say: zh-TW first, English below; numbers and links only, never personal
// data. Pure.
#include <string>

#include "domain/events.hpp"
#include "domain/notice_store.hpp"

namespace chaiqin::notification {

domain::NewNotice submission_notice(const domain::SubmissionUpdated& event,
                                    const std::string& agency_name, const std::string& recipient,
                                    const std::string& public_url);
domain::NewNotice deadline_notice(const domain::FilingChanged& event,
                                  const std::string& agency_name, const std::string& recipient,
                                  const std::string& public_url);

/// The address itself is not told: it may hold a word that only its receiver should know.
struct DisabledWebhook {
    std::string webhook_id, agency, host;
    bool is_gone = false;  ///< the receiver has answered 410
    domain::Instant at{};
};
domain::NewNotice webhook_notice(const DisabledWebhook& webhook, const std::string& agency_name,
                                 const std::string& recipient, const std::string& public_url);

}  // namespace chaiqin::notification
