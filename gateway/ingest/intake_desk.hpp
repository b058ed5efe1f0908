#pragma once
// Idempotency keys and audit lines on their way to PostgreSQL, each in groups by a thread and a
// session of its own. Answers come by call-back from that thread; nothing means that PostgreSQL did
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
    IntakeDesk(const OpenIntakeStore& open, DatabaseHealth& health);

    void reserve(domain::KeyReservation wanted,
                 std::function<void(std::optional<domain::Reserved>)> answer);
    /// Gives a key back whose file was certainly not queued; best effort.
    void release(domain::KeyReservation key);
    void write_audit(domain::AuditLine line, std::function<void(bool written)> answer);

private:
    struct KeyWork {
        domain::KeyReservation key;
        std::function<void(std::optional<domain::Reserved>)> answer;  ///< empty: give the key back
    };
    struct AuditWork {
        domain::AuditLine line;
        std::function<void(bool)> answer;
    };
    void write_keys(std::vector<KeyWork>&& group);
    void write_lines(std::vector<AuditWork>&& group);

    DatabaseHealth& health_;
    std::unique_ptr<domain::IntakeStore> key_store_, audit_store_;
    GroupWriter<KeyWork> keys_;
    GroupWriter<AuditWork> lines_;
};

}  // namespace chaiqin::gateway
