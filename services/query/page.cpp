#include "query/page.hpp"

#include <algorithm>

#include "query/refusals.hpp"

namespace chaiqin::query {

PageKey& PageKey::add(std::string_view text) {
    texts_.emplace_back(text);
    return *this;
}

void PageKeyReader::refuse() { refuse_page_token(); }

std::string PageKeyReader::next() {
    if (at_ >= key_->size()) refuse();
    return (*key_)[at_++];
}

std::string PageKeyReader::text(std::string otherwise) { return key_ ? next() : otherwise; }

std::string PageKeyReader::uuid(std::string otherwise) {
    if (!key_) return otherwise;
    auto part = next();
    if (canonical_uuid(part) != part) refuse();
    return part;
}

domain::Instant PageKeyReader::instant(domain::Instant otherwise) {
    return domain::Instant(
        std::chrono::microseconds(number<std::int64_t>(otherwise.time_since_epoch().count())));
}

Page::Page(const ListFilters& filters, Size size, const std::string& token,
           std::optional<int> number)
    : filters_(filters),
      size_(size.wanted == 0 ? default_page_size : size.wanted),
      number_(number) {
    if (const auto most = std::to_string(size.largest);
        (size_ < 1 || size_ > size.largest) && size_ != whole_list_page_size)
        refuse_bad("page_size：應為 1 至 " + most + " 的整數",
                   "page_size must be a number from 1 to " + most);
    if (number_ && *number_ < 1)
        refuse_bad("page：應為 1 以上的整數", "page must be a number from 1 on");
    if (token.empty()) return;
    if (number_)
        refuse_bad("page：不得與 page_token 同時使用", "Give page or page_token, not both");
    key_ = open_page_token(filters, token);
    if (!key_) refuse_page_token();
}

AgencyPage agencies_of(const Page& page, const AgencyMask& mask, const AgencyIndex& index) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i]) all.push_back(i);
    AgencyPage found;
    found.total = static_cast<std::int64_t>(all.size());
    const auto size = static_cast<std::size_t>(page.size());
    std::size_t begin = 0;
    if (page.key()) {
        const auto last_shown = PageKeyReader(page.key()).text("");
        const auto behind = std::upper_bound(
            all.begin(), all.end(), last_shown,
            [&](const std::string& code, std::size_t i) { return code < index.code(i); });
        begin = static_cast<std::size_t>(behind - all.begin());
        found.number = static_cast<int>(begin / size) + 1;
    } else if (page.number()) {
        begin = std::min(all.size(), static_cast<std::size_t>(*page.number() - 1) * size);
        found.number = *page.number();
    }
    const auto end = std::min(all.size(), begin + size);
    found.agencies.assign(all.begin() + static_cast<std::ptrdiff_t>(begin),
                          all.begin() + static_cast<std::ptrdiff_t>(end));
    if (end < all.size() && end > begin)
        found.next_token = make_page_token(page.filters(), {index.code(all[end - 1])});
    return found;
}

}  // namespace chaiqin::query
