#pragma once
// What a reader works with: who asks and what they may see, the database, and what is remembered
// between questions. Made by query/service for one question; used by one thread.
#include <functional>

#include "postgres/read_sessions.hpp"
#include "query/known_sums.hpp"
#include "query/page.hpp"
#include "query/sight.hpp"

namespace chaiqin::query {

/// What the service is told at its start.
struct Knowledge {
    /// The keyed hash that stands for a person (`sub`) in tables.
    std::function<std::string(const std::string&)> person_of;
    /// The first data month that the platform takes.
    domain::Month first_month = 0;
};

/// Runs a statement: each in a moment of its own, or all in one snapshot.
using RunStatement =
    std::function<postgres::Rows(const postgres::Sql& sql, const postgres::Params& params)>;

class Asking {
public:
    Asking(const Sight& of, const Knowledge& knowledge, KnownSums& known_sums, RunStatement run)
        : sight(of), known(knowledge), sums(known_sums), run_(std::move(run)) {}

    const Sight& sight;
    const Knowledge& known;
    KnownSums& sums;

    postgres::Rows rows(const postgres::Sql& sql, const postgres::Params& params) const {
        return run_(sql, params);
    }
    /// A page of a list over a set of agencies. `few` takes their codes as its last parameter,
    /// `many` the same or NULL for all (readers/submissions.sql says why there are two).
    postgres::Rows rows(const AgencySet& of, const postgres::SqlFamily& few,
                        const postgres::SqlFamily& many, const Page& page,
                        postgres::Params params) const;

private:
    RunStatement run_;
};

}  // namespace chaiqin::query
