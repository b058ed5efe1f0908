#pragma once
// Page tokens: opaque to the caller, the key of the last line shown plus a hash over it and the
// filters of its list. A token of another list or other filters, or one that was tampered with,
// does not open. Whose data may be seen is decided again for every page, so a token gives no right
// to anything. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaiqin::crypto {

/// What a list was asked for: its name and every filter that changes what is in it.
class ListFilters {
public:
    explicit ListFilters(std::string_view list) { add(list); }
    ListFilters& add(std::string_view text);
    ListFilters& add(std::int64_t number) { return add(std::to_string(number)); }
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

std::string make_page_token(const ListFilters& filters, const std::vector<std::string>& key);
/// The key; nothing if the token was not made for these filters.
std::optional<std::vector<std::string>> open_page_token(const ListFilters& filters,
                                                        std::string_view token);

}  // namespace chaiqin::crypto
