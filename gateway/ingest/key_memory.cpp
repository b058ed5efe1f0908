#include "gateway/ingest/key_memory.hpp"

namespace chaiqin::gateway {

boost::asio::awaitable<std::optional<std::variant<KeyMemory::Turn, domain::Receipt>>>
KeyMemory::take_turn(const Key key, Deadline deadline) {
    const auto executor = co_await boost::asio::this_coro::executor;
    for (;;) {
        auto& known = keys_[key];
        if (known.receipt) co_return *known.receipt;
        if (!known.is_taken) {
            known.is_taken = true;
            Turn turn(*this, key);
            co_return std::move(turn);
        }
        const Promised<bool> ended(executor);
        known.waiting.push_back(ended);
        const auto told = co_await ended.until(deadline);
        if (!told) co_return std::nullopt;
    }
}

void KeyMemory::end(const Key& key, std::optional<domain::Receipt> receipt) {
    const auto at = keys_.find(key);
    if (at == keys_.end()) return;
    auto waiting = std::move(at->second.waiting);
    if (receipt) {
        at->second.is_taken = false;
        at->second.waiting.clear();
        at->second.receipt = std::move(receipt);
        by_age_.push_back(key);
        if (by_age_.size() > most_known_) {
            keys_.erase(by_age_.front());
            by_age_.pop_front();
        }
    } else {
        keys_.erase(at);
    }
    for (const auto& one : waiting) one.set(true);
}

}  // namespace chaiqin::gateway
