#pragma once
// What notices and mails say: zh-TW first, English below, the outcome in the first sentence and in
// the subject; numbers and links into the portal, never personal data. Pure.
#include <string>

#include "domain/events.hpp"
#include "domain/finding_feed_store.hpp"
#include "domain/notice_store.hpp"
#include "domain/reminder_store.hpp"

namespace chaiqin::notification {

/// To whom it goes and where the portal is.
struct Addressee {
    std::string agency;
    /// The agency's, on that day.
    std::string name;
    /// "" = no mail.
    std::string mail;
    std::string public_url;
};

domain::NewNotice submission_notice(const domain::SubmissionUpdated& event, const Addressee& to);
domain::NewNotice deadline_notice(const domain::FilingChanged& event, const Addressee& to);
/// For a supervising agency: how many of the agencies below it have reported. A mail alone.
domain::NewNotice digest(const domain::FilingChanged& event, const Addressee& to);
/// A supervisor asks for the month (催報). `by_name`: of the agency that sent it.
domain::NewNotice reminder_notice(const domain::Reminder& reminder, domain::Day deadline,
                                  const std::string& by_name, const Addressee& to);
/// A re-match with Table 19 changed the agency's findings.
domain::NewNotice findings_notice(const domain::RematchedFindings& changed, const Addressee& to);

/// The address itself is not told: it may hold a word that only its receiver should know.
struct DisabledWebhook {
    std::string webhook_id, agency, host;
    bool is_gone = false;  ///< the receiver has answered 410
    domain::Instant at{};
};
domain::NewNotice webhook_notice(const DisabledWebhook& webhook, const std::string& agency_name,
                                 const std::string& recipient, const std::string& public_url);

}  // namespace chaiqin::notification
