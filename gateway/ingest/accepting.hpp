#pragma once
// Accepting files (the file to read first): bytes in memory → sealed message in Kafka, receipt in
// PostgreSQL → fate of each file. The gateway does not parse a submission. What must hold:
// `accepted` only after the broker's delivery report; one key and the same bytes are one
// submission; a time-out is `unknown`, never "not queued"; nothing waits for PostgreSQL longer than
// 50 ms (key) and 300 ms (receipt).
//
// Threads. Every coroutine runs on the io thread. Lambdas named `on_…` run elsewhere:
//   on_sealing_pool   a thread of the sealing pool: hash, seal, send, sign
//   on_delivery       Kafka's delivery thread: the broker's report
//   on_key_answer     the key writer of the intake desk (PostgreSQL)
//   on_stored         the receipt book's writer (PostgreSQL)
// They own what they use, so one that comes late never meets a request that is gone.
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/keyed_hash.hpp"
#include "crypto/receipt_signing.hpp"
#include "crypto/sealing.hpp"
#include "domain/topics.hpp"
#include "gateway/ingest/file_message.hpp"
#include "gateway/ingest/intake_desk.hpp"
#include "gateway/ingest/key_memory.hpp"
#include "gateway/ingest/receipt_book.hpp"
#include "gateway/ingest/uploaded_file.hpp"
#include "gateway/work/worker_pool.hpp"
#include "runtime/clock.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::gateway {

/// What became of a file: the API's `outcome`.
enum class FileFate { accepted, refused, unavailable, unknown };

struct AnsweredFile {
    FileFate fate = FileFate::unavailable;
    /// Masked.
    std::string file_name;
    /// Set if refused.
    std::optional<FileRefusal> refusal;
    /// The next four are of an accepted file.
    bool replayed = false;
    domain::Receipt receipt;
    std::string receipt_json, receipt_jws;
};

struct AcceptingParts {
    const crypto::Keyring& keys;
    const crypto::ReceiptSigner& signer;
    runtime::Producer& producer;
    ReceiptBook& receipts;
    IntakeDesk& desk;
    KeyMemory& key_memory;
    DatabaseHealth& database;
    WorkerPool& sealing_pool;
    const runtime::Clock& clock;
    std::string topic{domain::topics::file_received};
};

class Accepting {
public:
    explicit Accepting(AcceptingParts parts);
    /// The fate of each file, in order; all are worked on at once. The answer is there within
    /// 1.8 s.
    boost::asio::awaitable<std::vector<AnsweredFile>> accept(Sender sender,
                                                             std::vector<UploadedFile> files);

private:
    struct FileInHand;
    using FilePtr = std::shared_ptr<FileInHand>;
    boost::asio::awaitable<AnsweredFile> accept_one(FilePtr file, Deadline deadline);
    boost::asio::awaitable<std::optional<domain::Reserved>> ask_for_key(FilePtr file);
    boost::asio::awaitable<AnsweredFile> replay(domain::Receipt receipt, Deadline deadline);
    boost::asio::awaitable<AnsweredFile> produce(FilePtr file, Deadline deadline);
    void prepare(FileInHand& file) const;
    runtime::OutgoingMessage sealed_message(FileInHand& file) const;
    AnsweredFile accepted(const domain::Receipt& receipt, bool replayed) const;

    AcceptingParts parts_;
    crypto::Sealer sealer_;
};

}  // namespace chaiqin::gateway
