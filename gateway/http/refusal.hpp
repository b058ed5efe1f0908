#pragma once
// A question that the query service refused, as the answer that tells of it.
#include "gateway/http/response.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::gateway {

Response answer_with(const rpc::Refused& why);

}  // namespace chaiqin::gateway
