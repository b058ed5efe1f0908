#pragma once
// What stands in PostgreSQL, schema portal: sessions, announcements, reminders, which notices were
// read, and webhooks with their queues.
#include <memory>

#include "domain/announcement_store.hpp"
#include "domain/notice_marks.hpp"
#include "domain/reminder_store.hpp"
#include "domain/webhook_store.hpp"
#include "postgres/portal/session_store.hpp"

namespace chaiqin::postgres::portal {

std::unique_ptr<domain::AnnouncementStore> make_announcement_store(SessionSettings settings);
std::unique_ptr<domain::NoticeMarks> make_notice_marks(SessionSettings settings);
std::unique_ptr<domain::ReminderStore> make_reminder_store(SessionSettings settings);
std::unique_ptr<domain::WebhookStore> make_webhook_store(SessionSettings settings);

/// Within the stage's transaction.
std::unique_ptr<domain::WebhookEvents> make_webhook_events();
/// For `senders` threads. Notices of disabled webhooks go to `notices`, which must outlive it.
std::unique_ptr<domain::WebhookQueue> make_webhook_queue(SessionSettings settings,
                                                         domain::NoticeStore& notices, int senders);

}  // namespace chaiqin::postgres::portal
