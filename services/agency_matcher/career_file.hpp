#pragma once
// A Table 19 upload (CSV) read line by line: which lines are good, which are rejected and why
// (docs/table19.md, "Rejected lines"). Streaming; memory is bounded by the longest row. One upload,
// one thread.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/agency.hpp"
#include "domain/career_store.hpp"
#include "wire/csv.hpp"

namespace chaiqin::agency_matcher {

inline constexpr std::size_t most_rejected_listed = 1000;

/// Counts rejected rows and keeps the first of them.
class RejectedRows {
public:
    void add(std::int64_t line, std::string reason);
    std::int64_t count() const { return count_; }
    std::vector<domain::RejectedRow> first();

private:
    void cut();
    std::int64_t count_ = 0;
    std::vector<domain::RejectedRow> rows_;
};

class CareerFile {
public:
    using TokenOf = std::function<std::uint64_t(std::string_view person_id)>;
    using OnRow = std::function<void(domain::StagedRow)>;

    CareerFile(const domain::AgencyRegistry& agencies, std::string authority, TokenOf token_of,
               OnRow on_row, RejectedRows& rejected);
    CareerFile(const CareerFile&) = delete;
    CareerFile& operator=(const CareerFile&) = delete;

    void feed(std::string_view bytes) { table_.feed(bytes); }
    void finish() { table_.finish(); }
    std::int64_t rows() const { return rows_; }
    /// "" or why the whole file cannot be taken (a sentence in zh-TW with line and column); the
    /// rows given before do not count then.
    std::string problem() const;
    std::vector<std::string> ignored_columns() const { return table_.unknown_columns(); }

private:
    struct Columns {
        std::optional<std::size_t> person_id, seq, org_code, post_kind, start_date, end_date;
        /// Known columns that stay blank in a row with seq 0.
        std::vector<std::size_t> others;
    };
    void take(const wire::CsvHeader& header, const wire::CsvRow& row);
    void find_columns(const wire::CsvHeader& header);
    struct Rejected {
        std::string reason;  ///< a sentence in zh-TW
        domain::StagedRow::State state = domain::StagedRow::State::rejected;
    };
    /// The row as it is staged, or why it is rejected.
    using Judged = std::variant<domain::StagedRow, Rejected>;
    Judged judge(const wire::CsvRow& row) const;
    Judged judge_post(const wire::CsvRow& row, std::int16_t seq) const;

    const domain::AgencyRegistry& agencies_;
    std::string authority_;
    TokenOf token_of_;
    OnRow on_row_;
    RejectedRows& rejected_;
    Columns columns_;
    std::int64_t rows_ = 0;
    wire::CsvTable table_;
};

/// What a load makes of one person: all staged rows of the person, by line.
struct SettledPerson {
    /// False: the person keeps the old rows.
    bool loads = false;
    /// By seq; empty with `loads`: none any more.
    std::vector<domain::CareerPost> posts;
};
SettledPerson settle_person(std::span<const domain::StagedRow> rows, RejectedRows& rejected);

}  // namespace chaiqin::agency_matcher
