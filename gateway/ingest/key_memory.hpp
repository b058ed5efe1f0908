#pragma once
// Idempotency keys that this process is working on or has worked on lately: a second post with a
// key waits for the first and gets its receipt, also while PostgreSQL is away. Bounded. Used on the
// io thread only.
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "domain/reading.hpp"
#include "gateway/work/promised.hpp"

namespace chaiqin::gateway {

class KeyMemory {
public:
    using Key = std::pair<std::string, std::string>;  ///< agency, hash of the key

    explicit KeyMemory(std::size_t most_known) : most_known_(most_known) {}

    /// The key is this caller's alone until it calls end(); or the receipt it stands for; nothing:
    /// the deadline passed while another post had it.
    struct Begun {
        bool is_mine = false;
        std::optional<domain::Receipt> receipt;
    };
    boost::asio::awaitable<std::optional<Begun>> begin(const Key key, Deadline deadline);
    /// With the receipt if the file was accepted.
    void end(const Key& key, std::optional<domain::Receipt> receipt);

private:
    struct Entry {
        bool is_busy = false;
        std::optional<domain::Receipt> receipt;
        std::list<Promised<bool>> waiting;
    };
    std::size_t most_known_;
    std::map<Key, Entry> entries_;
    std::list<Key> by_age_;  ///< known ones, oldest first
};

}  // namespace chaiqin::gateway
