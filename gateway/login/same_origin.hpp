#pragma once
// Whether a request that a browser sent with the session's cookie was caused by our own page, and
// names the agency it acts for. Judged before the session is looked up. Pure.
#include <optional>
#include <string>

#include "gateway/http/problems.hpp"
#include "gateway/http/request.hpp"

namespace chaiqin::gateway {

/// Whether our own page sent it. `public_url` is scheme, host and port of the portal. A `link` is a
/// plain download address, which a person may also have pasted.
bool is_same_origin(const Request& request, const std::string& public_url, bool link = false);

/// GET with `format=`, or an attachment: the agency acted for may stand in the address.
bool is_download(const Request& request);

/// The agency acted for, from the header or, for downloads, from `acting`; "" if there is none.
/// Empty: the two differ.
std::optional<std::string> wanted_acting_agency(const Request& request);

}  // namespace chaiqin::gateway
