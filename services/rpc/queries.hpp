#pragma once
// The questions the query service answers, as plain values: implemented by query/service (which
// decides and reads) and by QueryClient (which asks the former over gRPC). Every call may throw
// domain::Refused, and TransientFailure when the service or its database is away or the deadline
// has passed. Thread-safe.
#include <chrono>
#include <string>

#include "domain/reading.hpp"

namespace chaiqin::rpc {

/// The end user who asks: the raw access token, the agency acted for ("" = own), until when an
/// answer is of use.
struct Asker {
    std::string bearer, acting_agency;
    std::chrono::steady_clock::time_point deadline;
};

class Queries {
public:
    virtual ~Queries() = default;
    virtual domain::SubmissionAnswer submission(const Asker& asker,
                                                const std::string& submission_id) = 0;
    virtual domain::SubmissionsAnswer submissions(const Asker& asker,
                                                  const domain::SubmissionsQuestion& question) = 0;
    virtual domain::FindingsAnswer findings(const Asker& asker,
                                            const domain::FindingsQuestion& question) = 0;
    virtual domain::GroupsAnswer groups(const Asker& asker, const std::string& submission_id) = 0;
    virtual domain::FindingsAnswer finding_history(
        const Asker& asker, const domain::FindingHistoryQuestion& question) = 0;
    virtual domain::MonthlyAnswer monthly(const Asker& asker,
                                          const domain::MonthlyQuestion& question) = 0;
    virtual domain::ByTypeAnswer by_type(const Asker& asker,
                                         const domain::ByTypeQuestion& question) = 0;
    virtual domain::SummaryAnswer summary(const Asker& asker,
                                          const domain::SummaryQuestion& question) = 0;
    virtual domain::UnmatchedAnswer unmatched(const Asker& asker,
                                              const domain::UnmatchedQuestion& question) = 0;
    virtual domain::RatesAnswer rates(const Asker& asker,
                                      const domain::RatesQuestion& question) = 0;
    virtual domain::RateAgenciesAnswer rate_agencies(
        const Asker& asker, const domain::RateAgenciesQuestion& question) = 0;
    virtual domain::AgenciesAnswer agencies(const Asker& asker,
                                            const domain::AgenciesQuestion& question) = 0;
    virtual domain::NoticesAnswer notices(const Asker& asker,
                                          const domain::NoticesQuestion& question) = 0;
    virtual domain::Table19LoadAnswer table19_load(const Asker& asker,
                                                   const std::string& load_id) = 0;
};

}  // namespace chaiqin::rpc
