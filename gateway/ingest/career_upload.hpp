#pragma once
// A Table 19 upload on its way: CSV bytes → sealed chunks of 4 MiB on career.received, in order.
// Each chunk is delivered before the next one is read, so memory stays at two chunks however large
// the upload is. An upload that breaks off has no last chunk and is never applied. The coroutines
// run on the io thread; the sealing pool hashes, seals and sends.
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "crypto/digest.hpp"
#include "crypto/sealing.hpp"
#include "domain/events.hpp"
#include "domain/topics.hpp"
#include "gateway/work/worker_pool.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::gateway {

inline constexpr std::size_t career_chunk_bytes = 4u << 20;

class CareerUploadStream {
public:
    struct Parts {
        const crypto::Sealer& sealer;
        runtime::Producer& producer;
        WorkerPool& workers;
        std::string topic{domain::topics::career_received};
    };
    /// `head`: load id, authority, mode, force, received_at.
    CareerUploadStream(Parts parts, domain::CareerChunk head);

    /// Takes a piece and sends each full chunk. TransientFailure: Kafka does not take it.
    boost::asio::awaitable<void> add(std::string_view piece);
    /// Sends the rest as the last chunk, with size and hash of the whole.
    boost::asio::awaitable<void> finish();
    std::uint64_t total_bytes() const { return state_->chunk.total_bytes; }

private:
    struct State {
        /// The next one, without its content.
        domain::CareerChunk chunk;
        std::string content;
        crypto::Sha256 digest;
    };
    boost::asio::awaitable<void> send(bool last);
    boost::asio::awaitable<runtime::Delivery> deliver(
        std::shared_ptr<const runtime::OutgoingMessage> message);

    Parts parts_;
    std::shared_ptr<State> state_;
};

}  // namespace chaiqin::gateway
