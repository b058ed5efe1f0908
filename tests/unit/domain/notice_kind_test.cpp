#include "domain/notice_kind.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chaiqin::domain {
namespace {

TEST(NoticeKind, is_due_around_the_deadline) {
    const Day deadline = parse_iso_day("2026-11-20").value();
    const std::pair<int, std::optional<NoticeKind>> days[] = {{-6, std::nullopt},
                                                              {-5, NoticeKind::deadline_before_5},
                                                              {-2, NoticeKind::deadline_before_5},
                                                              {-1, NoticeKind::deadline_before_1},
                                                              {0, NoticeKind::deadline_before_1},
                                                              {1, NoticeKind::deadline_after},
                                                              {5, NoticeKind::deadline_after},
                                                              {6, std::nullopt}};
    for (const auto& [offset, kind] : days)
        EXPECT_EQ(deadline_notice_due(deadline + offset, deadline), kind) << offset;
}

TEST(NoticeKind, only_what_is_due_later_than_the_deadline_comes_after_it) {
    for (const auto& row : notice_kinds)
        EXPECT_EQ(is_after_deadline(row.kind), row.kind == NoticeKind::deadline_after) << row.name;
}

TEST(NoticeKind, has_a_name_of_its_own_and_the_name_that_the_api_says) {
    std::set<std::string_view> told;
    for (const auto& row : notice_kinds) {
        EXPECT_EQ(parse_notice_kind(row.name), row.kind);
        told.insert(row.told_as);
    }
    EXPECT_EQ(told, (std::set<std::string_view>{"submission_counted", "submission_partial",
                                                "submission_rejected", "deadline_before",
                                                "deadline_after"}));
    EXPECT_EQ(parse_notice_kind("deadline_before"), std::nullopt);
}

}  // namespace
}  // namespace chaiqin::domain
