#include "runtime/relay.hpp"

#include <algorithm>

#include "runtime/log.hpp"

namespace chaiqin::runtime {

using Steady = std::chrono::steady_clock;

void Relay::add(std::vector<OutboxRow> rows) {
    {
        std::lock_guard lock(mutex_);
        if (behind_) return;
    }
    send(std::move(rows));
}

void Relay::send(std::vector<OutboxRow> rows) {
    {
        std::lock_guard lock(mutex_);
        std::erase_if(rows, [&](const OutboxRow& row) { return entries_.contains(row.id); });
        for (const auto& row : rows) {
            const auto bytes = row.message.payload.size();
            entries_[row.id] = {State::in_flight, bytes, Steady::now(), {}};
            ++in_flight_;
            *in_flight_bytes_ += bytes;
        }
    }
    // Outside the lock: a message that cannot even be queued is reported from within send.
    for (auto& row : rows)
        producer_.send(std::move(row.message),
                       [self = shared_from_this(), id = row.id](const Delivered& delivered) {
                           self->report(id, delivered);
                       });
}

void Relay::report(std::int64_t id, const Delivered& delivered) {
    {
        std::lock_guard lock(mutex_);
        const auto at = entries_.find(id);
        --in_flight_;
        *in_flight_bytes_ -= at->second.bytes;
        if (delivered.outcome == Delivery::delivered) {
            at->second.state = State::delivered;
            failures_ = 0;
        } else if (delivered.outcome == Delivery::refused_for_good) {
            at->second.state = State::refused;
            at->second.reason = delivered.reason;
        } else {
            read_from_ = behind_ ? std::min(read_from_, id) : id;
            if (Steady::now() >= pause_until_) {
                failures_ = std::min(failures_ + 1, 6);
                pause_until_ = Steady::now() + std::chrono::milliseconds(50 << failures_);
                log_warn(
                    "delivery failed; reading the outbox again from the lowest row not delivered",
                    {{"reason", delivered.reason}});
            }
            if (!behind_) behind_since_ = at->second.since;
            behind_ = true;
            entries_.erase(at);
        }
    }
    on_progress_();
}

bool Relay::is_behind() const {
    std::lock_guard lock(mutex_);
    return behind_;
}

bool Relay::wants_rows() const {
    std::lock_guard lock(mutex_);
    return behind_ && in_flight_ == 0 && Steady::now() >= pause_until_;
}

std::int64_t Relay::read_from() const {
    std::lock_guard lock(mutex_);
    return read_from_;
}

void Relay::take_rows(std::vector<OutboxRow> rows, bool complete) {
    {
        std::lock_guard lock(mutex_);
        behind_ = !complete;
        read_from_ = complete || rows.empty() ? 0 : rows.back().id + 1;
    }
    send(std::move(rows));
}

void Relay::read_again() {
    std::lock_guard lock(mutex_);
    if (!behind_) behind_since_ = Steady::now();
    behind_ = true;
    read_from_ = 0;
}

std::vector<std::int64_t> Relay::deletable() const {
    std::lock_guard lock(mutex_);
    std::vector<std::int64_t> ids;
    for (const auto& [id, entry] : entries_)
        if (entry.state == State::delivered) ids.push_back(id);
    return ids;
}

std::vector<std::pair<std::int64_t, std::string>> Relay::refused() const {
    std::lock_guard lock(mutex_);
    std::vector<std::pair<std::int64_t, std::string>> rows;
    for (const auto& [id, entry] : entries_)
        if (entry.state == State::refused) rows.emplace_back(id, entry.reason);
    return rows;
}

void Relay::deleted(const std::vector<std::int64_t>& ids) {
    std::lock_guard lock(mutex_);
    for (const auto id : ids) entries_.erase(id);
}

double Relay::oldest_seconds() const {
    std::lock_guard lock(mutex_);
    // Ids ascend in time, so the first entry still under way is the oldest.
    for (const auto& [id, entry] : entries_)
        if (entry.state == State::in_flight)
            return std::chrono::duration<double>(Steady::now() - entry.since).count();
    return behind_ ? std::chrono::duration<double>(Steady::now() - behind_since_).count() : 0;
}

}  // namespace chaiqin::runtime
