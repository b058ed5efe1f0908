#pragma once
// A file as a message of file.received: what the gateway writes, and what it reads back when a
// receipt is missing. Both directions stand here so that they agree. Pure but for the keys.
#include <optional>
#include <string>

#include "crypto/keyed_hash.hpp"
#include "crypto/sealing.hpp"
#include "domain/intake_store.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::gateway {

/// Who sends, and how.
struct Sender {
    /// The agency acted for.
    std::string agency;
    std::string sub, name, client_kind, trace_parent;
    /// "" = none
    std::string idempotency_key;
    /// Then the n-th file, from 1, has KEY/n.
    bool is_form = false;
};

/// What is kept of the person who sends, with the file and with its receipt.
domain::SentBy sent_by(const Sender& sender, const std::string& submission_id,
                       const crypto::Keyring& keys, const crypto::Sealer& sealer);
/// The message without its payload, in the partition of the agency.
runtime::OutgoingMessage message_of(const domain::Receipt& receipt, const Sender& sender,
                                    const domain::SentBy& who, const std::string& key_hash,
                                    const std::string& topic);
/// The payload: the packed file, sealed together with what the headers say about it.
std::string sealed_payload(const runtime::OutgoingMessage& message, const crypto::Sealer& sealer,
                           std::string_view packed);

/// The receipt of a message. Empty if it is no file of ours: another owner's seal, headers that are
/// missing or do not say what was sealed.
std::optional<domain::TakenFile> taken_file(const runtime::Message& message,
                                            const crypto::Sealer& sealer);

}  // namespace chaiqin::gateway
