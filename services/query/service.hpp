#pragma once
// The query service (file to read first): every question of rpc/queries, decided by the end user's
// own token and the dated registry, read through domain/read_store, paged by key. Owns nothing,
// writes nothing. Thread-safe; blocking.
//   question → caller (token) → right and scope → registry of now → one statement → answer + what
//   the audit must name
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "query/page_token.hpp"
#include "query/sight.hpp"
#include "rpc/queries.hpp"

namespace chaiqin::query {

struct ServiceParts {
    domain::ReadStore* store = nullptr;
    /// The caller of a good access token.
    std::function<std::optional<identity::Caller>(const std::string&)> verify;
    std::function<domain::Instant()> now;
};

class Service final : public rpc::Queries {
public:
    explicit Service(ServiceParts parts) : parts_(std::move(parts)) {}

    domain::SubmissionAnswer submission(const rpc::Asker& asker,
                                        const std::string& submission_id) override;
    domain::SubmissionsAnswer submissions(const rpc::Asker& asker,
                                          const domain::SubmissionsQuestion& question) override;
    domain::FindingsAnswer findings(const rpc::Asker& asker,
                                    const domain::FindingsQuestion& question) override;
    domain::GroupsAnswer groups(const rpc::Asker& asker, const std::string& submission_id) override;
    domain::FindingsAnswer finding_history(const rpc::Asker& asker,
                                           const domain::FindingHistoryQuestion& question) override;
    domain::MonthlyAnswer monthly(const rpc::Asker& asker,
                                  const domain::MonthlyQuestion& question) override;
    domain::ByTypeAnswer by_type(const rpc::Asker& asker,
                                 const domain::ByTypeQuestion& question) override;
    domain::SummaryAnswer summary(const rpc::Asker& asker,
                                  const domain::SummaryQuestion& question) override;
    domain::UnmatchedAnswer unmatched(const rpc::Asker& asker,
                                      const domain::UnmatchedQuestion& question) override;
    domain::RatesAnswer rates(const rpc::Asker& asker,
                              const domain::RatesQuestion& question) override;
    domain::RateAgenciesAnswer rate_agencies(const rpc::Asker& asker,
                                             const domain::RateAgenciesQuestion& question) override;
    domain::AgenciesAnswer agencies(const rpc::Asker& asker,
                                    const domain::AgenciesQuestion& question) override;
    domain::NoticesAnswer notices(const rpc::Asker& asker,
                                  const domain::NoticesQuestion& question) override;
    domain::Table19LoadAnswer table19_load(const rpc::Asker& asker,
                                           const std::string& load_id) override;

private:
    /// Who asks and what they may see; Refused (bad_token, forbidden) otherwise.
    Sight look(const rpc::Asker& asker, identity::Right right);
    std::shared_ptr<const AgencyIndex> index(domain::Until until);
    /// The receipt of a submission that may be seen; Refused (not_found) otherwise.
    domain::Receipt visible_receipt(const Sight& sight, const std::string& submission_id,
                                    domain::Until until);

    struct Authority {
        std::string code;
        AgencyMask agencies;  ///< itself and all below it on the month's last day
        domain::Day deadline = 0;
        domain::Instant deadline_end{};
    };
    Authority authority(const Sight& sight, domain::Month month, const std::string& wanted) const;
    /// The sum comes from memory while the counts have not changed.
    domain::MonthlyRows monthly_rows(const std::vector<std::string>& agencies, domain::Month first,
                                     const std::function<domain::CountedIn()>& summed,
                                     const std::string& sum_name, domain::Until until);

    ServiceParts parts_;
    std::mutex mutex_;
    std::shared_ptr<const AgencyIndex> index_;
    /// Sums over many agencies, kept until the counts change (their newest update is part of every
    /// answer).
    struct KnownSum {
        domain::Instant updated_at{};
        std::vector<domain::MonthCounts> months;
    };
    std::map<std::string, KnownSum> sums_;
};

/// Page size and token as the API allows them; Refused (bad_request) otherwise. The key of the
/// token, if any.
std::optional<std::vector<std::string>> page_key(const domain::PageWanted& page,
                                                 const ListFilters& filters);

/// A page of a list that is held in memory, in the order of the agencies' codes.
struct AgencyPage {
    std::vector<std::size_t> agencies;  ///< numbers in the index
    std::int64_t total = 0;
    int page = 1;
    std::string next_page_token;
};
AgencyPage page_of(const AgencyMask& mask, const AgencyIndex& index,
                   const domain::PageWanted& wanted, const ListFilters& filters);

}  // namespace chaiqin::query
