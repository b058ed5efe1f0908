#pragma once
// U02-U05: what the stored records say of an arriving line (docs/checks.md, "Identity, revision and
// deletion"). Texts and severities come from the rule table; details are capped a file and code,
// groups are exact. One batch, one thread.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "domain/file_record.hpp"
#include "domain/identity_decision.hpp"
#include "domain/rules.hpp"
#include "domain/validated_file.hpp"

namespace chaiqin::agency_matcher {

inline constexpr std::uint64_t most_details_a_code = 1000;

class IdentityFindings {
public:
    explicit IdentityFindings(const domain::RuleSet& rules) : rules_(rules) {}

    void begin(const domain::ValidatedFile& file);
    /// The decision on a line of the file; `stored` is what it was judged against.
    void add(const domain::ValidatedFile& file, const domain::FileLine& line,
             domain::IdentityDecision decision, const domain::IdentityLine* stored);
    struct Totals {
        std::int32_t errors = 0, warnings = 0;
        /// Of the file's lines with such a finding.
        std::vector<std::uint64_t> identities;
    };
    /// The file is through; its groups are complete.
    Totals end();

    std::vector<domain::MatcherFinding> take_findings() { return std::move(findings_); }
    std::vector<domain::MatcherFindingGroup> take_groups() { return std::move(groups_); }

private:
    domain::Finding finding_of(const domain::ValidatedFile& file, const domain::FileLine& line,
                               const domain::Rule& rule, const domain::IdentityLine* stored) const;

    const domain::RuleSet& rules_;
    domain::Day received_on_ = 0;
    std::string submission_id_;
    Totals totals_;
    std::map<std::string, domain::FindingGroup> open_groups_;
    std::vector<domain::MatcherFinding> findings_;
    std::vector<domain::MatcherFindingGroup> groups_;
};

}  // namespace chaiqin::agency_matcher
