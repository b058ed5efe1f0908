#pragma once
// domain::ReminderQueue over portal.reminder.
#include <memory>

#include "domain/reminder_store.hpp"

namespace chaiqin::postgres::notification {

std::unique_ptr<domain::ReminderQueue> make_reminder_queue();

}  // namespace chaiqin::postgres::notification
