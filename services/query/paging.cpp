#include <algorithm>

#include "query/service.hpp"

namespace chaiqin::query {

using Why = domain::Refused::Why;

std::optional<std::vector<std::string>> page_key(const domain::PageWanted& page,
                                                 const ListFilters& filters) {
    if (page.size < 1 || page.size > domain::largest_page_size)
        throw domain::Refused(Why::bad_request, "page_size is 1 to 100");
    if (page.page && *page.page < 1) throw domain::Refused(Why::bad_request, "page counts from 1");
    if (page.token.empty()) return std::nullopt;
    if (page.page)
        throw domain::Refused(Why::bad_request, "page and page_token exclude each other");
    auto key = open_page_token(filters, page.token);
    if (!key)
        throw domain::Refused(Why::bad_request,
                              "page_token does not belong to this list and its filters");
    return key;
}

AgencyPage page_of(const AgencyMask& mask, const AgencyIndex& index,
                   const domain::PageWanted& wanted, const ListFilters& filters) {
    const auto key = page_key(wanted, filters);
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i]) all.push_back(i);
    AgencyPage page;
    page.total = static_cast<std::int64_t>(all.size());
    const auto size = static_cast<std::size_t>(wanted.size);
    std::size_t begin = 0;
    if (key) {
        if (key->size() != 1)
            throw domain::Refused(Why::bad_request, "page_token does not belong to this list");
        const auto behind = std::upper_bound(
            all.begin(), all.end(), key->front(),
            [&](const std::string& code, std::size_t i) { return code < index.code(i); });
        begin = static_cast<std::size_t>(behind - all.begin());
        page.page = static_cast<int>(begin / size) + 1;
    } else if (wanted.page) {
        begin = std::min(all.size(), static_cast<std::size_t>(*wanted.page - 1) * size);
        page.page = *wanted.page;
    }
    const auto end = std::min(all.size(), begin + size);
    page.agencies.assign(all.begin() + static_cast<std::ptrdiff_t>(begin),
                         all.begin() + static_cast<std::ptrdiff_t>(end));
    if (end < all.size() && end > begin)
        page.next_page_token = make_page_token(filters, {index.code(all[end - 1])});
    return page;
}

}  // namespace chaiqin::query
