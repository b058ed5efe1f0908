#include "query/page_token.hpp"

#include <gtest/gtest.h>

#include "query/keys.hpp"

namespace chaiqin::query {
namespace {

using Key = std::vector<std::string>;

TEST(PageToken, OpensForTheFiltersItWasMadeFor) {
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

TEST(PageToken, DoesNotOpenForOtherFilters) {
    const auto token = make_page_token(ListFilters("findings").add("ab").add("c"), {"k"});
    EXPECT_FALSE(open_page_token(ListFilters("findings").add("a").add("bc"), token))
        << "where one filter ends counts";
    EXPECT_FALSE(open_page_token(ListFilters("findings").add("ab"), token));
    EXPECT_FALSE(open_page_token(ListFilters("groups").add("ab").add("c"), token));
}

TEST(PageToken, AnyChangedLetterIsNoticed) {
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

TEST(PageKeys, ComeBackAsTheyWere) {
    const domain::SubmissionKey submission{domain::Instant(std::chrono::microseconds(1234567)),
                                           "01990000-0000-8000-8000-000000000001"};
    const domain::HistoryKey key{submission, {2, 17, "/leave_records/17/a:b", "L18", 3}};
    const auto again = history_key(texts(key));
    EXPECT_EQ(again.submission.received_at, submission.received_at);
    EXPECT_EQ(again.finding.pointer, key.finding.pointer);
    EXPECT_EQ(again.finding.seq, 3);
    EXPECT_THROW((void)submission_key({"x", "01990000-0000-8000-8000-000000000001"}),
                 domain::Refused);
    EXPECT_THROW((void)submission_key({"1", "no id"}), domain::Refused);
    EXPECT_THROW((void)finding_key({"1"}), domain::Refused);
}

TEST(PageKeys, IdsAreTakenInAnyCaseAndNothingElseIsAnId) {
    EXPECT_EQ(canonical_uuid("0199ABCD-0000-8000-8000-00000000000F"),
              "0199abcd-0000-8000-8000-00000000000f");
    for (const char* bad :
         {"", "0199abcd", "0199abcd-0000-8000-8000-00000000000g",
          "0199abcd000080008000000000000000000f", "{199abcd-0000-8000-8000-00000000000f"})
        EXPECT_EQ(canonical_uuid(bad), "") << bad;
}

}  // namespace
}  // namespace chaiqin::query
