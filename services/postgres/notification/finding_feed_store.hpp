#pragma once
// domain::FindingFeedStore over notification.finding_change.
#include <memory>

#include "domain/finding_feed_store.hpp"

namespace chaiqin::postgres::notification {

std::unique_ptr<domain::FindingFeedStore> make_finding_feed_store();

}  // namespace chaiqin::postgres::notification
