#pragma once
// The contract of a stage: one function from a batch of messages to effects. The stage loop
// (runtime/stage_loop) owns everything that stages have in common: polling, the compare-and-set of
// progress, the set of applied ids, the outbox and its relay, back-off, one-by-one retry,
// quarantine, take-over and drain. A stage only decides, and writes through its store with the open
// transaction. Threads: the loop's workers call it, for different partitions at the same time, but
// never two of them for one partition.
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::runtime {

using Headers = std::vector<std::pair<std::string, std::string>>;
/// Value of the first header of this name, "" if absent.
std::string_view value_of(const Headers& headers, std::string_view name);

struct Message {
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::string key;
    Headers headers;
    std::string payload;
    std::int64_t timestamp_ms = 0;
    /// Value of a header, "" if absent.
    std::string_view header(std::string_view name) const;
};

/// The id under which a message is applied at most once: header `ce_id` ("<submission
/// id>/<attempt>").
inline constexpr std::string_view event_id_header = "ce_id";

struct OutgoingMessage {
    std::string topic;
    std::int32_t partition = 0;
    std::string key;
    /// Becomes the header ce_id.
    std::string event_id;
    Headers headers;
    std::string payload;
};

/// Which store a message comes from (StageLedger::is_of_this_store). Messages of the gateway have
/// no such header.
inline constexpr std::string_view store_header = "ce_store";

/// Messages that are committed with the effects and relayed to Kafka afterwards, in order.
class Outbox {
public:
    void publish(OutgoingMessage message) { messages_.push_back(std::move(message)); }
    std::vector<OutgoingMessage>& messages() { return messages_; }
    const std::vector<OutgoingMessage>& messages() const { return messages_; }
    std::vector<OutgoingMessage> take() { return std::move(messages_); }

private:
    std::vector<OutgoingMessage> messages_;
};

struct StageContext {
    /// The open transaction. Progress is moved in it already; the loop commits it.
    domain::UnitOfWork& work;
    std::int32_t partition = 0;
    /// The partition's second cursor (agency_matcher; 0 elsewhere).
    std::int64_t change_no = 0;
    domain::Instant now;
};

enum class Applied { done, decide_again };

class Stage {
public:
    virtual ~Stage() = default;
    /// Decides a batch and writes its effects. Repeats are already filtered out. Throws
    /// PermanentFailure for bytes that break our own contract, TransientFailure for parts that are
    /// away; `decide_again` rolls back and calls again (the matcher's memory was behind the
    /// partition).
    virtual Applied apply(StageContext& context, std::span<const Message> batch,
                          Outbox& outbox) = 0;
    /// Asked for each owned partition after each batch and every 200 ms, and again after each piece
    /// of upkeep until it says no. It must be cheap: no statement.
    virtual bool wants_upkeep(std::int32_t /*partition*/, domain::Instant /*now*/) { return false; }
    /// One bounded piece of what the owner of a partition does beside messages (re-match, sweep),
    /// in a transaction of its own.
    virtual void upkeep(StageContext& /*context*/, Outbox& /*outbox*/) {}
    /// After the commit of apply or upkeep; memory may follow the database here.
    virtual void committed(std::int32_t /*partition*/) {}
};

}  // namespace chaiqin::runtime
