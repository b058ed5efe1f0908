#include "gateway/ingest/accepting.hpp"

#include <boost/asio/co_spawn.hpp>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "domain/partitioning.hpp"
#include "runtime/log.hpp"
#include "wire/receipt_json.hpp"

namespace chaiqin::gateway {

namespace asio = boost::asio;
using asio::awaitable;
using runtime::Delivery;
using std::chrono::steady_clock;

namespace {

constexpr auto answer_within = std::chrono::milliseconds(1750);
constexpr auto key_wait = std::chrono::milliseconds(50);
constexpr auto receipt_wait = std::chrono::milliseconds(300);

std::string route_of(const std::string& client_kind) {
    if (client_kind == "webitr") return "WEBITR";
    if (client_kind == "webhr") return "WEBHR";
    if (client_kind == "portal") return "MANUAL";
    return "SELF";
}

AnsweredFile refused(FileRefusal refusal) {
    AnsweredFile file;
    file.fate = FileFate::refused;
    file.refusal = refusal;
    return file;
}

AnsweredFile not_accepted(FileFate fate) {
    AnsweredFile file;
    file.fate = fate;
    return file;
}

/// What went wrong in between is nobody's fault outside; whether the file got to Kafka cannot be
/// said.
AnsweredFile unknown_after(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& reason) {
        runtime::log_error("a file could not be accepted", {{"reason", reason.what()}});
    }
    return not_accepted(FileFate::unknown);
}

}  // namespace

/// A file on its way. Whoever works on it shares it.
struct Accepting::FileInHand {
    FileInHand(Sender s, UploadedFile f) : sender(std::move(s)), uploaded(std::move(f)) {}
    Sender sender;
    UploadedFile uploaded;
    domain::Receipt receipt;
    std::string key_hash;
    domain::SentBy sent_by;  ///< known once it is sealed
    /// The key stands in PostgreSQL for this file.
    bool is_reserved = false;

    domain::KeyReservation reservation() const {
        return {receipt.agency, key_hash, receipt.submission_id, receipt.sha256,
                receipt.received_at};
    }
};

Accepting::Accepting(AcceptingParts parts) : parts_(std::move(parts)), sealer_(parts_.keys) {}

awaitable<std::vector<AnsweredFile>> Accepting::accept(Sender sender,
                                                       std::vector<UploadedFile> files) {
    const auto deadline = steady_clock::now() + answer_within;
    const auto executor = co_await asio::this_coro::executor;
    std::vector<Promised<AnsweredFile>> promised;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto& one = promised.emplace_back(executor);
        names.push_back(files[i].masked_name);
        auto of_file = sender;
        if (sender.is_form && !sender.idempotency_key.empty())
            of_file.idempotency_key += "/" + std::to_string(i + 1);
        auto file = std::make_shared<FileInHand>(std::move(of_file), std::move(files[i]));
        asio::co_spawn(executor, accept_one(std::move(file), deadline),
                       [one](std::exception_ptr failure, AnsweredFile answered) {
                           if (failure) answered = unknown_after(failure);
                           one.set(std::move(answered));
                       });
    }
    std::vector<AnsweredFile> answers;
    for (std::size_t i = 0; i < promised.size(); ++i) {
        auto answered = co_await promised[i].until(deadline + std::chrono::milliseconds(50));
        answers.push_back(answered ? std::move(*answered) : not_accepted(FileFate::unknown));
        answers.back().file_name = names[i];
    }
    co_return answers;
}

/// The way of one file.
awaitable<AnsweredFile> Accepting::accept_one(FilePtr file, Deadline deadline) {
    const auto& whose = file->sender.agency;
    if (file->uploaded.refusal) co_return refused(*file->uploaded.refusal);
    if (file->uploaded.has_no_room) co_return not_accepted(FileFate::unavailable);
    auto on_sealing_pool = [this, file] {
        prepare(*file);
        return file->uploaded.refusal;
    };
    const auto prepared =
        co_await parts_.sealing_pool.run(std::move(on_sealing_pool), deadline, whose);
    if (!prepared) co_return not_accepted(FileFate::unavailable);
    if (*prepared) co_return refused(**prepared);
    if (file->key_hash.empty()) {
        auto answered = co_await produce(file, deadline);
        co_return answered;
    }

    // One post at a time for each key.
    const KeyMemory::Key key{file->receipt.agency, file->key_hash};
    auto begun = co_await parts_.key_memory.take_turn(key, deadline);
    if (!begun) co_return not_accepted(FileFate::unknown);
    if (auto* known = std::get_if<domain::Receipt>(&*begun)) {
        if (known->sha256 != file->receipt.sha256) co_return refused(FileRefusal::key_conflict);
        auto answered = co_await replay(std::move(*known), deadline);
        co_return answered;
    }
    auto& turn = std::get<KeyMemory::Turn>(*begun);
    auto reserved = co_await ask_for_key(file);
    if (reserved && reserved->has_other_content) co_return refused(FileRefusal::key_conflict);
    AnsweredFile answered;
    if (reserved && reserved->receipt) {
        answered = co_await replay(std::move(*reserved->receipt), deadline);
    } else {
        file->is_reserved = reserved.has_value();
        answered = co_await produce(file, deadline);
    }
    if (answered.fate == FileFate::accepted) turn.accepted(answered.receipt);
    co_return answered;
}

/// Hash and ids (sealing pool). Sets the refusal if the bytes cannot be taken.
void Accepting::prepare(FileInHand& file) const {
    const auto& sender = file.sender;
    auto& receipt = file.receipt;
    file.uploaded.refusal = refusal_of_bytes(file.uploaded.bytes);
    if (file.uploaded.refusal) return;
    receipt.agency = sender.agency;
    receipt.file_name = file.uploaded.masked_name;
    receipt.route = route_of(sender.client_kind);
    receipt.size_bytes = static_cast<std::int64_t>(file.uploaded.bytes.size());
    receipt.sha256 = crypto::sha256_hex(file.uploaded.bytes);
    receipt.submission_id =
        crypto::submission_id(parts_.keys, sender.agency, sender.idempotency_key, receipt.sha256);
    receipt.received_at = parts_.clock.now();
    if (!sender.idempotency_key.empty())
        file.key_hash = crypto::header_hash(parts_.keys, "idempotency", sender.idempotency_key);
}

/// The message with the sealed file (sealing pool). The seal holds the time of receipt as well, so
/// it is made when that is known.
runtime::OutgoingMessage Accepting::sealed_message(FileInHand& file) const {
    file.receipt.received_at = parts_.clock.now();
    file.sent_by = sent_by(file.sender, file.receipt.submission_id, parts_.keys, sealer_);
    auto message = message_of(file.receipt, file.sender, file.sent_by, file.key_hash, parts_.topic);
    auto packed = crypto::pack_file(file.receipt.file_name, file.uploaded.bytes);
    std::string().swap(file.uploaded.bytes);  // its share stays: the sealed bytes are as many
    message.payload = sealed_payload(message, sealer_, packed);
    return message;
}

/// What PostgreSQL says about the key. Empty if it is away or does not answer in time.
awaitable<std::optional<domain::Reserved>> Accepting::ask_for_key(FilePtr file) {
    if (!parts_.database.answers()) co_return std::nullopt;
    const auto executor = co_await asio::this_coro::executor;
    const Promised<std::optional<domain::Reserved>> promised(executor);
    auto on_key_answer = [promised](std::optional<domain::Reserved> answer) {
        promised.set(std::move(answer));
    };
    parts_.desk.reserve(file->reservation(), std::move(on_key_answer));
    auto answer = co_await promised.until(steady_clock::now() + key_wait);
    if (!answer) co_return std::nullopt;
    co_return std::move(*answer);
}

/// Signs the receipt. Any thread; it takes a while, so never on the io thread.
AnsweredFile Accepting::accepted(const domain::Receipt& receipt, bool replayed) const {
    AnsweredFile file;
    file.fate = FileFate::accepted;
    file.file_name = receipt.file_name;
    file.replayed = replayed;
    file.receipt = receipt;
    file.receipt_json = wire::receipt_json(receipt);
    file.receipt_jws = parts_.signer.sign(file.receipt_json);
    return file;
}

/// The same receipt again.
awaitable<AnsweredFile> Accepting::replay(domain::Receipt receipt, Deadline deadline) {
    const auto whose = receipt.agency;
    auto on_sealing_pool = [this, receipt = std::move(receipt)] { return accepted(receipt, true); };
    auto answered = co_await parts_.sealing_pool.run(std::move(on_sealing_pool), deadline, whose);
    if (!answered) co_return not_accepted(FileFate::unknown);
    co_return std::move(*answered);
}

/// Sends the file to Kafka, waits for the broker's report, then for the receipt in PostgreSQL.
awaitable<AnsweredFile> Accepting::produce(FilePtr file, Deadline deadline) {
    const auto executor = co_await asio::this_coro::executor;
    const auto partition = domain::partition_of(file->receipt.agency);
    const auto stored_below = parts_.receipts.next_offset(partition);
    const Promised<Delivery> delivered(executor);
    const Promised<bool> stored(executor);
    auto on_delivery = [this, file, partition, stored_below, delivered,
                        stored](const runtime::Delivered& report) {
        if (report.outcome == Delivery::delivered) {
            auto on_stored = [stored] { stored.set(true); };
            parts_.receipts.enter(
                {file->receipt, file->key_hash, report.partition, report.offset, file->sent_by},
                on_stored);
        } else if (report.outcome == Delivery::unknown) {
            parts_.receipts.note_doubt(partition, stored_below);
        } else if (file->is_reserved) {
            parts_.desk.release(file->reservation());
        }
        delivered.set(report.outcome);
    };
    const auto& whose = file->sender.agency;
    auto on_sealing_pool = [this, file, on_delivery = std::move(on_delivery)] {
        parts_.producer.send(sealed_message(*file), on_delivery);
        return accepted(file->receipt, false);  // while the broker writes
    };
    auto answered = co_await parts_.sealing_pool.run(std::move(on_sealing_pool), deadline, whose);
    if (!answered) co_return not_accepted(FileFate::unknown);
    const auto report = co_await delivered.until(deadline);
    if (!report || *report == Delivery::unknown) co_return not_accepted(FileFate::unknown);
    if (*report != Delivery::delivered) co_return not_accepted(FileFate::unavailable);
    if (parts_.database.answers()) {
        const auto in_store =
            co_await stored.until(std::min(deadline, steady_clock::now() + receipt_wait));
        if (!in_store) parts_.database.note_slow();
    }
    co_return std::move(*answered);
}

}  // namespace chaiqin::gateway
