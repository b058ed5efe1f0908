#include "runtime/relay.hpp"

#include <algorithm>

#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::runtime {

void Relay::add(std::vector<OutboxRow> rows) {
    std::lock_guard lock(mutex_);
    for (auto& row : rows) {
        const bool known = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.row.id == row.id; });
        if (!known) entries_.push_back({std::move(row), State::waiting, std::chrono::steady_clock::now(), {}});
    }
}

void Relay::pump() {
    std::vector<Entry*> due;
    {
        std::lock_guard lock(mutex_);
        if (broken_) {
            if (in_flight_ > 0 || std::chrono::steady_clock::now() < pause_until_) return;
            broken_ = false;
        }
        for (auto& entry : entries_)
            if (entry.state == State::waiting) {
                entry.state = State::in_flight;
                ++in_flight_;
                due.push_back(&entry);
            }
    }
    // deque elements keep their address while only the ends change, and only this worker removes them.
    for (auto* entry : due)
        producer_.send(entry->row.message, [self = shared_from_this(), id = entry->row.id](const Delivered& delivered) {
            self->report(id, delivered);
        });
}

void Relay::report(std::int64_t id, const Delivered& delivered) {
    {
        std::lock_guard lock(mutex_);
        --in_flight_;
        const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.row.id == id; });
        if (at == entries_.end()) return;
        if (delivered.outcome == Delivery::delivered) {
            at->state = State::delivered;
            failures_ = 0;
        } else if (delivered.outcome == Delivery::refused_for_good) {
            at->state = State::refused;
            at->reason = delivered.reason;
        } else {
            at->state = State::waiting;
            if (!broken_) {
                failures_ = std::min(failures_ + 1, 6);
                pause_until_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(50 << failures_);
                log_warn("delivery failed; sending again from the lowest unsent row", {{"reason", delivered.reason}});
            }
            broken_ = true;
        }
    }
    on_progress_();
}

std::vector<std::int64_t> Relay::deletable() const {
    std::lock_guard lock(mutex_);
    std::vector<std::int64_t> ids;
    for (const auto& entry : entries_)
        if (entry.state == State::delivered) ids.push_back(entry.row.id);
    return ids;
}

void Relay::deleted(const std::vector<std::int64_t>& ids) {
    std::lock_guard lock(mutex_);
    std::erase_if(entries_, [&](const Entry& e) { return std::find(ids.begin(), ids.end(), e.row.id) != ids.end(); });
}

std::vector<std::pair<std::int64_t, std::string>> Relay::refused() const {
    std::lock_guard lock(mutex_);
    std::vector<std::pair<std::int64_t, std::string>> rows;
    for (const auto& entry : entries_)
        if (entry.state == State::refused) rows.emplace_back(entry.row.id, entry.reason);
    return rows;
}

std::size_t Relay::waiting_bytes() const {
    std::lock_guard lock(mutex_);
    std::size_t bytes = 0;
    for (const auto& entry : entries_)
        if (entry.state == State::waiting || entry.state == State::in_flight) bytes += entry.row.message.payload.size();
    return bytes;
}

bool Relay::idle() const {
    std::lock_guard lock(mutex_);
    return std::none_of(entries_.begin(), entries_.end(),
                        [](const Entry& e) { return e.state == State::waiting || e.state == State::in_flight; });
}

double Relay::oldest_seconds() const {
    std::lock_guard lock(mutex_);
    for (const auto& entry : entries_)
        if (entry.state != State::delivered)
            return std::chrono::duration<double>(std::chrono::steady_clock::now() - entry.since).count();
    return 0;
}

}  // namespace chaiqin::runtime
