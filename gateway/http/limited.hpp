#pragma once
// A limit that a request has met, and the answer that says so: which one, how much it is, what to
// do, and when to come back.
#include <chrono>
#include <string_view>

#include "gateway/http/problems.hpp"

namespace chaiqin::gateway {

struct Limited {
    /// The member `limit` of the answer, and the label of chaiqin_requests_limited_total.
    std::string_view limit;
    Problem problem;
    ProblemWords words = {};
    std::chrono::seconds retry_after{2};
};

/// With Retry-After; a 429 is counted.
Response answer_with(const Limited& limited);

}  // namespace chaiqin::gateway
