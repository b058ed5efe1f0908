#pragma once
// What the gateway keeps for the portal in PostgreSQL, schema portal: sessions, announcements,
// reminders, and which notices were read.
#include <memory>

#include "domain/announcement_store.hpp"
#include "domain/notice_marks.hpp"
#include "domain/reminder_store.hpp"
#include "postgres/portal/session_store.hpp"

namespace chaiqin::postgres::portal {

std::unique_ptr<domain::AnnouncementStore> make_announcement_store(SessionSettings settings);
std::unique_ptr<domain::NoticeMarks> make_notice_marks(SessionSettings settings);
std::unique_ptr<domain::ReminderStore> make_reminder_store(SessionSettings settings);

}  // namespace chaiqin::postgres::portal
