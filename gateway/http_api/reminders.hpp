#pragma once
// POST /api/v1/reminders (催報): a supervisor reminds agencies below the own one that have not
// reported a month (docs/http-api.md, "Reminders"). What is sent is an audit line.
#include <functional>
#include <vector>

#include "domain/reminder_store.hpp"
#include "gateway/http/route.hpp"
#include "gateway/work/worker_pool.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::gateway {

struct ReminderParts {
    domain::ReminderStore& store;
    rpc::Questions& questions;
    WorkerPool& workers;
    std::function<domain::Instant()> now;
    /// Nothing is reported of earlier months.
    domain::Month first_month = 0;
};

/// What is passed must outlive the routes.
std::vector<UploadRoute> reminder_routes(const ReminderParts& parts);

}  // namespace chaiqin::gateway
