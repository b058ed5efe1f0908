#include "gateway/http_api/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace chaiqin::gateway {

namespace {

// Any page may be asked for; one beyond the end is empty.
constexpr int highest_page = std::numeric_limits<int>::max(), longest_wait_s = 30;

[[noreturn]] void refuse(std::string_view name, const std::string& wanted) {
    throw domain::Refused(domain::Refused::Why::bad_request, std::string(name) + "：" + wanted);
}

std::optional<int> parse_number(std::string_view text) {
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool digits = !text.empty() && text.front() >= '0' && text.front() <= '9';
    if (!digits || end != text.data() + text.size()) return std::nullopt;
    return failure == std::errc::result_out_of_range ? std::numeric_limits<int>::max() : value;
}

}  // namespace

std::string Parameters::text(std::string_view name) const {
    return request_.parameter(name).value_or("");
}

std::string Parameters::choice(std::string_view name,
                               std::initializer_list<std::string_view> allowed) const {
    const auto value = text(name);
    if (value.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end())
        return value;
    std::string list;
    for (const auto one : allowed) list += (list.empty() ? "" : "、") + std::string(one);
    refuse(name, "應為 " + list);
}

std::optional<int> Parameters::number(std::string_view name, int least, int most) const {
    const auto given = request_.parameter(name);
    if (!given) return std::nullopt;
    const auto value = parse_number(*given);
    if (!value || *value < least || *value > most)
        refuse(name, "應為 " + std::to_string(least) + " 至 " + std::to_string(most) + " 的整數");
    return value;
}

std::optional<domain::Day> Parameters::day(std::string_view name) const {
    const auto given = text(name);
    if (given.empty()) return std::nullopt;
    const auto value = domain::parse_iso_day(given);
    if (!value) refuse(name, "應為日期，例如 2026-10-05");
    return value;
}

std::optional<domain::Month> Parameters::month(std::string_view name) const {
    const auto given = text(name);
    if (given.empty()) return std::nullopt;
    const auto value = domain::parse_iso_month(given);
    if (!value) refuse(name, "應為年月，例如 2026-10");
    return value;
}

domain::Month Parameters::needed_month(std::string_view name) const {
    const auto value = month(name);
    if (!value) refuse(name, "必須提供，例如 2026-10");
    return *value;
}

std::optional<std::chrono::seconds> Parameters::wait() const {
    const auto given = request_.parameter("wait");
    if (!given) return std::nullopt;
    const auto seconds = given->ends_with('s')
                             ? parse_number(std::string_view(*given).substr(0, given->size() - 1))
                             : std::nullopt;
    if (!seconds || *seconds < 1 || *seconds > longest_wait_s) refuse("wait", "應為 1s 至 30s");
    return std::chrono::seconds(*seconds);
}

domain::PageWanted Parameters::page(bool numbered) const {
    domain::PageWanted page;
    page.size =
        number("page_size", 1, domain::largest_page_size).value_or(domain::default_page_size);
    page.token = text("page_token");
    if (numbered) page.page = number("page", 1, highest_page);
    if (page.page && !page.token.empty()) refuse("page", "不得與 page_token 同時使用");
    return page;
}

}  // namespace chaiqin::gateway
