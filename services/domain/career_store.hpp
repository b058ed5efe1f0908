#pragma once
// The ports to Table 19's tables: staging an upload, applying it as one transaction, and reading
// what is stored into memory. Implemented by postgres/matching; used by agency_matcher's career
// stage, loader and follower, one thread each. Throws TransientFailure when the database is away.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/events.hpp"
#include "domain/table19.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::domain {

/// Called by the stage of career.received within its transaction.
class CareerStaging {
public:
    virtual ~CareerStaging() = default;
    /// Keeps the chunk; a load whose chunks are all there becomes complete and waits for the
    /// loader.
    virtual void stage(UnitOfWork& work, const CareerChunk& chunk) = 0;
    /// matching.batch ids of loads that have been applied and not been told of; from now on they
    /// are.
    virtual std::vector<std::int64_t> take_unannounced(UnitOfWork& work) = 0;
};

/// A row of an upload whose person_id was good.
struct StagedRow {
    /// A rejected line with seq 0 stands beside no other line: its seq is not taken.
    enum class State : std::int16_t {
        good = 0,
        rejected = 1,
        removes_person = 2,
        rejected_removal = 3
    };
    std::uint64_t token = 0;
    /// Where the row begins in the upload.
    std::int64_t line = 0;
    State state = State::good;
    // of a good row:
    std::int16_t seq = 0, post_kind = 0;
    std::string org;
    Day start = 0, end = open_end;
};

struct CareerPost {
    std::int16_t seq = 0, post_kind = 0;
    std::string org;
    Day start = 0, end = open_end;
    bool operator==(const CareerPost&) const = default;
};

/// One person's rows of one authority, by seq.
struct CareerPerson {
    std::uint64_t token = 0;
    std::vector<CareerPost> posts;
};

struct RejectedRow {
    /// Where the row begins in the upload.
    std::int64_t line = 0;
    std::string reason;
};

struct PostDelta {
    std::string agency;
    Month month = 0;
    std::int64_t delta = 0;
};

struct WaitingLoad {
    std::string load_id, authority, sha256;
    LoadMode mode = LoadMode::snapshot;
    std::int64_t number = 0, total_bytes = 0;
    bool force = false;
    int chunk_count = 0;
    /// How many rows the authority's last LOADED snapshot had.
    std::optional<std::int64_t> last_snapshot_rows;
};

/// What an applied, refused or failed load leaves.
struct LoadOutcome {
    LoadState state = LoadState::failed;
    std::string reason;
    Instant ended_at{};
    std::int64_t rows = 0, persons = 0, persons_changed = 0, persons_kept = 0, rejected_count = 0;
    /// The first of them, ascending.
    std::vector<RejectedRow> rejected;
    /// Names from the header that Table 19 does not know.
    std::vector<std::string> ignored_columns;
    std::vector<PostDelta> posts;
};

/// One load, one transaction, under the advisory lock that makes loads follow each other. Ends with
/// finish(); destroyed before that it has never been.
class CareerLoadWork {
public:
    virtual ~CareerLoadWork() = default;
    virtual const WaitingLoad& load() const = 0;
    virtual std::string sealed_chunk(int index) = 0;
    /// Puts rows aside on disk.
    virtual void stage(std::span<const StagedRow> rows) = 0;
    /// The staged rows by (token as signed number, line), the next ones of them; empty at the end.
    virtual std::vector<StagedRow> next_staged() = 0;
    /// The authority's stored persons by token as signed number, the next ones of them; empty at
    /// the end.
    virtual std::vector<CareerPerson> next_stored() = 0;
    struct Change {
        /// No posts: the authority's rows of the person go.
        CareerPerson person;
        std::string newest_org;
    };
    virtual void change(std::span<const Change> persons) = 0;
    /// Writes changed persons (for LOADED), their entries in the change log and the outcome;
    /// commits.
    virtual void finish(const LoadOutcome& outcome) = 0;
    /// Rolls back and lets the lock go.
    virtual void give_up() = 0;
};

class CareerLoads {
public:
    virtual ~CareerLoads() = default;
    /// The load whose turn it is; null when none waits or another process is applying one. A load
    /// that has been begun too often without an end is marked FAILED.
    virtual std::unique_ptr<CareerLoadWork> next() = 0;
    /// Ends a load that cannot be applied, whatever is tried.
    virtual void fail(const std::string& load_id, const std::string& reason) = 0;
    /// Loads whose upload broke off more than a day ago end as FAILED; entries of the change log
    /// that every partition has seen go after 400 days.
    virtual void tidy(Instant now) = 0;
};

class Table19Source {
public:
    virtual ~Table19Source() = default;
    /// `current` itself when nothing has changed, else the newest table: rows and number of one
    /// snapshot.
    virtual Table19Ptr newest(const Table19Ptr& current) = 0;
};

}  // namespace chaiqin::domain
