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

class Asking {
public:
    Asking(const Sight& of, const Knowledge& knowledge, postgres::ReadSessions& database,
           KnownSums& known_sums, postgres::Until until)
        : sight(of), known(knowledge), sums(known_sums), database_(database), until_(until) {}

    const Sight& sight;
    const Knowledge& known;
    KnownSums& sums;

    postgres::Rows rows(const postgres::Sql& sql, const postgres::Params& params) const {
        return database_.rows(sql, params, until_);
    }
    /// A page of a list over a set of agencies. `few` takes their codes as its last parameter,
    /// `many` the same or NULL for all (readers/submissions.sql says why there are two).
    postgres::Rows rows(const AgencySet& of, const postgres::SqlFamily& few,
                        const postgres::SqlFamily& many, const Page& page,
                        postgres::Params params) const;

private:
    postgres::ReadSessions& database_;
    postgres::Until until_;
};

}  // namespace chaiqin::query
