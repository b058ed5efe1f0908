#pragma once
// What can be asked about chaiqin's data and what is answered: the values that travel gateway → rpc
// → query and back. Pure data. Every answer names in `others` the data of other agencies than the
// caller's own that it opened ("" = none): the gateway writes that into the audit before the answer
// leaves.
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/finding.hpp"
#include "domain/submission_state.hpp"

namespace chaiqin::domain {

/// A question that gets no answer, and why. Thrown by the query service and again by its client;
/// caught at the edges.
struct Refused : std::runtime_error {
    enum class Why { bad_token, forbidden, not_found, bad_request };
    Refused(Why w, const std::string& detail) : std::runtime_error(detail), why(w) {}
    Why why;
};

inline constexpr int default_page_size = 20, largest_page_size = 100;

/// Which part of a list. `page` (from 1) only where the API says pages; never together with
/// `token`.
struct PageWanted {
    int size = default_page_size;
    std::string token;
    std::optional<int> page;
};

struct Receipt {
    std::string submission_id, agency, file_name, route;
    std::int64_t size_bytes = 0;
    std::string sha256;
    Instant received_at{};
};

struct Dispositions {
    std::int64_t invalid = 0, unchanged = 0, stale = 0, deletion = 0, superseded = 0, unmatched = 0,
                 counted = 0;
    bool operator==(const Dispositions&) const = default;
};

/// A submission (報送) as it stands now; what is not known yet is empty.
struct Submission {
    Receipt receipt;
    SubmissionState state = SubmissionState::received;
    std::optional<Instant> counted_at;
    std::optional<std::string> ruleset;
    std::optional<std::int64_t> record_count, total;
    std::optional<std::int64_t> invalid;  ///< lines with errors, as far as judged
    std::optional<Dispositions> dispositions;
    std::optional<std::int64_t> error_count, warning_count;
};

struct SubmissionAnswer {
    Submission submission;
    std::string others;
};
struct SubmissionsQuestion {
    std::string agency;  ///< "" = all that may be seen
    std::optional<Day> from, to;
    PageWanted page;
};
struct SubmissionsAnswer {
    std::vector<Submission> submissions;
    std::string next_page_token, others;
};

enum class FindingStatus { open, fixed };

struct ListedFinding {
    std::string submission_id, file_name;
    Finding finding;
    FindingStatus status = FindingStatus::open;  ///< only in the history
    std::string fixed_by;                        ///< submission id, "" = open
};
struct FindingsQuestion {
    std::string submission_id;
    std::optional<Severity> severity;
    std::string code;
    PageWanted page;
};
struct FindingHistoryQuestion {
    std::string agency;
    std::optional<Day> from, to;
    std::optional<FindingStatus> status;
    PageWanted page;
};
struct FindingsAnswer {
    std::vector<ListedFinding> findings;
    std::string next_page_token, others;
};
struct GroupsAnswer {
    std::vector<FindingGroup> groups;
    std::string others;
};

/// How an agency is shown in a list.
struct AgencyLine {
    std::string agency, name, supervising_agency;
    std::optional<Day> established_on, abolished_on;
    std::string successor;
};
struct AgenciesQuestion {
    std::string q;
    PageWanted page;
};
struct AgenciesAnswer {
    std::vector<AgencyLine> agencies;
    std::string next_page_token;
};

struct MonthCounts {
    Month month = 0;
    std::int64_t leave = 0, overtime = 0, leave_minutes = 0, overtime_minutes = 0;
    bool operator==(const MonthCounts&) const = default;
};
struct AgencyMonths {
    AgencyLine line;
    std::vector<MonthCounts> months;
};
struct MonthlyQuestion {
    int year = 0;
    std::string q;
    PageWanted page;
};
struct MonthlyAnswer {
    int year = 0;
    std::optional<Instant> updated_at;
    std::int64_t total_agencies = 0;
    int page = 1;
    std::vector<AgencyMonths> agencies;
    std::vector<MonthCounts> sum;
    std::string next_page_token, others;
};

struct TypeCounts {
    int kind = 0;  ///< 0 leave 1 overtime
    int type = 0;
    std::string name;
    std::int64_t records = 0, minutes = 0;
};
struct ByTypeQuestion {
    Month from = 0, to = 0;
    std::string q;
};
struct ByTypeAnswer {
    std::vector<TypeCounts> types;
    std::string others;
};

struct SummaryLine {
    AgencyLine line;
    std::optional<Submission> last;
};
struct SummaryQuestion {
    std::string q;
    PageWanted page;
};
struct SummaryAnswer {
    std::optional<Instant> updated_at;
    std::int64_t total_agencies = 0;
    int page = 1;
    std::vector<SummaryLine> agencies;
    std::string next_page_token, others;
};

/// A live record that no Table 19 row covers, as it may be shown.
struct UnmatchedRecord {
    std::string submission_id, agency;
    int kind = 0;
    std::int64_t index = 0;
    std::string record_no;
    std::int64_t record_seq = 0;
    std::string person_id;  ///< masked
    Day date = 0;
    std::string reason, mend;
    std::int64_t age_days = 0;
    Instant received_at{};
};
struct UnmatchedQuestion {
    std::string agency, reason;
    PageWanted page;
};
struct UnmatchedAnswer {
    std::int64_t total = 0;
    std::vector<UnmatchedRecord> unmatched;
    std::string next_page_token, others;
};

struct RateFigures {
    std::int64_t obliged = 0, reported = 0, on_time = 0;
    bool operator==(const RateFigures&) const = default;
};
struct FrozenRate {
    RateFigures figures;
    Instant frozen_at{};
    std::string formula;
    int version = 0;
};
struct RatesQuestion {
    Month month = 0;
    std::string authority;  ///< "" = the own agency
};
struct RatesAnswer {
    Month month = 0;
    std::string authority;
    Day deadline = 0;
    RateFigures live;
    std::optional<FrozenRate> frozen;
    std::string others;
};
struct RateAgency {
    std::string agency, name, status;
    bool on_time = false;
};
struct RateAgenciesQuestion {
    Month month = 0;
    std::string authority, status;
    PageWanted page;
};
struct RateAgenciesAnswer {
    std::vector<RateAgency> agencies;
    std::string next_page_token, others;
};

struct Notice {
    std::int64_t id = 0;
    std::string kind, submission_id, text;
    Instant created_at{};
    std::optional<Instant> read_at;
};
struct NoticesQuestion {
    PageWanted page;
};
struct NoticesAnswer {
    std::vector<Notice> notices;
    std::string next_page_token, others;
};

struct Table19Load {
    struct RejectedLine {
        std::int64_t line = 0;
        std::string reason;
    };
    std::string load_id;
    std::optional<std::int64_t> number;
    std::string mode, authority, state;
    std::optional<std::string> reason;
    std::optional<std::int64_t> rows, persons, persons_changed, persons_kept, rejected_count;
    std::vector<RejectedLine> rejected;  ///< the first 1,000
    std::optional<Instant> committed_at;
    std::optional<std::int64_t> rematch_persons, rematch_done;
};
struct Table19LoadAnswer {
    Table19Load load;
    std::string others;
};

}  // namespace chaiqin::domain
