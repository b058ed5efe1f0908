#include "gateway/ingest/key_memory.hpp"

namespace chaiqin::gateway {

boost::asio::awaitable<std::optional<KeyMemory::Begun>> KeyMemory::begin(const Key key,
                                                                         Deadline deadline) {
    const auto executor = co_await boost::asio::this_coro::executor;
    for (;;) {
        auto& entry = entries_[key];
        Begun begun;
        begun.receipt = entry.receipt;
        begun.is_mine = !entry.receipt && !entry.is_busy;
        if (begun.is_mine) entry.is_busy = true;
        if (begun.is_mine || begun.receipt) co_return begun;
        const Promised<bool> ended(executor);
        entry.waiting.push_back(ended);
        const auto told = co_await ended.until(deadline);
        if (!told) co_return std::nullopt;
    }
}

void KeyMemory::end(const Key& key, std::optional<domain::Receipt> receipt) {
    const auto at = entries_.find(key);
    if (at == entries_.end()) return;
    auto waiting = std::move(at->second.waiting);
    if (receipt) {
        at->second.is_busy = false;
        at->second.waiting.clear();
        at->second.receipt = std::move(receipt);
        by_age_.push_back(key);
        if (by_age_.size() > most_known_) {
            entries_.erase(by_age_.front());
            by_age_.pop_front();
        }
    } else {
        entries_.erase(at);
    }
    for (const auto& one : waiting) one.set(true);
}

}  // namespace chaiqin::gateway
