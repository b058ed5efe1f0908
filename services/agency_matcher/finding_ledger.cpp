#include "agency_matcher/finding_ledger.hpp"

#include <algorithm>

namespace chaiqin::agency_matcher {

FindingLedger::FindingLedger(std::vector<domain::OpenFindings> stored,
                             std::vector<domain::OpenFindings> rejected) {
    for (auto& open : stored) add(std::move(open), true);
    for (auto& open : rejected) add(std::move(open), false);
}

void FindingLedger::add(domain::OpenFindings open, bool stored) {
    std::sort(open.identity.begin(), open.identity.end());
    open.identity.erase(std::unique(open.identity.begin(), open.identity.end()),
                        open.identity.end());
    const auto number = static_cast<std::uint32_t>(rows_.size());
    for (const auto identity : open.identity) open_rows_[identity].push_back(number);
    rows_.push_back({std::move(open), stored, false});
}

void FindingLedger::line_without_error(std::uint64_t identity, const std::string& submission,
                                       domain::Instant received_at) {
    if (open_rows_.empty()) return;
    const auto at = open_rows_.find(identity);
    if (at == open_rows_.end()) return;
    std::erase_if(at->second, [&](std::uint32_t number) {
        auto& row = rows_[number];
        if (row.open.later_than && received_at <= *row.open.later_than) return false;
        row.changed = true;
        fixed_[{row.open.submission_id, submission}].push_back(identity);
        return true;
    });
    if (at->second.empty()) open_rows_.erase(at);
}

void FindingLedger::answered(std::uint64_t identity, const std::string& of, const std::string& by) {
    fixed_[{of, by}].push_back(identity);
}

void FindingLedger::open(std::string_view agency, const std::string& submission,
                         std::vector<std::uint64_t> identities) {
    if (!identities.empty())
        add({submission, std::string(agency), std::move(identities), {}}, false);
}

domain::OpenFindings FindingLedger::left_of(const Row& row, std::size_t number) const {
    domain::OpenFindings left{row.open.submission_id, row.open.agency, {}, row.open.later_than};
    for (const auto identity : row.open.identity) {
        const auto at = open_rows_.find(identity);
        if (at == open_rows_.end()) continue;
        if (std::find(at->second.begin(), at->second.end(), number) != at->second.end())
            left.identity.push_back(identity);
    }
    return left;
}

std::vector<domain::OpenFindings> FindingLedger::opened() const {
    std::vector<domain::OpenFindings> rows;
    for (std::size_t at = 0; at < rows_.size(); ++at) {
        if (rows_[at].stored) continue;
        auto left = rows_[at].changed ? left_of(rows_[at], at) : rows_[at].open;
        if (!left.identity.empty()) rows.push_back(std::move(left));
    }
    return rows;
}

std::vector<domain::OpenFindings> FindingLedger::still_open() const {
    std::vector<domain::OpenFindings> rows;
    for (std::size_t at = 0; at < rows_.size(); ++at)
        if (rows_[at].stored && rows_[at].changed) rows.push_back(left_of(rows_[at], at));
    return rows;
}

std::vector<domain::FixedFindings> FindingLedger::fixed() const {
    std::vector<domain::FixedFindings> rows;
    for (const auto& [files, identities] : fixed_) {
        auto sorted = identities;
        std::sort(sorted.begin(), sorted.end());
        sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
        rows.push_back({files.first, files.second, std::move(sorted)});
    }
    return rows;
}

}  // namespace chaiqin::agency_matcher
