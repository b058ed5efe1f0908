#pragma once
// Receipts that are durable in Kafka but not yet in PostgreSQL, so that a file just accepted is
// never "not found". ingest keeps them; the reading part asks for them. Thread-safe.
#include <optional>
#include <string_view>

#include "domain/receipt.hpp"

namespace chaiqin::gateway {

/// Why a receipt is not answered with 404 before `is_caught_up`.
inline constexpr const char* receipts_are_read_back = "receipts are being read back from the topic";

class PendingReceipts {
public:
    virtual ~PendingReceipts() = default;
    virtual std::optional<domain::Receipt> find(std::string_view submission_id) const = 0;
    /// Whether a receipt that is neither here nor in PostgreSQL was never given. Not before what
    /// stands in the topic has been read back.
    virtual bool is_caught_up() const = 0;
};

}  // namespace chaiqin::gateway
