#pragma once
// What a reader works with: who asks and what they may see, the database, and what is remembered
// between questions. Made by query/service for one question; used by one thread.
#include "postgres/read_sessions.hpp"
#include "query/known_sums.hpp"
#include "query/page.hpp"
#include "query/sight.hpp"

namespace chaiqin::query {

class Asking {
public:
    Asking(const Sight& of, postgres::ReadSessions& database, KnownSums& known_sums,
           postgres::Until until)
        : sight(of), sums(known_sums), database_(database), until_(until) {}

    const Sight& sight;
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
