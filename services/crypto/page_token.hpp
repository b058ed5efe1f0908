#pragma once
// Page tokens: opaque to the caller, the key of the last line shown plus a MAC over it and the
// filters of its list. A token of another list or other filters, or one that the platform did not
// make, does not open. Whose data may be seen is decided again for every page, so a token gives no
// right to anything.
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

/// The key of the MACs, the same in every process that makes or opens tokens. To be called once, in
/// main, before the first token.
void set_page_token_key(std::string key);

std::string make_page_token(const ListFilters& filters, const std::vector<std::string>& key);
/// The key; nothing if the token was not made for these filters.
std::optional<std::vector<std::string>> open_page_token(const ListFilters& filters,
                                                        std::string_view token);

}  // namespace chaiqin::crypto
