#pragma once
// The postings of a career, which are stored as columns (matching.career, V0006); for the .cpp
// files of this folder.
#include <vector>

#include "domain/career_store.hpp"
#include "domain/failure.hpp"
#include "postgres/binary.hpp"

namespace chaiqin::postgres::matching {

inline std::vector<domain::CareerPost> posts_of(const Row& row) {
    const auto seq = row.int2_array("seq"), kind = row.int2_array("post_kind");
    auto org = row.text_array("org");
    const auto start = row.int4_array("start_day"), end = row.int4_array("end_day");
    if (org.size() != seq.size() || kind.size() != seq.size() || start.size() != seq.size() ||
        end.size() != seq.size())
        throw domain::PermanentFailure("the columns of a career differ in length");
    std::vector<domain::CareerPost> posts;
    posts.reserve(seq.size());
    for (std::size_t at = 0; at < seq.size(); ++at)
        posts.push_back({seq[at], kind[at], std::move(org[at]), start[at], end[at]});
    return posts;
}

}  // namespace chaiqin::postgres::matching
