#include "runtime/batch_runner.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::runtime {

using namespace std::chrono_literals;

namespace {

constexpr auto tidy_every = 500ms;

std::span<const Message> from_offset(std::span<const Message> batch, std::int64_t offset) {
    const auto first = std::ranges::find_if(
        batch, [&](const Message& message) { return message.offset >= offset; });
    return batch.subspan(static_cast<std::size_t>(first - batch.begin()));
}

std::vector<std::string> ids_of(std::span<const Message> batch) {
    std::vector<std::string> ids;
    for (const auto& message : batch) {
        ids.emplace_back(message.header(event_id_header));
        if (ids.back().empty()) throw domain::PermanentFailure("a message without ce_id");
    }
    return ids;
}

/// The first message of each id.
std::vector<Message> with_ids(std::span<const Message> batch, const std::vector<std::string>& ids) {
    std::set<std::string_view> wanted(ids.begin(), ids.end());
    std::vector<Message> some;
    for (const auto& message : batch)
        if (wanted.erase(message.header(event_id_header))) some.push_back(message);
    return some;
}

/// The messages of this store; `some` holds them if they are not all.
std::span<const Message> of_this_store(StageLedger& ledger, std::span<const Message> batch,
                                       std::vector<Message>& some) {
    const auto is_ours = [&](const Message& message) { return ledger.is_of_this_store(message); };
    if (std::ranges::all_of(batch, is_ours)) return batch;
    std::ranges::copy_if(batch, std::back_inserter(some), is_ours);
    return some;
}

void log_gap(const OwnedPartition& partition) {
    log_warn("offsets were skipped; seeking to the stored one",
             {{"topic", partition.at.topic},
              {"partition", partition.at.partition},
              {"offset", partition.next_offset.load()}});
}

void log_quarantined(const Message& message, const std::string& reason) {
    log_error("message quarantined", {{"topic", message.topic},
                                      {"partition", message.partition},
                                      {"offset", message.offset},
                                      {"event_id", message.header(event_id_header)},
                                      {"reason", reason}});
}

}  // namespace

BatchRunner::BatchRunner(RunnerSettings settings, Stage& stage, StageLedger& ledger,
                         DatabaseHealth& health, RunnerEnvironment environment)
    : settings_(std::move(settings)),
      stage_(stage),
      ledger_(ledger),
      health_(health),
      environment_(std::move(environment)) {}

BatchEnd BatchRunner::run(OwnedPartition& partition, std::span<const Message> batch) {
    BackOff back_off(environment_.random);
    Wait wait;
    while (partition.is_owned) {
        try {
            if (partition.messages_to_try_alone > 0) {
                wait.end();
                return run_one_by_one(partition, batch);
            }
            need_closed_breaker();
            if (attempt(partition, batch) == Attempt::committed) return BatchEnd::finished;
            batch = from_offset(batch, partition.next_offset);
            if (batch.empty()) return BatchEnd::finished;
            if (batch.front().offset > partition.next_offset) {
                log_gap(partition);
                return BatchEnd::gap;
            }
        } catch (const domain::DeploymentFailure& failure) {
            wait_for(failure, wait, back_off);
            if (environment_.is_stopping()) return BatchEnd::left_to_next_owner;
        } catch (const domain::TransientFailure& failure) {
            wait_after(failure, back_off, "batch not committed; trying again");
            if (environment_.is_stopping()) return BatchEnd::left_to_next_owner;
        } catch (const domain::PermanentFailure& failure) {
            log_error("a batch fails for good; trying its messages one by one",
                      {{"reason", failure.what()},
                       {"topic", partition.at.topic},
                       {"partition", partition.at.partition}});
            partition.messages_to_try_alone = batch.size();
        }
    }
    return BatchEnd::left_to_next_owner;
}

void BatchRunner::need_closed_breaker() {
    auto& breaker = *environment_.breaker;
    if (!breaker.is_open()) return;
    breaker.look(ledger_.last_resume());
    if (breaker.is_open())
        throw domain::DeploymentFailure(
            domain::waiting_for::quarantine,
            "the stage has put too many messages into quarantine within a minute",
            "read `chaiqin quarantine list`, mend the cause, then run `chaiqin quarantine resume " +
                settings_.stage + "` or restart the process");
}

/// Each message is marked before it is tried: if it kills the process, the next owner knows which
/// one it was.
BatchEnd BatchRunner::run_one_by_one(OwnedPartition& partition, std::span<const Message> batch) {
    for (const auto& message : batch) {
        partition.messages_to_try_alone -= partition.messages_to_try_alone > 0;
        const auto end = run_alone(partition, message);
        if (end != BatchEnd::finished) return end;
    }
    return BatchEnd::finished;
}

BatchEnd BatchRunner::run_alone(OwnedPartition& partition, const Message& message) {
    BackOff back_off(environment_.random);
    std::optional<int> tries;
    std::string reason = "the process has died while trying it";
    Wait wait;
    while (partition.is_owned) {
        if (message.offset < partition.next_offset) return BatchEnd::finished;
        try {
            need_closed_breaker();
            if (!tries) tries = ledger_.mark_try(partition.at, message.offset);
            const auto result = *tries > settings_.max_tries
                                    ? quarantine(partition, message, reason)
                                    : attempt(partition, {&message, 1});
            if (result == Attempt::committed) return BatchEnd::finished;
            if (message.offset > partition.next_offset) {
                log_gap(partition);
                return BatchEnd::gap;
            }
        } catch (const domain::DeploymentFailure& failure) {
            take_back_try(partition, message, tries);
            wait_for(failure, wait, back_off);
            if (environment_.is_stopping()) return BatchEnd::left_to_next_owner;
        } catch (const domain::TransientFailure& failure) {
            wait_after(failure, back_off, "message not committed; trying again");
            if (environment_.is_stopping()) return BatchEnd::left_to_next_owner;
        } catch (const domain::PermanentFailure& failure) {
            metrics().add("chaiqin_stage_failures_total", 1, "permanent");
            reason = failure.what();
            tries.reset();
        }
    }
    return BatchEnd::left_to_next_owner;
}

/// The message is not at fault, so its try does not count. Where PostgreSQL cannot note that now,
/// the same try stands for the next one.
void BatchRunner::take_back_try(const OwnedPartition& partition, const Message& message,
                                std::optional<int>& tries) {
    if (!tries) return;
    try {
        ledger_.forget_try(partition.at, message.offset, *tries);
        tries.reset();
    } catch (const domain::TransientFailure& failure) {
        log_debug("a try stays counted for now", {{"reason", failure.what()}});
    }
}

BatchRunner::Attempt BatchRunner::attempt(OwnedPartition& partition,
                                          std::span<const Message> batch) {
    const auto began = environment_.steady_now();
    const auto first = batch.front().offset, next = batch.back().offset + 1;
    std::vector<Message> kept;
    const auto ours = of_this_store(ledger_, batch, kept);
    for (;;) {
        auto begun = ledger_.begin(partition.at, first, next);
        if (!begun) return realign(partition);
        const auto new_ids = ledger_.unapplied(*begun->work, ids_of(ours));
        std::vector<Message> some;
        auto fresh = ours;
        if (new_ids.size() < ours.size()) fresh = some = with_ids(ours, new_ids);
        Outbox outbox;
        if (!fresh.empty()) {
            StageContext context{*begun->work, partition.at.partition, begun->change_no,
                                 environment_.clock.now()};
            if (stage_.apply(context, fresh, outbox) == Applied::decide_again) continue;
        }
        commit(partition, std::move(*begun), outbox);
        partition.next_offset = next;
        partition.has_committed = true;
        const auto applied = static_cast<double>(fresh.size());
        metrics().add("chaiqin_stage_messages_total", applied, "applied");
        metrics().add("chaiqin_stage_messages_total", static_cast<double>(ours.size()) - applied,
                      "repeated");
        if (ours.size() < batch.size())
            metrics().add("chaiqin_stage_messages_total",
                          static_cast<double>(batch.size() - ours.size()), "of_an_older_store");
        metrics().observe("chaiqin_stage_batch_seconds",
                          std::chrono::duration<double>(environment_.steady_now() - began).count());
        return Attempt::committed;
    }
}

/// Kept whole, and announced in the same transaction.
BatchRunner::Attempt BatchRunner::quarantine(OwnedPartition& partition, const Message& message,
                                             const std::string& reason) {
    auto begun = ledger_.begin(partition.at, message.offset, message.offset + 1);
    if (!begun) return realign(partition);
    ledger_.quarantine(*begun->work, message, reason);
    Outbox outbox;
    outbox.publish({settings_.quarantine_topic, 0, message.key,
                    std::string(message.header(event_id_header)), message.headers,
                    message.payload});
    commit(partition, std::move(*begun), outbox);
    partition.next_offset = message.offset + 1;
    partition.has_committed = true;
    environment_.breaker->quarantined(environment_.steady_now());
    metrics().add("chaiqin_quarantined_total");
    metrics().add("chaiqin_stage_messages_total", 1, "quarantined");
    log_quarantined(message, reason);
    return Attempt::committed;
}

/// The stored progress is not where we thought: our own commit went through unseen, another owner
/// has been here, or offsets were skipped. Whoever was here may have left rows in the outbox.
BatchRunner::Attempt BatchRunner::realign(OwnedPartition& partition) {
    partition.next_offset = ledger_.read(partition.at).next_offset;
    metrics().add("chaiqin_stage_failures_total", 1, "lost_ownership");
    partition.relay->expect_rows();
    return Attempt::progress_elsewhere;
}

/// Announcements into the outbox, finished rows out of it, commit; then the relay gets what was
/// announced.
void BatchRunner::commit(OwnedPartition& partition, BegunBatch begun, Outbox& outbox) {
    const auto ids = ledger_.append_outbox(*begun.work, partition.at, outbox);
    const auto finished = delete_finished(partition, *begun.work);
    ledger_.commit(std::move(begun));
    health_.committed(environment_.steady_now());
    partition.relay->forget(finished);
    std::vector<OutboxRow> rows;
    auto messages = outbox.take();
    for (std::size_t i = 0; i < ids.size(); ++i) rows.push_back({ids[i], std::move(messages[i])});
    partition.relay->send_committed(std::move(rows));
    stage_.committed(partition.at.partition);
}

/// Rows that their readers are past go with a batch, but not with every one: it is a question to
/// the database.
std::vector<std::int64_t> BatchRunner::delete_finished(OwnedPartition& partition,
                                                       domain::UnitOfWork& work) {
    const auto now = environment_.steady_now();
    if (now - partition.outbox_tidied < tidy_every) return {};
    const auto topics = partition.relay->delivered_topics();
    if (topics.empty()) return {};
    partition.outbox_tidied = now;
    auto ids = partition.relay->finished(topics, ledger_.consumed(work, topics));
    if (!ids.empty()) ledger_.delete_outbox(work, partition.at, ids);
    return ids;
}

Upkeep BatchRunner::look_after(OwnedPartition& partition) {
    if (!partition.is_owned) return Upkeep::nothing_done;
    auto upkeep = Upkeep::nothing_done;
    auto* wait = &partition.outbox_wait;
    try {
        settle_upkeep(partition);
        partition.relay->read_outbox(ledger_);
        wait = &partition.upkeep_wait;
        upkeep = do_upkeep(partition);
        wait = &partition.outbox_wait;
        tidy_outbox(partition);
        partition.outbox_wait.end();
    } catch (const domain::DeploymentFailure& failure) {
        metrics().add("chaiqin_stage_failures_total", 1, "deployment");
        wait->begin(failure);
        partition.waits_since = environment_.steady_now();
    } catch (const domain::TransientFailure& failure) {
        metrics().add("chaiqin_stage_failures_total", 1, "transient");
        health_.failed();
        log_debug("upkeep put off", {{"reason", failure.what()}});
    } catch (const domain::PermanentFailure& failure) {
        metrics().add("chaiqin_stage_failures_total", 1, "permanent");
        log_error("upkeep failed",
                  {{"reason", failure.what()}, {"partition", partition.at.partition}});
    }
    return upkeep;
}

/// After a commit in doubt the row of the progress stays locked until the server is done with it.
/// Once we could lock it ourselves, the outbox says what was committed.
void BatchRunner::settle_upkeep(OwnedPartition& partition) {
    if (!partition.is_upkeep_in_doubt) return;
    ledger_.begin_upkeep(partition.at, partition.next_offset);
    partition.is_upkeep_in_doubt = false;
}

/// Only if no batch comes that takes the finished rows along.
void BatchRunner::tidy_outbox(OwnedPartition& partition) {
    partition.relay->bury_refused(ledger_);
    const auto now = environment_.steady_now();
    if (now - partition.outbox_tidied < tidy_every) return;
    partition.outbox_tidied = now;
    partition.relay->delete_finished(ledger_);
}

/// What waits for the deployment is tried again every two seconds; the stage has asked for it.
bool BatchRunner::is_upkeep_due(const OwnedPartition& partition) {
    if (partition.upkeep_wait.is_waiting())
        return environment_.steady_now() - partition.waits_since >= 2s;
    return stage_.wants_upkeep(partition.at.partition, environment_.clock.now());
}

Upkeep BatchRunner::do_upkeep(OwnedPartition& partition) {
    const auto number = partition.at.partition;
    if (partition.relay->is_behind() || !is_upkeep_due(partition)) return Upkeep::nothing_done;
    auto begun = ledger_.begin_upkeep(partition.at, partition.next_offset);
    if (!begun) return Upkeep::nothing_done;
    Outbox outbox;
    StageContext context{*begun->work, number, begun->change_no, environment_.clock.now()};
    stage_.upkeep(context, outbox);
    try {
        commit(partition, std::move(*begun), outbox);
    } catch (const domain::TransientFailure&) {
        // Perhaps it is done, or will be: nothing newer is sent before what it announced. (Of a
        // batch the compare-and-set tells.)
        partition.is_upkeep_in_doubt = true;
        partition.relay->expect_rows();
        throw;
    }
    partition.upkeep_wait.end();
    return Upkeep::piece_done;
}

/// Nothing is committed and no try counts: it is tried again until somebody has mended it.
void BatchRunner::wait_for(const domain::DeploymentFailure& failure, Wait& wait,
                           BackOff& back_off) {
    wait.begin(failure);
    metrics().add("chaiqin_stage_failures_total", 1, "deployment");
    environment_.sleep(back_off.after_failure());
}

void BatchRunner::wait_after(const domain::TransientFailure& failure, BackOff& back_off,
                             const char* log_message) {
    if (back_off.is_fresh())
        log_warn(log_message, {{"stage", settings_.stage}, {"reason", failure.what()}});
    metrics().add("chaiqin_stage_failures_total", 1, "transient");
    health_.failed();
    environment_.sleep(back_off.after_failure());
}

}  // namespace chaiqin::runtime
