#pragma once
// Which part of a list a request asks for. Lists go on behind the last line shown: the page token
// holds that line's key (crypto/page_token). A request is refused when its size, page or token is
// not one. Values.
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "crypto/page_token.hpp"
#include "domain/uuid.hpp"
#include "postgres/binary.hpp"
#include "query/agency_index.hpp"

namespace chaiqin::query {

using crypto::ListFilters;
using crypto::make_page_token;
using crypto::open_page_token;
using domain::canonical_uuid;

inline constexpr int default_page_size = 20, largest_page_size = 100;
/// The pages of a whole list (query/whole_list).
inline constexpr int whole_list_page_size = 5000;
/// A time after every other and an id after every other: from the start of a list that is newest
/// first.
inline constexpr domain::Instant end_of_time{std::chrono::microseconds(253'370'764'800'000'000)};
inline constexpr const char* greatest_uuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/// The parts of a key in their order, for a page token.
class PageKey {
public:
    PageKey& add(std::string_view text);
    PageKey& add(std::int64_t number) { return add(std::to_string(number)); }
    PageKey& add(domain::Instant at) {
        return add(static_cast<std::int64_t>(at.time_since_epoch().count()));
    }
    const std::vector<std::string>& texts() const { return texts_; }

private:
    std::vector<std::string> texts_;
};

/// Reads a key's parts in their order; each reader gives `otherwise` when the list is read from its
/// start. A part that is none refuses the token.
class PageKeyReader {
public:
    explicit PageKeyReader(const std::optional<std::vector<std::string>>& key) : key_(key) {}
    std::string text(std::string otherwise);
    std::string uuid(std::string otherwise);
    domain::Instant instant(domain::Instant otherwise);
    template <class Number>
    Number number(Number otherwise) {
        if (!key_) return otherwise;
        const auto part = next();
        Number value{};
        const auto* end = part.data() + part.size();
        const auto [at, failure] = std::from_chars(part.data(), end, value);
        if (failure != std::errc{} || at != end) refuse();
        return value;
    }

private:
    std::string next();
    [[noreturn]] static void refuse();
    const std::optional<std::vector<std::string>>& key_;
    std::size_t at_ = 0;
};

class Page {
public:
    template <class Request>
    Page(const Request& request, const ListFilters& filters, int largest_size = largest_page_size)
        : Page(filters, {request.page_size(), largest_size}, request.page_token(),
               number_of(request)) {}

    int size() const { return size_; }
    /// From 1; nothing unless the request names one.
    std::optional<int> number() const { return number_; }
    const std::optional<std::vector<std::string>>& key() const { return key_; }

    /// How many rows a statement should give: one more than shown tells whether there is a next
    /// page. One of three numbers, so that each statement's plan is made three times at most.
    std::string_view rows_wanted() const {
        if (size_ > largest_page_size) return "5001";
        return size_ <= default_page_size ? "21" : "101";
    }
    /// The same as a number, for statements that take their limit as a parameter.
    std::int64_t limit() const { return size_ + 1; }
    int shown(const postgres::Rows& rows) const { return std::min(size_, rows.size()); }
    /// "" if there is nothing behind the rows shown, else the token of the next page; `last` is the
    /// key of the last row shown.
    template <class KeyOfRow>
    std::string next_token(const postgres::Rows& rows, KeyOfRow last) const {
        if (rows.size() <= size_) return "";
        return make_page_token(filters_, PageKey(last(rows[size_ - 1])).texts());
    }
    const ListFilters& filters() const { return filters_; }

private:
    struct Size {
        int wanted, largest;
    };
    Page(const ListFilters& filters, Size size, const std::string& token,
         std::optional<int> number);
    template <class Request>
    static std::optional<int> number_of(const Request& request) {
        if constexpr (requires { request.has_page(); })
            return request.has_page() ? std::optional<int>(request.page()) : std::nullopt;
        return std::nullopt;
    }

    ListFilters filters_;
    int size_;
    std::optional<int> number_;
    std::optional<std::vector<std::string>> key_;
};

/// A page of a list that is held in memory, in the order of the agencies' codes.
struct AgencyPage {
    /// numbers in the index
    std::vector<std::size_t> agencies;
    std::int64_t total = 0;
    int number = 1;
    std::string next_token;
};
AgencyPage agencies_of(const Page& page, const AgencyMask& mask, const AgencyIndex& index);

}  // namespace chaiqin::query
