#pragma once
// Which findings with an identity are still OPEN, and by which submission they are FIXED
// (docs/statistics.md, "Open and fixed findings"): fixed when a line of the same identity in a
// later file ended without error. One batch, one thread.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/file_record.hpp"

namespace chaiqin::agency_matcher {

class FindingLedger {
public:
    /// What the store holds for the batch's agencies, and what it does not hold yet of their
    /// rejected files.
    FindingLedger(std::vector<domain::OpenFindings> stored,
                  std::vector<domain::OpenFindings> rejected);

    /// A line of `identity` in the file `submission` has ended without error.
    void line_without_error(std::uint64_t identity, const std::string& submission,
                            domain::Instant received_at);
    /// The T findings of a stored line of `of` are answered by the file `by`.
    void answered(std::uint64_t identity, const std::string& of, const std::string& by);
    /// The file is through: its lines with findings. They are open for the files after it.
    void open(std::string_view agency, const std::string& submission,
              std::vector<std::uint64_t> identities);

    /// Rows of the batch's files and rejected ones.
    std::vector<domain::OpenFindings> opened() const;
    /// Stored rows that have changed; empty ones go.
    std::vector<domain::OpenFindings> still_open() const;
    std::vector<domain::FixedFindings> fixed() const;

private:
    struct Row {
        domain::OpenFindings open;
        bool stored = false, changed = false;
    };
    void add(domain::OpenFindings open, bool stored);
    domain::OpenFindings left_of(const Row& row, std::size_t number) const;

    std::vector<Row> rows_;
    /// Identity -> rows.
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> open_rows_;
    std::map<std::pair<std::string, std::string>, std::vector<std::uint64_t>> fixed_;
};

}  // namespace chaiqin::agency_matcher
