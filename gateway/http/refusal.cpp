#include "gateway/http/refusal.hpp"

#include "gateway/http/problems.hpp"

namespace chaiqin::gateway {

Response answer_with(const rpc::Refused& why) {
    using rpc::Refused;
    switch (why.why) {
        case Refused::Why::bad_token:
            return answer_with(Problem::invalid_token);
        case Refused::Why::forbidden:
            return answer_with(Problem::right_missing);
        case Refused::Why::not_found:
            return answer_with(Problem::nothing_found, {{why.zh, why.en()}});
        case Refused::Why::bad_request:
            break;
    }
    return answer_with(Problem::bad_parameter, {{why.zh, why.en()}});
}

}  // namespace chaiqin::gateway
