#include "runtime/assignment.hpp"

#include <algorithm>

namespace chaiqin::runtime {

using namespace std::chrono_literals;

void Assignment::add(PartitionPtr partition) {
    {
        std::lock_guard lock(mutex_);
        auto& owned = partitions_[partition->at];
        if (owned) {
            owned->is_owned = false;
            owned->queue.clear();
        }
        owned = std::move(partition);
    }
    changed_->notify_all();
}

std::vector<PartitionPtr> Assignment::take_away(const std::vector<TopicPartition>& partitions,
                                                std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    std::vector<PartitionPtr> taken, quiet;
    for (const auto& at : partitions) {
        seeks_.erase(at);
        const auto found = partitions_.find(at);
        if (found == partitions_.end()) continue;
        found->second->is_owned = false;
        found->second->queue.clear();
        taken.push_back(found->second);
        partitions_.erase(found);
    }
    const auto deadline = Steady::now() + wait;
    for (const auto& partition : taken)
        if (changed_->wait_until(lock, deadline, [&] { return !partition->is_busy; }))
            quiet.push_back(partition);
    if (failure_) quiet.clear();  // one of them broke a worker: none is quiet for sure
    return quiet;
}

void Assignment::push(Message message) {
    std::lock_guard lock(mutex_);
    const auto found = partitions_.find({message.topic, message.partition});
    if (found == partitions_.end()) return;
    found->second->queue.push(std::move(message), Steady::now());
    changed_->notify_all();
}

std::map<TopicPartition, std::int64_t> Assignment::take_seeks() {
    std::lock_guard lock(mutex_);
    std::erase_if(seeks_, [&](const auto& seek) { return !partitions_.contains(seek.first); });
    return std::exchange(seeks_, {});
}

void Assignment::ask_seek(const TopicPartition& at, std::int64_t offset) {
    std::lock_guard lock(mutex_);
    seeks_[at] = offset;
}

void Assignment::wait_for_room(const Inflow& inflow, std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    changed_->wait_for(lock, wait, [&] { return !inflow.is_full(); });
}

PartitionPtr Assignment::next_for(int worker) {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        if (auto partition = due_partition(worker)) {
            partition->is_busy = true;
            return partition;
        }
        changed_->wait_until(lock, next_look(worker));
    }
    return nullptr;
}

PartitionPtr Assignment::due_partition(int worker) {
    const auto mine = partitions_of(worker);
    auto& turn = turns_[static_cast<std::size_t>(worker)];
    const auto now = Steady::now();
    for (std::size_t i = 0; i < mine.size(); ++i) {
        const auto which = (turn + i) % mine.size();
        const auto& partition = mine[which];
        const auto ripe_at = partition->queue.ripe_at();
        const bool is_ripe = ripe_at && *ripe_at <= now && partition->relay->has_room();
        if (!is_ripe && now - partition->looked_after < upkeep_every_) continue;
        turn = (which + 1) % mine.size();
        return partition;
    }
    return nullptr;
}

/// When a worker that has found nothing looks again if nothing wakes it.
Steady::time_point Assignment::next_look(int worker) const {
    const auto now = Steady::now();
    const auto mine = partitions_of(worker);
    auto look = now + (mine.empty() ? 200ms : 50ms);
    for (const auto& partition : mine)
        if (const auto ripe_at = partition->queue.ripe_at(); ripe_at && *ripe_at > now)
            look = std::min(look, *ripe_at);
    return look;
}

std::vector<PartitionPtr> Assignment::partitions_of(int worker) const {
    std::vector<PartitionPtr> mine;
    for (const auto& [at, partition] : partitions_)
        if (partition->worker == worker) mine.push_back(partition);
    return mine;
}

void Assignment::release(AssignedPartition& partition) {
    {
        std::lock_guard lock(mutex_);
        partition.is_busy = false;
    }
    changed_->notify_all();
}

std::vector<PartitionPtr> Assignment::all() const {
    std::lock_guard lock(mutex_);
    std::vector<PartitionPtr> partitions;
    for (const auto& [at, partition] : partitions_) partitions.push_back(partition);
    return partitions;
}

void Assignment::stop() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_->notify_all();
}

void Assignment::fail(std::exception_ptr failure) {
    {
        std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::move(failure);
    }
    stop();
}

bool Assignment::is_stopping() const {
    std::lock_guard lock(mutex_);
    return stop_;
}

std::exception_ptr Assignment::failure() const {
    std::lock_guard lock(mutex_);
    return failure_;
}

void Assignment::sleep(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_->wait_for(lock, time, [&] { return stop_; });
}

std::function<void()> Assignment::alarm() const {
    return [changed = changed_] { changed->notify_all(); };
}

}  // namespace chaiqin::runtime
