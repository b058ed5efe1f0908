#include "gateway/ingest/receipt_book.hpp"

#include <algorithm>

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::gateway {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t largest_group = 500;
constexpr auto group_gap = std::chrono::milliseconds(4);
constexpr auto retry_after = std::chrono::milliseconds(250);
constexpr auto ask_every = std::chrono::seconds(1);

}  // namespace

ReceiptBook::ReceiptBook(const OpenIntakeStore& open, ReadTaken read_taken, DatabaseHealth& health,
                         int partitions, ReceiptBookLimits limits)
    : store_(open()),
      catch_up_store_(open()),
      read_taken_(std::move(read_taken)),
      health_(health),
      limits_(limits),
      partitions_(static_cast<std::size_t>(partitions)),
      writer_([this] { write(); }),
      reader_([this] { read(); }) {}

ReceiptBook::~ReceiptBook() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    reader_.join();
    writer_.join();
}

void ReceiptBook::enter(domain::TakenFile file, std::function<void()> stored) {
    std::unique_lock lock(mutex_);
    auto& partition = partitions_.at(static_cast<std::size_t>(file.partition));
    auto id = file.receipt.submission_id;
    if (waiting_.size() >=
        limits_.most_waiting) {  // it is safe in the topic: read from there once there is room
        partition.read_from = std::min(partition.read_from.value_or(file.offset), file.offset);
        partition.read_at = steady_clock::now() + limits_.doubt_settles_after;
        return;
    }
    const auto [at, is_new] = waiting_.try_emplace(id, Waiting{std::move(file), stored});
    if (is_new) {
        order_.push_back(std::move(id));
        runtime::metrics().set("chaiqin_receipts_waiting", static_cast<double>(waiting_.size()));
    }
    lock.unlock();
    if (is_new)
        changed_.notify_all();
    else
        stored();  // sent twice with one key: the first one's receipt is being stored
}

std::int64_t ReceiptBook::next_offset(std::int32_t partition) const {
    std::lock_guard lock(mutex_);
    return partitions_.at(static_cast<std::size_t>(partition)).next_offset;
}

void ReceiptBook::note_doubt(std::int32_t number, std::int64_t from) {
    std::lock_guard lock(mutex_);
    auto& partition = partitions_.at(static_cast<std::size_t>(number));
    partition.read_from = std::min(partition.read_from.value_or(from), from);
    partition.read_at = steady_clock::now() + limits_.doubt_settles_after;
    partition.second_look = std::min(partition.second_look.value_or(from), from);
    partition.look_at = steady_clock::now() + limits_.second_look_after;
}

std::optional<domain::Receipt> ReceiptBook::find(std::string_view submission_id) const {
    std::lock_guard lock(mutex_);
    const auto found = waiting_.find(std::string(submission_id));
    if (found == waiting_.end()) return std::nullopt;
    return found->second.file.receipt;
}

std::size_t ReceiptBook::waiting() const {
    std::lock_guard lock(mutex_);
    return waiting_.size();
}

/// Sleeps; false when it is time to end.
bool ReceiptBook::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [&] { return stopping_; });
}

void ReceiptBook::write() {
    std::optional<steady_clock::time_point> end_at;
    steady_clock::time_point asked_at{};
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, std::chrono::milliseconds(300),
                              [&] { return stopping_ || !order_.empty(); });
            if (stopping_ && !end_at) end_at = steady_clock::now() + limits_.last_try_within;
            if (end_at && (order_.empty() || steady_clock::now() > *end_at)) return;
        }
        const auto began = steady_clock::now();
        const auto group = next_group();
        if (group.empty()) {
            if (health_.answers() && began - asked_at < ask_every) continue;
            asked_at = began;  // also how a database that was set back is noticed
            if (store_->answers())
                health_.note_success();
            else
                health_.note_failure();
            continue;
        }
        const bool stored = try_store(group);
        std::this_thread::sleep_until(stored ? began + group_gap : began + retry_after);
    }
}

ReceiptBook::Group ReceiptBook::next_group() const {
    std::lock_guard lock(mutex_);
    Group group;
    for (const auto& id : order_) {
        if (group.size() == largest_group) break;
        group.push_back(waiting_.at(id).file);
    }
    return group;
}

bool ReceiptBook::try_store(const Group& group) {
    const auto progress = progress_after(group);
    try {
        store_->store(group, progress);
        health_.note_success();
        forget(group, progress);
        return true;
    } catch (const domain::TransientFailure& failure) {
        if (health_.answers())
            runtime::log_warn("receipts wait for PostgreSQL",
                              {{"waiting", group.size()}, {"reason", failure.what()}});
        health_.note_failure();
        return false;
    } catch (const domain::PermanentFailure& failure) {
        runtime::log_error("PostgreSQL refuses a group of receipts",
                           {{"count", group.size()}, {"reason", failure.what()}});
    }
    store_one_by_one(group);
    return true;
}

/// A receipt that the database will never take must not hold up the others; its file is in Kafka
/// and is processed.
void ReceiptBook::store_one_by_one(const Group& group) {
    for (const auto& file : group) {
        const Group one{file};
        const auto progress = progress_after(one);
        try {
            store_->store(one, progress);
        } catch (const domain::PermanentFailure& failure) {
            runtime::log_error(
                "a receipt cannot be stored",
                {{"submission", file.receipt.submission_id}, {"reason", failure.what()}});
        } catch (const domain::TransientFailure&) {
            return;
        }
        forget(one, progress);
    }
}

std::map<std::int32_t, std::int64_t> ReceiptBook::progress_after(const Group& group) const {
    std::lock_guard lock(mutex_);
    std::map<std::int32_t, std::set<std::int64_t>> stored;
    for (const auto& file : group) stored[file.partition].insert(file.offset);
    std::map<std::int32_t, std::int64_t> progress;
    for (auto& [number, offsets] : stored) {
        const auto& partition = partitions_.at(static_cast<std::size_t>(number));
        if (partition.read_from || partition.is_being_read) continue;
        offsets.insert(partition.stored.begin(), partition.stored.end());
        auto next = partition.next_offset;
        for (auto at = offsets.lower_bound(next); at != offsets.end() && *at == next; ++at) ++next;
        if (next > partition.next_offset) progress[number] = next;
    }
    return progress;
}

void ReceiptBook::forget(const Group& group, const std::map<std::int32_t, std::int64_t>& progress) {
    std::vector<std::function<void()>> stored;
    {
        std::lock_guard lock(mutex_);
        for (const auto& file : group) {
            const auto found = waiting_.find(file.receipt.submission_id);
            if (found == waiting_.end()) continue;
            stored.push_back(std::move(found->second.stored));
            waiting_.erase(found);
            auto& partition = partitions_.at(static_cast<std::size_t>(file.partition));
            if (file.offset >= partition.next_offset) partition.stored.insert(file.offset);
            order_.pop_front();
        }
        for (const auto& [number, offset] : progress) {
            auto& partition = partitions_.at(static_cast<std::size_t>(number));
            move_to(partition, offset);
        }
        runtime::metrics().set("chaiqin_receipts_waiting", static_cast<double>(waiting_.size()));
    }
    for (const auto& tell : stored) tell();
}

void ReceiptBook::move_to(Partition& partition, std::int64_t offset) {
    partition.next_offset = std::max(partition.next_offset, offset);
    partition.stored.erase(partition.stored.begin(),
                           partition.stored.lower_bound(partition.next_offset));
}

void ReceiptBook::read() {
    while (!learn_progress())
        if (!pause(retry_after * 2)) return;
    auto look_at = steady_clock::now() + limits_.look_every;
    for (;;) {
        bool idle = true;
        try {
            if (caught_up_ && steady_clock::now() >= look_at) {
                look_at = steady_clock::now() + limits_.look_every;  // a failed look waits, too
                look_again();
            }
            idle = !read_next();
        } catch (const domain::TransientFailure& failure) {
            runtime::log_warn("receipts cannot be read back from the topic yet",
                              {{"reason", failure.what()}});
        }
        if (!pause(idle ? retry_after : std::chrono::milliseconds(0))) return;
    }
}

/// Where each partition stands; from there all of them are read once.
bool ReceiptBook::learn_progress() {
    try {
        const auto stored = catch_up_store_->next_offsets();
        std::lock_guard lock(mutex_);
        for (std::size_t number = 0; number < partitions_.size(); ++number) {
            const auto found = stored.find(static_cast<std::int32_t>(number));
            partitions_[number].next_offset = found == stored.end() ? 0 : found->second;
            partitions_[number].read_from = partitions_[number].next_offset;
        }
        return true;
    } catch (const domain::TransientFailure& failure) {
        runtime::log_warn("how far receipts are stored cannot be read yet",
                          {{"reason", failure.what()}});
        return false;
    }
}

/// Another gateway may have moved progress, or have died and left files without receipts. Where the
/// database knows less than this gateway remembers, it was set back, and is right.
void ReceiptBook::look_again() {
    const auto stored = catch_up_store_->next_offsets();
    std::lock_guard lock(mutex_);
    for (std::size_t number = 0; number < partitions_.size(); ++number) {
        auto& partition = partitions_[number];
        if (partition.read_from) continue;
        const auto found = stored.find(static_cast<std::int32_t>(number));
        partition.next_offset = found == stored.end() ? 0 : found->second;
        move_to(partition, partition.next_offset);
        partition.read_from = partition.next_offset;
        partition.read_at = {};
    }
}

/// Reads one partition that wants it; false if none does.
bool ReceiptBook::read_next() {
    std::int32_t number = -1;
    std::int64_t from = 0;
    {
        std::lock_guard lock(mutex_);
        const auto now = steady_clock::now();
        bool any_first_read = false;
        for (std::size_t i = 0; i < partitions_.size(); ++i) {
            auto& partition = partitions_[i];
            if (partition.second_look && now >= partition.look_at && !partition.read_from)
                partition.read_from = std::exchange(partition.second_look, std::nullopt);
            any_first_read = any_first_read || partition.read_from;
            if (number >= 0 || !partition.read_from || now < partition.read_at) continue;
            number = static_cast<std::int32_t>(i);
            from = *partition.read_from;
            partition.is_being_read = true;
            partition.read_from.reset();
        }
        if (!any_first_read && !caught_up_) {
            caught_up_ = true;
            runtime::log_info("every file of the topic has its receipt", {});
        }
    }
    if (number < 0) return false;
    read_again(number, from);
    return true;
}

void ReceiptBook::read_again(std::int32_t number, std::int64_t from) {
    Group files;
    std::int64_t next = from;
    std::size_t foreign = 0;
    const auto store_read = [&] {
        catch_up_store_->store(files, {{number, next}});
        files.clear();
    };
    const auto done = [&](bool succeeded) {
        std::lock_guard lock(mutex_);
        auto& partition = partitions_.at(static_cast<std::size_t>(number));
        partition.is_being_read = false;
        if (succeeded)
            move_to(partition, next);
        else
            partition.read_from = std::min(partition.read_from.value_or(from), from);
    };
    try {
        read_taken_(number, from, [&](std::optional<domain::TakenFile> file, std::int64_t offset) {
            if (file)
                files.push_back(std::move(*file));
            else
                ++foreign;
            next = offset + 1;
            if (files.size() >= largest_group) store_read();
        });
        if (next > from || !files.empty()) store_read();
        done(true);
        if (foreign > 0)
            runtime::log_error("files of the topic cannot be opened; they get no receipt",
                               {{"partition", number}, {"count", foreign}});
    } catch (...) {
        done(false);
        throw;
    }
}

}  // namespace chaiqin::gateway
