#pragma once
// A small body in one piece. The limits of the endpoint bound it.
#include <boost/asio/awaitable.hpp>
#include <string>

#include "gateway/http/body.hpp"

namespace chaiqin::gateway {

/// All pieces, one after the other. On the io thread; may throw BodyCut and ClientGone.
boost::asio::awaitable<std::string> whole_body(Body& body);

}  // namespace chaiqin::gateway
