#pragma once
// Idempotency keys and audit lines on their way to PostgreSQL, each in groups by a thread and a
// session of its own. Answers come by call-back from that thread and are empty where PostgreSQL did
// not do it. Thread-safe.
#include <functional>
#include <memory>
#include <optional>

#include "domain/intake_store.hpp"
#include "gateway/ingest/database_health.hpp"
#include "gateway/ingest/group_writer.hpp"

namespace chaiqin::gateway {

using OpenIntakeStore = std::function<std::unique_ptr<domain::IntakeStore>()>;

/// Idempotency keys are kept so long (docs/http-api.md, "Idempotency keys").
inline constexpr auto key_kept_for = std::chrono::hours(24 * 90);

class IntakeDesk {
public:
    /// `chain` gives audit lines their place.
    IntakeDesk(const OpenIntakeStore& open, DatabaseHealth& health, domain::ChainAudit chain);

    void reserve(domain::KeyReservation wanted,
                 std::function<void(std::optional<domain::Reserved>)> answer);
    /// Gives a key back whose file was certainly not queued; best effort.
    void release(domain::KeyReservation key);
    void write_audit(domain::AuditLine line, std::function<void(bool written)> answer);

private:
    struct KeyRequest {
        domain::KeyReservation key;
        /// Empty where the key is given back.
        std::function<void(std::optional<domain::Reserved>)> answer;
    };
    struct AuditRequest {
        domain::AuditLine line;
        std::function<void(bool)> answer;
    };
    void write_keys(std::vector<KeyRequest>&& group);
    void write_lines(std::vector<AuditRequest>&& group);

    DatabaseHealth& health_;
    const domain::ChainAudit chain_;
    std::unique_ptr<domain::IntakeStore> key_store_, audit_store_;
    GroupWriter<KeyRequest> keys_;
    GroupWriter<AuditRequest> lines_;
};

}  // namespace chaiqin::gateway
