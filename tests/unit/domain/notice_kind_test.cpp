#include "domain/notice_kind.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chaiqin::domain {
namespace {

TEST(NoticeKind, IsDueAroundTheDeadline) {
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

TEST(NoticeKind, OnlyWhatIsDueLaterThanTheDeadlineComesAfterIt) {
    for (const auto& row : notice_kinds)
        EXPECT_EQ(is_after_deadline(row.kind), row.kind == NoticeKind::deadline_after) << row.name;
}

TEST(NoticeKind, HasANameOfItsOwnAndTheNameThatTheApiSays) {
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
