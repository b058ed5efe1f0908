#include "gateway/http/agency_body.hpp"

#include <algorithm>

namespace chaiqin::gateway {

boost::asio::awaitable<std::string_view> AgencyBody::next() {
    const auto piece = co_await body_.next();
    const auto declared = std::min(left_, piece.size());
    left_ -= declared;
    if (const auto more = piece.size() - declared; more > 0) {
        shares_.take_more(Limit::bytes, agency_, more);
        if (auto reached = shares_.grow(in_flight_, more)) throw BodyCut{answer_with(*reached)};
    }
    co_return piece;
}

}  // namespace chaiqin::gateway
