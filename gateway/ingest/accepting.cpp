#include "gateway/ingest/accepting.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <charconv>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "domain/partitioning.hpp"
#include "gateway/http_api/json_text.hpp"
#include "runtime/log.hpp"

namespace chaiqin::gateway {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr auto answer_within = std::chrono::milliseconds(1750);
constexpr auto key_wait = std::chrono::milliseconds(50);
constexpr auto receipt_wait = std::chrono::milliseconds(300);
constexpr std::size_t most_known_keys = 20'000;
constexpr std::size_t most_opened_bytes = 6u << 20;

std::string route_of(const std::string& client_kind) {
    if (client_kind == "webitr") return "WEBITR";
    if (client_kind == "webhr") return "WEBHR";
    if (client_kind == "portal") return "MANUAL";
    return "SELF";
}

AcceptedFile refused(std::string file_name, const Refusal& refusal) {
    AcceptedFile file;
    file.outcome = Outcome::refused;
    file.file_name = std::move(file_name);
    file.refusal = refusal;
    return file;
}

AcceptedFile not_accepted(std::string file_name, Outcome outcome) {
    AcceptedFile file;
    file.outcome = outcome;
    file.file_name = std::move(file_name);
    return file;
}

/// What went wrong in between is nobody's fault outside; whether the file got to Kafka cannot be
/// said.
AcceptedFile outcome_of_failure(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& reason) {
        runtime::log_error("a file could not be accepted", {{"reason", reason.what()}});
    }
    return not_accepted("", Outcome::unknown);
}

std::optional<std::int64_t> number_header(const runtime::Message& message, std::string_view name) {
    const auto text = message.header(name);
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

/// A file on its way; owned by whoever works on it, so that a late worker never meets a gone
/// request.
struct Accepting::Work {
    Work(Sender s, UploadedFile f) : sender(std::move(s)), file(std::move(f)) {}
    Sender sender;
    UploadedFile file;
    domain::Receipt receipt;
    std::string key_hash, sealed;
    bool is_reserved = false;  ///< the key stands in PostgreSQL for this file
    std::optional<Refusal> refusal;

    domain::KeyReservation reservation() const {
        return {receipt.agency, key_hash, receipt.submission_id, receipt.sha256,
                receipt.received_at};
    }
};

std::string receipt_json(const domain::Receipt& receipt) {
    JsonObject object;
    object.text("submission_id", receipt.submission_id)
        .text("agency", receipt.agency)
        .text("file_name", receipt.file_name);
    object.number("size_bytes", receipt.size_bytes).text("sha256", receipt.sha256);
    object.text("received_at", domain::rfc3339_taipei(receipt.received_at));
    return std::move(object).done();
}

std::optional<domain::TakenFile> taken_file(const runtime::Message& message,
                                            const crypto::Sealer& sealer) {
    const auto received_at = number_header(message, "received_at"),
               size = number_header(message, "size_bytes");
    domain::TakenFile taken;
    taken.receipt.submission_id = message.header("submission_id");
    taken.receipt.agency = message.header("agency");
    taken.receipt.route = message.header("route");
    taken.receipt.sha256 = message.header("sha256");
    if (!received_at || !size || taken.receipt.submission_id.size() != 36 ||
        taken.receipt.agency.empty())
        return std::nullopt;
    taken.receipt.received_at = domain::Instant(std::chrono::microseconds(*received_at));
    taken.receipt.size_bytes = *size;
    taken.key_hash = message.header("idempotency_hash");
    taken.partition = message.partition;
    taken.offset = message.offset;
    try {
        const auto packed = sealer.open(message.payload, taken.receipt.agency,
                                        taken.receipt.submission_id, most_opened_bytes);
        taken.receipt.file_name = crypto::unpack_file(packed).masked_name;
    } catch (const domain::PermanentFailure&) {
        return std::nullopt;
    }
    return taken;
}

Accepting::Accepting(AcceptingParts parts)
    : parts_(std::move(parts)), sealer_(parts_.keys), keys_(most_known_keys) {}

awaitable<std::vector<AcceptedFile>> Accepting::accept(Sender sender,
                                                       std::vector<UploadedFile> files) {
    const auto deadline = steady_clock::now() + answer_within;
    const auto executor = co_await asio::this_coro::executor;
    std::vector<Promised<AcceptedFile>> promised;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto& one = promised.emplace_back(executor);
        names.push_back(files[i].masked_name);
        auto of_file = sender;
        if (sender.is_form && !sender.idempotency_key.empty())
            of_file.idempotency_key += "/" + std::to_string(i + 1);
        asio::co_spawn(executor, accept_one(std::move(of_file), std::move(files[i]), deadline),
                       [one](std::exception_ptr failure, AcceptedFile file) {
                           if (failure) file = outcome_of_failure(failure);
                           one.set(std::move(file));
                       });
    }
    std::vector<AcceptedFile> outcomes;
    for (std::size_t i = 0; i < promised.size(); ++i) {
        auto outcome = co_await promised[i].until(deadline + std::chrono::milliseconds(50));
        outcomes.push_back(outcome ? std::move(*outcome) : not_accepted("", Outcome::unknown));
        outcomes.back().file_name = names[i];
    }
    co_return outcomes;
}

/// Hash, ids and seal; on a worker. `refusal` is set if the bytes cannot be taken.
void Accepting::prepare(Work& work) const {
    const auto& sender = work.sender;
    auto& receipt = work.receipt;
    work.refusal = refusal_of_bytes(work.file.bytes);
    if (work.refusal) return;
    receipt.agency = sender.agency;
    receipt.file_name = work.file.masked_name;
    receipt.route = route_of(sender.client_kind);
    receipt.size_bytes = static_cast<std::int64_t>(work.file.bytes.size());
    receipt.sha256 = crypto::sha256_hex(work.file.bytes);
    receipt.submission_id =
        crypto::submission_id(parts_.keys, sender.agency, sender.idempotency_key, receipt.sha256);
    receipt.received_at = parts_.clock.now();
    if (!sender.idempotency_key.empty())
        work.key_hash = crypto::header_hash(parts_.keys, "idempotency", sender.idempotency_key);
    work.sealed = sealer_.seal(crypto::pack_file(receipt.file_name, work.file.bytes),
                               receipt.agency, receipt.submission_id);
    std::string().swap(work.file.bytes);
    work.file.share.give_back();
}

awaitable<AcceptedFile> Accepting::accept_one(Sender sender, UploadedFile file, Deadline deadline) {
    if (file.refusal) co_return refused(file.masked_name, *file.refusal);
    if (file.has_no_room) co_return not_accepted(file.masked_name, Outcome::unavailable);
    const auto work = std::make_shared<Work>(std::move(sender), std::move(file));
    auto job = [this, work] {
        prepare(*work);
        return true;
    };
    const auto prepared = co_await parts_.workers.run(std::move(job), deadline);
    if (!prepared) co_return not_accepted("", Outcome::unavailable);
    if (work->refusal) co_return refused(work->file.masked_name, *work->refusal);
    if (work->key_hash.empty()) {
        auto produced = co_await produce(work, deadline);
        co_return produced;
    }
    auto keyed = co_await accept_keyed(work, deadline);
    co_return keyed;
}

awaitable<AcceptedFile> Accepting::accept_keyed(std::shared_ptr<Work> work, Deadline deadline) {
    const KeyMemory::Key key{work->receipt.agency, work->key_hash};
    auto begun = co_await keys_.begin(key, deadline);
    if (!begun) co_return not_accepted("", Outcome::unknown);
    if (!begun->is_mine) {
        if (begun->receipt->sha256 != work->receipt.sha256)
            co_return refused("", refusals::idempotency_conflict);
        auto replayed = co_await replay(work, std::move(*begun->receipt), deadline);
        co_return replayed;
    }
    AcceptedFile outcome = not_accepted("", Outcome::unknown);
    std::exception_ptr failure;
    try {
        auto reserved = co_await reserve(work);
        if (reserved && reserved->has_other_content) {
            outcome = refused("", refusals::idempotency_conflict);
        } else if (reserved && reserved->receipt) {
            outcome = co_await replay(work, std::move(*reserved->receipt), deadline);
        } else {
            work->is_reserved = reserved.has_value();
            outcome = co_await produce(work, deadline);
        }
    } catch (...) {
        failure = std::current_exception();
    }
    keys_.end(key,
              outcome.outcome == Outcome::accepted ? std::optional(outcome.receipt) : std::nullopt);
    if (failure) std::rethrow_exception(failure);
    co_return outcome;
}

awaitable<std::optional<domain::Reserved>> Accepting::reserve(std::shared_ptr<Work> work) {
    if (!parts_.database.answers()) co_return std::nullopt;
    const auto executor = co_await asio::this_coro::executor;
    const Promised<std::optional<domain::Reserved>> promised(executor);
    parts_.desk.reserve(work->reservation(), [promised](std::optional<domain::Reserved> answer) {
        promised.set(std::move(answer));
    });
    auto answer = co_await promised.until(steady_clock::now() + key_wait);
    if (!answer) co_return std::nullopt;
    co_return std::move(*answer);
}

AcceptedFile Accepting::signed_outcome(const domain::Receipt& receipt, bool replayed) const {
    AcceptedFile file;
    file.outcome = Outcome::accepted;
    file.file_name = receipt.file_name;
    file.replayed = replayed;
    file.receipt = receipt;
    file.receipt_json = receipt_json(receipt);
    file.receipt_jws = parts_.signer.sign(file.receipt_json);
    return file;
}

awaitable<AcceptedFile> Accepting::replay(std::shared_ptr<Work> work, domain::Receipt receipt,
                                          Deadline deadline) {
    auto job = [this, work, receipt = std::move(receipt)] { return signed_outcome(receipt, true); };
    auto outcome = co_await parts_.workers.run(std::move(job), deadline);
    if (!outcome) co_return not_accepted("", Outcome::unknown);
    co_return std::move(*outcome);
}

namespace {

runtime::OutgoingMessage message_of(const domain::Receipt& receipt, const Sender& sender,
                                    const crypto::Keyring& keys, const std::string& key_hash,
                                    const std::string& topic, std::int32_t partition,
                                    std::string sealed) {
    runtime::OutgoingMessage message;
    message.topic = topic;
    message.partition = partition;
    message.key = receipt.agency;
    message.event_id = receipt.submission_id + "/1";
    message.headers = {
        {"ce_specversion", "1.0"},
        {"ce_type", topic},
        {"ce_source", "chaiqin/gateway"},
        {"ce_time", domain::rfc3339_taipei(receipt.received_at)},
        {"submission_id", receipt.submission_id},
        {"attempt", "1"},
        {"agency", receipt.agency},
        {"route", receipt.route},
        {"client_kind", sender.client_kind},
        {"received_at", std::to_string(receipt.received_at.time_since_epoch().count())},
        {"size_bytes", std::to_string(receipt.size_bytes)},
        {"sha256", receipt.sha256},
        {"sub_hash", crypto::header_hash(keys, "sub", sender.sub)},
        {"idempotency_hash", key_hash},
        {"traceparent", sender.trace_parent}};
    message.payload = std::move(sealed);
    return message;
}

}  // namespace

awaitable<AcceptedFile> Accepting::produce(std::shared_ptr<Work> work, Deadline deadline) {
    const auto executor = co_await asio::this_coro::executor;
    const auto partition = domain::partition_of(work->receipt.agency);
    const auto stored_below = parts_.receipts.next_offset(partition);
    const Promised<runtime::Delivery> delivered(executor);
    const Promised<bool> stored(executor);
    auto job = [this, work, partition, stored_below, delivered, stored] {
        work->receipt.received_at = parts_.clock.now();
        auto message = message_of(work->receipt, work->sender, parts_.keys, work->key_hash,
                                  parts_.topic, partition, std::move(work->sealed));
        parts_.producer.send(std::move(message), [this, work, partition, stored_below, delivered,
                                                  stored](const runtime::Delivered& report) {
            switch (report.outcome) {
                case runtime::Delivery::delivered:
                    parts_.receipts.enter(
                        {work->receipt, work->key_hash, report.partition, report.offset},
                        [stored] { stored.set(true); });
                    break;
                case runtime::Delivery::unknown:
                    parts_.receipts.note_doubt(partition, stored_below);
                    break;
                case runtime::Delivery::not_queued:
                case runtime::Delivery::refused_for_good:
                    if (work->is_reserved) parts_.desk.release(work->reservation());
            }
            delivered.set(report.outcome);
        });
        return signed_outcome(work->receipt, false);  // while the broker writes
    };
    auto outcome = co_await parts_.workers.run(std::move(job), deadline);
    if (!outcome) co_return not_accepted("", Outcome::unknown);
    const auto report = co_await delivered.until(deadline);
    if (!report || *report == runtime::Delivery::unknown)
        co_return not_accepted("", Outcome::unknown);
    if (*report != runtime::Delivery::delivered) co_return not_accepted("", Outcome::unavailable);
    if (parts_.database.answers()) {
        const auto in_store =
            co_await stored.until(std::min(deadline, steady_clock::now() + receipt_wait));
        if (!in_store) parts_.database.note_slow();
    }
    co_return std::move(*outcome);
}

}  // namespace chaiqin::gateway
