#pragma once
// What the query service needs from the database: each function is one SQL statement over the
// owners' tables and views, so an answer is of one moment. Implemented by postgres/query; no rights
// are decided there. Everything throws TransientFailure while PostgreSQL is away or when `until`
// has passed. Thread-safe.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/reading.hpp"
#include "domain/registry.hpp"

namespace chaiqin::domain {

using Until = std::chrono::steady_clock::time_point;

/// Agencies whose rows may be read: all, or those of the list.
struct AgencySet {
    bool everything = false;
    std::vector<std::string> codes;  ///< sorted
};

/// Where a page of submissions goes on: behind this one, newest first.
struct SubmissionKey {
    Instant received_at{};
    std::string submission_id;
};
/// Where a page of one submission's findings goes on.
struct FindingKey {
    int kind = 0;
    std::int64_t index = -1;  ///< -1 for file and envelope
    std::string pointer, code;
    int seq = 0;
};
/// Where a page of all findings of some agencies goes on.
struct HistoryKey {
    SubmissionKey submission;
    FindingKey finding;
};
struct FindingRow {
    ListedFinding listed;
    std::string agency;
    HistoryKey key;
};
struct UnmatchedKey {
    SubmissionKey submission;
    int kind = 0;
    std::int64_t index = 0;
};
/// Months (both inclusive) of which an agency's counts are added up.
struct AgencySpan {
    std::string agency;
    Month first = 0, last = 0;
};

/// Whose counts are added up.
struct CountedIn {
    bool all = false;  ///< every agency, from `first` to `last`
    Month first = 0, last = 0;
    std::vector<AgencySpan> spans;  ///< unless all
};

struct MonthlyRows {
    std::optional<Instant> updated_at;
    std::vector<std::pair<std::string, MonthCounts>> counts;  ///< by agency, month
    std::vector<MonthCounts> sum;                             ///< by month
};
struct SummaryRows {
    std::optional<Instant> updated_at;
    std::vector<Submission> last;  ///< of each agency that has sent anything
};
struct UnmatchedRows {
    std::int64_t total = 0;
    std::vector<UnmatchedRecord> records;  ///< age_days is left 0
};
struct RateRows {
    RateFigures live;
    std::optional<FrozenRate> frozen;
};

/// Lists may hold more rows than `limit` asks for; what is beyond is for the caller to drop.
class ReadStore {
public:
    virtual ~ReadStore() = default;
    /// The registry as it stands in the database now; read anew only when its version has moved.
    virtual RegistryPtr registry(Until until) = 0;

    virtual std::optional<Receipt> receipt(const std::string& submission_id, Until until) = 0;
    virtual std::optional<Submission> submission(const std::string& submission_id, Until until) = 0;
    virtual std::vector<Submission> submissions(const AgencySet& of, Instant from, Instant before,
                                                const std::optional<SubmissionKey>& behind,
                                                int limit, Until until) = 0;

    struct FindingFilter {
        std::optional<Severity> severity;
        std::string code;
    };
    virtual std::vector<FindingRow> findings(const std::string& submission_id,
                                             const FindingFilter& filter,
                                             const std::optional<FindingKey>& behind, int limit,
                                             Until until) = 0;
    virtual std::vector<FindingGroup> groups(const std::string& submission_id, Until until) = 0;
    struct HistoryFilter {
        std::optional<Instant> from, before;
        std::optional<FindingStatus> status;
    };
    virtual std::vector<FindingRow> finding_history(const AgencySet& of,
                                                    const HistoryFilter& filter,
                                                    const std::optional<HistoryKey>& behind,
                                                    int limit, Until until) = 0;

    /// Twelve months from `first` of the listed agencies, and the sum that is asked for.
    virtual MonthlyRows monthly(const std::vector<std::string>& agencies, Month first,
                                const CountedIn& summed, Until until) = 0;
    virtual std::vector<TypeCounts> by_type(const CountedIn& summed, Until until) = 0;
    virtual SummaryRows summary(const std::vector<std::string>& agencies, Until until) = 0;
    virtual UnmatchedRows unmatched(const AgencySet& of, const std::string& reason,
                                    const std::optional<UnmatchedKey>& behind, int limit,
                                    Until until) = 0;

    /// `deadline_end` is 00:00 of the day after the deadline. `agencies` are those under the
    /// authority by what is known now; frozen figures have kept theirs.
    virtual RateRows rates(Month month, Instant deadline_end, const std::string& authority,
                           const std::vector<std::string>& agencies, Until until) = 0;
    /// By code, behind the agency `behind`; names are left empty. `status` "" = all.
    virtual std::vector<RateAgency> rate_agencies(Month month, Instant deadline_end,
                                                  bool deadline_passed,
                                                  const std::vector<std::string>& agencies,
                                                  const std::string& status,
                                                  const std::string& behind, int limit,
                                                  Until until) = 0;
    /// Newest first, those with an id below `below`.
    virtual std::vector<Notice> notices(const AgencySet& of, std::int64_t below, int limit,
                                        Until until) = 0;
    virtual std::optional<Table19Load> table19_load(const std::string& load_id, Until until) = 0;
};

}  // namespace chaiqin::domain
