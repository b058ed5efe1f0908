#include "domain/notice_kind.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

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
                                                              {365, std::nullopt}};
    for (const auto& [offset, kind] : days)
        EXPECT_EQ(deadline_notice_due(deadline + offset, deadline), kind) << offset;
}

void expect_apart(std::optional<DueDays> NoticeKindRow::*days) {
    for (const auto& one : notice_kinds)
        for (const auto& other : notice_kinds)
            if (one.*days && other.*days && one.kind < other.kind)
                EXPECT_TRUE((one.*days)->last < (other.*days)->first ||
                            (other.*days)->last < (one.*days)->first)
                    << one.name << " and " << other.name;
}

TEST(NoticeKind, due_days_of_two_kinds_never_overlap) {
    expect_apart(&NoticeKindRow::due);
    expect_apart(&NoticeKindRow::digest_due);
}

TEST(NoticeKind, a_digest_is_due_once_a_week_in_the_last_ten_days) {
    const Day deadline = parse_iso_day("2026-11-20").value();
    const std::pair<int, std::optional<NoticeKind>> days[] = {{-11, std::nullopt},
                                                              {-10, NoticeKind::digest_first},
                                                              {-4, NoticeKind::digest_first},
                                                              {-3, NoticeKind::digest_second},
                                                              {0, NoticeKind::digest_second},
                                                              {1, std::nullopt}};
    for (const auto& [offset, kind] : days)
        EXPECT_EQ(digest_due(deadline + offset, deadline), kind) << offset;
}

TEST(NoticeKind, only_what_is_due_later_than_the_deadline_comes_after_it) {
    EXPECT_TRUE(is_after_deadline(NoticeKind::deadline_after));
    for (const auto kind : {NoticeKind::submission_counted, NoticeKind::deadline_before_5,
                            NoticeKind::deadline_before_1})
        EXPECT_FALSE(is_after_deadline(kind)) << row_of(kind).name;
}

TEST(NoticeKind, has_a_name_of_its_own) {
    for (const auto& row : notice_kinds) EXPECT_EQ(parse_notice_kind(row.name), row.kind);
    EXPECT_EQ(parse_notice_kind("deadline_before"), std::nullopt);
}

TEST(NoticeKind, is_told_by_the_names_that_the_description_of_the_api_lists) {
    std::ifstream file(CHAIQIN_SOURCE_DIR "/schemas/openapi.yaml");
    const std::string description{std::istreambuf_iterator<char>(file), {}};
    const auto begin = description.find("kind: {enum: [submission_counted");
    ASSERT_NE(begin, std::string::npos);
    const auto names = description.substr(begin + 13, description.find(']', begin) - begin - 13);
    const std::regex name("\\w+");
    std::set<std::string> described, told;
    for (std::sregex_iterator at(names.begin(), names.end(), name), end; at != end; ++at)
        described.insert(at->str());
    for (const auto& row : notice_kinds)
        if (!row.told_as.empty()) told.emplace(row.told_as);
    EXPECT_EQ(told, described);
}

}  // namespace
}  // namespace chaiqin::domain
