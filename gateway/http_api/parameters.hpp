#pragma once
// Query parameters of a read, by their kinds. A value that is not one throws domain::Refused
// (bad_request) with a detail that names the parameter; a missing or empty one is the default.
// Unknown parameters are never looked at.
#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "domain/reading.hpp"
#include "gateway/http/request.hpp"

namespace chaiqin::gateway {

class Parameters {
public:
    explicit Parameters(const Request& request) : request_(request) {}

    std::string text(std::string_view name) const;
    /// One of `allowed`, "" if not given.
    std::string choice(std::string_view name,
                       std::initializer_list<std::string_view> allowed) const;
    std::optional<int> number(std::string_view name, int least, int most) const;
    std::optional<domain::Day> day(std::string_view name) const;      ///< 2026-10-05
    std::optional<domain::Month> month(std::string_view name) const;  ///< 2026-10
    domain::Month needed_month(std::string_view name) const;
    std::optional<std::chrono::seconds> wait() const;  ///< wait=1s … 30s
    /// page_size, page_token and, where lists have numbered pages, page.
    domain::PageWanted page(bool numbered = false) const;

private:
    const Request& request_;
};

}  // namespace chaiqin::gateway
