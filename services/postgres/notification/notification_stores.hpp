#pragma once
// What stands in PostgreSQL, schema notification: notices, their mails, the findings feed; and the
// reminders that wait to be told.
#include <memory>

#include "domain/finding_feed_store.hpp"
#include "domain/notice_store.hpp"
#include "domain/reminder_store.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::notification {

std::unique_ptr<domain::NoticeStore> make_notice_store();
std::unique_ptr<domain::MailQueue> make_mail_queue(SessionSettings settings);
std::unique_ptr<domain::FindingFeedStore> make_finding_feed_store();
std::unique_ptr<domain::ReminderQueue> make_reminder_queue();

}  // namespace chaiqin::postgres::notification
