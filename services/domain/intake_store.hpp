#pragma once
// What the gateway keeps (schema intake): receipts, idempotency keys, how far file.received has
// been read, audit lines, uploads of Table 19, receipt signing keys. A port; postgres/intake
// implements it. Each call is one transaction and throws TransientFailure while PostgreSQL is away.
// One store a thread.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/audit.hpp"
#include "domain/career_load.hpp"
#include "domain/receipt.hpp"

namespace chaiqin::domain {

/// Who sent a file. Neither can be read without the platform's keys.
struct SentBy {
    std::string sub_hash;     ///< of the token's `sub`; "" = not known
    std::string sealed_name;  ///< bound to agency and submission id; "" = the token had no name
};

/// A receipt and where its file stands in file.received.
struct TakenFile {
    Receipt receipt;
    std::string key_hash;  ///< of the Idempotency-Key; "" = none
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    SentBy sent_by = {};
};

struct KeyReservation {
    std::string agency, key_hash, submission_id, sha256;
    Instant at{};
};

struct Reserved {
    bool has_other_content = false;  ///< the key stands for other bytes: idempotency_conflict
    std::optional<Receipt> receipt;  ///< same bytes, already taken
};

struct CareerUpload {
    std::string load_id, authority;
    LoadMode mode = LoadMode::snapshot;
    bool force = false;
    std::uint64_t size_bytes = 0;
    Instant received_at{};
};

class IntakeStore {
public:
    virtual ~IntakeStore() = default;
    /// Takes the keys that are free or were reserved before `forget_before`; one answer a
    /// reservation, in order. No key twice in one call.
    virtual std::vector<Reserved> reserve(const std::vector<KeyReservation>& wanted,
                                          Instant forget_before) = 0;
    /// Gives back reservations whose file certainly was not queued.
    virtual void release(const std::vector<KeyReservation>& keys) = 0;
    /// Stores receipts and their keys, and moves the given partitions forward; what stands already
    /// stays.
    virtual void store(const std::vector<TakenFile>& files,
                       const std::map<std::int32_t, std::int64_t>& next_offsets) = 0;
    /// By partition: the offset below which every file's receipt is stored.
    virtual std::map<std::int32_t, std::int64_t> next_offsets() = 0;
    /// With the heads of the chain as `chain` gives them, one writer at a time.
    virtual void write_audit(std::vector<AuditLine> lines, const ChainAudit& chain) = 0;
    virtual void add_career_upload(const CareerUpload& upload) = 0;
    virtual bool knows_agency(const std::string& code) = 0;
    /// Deletes reservations made before; at most some thousands a call.
    virtual void drop_reservations(Instant before) = 0;
    virtual bool answers() = 0;
};

}  // namespace chaiqin::domain
