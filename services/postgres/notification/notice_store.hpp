#pragma once
// domain::NoticeStore and MailQueue over schema notification.
#include <memory>

#include "domain/notice_store.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::notification {

std::unique_ptr<domain::NoticeStore> make_notice_store();
std::unique_ptr<domain::MailQueue> make_mail_queue(SessionSettings settings);

}  // namespace chaiqin::postgres::notification
