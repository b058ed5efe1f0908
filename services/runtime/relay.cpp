#include "runtime/relay.hpp"

#include <algorithm>
#include <set>

#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::runtime {

Relay::Relay(TopicPartition at, Producer& producer, std::shared_ptr<InFlight> in_flight,
             SteadyNow steady_now, std::function<void()> on_progress)
    : at_(std::move(at)),
      producer_(producer),
      in_flight_(std::move(in_flight)),
      steady_now_(std::move(steady_now)),
      on_progress_(std::move(on_progress)),
      behind_since_(steady_now_()) {}

void Relay::send_committed(std::vector<OutboxRow> rows) {
    if (!is_behind()) send(std::move(rows));
}

void Relay::send(std::vector<OutboxRow> rows) {
    std::int64_t failed_before = 0;
    {
        std::lock_guard lock(mutex_);
        failed_before = failed_deliveries_;
        std::erase_if(rows, [&](const OutboxRow& row) { return rows_.contains(row.id); });
        for (const auto& row : rows) {
            const auto bytes = row.message.payload.size();
            rows_[row.id] = {.bytes = bytes,
                             .since = steady_now_(),
                             .to = {row.message.topic, row.message.partition}};
            ++rows_in_flight_;
            in_flight_->bytes += bytes;
        }
    }
    // Outside the lock: a message that cannot even be queued is reported from within send.
    for (auto& row : rows) {
        if (is_left_to_outbox(row.id, failed_before)) continue;
        producer_.send(std::move(row.message),
                       [self = shared_from_this(), id = row.id](const Delivered& delivered) {
                           self->report(id, delivered);
                       });
    }
}

/// A delivery has failed while the rows before this one were sent: it must not overtake that one.
bool Relay::is_left_to_outbox(std::int64_t id, std::int64_t failed_before) {
    std::lock_guard lock(mutex_);
    if (failed_deliveries_ == failed_before) return false;
    --rows_in_flight_;
    in_flight_->bytes -= rows_.at(id).bytes;
    not_delivered(id, "a row before it was not delivered");
    return true;
}

void Relay::report(std::int64_t id, const Delivered& delivered) {
    {
        std::lock_guard lock(mutex_);
        auto& row = rows_.at(id);
        --rows_in_flight_;
        in_flight_->bytes -= row.bytes;
        if (delivered.outcome == Delivery::delivered) {
            row.state = State::delivered;
            row.offset = delivered.offset;
            failures_ = 0;
        } else if (delivered.outcome == Delivery::refused_for_good) {
            row.state = State::refused;
            row.reason = delivered.reason;
        } else {
            not_delivered(id, delivered.reason);
        }
    }
    on_progress_();
}

/// The row is read again from the outbox, after a pause. The lock is held.
void Relay::not_delivered(std::int64_t id, const std::string& reason) {
    const auto now = steady_now_();
    ++failed_deliveries_;
    read_from_ = is_behind_ ? std::min(read_from_, id) : id;
    if (now >= pause_until_) {
        failures_ = std::min(failures_ + 1, 6);
        pause_until_ = now + std::chrono::milliseconds(50 << failures_);
        log_warn("delivery failed; reading the outbox again from the lowest row not delivered",
                 {{"reason", reason}});
    }
    const auto row = rows_.find(id);
    if (!is_behind_) behind_since_ = row->second.since;
    is_behind_ = true;
    rows_.erase(row);
}

bool Relay::is_behind() const {
    std::lock_guard lock(mutex_);
    return is_behind_;
}

bool Relay::wants_rows() const {
    std::lock_guard lock(mutex_);
    return is_behind_ && rows_in_flight_ == 0 && steady_now_() >= pause_until_;
}

std::int64_t Relay::read_from() const {
    std::lock_guard lock(mutex_);
    return read_from_;
}

void Relay::read_outbox(StageLedger& ledger) {
    while (wants_rows() && in_flight_->has_room())
        take_page(ledger.read_outbox(at_, read_from(), in_flight_->most_bytes / 4));
}

/// Sends a page of the outbox; rows that are on their way or delivered already are left out.
void Relay::take_page(OutboxPage page) {
    {
        std::lock_guard lock(mutex_);
        is_behind_ = !page.is_last;
        read_from_ = page.is_last || page.rows.empty() ? 0 : page.rows.back().id + 1;
    }
    send(std::move(page.rows));
}

void Relay::expect_rows() {
    std::lock_guard lock(mutex_);
    if (!is_behind_) behind_since_ = steady_now_();
    is_behind_ = true;
    read_from_ = 0;
}

std::vector<std::string> Relay::delivered_topics() const {
    std::lock_guard lock(mutex_);
    std::set<std::string> topics;
    for (const auto& [id, row] : rows_)
        if (row.state == State::delivered) topics.insert(row.to.topic);
    return {topics.begin(), topics.end()};
}

std::vector<std::int64_t> Relay::finished(const std::vector<std::string>& topics,
                                          const Consumed& consumed) const {
    std::lock_guard lock(mutex_);
    std::vector<std::int64_t> ids;
    for (const auto& [id, row] : rows_) {
        if (row.state != State::delivered) continue;
        if (!std::ranges::binary_search(topics, row.to.topic)) continue;
        const auto reader = consumed.find(row.to);
        if (reader == consumed.end() || row.offset < reader->second) ids.push_back(id);
    }
    return ids;
}

void Relay::forget(const std::vector<std::int64_t>& ids) {
    std::lock_guard lock(mutex_);
    for (const auto id : ids) rows_.erase(id);
}

std::size_t Relay::delete_finished(StageLedger& ledger) {
    const auto topics = delivered_topics();
    if (topics.empty()) return 0;
    const auto ids = finished(topics, ledger.consumed(topics));
    if (ids.empty()) return 0;
    ledger.delete_outbox(at_, ids);
    forget(ids);
    return ids.size();
}

std::vector<std::pair<std::int64_t, std::string>> Relay::refused() const {
    std::lock_guard lock(mutex_);
    std::vector<std::pair<std::int64_t, std::string>> all;
    for (const auto& [id, row] : rows_)
        if (row.state == State::refused) all.emplace_back(id, row.reason);
    return all;
}

void Relay::bury_refused(StageLedger& ledger) {
    for (const auto& [id, reason] : refused()) {
        ledger.bury_outbox(at_, id, reason);
        forget({id});
        metrics().add("chaiqin_outbox_dead_total");
        log_error("the broker refuses a message for good; moved to outbox_dead",
                  {{"id", id}, {"reason", reason}});
    }
}

double Relay::oldest_seconds() const {
    std::lock_guard lock(mutex_);
    const auto age = [&](Steady::time_point since) {
        return std::chrono::duration<double>(steady_now_() - since).count();
    };
    // Ids ascend in time, so the first row still on its way is the oldest.
    for (const auto& [id, row] : rows_)
        if (row.state == State::in_flight) return age(row.since);
    return is_behind_ ? age(behind_since_) : 0;
}

}  // namespace chaiqin::runtime
