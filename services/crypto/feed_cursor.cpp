#include "crypto/feed_cursor.hpp"

#include <charconv>

#include "crypto/page_token.hpp"

namespace chaiqin::crypto {

namespace {

ListFilters feed_of(std::string_view agency) {
    ListFilters feed("finding changes");
    feed.add(agency);
    return feed;
}

}  // namespace

std::string feed_cursor(std::string_view agency, std::int64_t change_no) {
    return make_page_token(feed_of(agency), {std::to_string(change_no)});
}

std::optional<std::int64_t> feed_change_no(std::string_view agency, std::string_view cursor) {
    const auto key = open_page_token(feed_of(agency), cursor);
    if (!key || key->size() != 1) return std::nullopt;
    const auto& text = key->front();
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace chaiqin::crypto
