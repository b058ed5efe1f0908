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

}  // namespace chaiqin::notification
