// Announcements as they are sent and shown, and the tokens of their pages.
#include "gateway/announcements/announcement_json.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "gateway/http/path_id.hpp"

namespace chaiqin::gateway {
namespace {

using domain::AnnouncementText;

const auto now = domain::parse_rfc3339("2026-11-05T09:00:00+08:00").value();

/// What is wrong, in English; "" if nothing is.
std::string wrong(const std::string& body) {
    const auto parsed = parse_announcement(body, now);
    const auto* fault = std::get_if<WrongMember>(&parsed);
    return fault ? fault->en.substr(0, fault->en.find(' ')) : "";
}

TEST(AnnouncementBody, is_taken_with_its_times) {
    const auto parsed = parse_announcement(
        R"({"title":"公告","body":"一\n\n二","audience":"members","published_at":null,)"
        R"("expires_at":"2026-12-01T00:00:00+08:00","other":1})",
        now);
    const auto& text = std::get<AnnouncementText>(parsed);
    EXPECT_EQ(text.title, "公告");
    EXPECT_EQ(text.body, "一\n\n二");
    EXPECT_TRUE(text.for_members);
    EXPECT_EQ(text.published_at, now);
    EXPECT_EQ(domain::rfc3339_taipei(*text.expires_at), "2026-12-01T00:00:00.000+08:00");
}

TEST(AnnouncementBody, says_which_member_is_wrong) {
    const auto with = [](const std::string& members) {
        return R"({"title":"公告","body":"","audience":"public")" + members + "}";
    };
    EXPECT_EQ(wrong(with("")), "");
    EXPECT_EQ(wrong("[]"), "it");
    EXPECT_EQ(wrong("{\"title\":\"\xff\"}"), "it");
    std::string longest;
    for (int i = 0; i < 200; ++i) longest += "公";
    const auto titled = [](const std::string& title) {
        return R"({"title":")" + title + R"(","body":"","audience":"public"})";
    };
    EXPECT_EQ(wrong(titled(longest)), "");
    EXPECT_EQ(wrong(titled(longest + "告")), "title");
    EXPECT_EQ(wrong(titled(" ")), "title");
    EXPECT_EQ(wrong(titled("a\\nb")), "title");
    EXPECT_EQ(wrong(R"({"title":"a","audience":"public"})"), "body");
    EXPECT_EQ(wrong(R"({"title":"a","body":"\u0000","audience":"public"})"), "body");
    EXPECT_EQ(
        wrong(R"({"title":"a","body":")" + std::string(20'001, 'a') + R"(","audience":"public"})"),
        "body");
    EXPECT_EQ(wrong(R"({"title":"a","body":"","audience":"all"})"), "audience");
    EXPECT_EQ(wrong(with(R"(,"published_at":"2026-11-05")")), "published_at");
    EXPECT_EQ(wrong(with(R"(,"published_at":5)")), "published_at");
    EXPECT_EQ(wrong(with(R"(,"expires_at":"2026-11-05T09:00:00+08:00")")), "expires_at")
        << "no later than now";
}

TEST(AnnouncementToken, opens_for_the_same_readers_alone) {
    crypto::Keyring keys;
    keys.intake = std::string(32, 'i');
    const domain::AnnouncementSight members{
        .with_members = true, .at_all_times = false, .now = now},
        anybody{.with_members = false, .at_all_times = false, .now = now};
    const auto token = announcement_token(keys, members, {now, 7});
    const auto place = parse_announcement_token(keys, members, token);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->published_at, now);
    EXPECT_EQ(place->id, 7);
    EXPECT_FALSE(parse_announcement_token(keys, anybody, token));
    for (const auto& bad :
         std::vector<std::string>{"", ".", "..", "1.2.3", "x" + token, token + "x", "0" + token})
        EXPECT_FALSE(parse_announcement_token(keys, members, bad)) << bad;
}

TEST(AnnouncementId, is_a_plain_number) {
    EXPECT_EQ(parse_id("12"), 12);
    for (const std::string bad : {"", "0", "-1", "+1", "1x", " 1", "99999999999999999999"})
        EXPECT_FALSE(parse_id(bad)) << bad;
}

}  // namespace
}  // namespace chaiqin::gateway
