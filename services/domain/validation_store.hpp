#pragma once
// The port to the validator's tables. Set-based, within the open transaction of the stage loop.
// Implemented by postgres/validation; one thread a partition. TransientFailure while the database
// is away.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/finding.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::domain {

struct StoredFinding {
    Finding finding;
    std::optional<std::uint64_t> identity;
};

/// A verdict as it is stored: one row, its findings and groups, the sealed file.
struct FileVerdict {
    std::string submission_id;
    std::uint32_t attempt = 1;
    std::string agency;
    bool rejected = false;
    Instant received_at{}, validated_at{};
    std::string file_name, route, sha256, ruleset, source_system, batch_no;
    std::string key_hash;  ///< of the Idempotency-Key; "" without one
    std::optional<Month> data_month;
    bool zero_report = false;
    std::uint32_t record_count = 0, total = 0, invalid = 0;
    std::uint64_t error_count = 0, warning_count = 0;
    std::vector<StoredFinding> findings;
    std::vector<FindingGroup> groups;
    std::string key_id;
    std::string_view sealed;
    bool again = false;  ///< may have been judged before: takes the place of what stands
};

/// What the batch asks of earlier files: those that were judged before it and, for a file that is
/// judged again, were received before it.
struct EarlierQuestion {
    std::string submission_id, agency, sha256,
        key_hash;  ///< key_hash "" without an Idempotency-Key
    Instant received_at{};
    bool again = false;
};
struct EarlierAnswer {
    std::optional<std::string> same_content_batch;  ///< F11: batch_no of the earlier accepted file
    bool key_had_other_content = false;             ///< F13
};

/// An accepted file that lost its event (the sweep).
struct LostFile {
    std::string submission_id, agency, route, sha256, key_hash;
    std::uint32_t attempt = 1;
    Instant received_at{}, validated_at{};
    std::string sealed;
};

struct LostFiles {
    std::vector<LostFile> files;  ///< the earliest accepted first
    Instant settled_until{};  ///< every file accepted before has its matcher row: no need to look
                              ///< there again
};

class ValidationStore {
public:
    virtual ~ValidationStore() = default;
    virtual std::vector<EarlierAnswer> earlier(UnitOfWork& work,
                                               std::span<const EarlierQuestion> questions) = 0;
    virtual void write(UnitOfWork& work, std::int32_t partition,
                       std::span<const FileVerdict> verdicts) = 0;
    /// Accepted from `from` until `before`, with neither an outbox row (dead ones included) nor a
    /// matcher row nor a place in quarantine; at most so many.
    virtual LostFiles lost_files(UnitOfWork& work, std::int32_t partition, Instant from,
                                 Instant before, int most) = 0;
};

}  // namespace chaiqin::domain
