#pragma once
// The data of events as webhooks tell them (docs/http-api.md, "Events"): numbers, codes and ids,
// nothing about a person. Pure.
#include "domain/events.hpp"
#include "domain/finding_feed_store.hpp"
#include "domain/webhook_store.hpp"

namespace chaiqin::notification {

/// `known`: what the tables say of it; without, month and dispositions are left out.
domain::WebhookEvent submission_finished(const domain::SubmissionUpdated& event,
                                         const domain::FinishedSubmission* known);
domain::WebhookEvent deadline_event(const domain::FilingChanged& event, domain::Instant now);
/// Its cursor is the findings feed's, behind the last of these changes.
domain::WebhookEvent findings_changed(const domain::RematchedFindings& changed,
                                      domain::Instant now);

}  // namespace chaiqin::notification
