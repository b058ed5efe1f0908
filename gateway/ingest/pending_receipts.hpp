#pragma once
// Receipts that are durable in Kafka but not yet in PostgreSQL, so that a file just accepted is
// never "not found". ingest keeps them; the reading part asks for them. Thread-safe.
#include <optional>
#include <string_view>

#include "domain/receipt.hpp"

namespace chaiqin::gateway {

class PendingReceipts {
public:
    virtual ~PendingReceipts() = default;
    virtual std::optional<domain::Receipt> find(std::string_view submission_id) const = 0;
};

}  // namespace chaiqin::gateway
