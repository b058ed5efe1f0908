#include "query/asking.hpp"

namespace chaiqin::query {

namespace {

/// Up to so many agencies are each read in their own order and merged.
constexpr std::size_t most_merged = 200;

}  // namespace

postgres::Rows Asking::rows(const AgencySet& of, const postgres::SqlFamily& few,
                            const postgres::SqlFamily& many, const Page& page,
                            postgres::Params params) const {
    const bool are_few = !of.everything && of.codes.size() <= most_merged;
    params.add_array(of.everything ? std::nullopt : std::optional(of.codes));
    return rows((are_few ? few : many).with(page.rows_wanted()), params);
}

}  // namespace chaiqin::query
