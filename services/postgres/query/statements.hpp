#pragma once
// The statements of the query service, one function each; for the .cpp files of this folder. `work`
// is a read-only transaction.
#include <string>
#include <vector>

#include "domain/read_store.hpp"
#include "postgres/binary.hpp"

namespace chaiqin::postgres::reading {

std::optional<domain::Receipt> select_receipt(domain::UnitOfWork& work,
                                              const std::string& submission_id);
std::optional<domain::Submission> select_submission(domain::UnitOfWork& work,
                                                    const std::string& submission_id);
std::vector<domain::Submission> select_submissions(
    domain::UnitOfWork& work, const domain::AgencySet& of, domain::Instant from,
    domain::Instant before, const std::optional<domain::SubmissionKey>& behind, int limit);
domain::SummaryRows select_summary(domain::UnitOfWork& work,
                                   const std::vector<std::string>& agencies);

std::vector<domain::FindingRow> select_findings(domain::UnitOfWork& work,
                                                const std::string& submission_id,
                                                const domain::ReadStore::FindingFilter& filter,
                                                const std::optional<domain::FindingKey>& behind,
                                                int limit);
std::vector<domain::FindingGroup> select_groups(domain::UnitOfWork& work,
                                                const std::string& submission_id);
std::vector<domain::FindingRow> select_finding_history(
    domain::UnitOfWork& work, const domain::AgencySet& of,
    const domain::ReadStore::HistoryFilter& filter, const std::optional<domain::HistoryKey>& behind,
    int limit);

domain::MonthlyRows select_monthly(domain::UnitOfWork& work,
                                   const std::vector<std::string>& agencies, domain::Month first,
                                   const domain::CountedIn& summed);
std::vector<domain::TypeCounts> select_by_type(domain::UnitOfWork& work,
                                               const domain::CountedIn& summed);
domain::RateRows select_rates(domain::UnitOfWork& work, domain::Month month,
                              domain::Instant deadline_end, const std::string& authority,
                              const std::vector<std::string>& agencies);
struct RateAgenciesAsked {
    domain::Month month = 0;
    domain::Instant deadline_end{};
    bool deadline_passed = false;
    std::string status, behind;
    int limit = 0;
};
std::vector<domain::RateAgency> select_rate_agencies(domain::UnitOfWork& work,
                                                     const RateAgenciesAsked& asked,
                                                     const std::vector<std::string>& agencies);

domain::UnmatchedRows select_unmatched(domain::UnitOfWork& work, const domain::AgencySet& of,
                                       const std::string& reason,
                                       const std::optional<domain::UnmatchedKey>& behind,
                                       int limit);
std::vector<domain::Notice> select_notices(domain::UnitOfWork& work, const domain::AgencySet& of,
                                           std::int64_t below, int limit);
std::optional<domain::Table19Load> select_table19_load(domain::UnitOfWork& work,
                                                       const std::string& load_id);

/// A list over a set of agencies is read in one of three ways, all with the set's codes in $2:
/// all in the order of time; few, each in its own order, merged; many, in the order of time with
/// the others left out. The texts are such that an index gives the order and reading stops at the
/// page's end, whatever the parameters are: so each statement's plan is made once a session. `(… IN
/// (SELECT unnest(…))) IS TRUE` is a look-up in a hash table of the codes; a join, whose size the
/// planner cannot know, would compare each with each.
enum class Reach { all, few, many };
Reach reach_of(const domain::AgencySet& of);
/// The first `rows` rows x of `table` (with a column agency) that fulfil `condition`, in `order` ("
/// ORDER BY x.…", an index's). As a parenthesised subquery; whoever merges what it gives orders and
/// cuts again.
std::string first_rows(Reach reach, const std::string& columns, const std::string& table,
                       const std::string& condition, const std::string& order, int rows);
/// The same of lines of files: files f newest first, each opened in turn for its lines x in `order`
/// until there are enough. The files are those of `files` with `file_condition`, an index's.
struct LinesOfFiles {
    std::string files, file_condition;
    std::string columns, lines, line_condition, order;
};
std::string first_lines(Reach reach, const LinesOfFiles& of, int rows);
/// Statements are kept prepared, so the number of rows is one of two.
int rows_for(int limit);

/// A time after every other, for "from the start" of a list that is newest first.
inline constexpr domain::Instant end_of_time{std::chrono::microseconds(253'370'764'800'000'000)};
inline constexpr const char* greatest_uuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";

}  // namespace chaiqin::postgres::reading
