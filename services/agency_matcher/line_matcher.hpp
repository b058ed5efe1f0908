#pragma once
// Attributes the lines of one file after another by one Table 19 snapshot and keeps what only
// depends on the file: numbers of the agencies the sender wrote, the file's dictionary, and whether
// the sender may be shown what was found (docs/table19.md, "What the sender may see"). Used by the
// file batch and by re-matching; one thread.
#include <cstdint>
#include <unordered_map>

#include "domain/file_record.hpp"
#include "domain/registry.hpp"
#include "domain/table19.hpp"

namespace chaiqin::agency_matcher {

class LineMatcher {
public:
    LineMatcher(const domain::Table19& table, const domain::AgencyRegistry& agencies,
                domain::Day today)
        : table_(table), agencies_(agencies), today_(today) {}

    /// From here on lines are of this file; its `orgs` may grow.
    void begin(domain::FileHead& file);
    struct Found {
        /// As CountedLine::org.
        std::int32_t org = 0;
        domain::LineOutcome outcome = 0;
    };
    Found match(std::uint64_t token, std::uint32_t claimed_org, domain::Day day,
                std::uint32_t day_count);

private:
    bool within_scope(std::uint32_t org);
    bool whole_person_within_scope(std::uint64_t token);
    std::int32_t number_in_dictionary(std::uint32_t org);

    const domain::Table19& table_;
    const domain::AgencyRegistry& agencies_;
    domain::Day today_;
    domain::FileHead* file_ = nullptr;
    /// Number in the CodeTable of each of orgs.
    std::vector<std::uint32_t> claimed_;
    /// Number in the CodeTable -> CountedLine::org.
    std::unordered_map<std::uint32_t, std::int32_t> org_number_;
    std::unordered_map<std::uint32_t, bool> scope_;
    std::uint32_t last_org_ = domain::CodeTable::none;
    std::int32_t last_number_ = 0;
};

}  // namespace chaiqin::agency_matcher
