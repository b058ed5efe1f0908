#include "crypto/page_token.hpp"

#include <gtest/gtest.h>

namespace chaiqin::crypto {
namespace {

using Key = std::vector<std::string>;

TEST(PageToken, opens_for_the_filters_it_was_made_for) {
    ListFilters filters("findings");
    filters.add("Z00000001A").add(7);
    for (const Key& key : {Key{"a"}, Key{"", "12:3", "機關"}, Key{std::string(300, 'x'), "y"}}) {
        const auto token = make_page_token(filters, key);
        EXPECT_EQ(open_page_token(filters, token), key);
        EXPECT_EQ(token.find_first_not_of(
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                  std::string::npos);
    }
}

TEST(PageToken, does_not_open_for_other_filters) {
    const auto token = make_page_token(ListFilters("findings").add("ab").add("c"), {"k"});
    EXPECT_FALSE(open_page_token(ListFilters("findings").add("a").add("bc"), token))
        << "where one filter ends counts";
    EXPECT_FALSE(open_page_token(ListFilters("findings").add("ab"), token));
    EXPECT_FALSE(open_page_token(ListFilters("groups").add("ab").add("c"), token));
}

TEST(PageToken, opens_only_with_the_key_of_the_platform) {
    const ListFilters filters("findings");
    set_page_token_key("another key");
    const auto forged = make_page_token(filters, {"k"});
    EXPECT_TRUE(open_page_token(filters, forged));
    set_page_token_key("");
    EXPECT_FALSE(open_page_token(filters, forged));
}

TEST(PageToken, any_changed_letter_is_noticed) {
    const ListFilters filters("submissions");
    const auto token =
        make_page_token(filters, {"1790000000000000", "01990000-0000-8000-8000-000000000001"});
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(open_page_token(filters, changed)) << i;
    }
    for (const auto& bad :
         {std::string("x"), token + "A", token.substr(1), std::string(5000, 'A'), std::string("ä")})
        EXPECT_FALSE(open_page_token(filters, bad));
}

}  // namespace
}  // namespace chaiqin::crypto
