#pragma once
// Accepting files (the file to read first): bytes in memory → sealed message in Kafka, receipt in
// PostgreSQL → outcome. The gateway does not parse a submission. What must hold: `accepted` only
// after the broker's delivery report; one key and the same bytes are one submission; a time-out is
// `unknown`, never "not queued"; nothing waits for PostgreSQL longer than 50 ms (key) and 300 ms
// (receipt). Coroutines on the io thread, hashing and sealing on workers.
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/keyed_hash.hpp"
#include "crypto/receipt_signing.hpp"
#include "crypto/sealing.hpp"
#include "gateway/ingest/intake_desk.hpp"
#include "gateway/ingest/key_memory.hpp"
#include "gateway/ingest/receipt_book.hpp"
#include "gateway/ingest/uploaded_file.hpp"
#include "gateway/work/worker_pool.hpp"
#include "runtime/clock.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::gateway {

/// Who sends, and how.
struct Sender {
    std::string agency;  ///< acted for
    std::string sub, client_kind, trace_parent;
    std::string idempotency_key;  ///< "" = none
    bool is_form = false;         ///< then the n-th file, from 1, has KEY/n
};

enum class Outcome { accepted, refused, unavailable, unknown };

struct AcceptedFile {
    Outcome outcome = Outcome::unavailable;
    std::string file_name;  ///< masked
    bool replayed = false;
    domain::Receipt receipt;  ///< of an accepted one
    std::string receipt_json, receipt_jws;
    std::optional<Refusal> refusal;
};

struct AcceptingParts {
    const crypto::Keyring& keys;
    const crypto::ReceiptSigner& signer;
    runtime::Producer& producer;
    ReceiptBook& receipts;
    IntakeDesk& desk;
    DatabaseHealth& database;
    WorkerPool& workers;
    const runtime::Clock& clock;
    std::string topic = "chaiqin.file.received.v1";
};

class Accepting {
public:
    explicit Accepting(AcceptingParts parts);
    /// One outcome a file, in order; all are worked on at once. The answer is there within 1.8 s.
    boost::asio::awaitable<std::vector<AcceptedFile>> accept(Sender sender,
                                                             std::vector<UploadedFile> files);

private:
    struct Work;
    boost::asio::awaitable<AcceptedFile> accept_one(Sender sender, UploadedFile file,
                                                    Deadline deadline);
    boost::asio::awaitable<AcceptedFile> accept_keyed(std::shared_ptr<Work> work,
                                                      Deadline deadline);
    boost::asio::awaitable<std::optional<domain::Reserved>> reserve(std::shared_ptr<Work> work);
    boost::asio::awaitable<AcceptedFile> replay(std::shared_ptr<Work> work, domain::Receipt receipt,
                                                Deadline deadline);
    boost::asio::awaitable<AcceptedFile> produce(std::shared_ptr<Work> work, Deadline deadline);
    void prepare(Work& work) const;
    AcceptedFile signed_outcome(const domain::Receipt& receipt, bool replayed) const;

    AcceptingParts parts_;
    crypto::Sealer sealer_;
    KeyMemory keys_;
};

/// The receipt as it is answered and signed.
std::string receipt_json(const domain::Receipt& receipt);

/// A file of the topic as a receipt; nothing: no file of ours (another owner's seal, missing
/// headers).
std::optional<domain::TakenFile> taken_file(const runtime::Message& message,
                                            const crypto::Sealer& sealer);

}  // namespace chaiqin::gateway
