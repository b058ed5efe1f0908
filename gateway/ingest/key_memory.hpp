#pragma once
// Idempotency keys that this process is working on or has worked on lately: a second post with a
// key waits for the first and gets its receipt, also while PostgreSQL is away. Bounded. Used on the
// io thread only.
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "domain/receipt.hpp"
#include "gateway/work/promised.hpp"

namespace chaiqin::gateway {

class KeyMemory {
public:
    /// Agency, hash of the key.
    using Key = std::pair<std::string, std::string>;

    /// While it exists the key is its owner's alone. Its end lets the next one in; if the file was
    /// accepted, the others get its receipt. The memory must outlive it.
    class Turn {
    public:
        Turn(KeyMemory& memory, Key key) : memory_(&memory), key_(std::move(key)) {}
        Turn(Turn&& other) noexcept
            : memory_(std::exchange(other.memory_, nullptr)),
              key_(std::move(other.key_)),
              accepted_(std::move(other.accepted_)) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (memory_) memory_->end(key_, std::move(accepted_));
        }
        void accepted(domain::Receipt receipt) { accepted_ = std::move(receipt); }

    private:
        KeyMemory* memory_;
        Key key_;
        std::optional<domain::Receipt> accepted_;
    };

    explicit KeyMemory(std::size_t most_known) : most_known_(most_known) {}

    /// The turn, or the receipt that the key stands for. Empty if the deadline passed while another
    /// post had its turn.
    boost::asio::awaitable<std::optional<std::variant<Turn, domain::Receipt>>> take_turn(
        const Key key, Deadline deadline);

private:
    struct KnownKey {
        bool is_taken = false;
        std::optional<domain::Receipt> receipt;
        std::list<Promised<bool>> waiting;
    };
    void end(const Key& key, std::optional<domain::Receipt> receipt);

    std::size_t most_known_;
    std::map<Key, KnownKey> keys_;
    /// Those with a receipt, oldest first.
    std::list<Key> by_age_;
};

}  // namespace chaiqin::gateway
