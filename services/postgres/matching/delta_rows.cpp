#include "domain/validated_file.hpp"
#include "postgres/binary.hpp"
#include "postgres/matching/batches.sql.hpp"
#include "postgres/matching/file_rows.hpp"

namespace chaiqin::postgres::matching {

std::int64_t insert_batch(domain::UnitOfWork& work, std::int32_t partition, domain::Instant now,
                          bool by_rematch) {
    Params params;
    params.add(partition).add(now).add(by_rematch);
    return query(work, sql::insert_batch, params).only().int8("id");
}

void copy_counts(domain::UnitOfWork& work, std::int64_t batch_id,
                 const std::vector<domain::CountDelta>& rows) {
    if (rows.empty()) return;
    CopyWriter copy(work, "matching.count_delta",
                    {"batch_id", "agency", "month", "kind", "type", "records", "minutes"});
    for (const auto& row : rows) {
        copy.row();
        copy.int8(batch_id);
        copy.text(row.agency);
        copy.int4(row.month);
        const auto [kind, type] = domain::KindType::of(static_cast<std::uint16_t>(row.kind_type));
        copy.int2(static_cast<std::int16_t>(kind));
        copy.int2(type);
        copy.int8(row.records);
        copy.int8(row.minutes);
    }
    copy.finish();
}

void copy_claims(domain::UnitOfWork& work, std::int64_t batch_id, bool by_rematch,
                 const std::vector<domain::ClaimDelta>& rows) {
    if (rows.empty()) return;
    CopyWriter copy(
        work, "matching.claim_delta",
        {"batch_id", "agency", "month", "delta", "received_at", "by_rematch", "zero_report"});
    for (const auto& row : rows) {
        copy.row();
        copy.int8(batch_id);
        copy.text(row.agency);
        copy.int4(row.month);
        copy.int8(row.delta);
        copy.instant(row.received_at);
        copy.boolean(by_rematch);
        copy.boolean(row.zero_report);
    }
    copy.finish();
}

}  // namespace chaiqin::postgres::matching
