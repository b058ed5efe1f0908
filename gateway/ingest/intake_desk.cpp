#include "gateway/ingest/intake_desk.hpp"

#include "domain/failure.hpp"
#include "runtime/log.hpp"

namespace chaiqin::gateway {

namespace {

constexpr std::size_t most_waiting = 10'000;

}  // namespace

IntakeDesk::IntakeDesk(const OpenIntakeStore& open, DatabaseHealth& health,
                       domain::ChainAudit chain)
    : health_(health),
      chain_(std::move(chain)),
      key_store_(open()),
      audit_store_(open()),
      keys_([this](std::vector<KeyRequest>&& group) { write_keys(std::move(group)); },
            most_waiting),
      lines_([this](std::vector<AuditRequest>&& group) { write_lines(std::move(group)); },
             most_waiting) {
    // Connected before the first request: connecting takes longer than a key is waited for, and a
    // key that PostgreSQL knows would be answered as new after each restart.
    for (auto* store : {key_store_.get(), audit_store_.get()})
        if (!store->answers()) health_.note_failure();
}

void IntakeDesk::reserve(domain::KeyReservation wanted,
                         std::function<void(std::optional<domain::Reserved>)> answer) {
    if (!keys_.try_add({std::move(wanted), answer})) answer(std::nullopt);
}

void IntakeDesk::release(domain::KeyReservation key) {
    if (!keys_.try_add({std::move(key), {}}))
        runtime::log_warn("an idempotency key could not be given back", {});
}

void IntakeDesk::write_audit(domain::AuditLine line, std::function<void(bool)> answer) {
    if (!lines_.try_add({std::move(line), answer})) answer(false);
}

void IntakeDesk::write_keys(std::vector<KeyRequest>&& group) {
    std::vector<domain::KeyReservation> wanted, given_back;
    for (const auto& request : group) (request.answer ? wanted : given_back).push_back(request.key);
    std::vector<domain::Reserved> answers;
    bool done = false;
    try {
        if (!given_back.empty()) key_store_->release(given_back);
        if (!wanted.empty())
            answers = key_store_->reserve(wanted, wanted.front().at - key_kept_for);
        done = true;
        health_.note_success();
    } catch (const domain::TransientFailure& failure) {
        health_.note_failure();
        runtime::log_warn("idempotency keys could not be asked for", {{"reason", failure.what()}});
    } catch (const domain::PermanentFailure& failure) {
        runtime::log_error("idempotency keys could not be written", {{"reason", failure.what()}});
    }
    std::size_t next = 0;
    for (auto& request : group) {
        if (!request.answer) continue;
        request.answer(done ? std::optional(std::move(answers.at(next))) : std::nullopt);
        ++next;
    }
}

void IntakeDesk::write_lines(std::vector<AuditRequest>&& group) {
    std::vector<domain::AuditLine> lines;
    for (const auto& request : group) lines.push_back(request.line);
    bool written = false;
    try {
        audit_store_->write_audit(std::move(lines), chain_);
        written = true;
    } catch (const domain::TransientFailure& failure) {
        runtime::log_warn("audit lines could not be written", {{"reason", failure.what()}});
    } catch (const domain::PermanentFailure& failure) {
        runtime::log_error("audit lines are refused by the database", {{"reason", failure.what()}});
    }
    for (auto& request : group) request.answer(written);
}

}  // namespace chaiqin::gateway
