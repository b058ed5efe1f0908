// The catalogue of problems: every refusal in both languages, and the shape of its answer.
#include "gateway/http/problems.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "gateway/http_api/refusals.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::gateway {
namespace {

/// Outside ASCII and not one of the few signs that English texts may have.
bool has_chinese(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::size_t places(std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find("{}"); at != std::string_view::npos; at = text.find("{}", at + 2))
        ++count;
    return count;
}

TEST(ProblemCatalogue, every_problem_is_told_in_both_languages) {
    for (const auto& text : problem_catalogue()) {
        const auto where = std::string(text.code) + " " + std::string(text.title_en);
        EXPECT_TRUE(has_chinese(text.title)) << where;
        EXPECT_TRUE(has_chinese(text.detail)) << where;
        EXPECT_FALSE(text.title_en.empty()) << text.title;
        EXPECT_FALSE(text.detail_en.empty()) << text.title;
        EXPECT_FALSE(has_chinese(text.title_en)) << where;
        EXPECT_FALSE(has_chinese(text.detail_en)) << where;
        EXPECT_EQ(places(text.detail), places(text.detail_en)) << where;
    }
}

TEST(ProblemCatalogue, a_code_has_one_status) {
    std::map<std::string_view, int> statuses;
    for (const auto& text : problem_catalogue()) {
        if (text.problem == Problem::header_too_large) continue;  // 431, and too_large like a body
        const auto [at, is_new] = statuses.emplace(text.code, text.status);
        EXPECT_EQ(at->second, text.status) << text.code << ' ' << text.title;
    }
}

TEST(ProblemCatalogue, refusals_of_files_have_the_titles_of_the_rules) {
    std::ifstream file(CHAIQIN_SOURCE_DIR "/schemas/rules/rules.csv");
    std::ostringstream csv;
    csv << file.rdbuf();
    const auto rules = wire::parse_rules(csv.str());
    for (const auto problem :
         {problem_of(FileRefusal::not_json), problem_of(FileRefusal::too_large),
          problem_of(UploadRefusal(UploadFault::too_many_files)), problem_of(FileRefusal::empty),
          problem_of(FileRefusal::not_utf8)}) {
        const auto& text = text_of(problem);
        const auto rule = std::find_if(rules.begin(), rules.end(),
                                       [&](const auto& one) { return one.code == text.code; });
        ASSERT_NE(rule, rules.end()) << text.code;
        EXPECT_EQ(rule->message_zh, text.title);
        EXPECT_EQ(rule->message_en, text.title_en);
    }
}

TEST(ProblemAnswer, has_both_languages_words_and_further_members) {
    const auto answer = answer_with(
        Problem::bad_parameter, {{"page_size：應為 1 至 100 的整數", "page_size must be 1 to 100"}},
        [](wire::JsonWriter& json) { json.member("more", 1); });
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.content_type, "application/problem+json");
    EXPECT_EQ(answer.body,
              R"({"type":"urn:chaiqin:problem:bad_request","title":"查詢條件不正確",)"
              R"("title_en":"A query parameter is wrong","status":400,"code":"bad_request",)"
              R"("detail":"page_size：應為 1 至 100 的整數。",)"
              R"("detail_en":"page_size must be 1 to 100.","more":1})");
}

TEST(ProblemAnswer, says_when_to_come_back_and_how_to_log_in) {
    using Headers = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(answer_with(Problem::unavailable).headers, (Headers{{"Retry-After", "2"}}));
    EXPECT_EQ(answer_with(Problem::rate_limited).headers, (Headers{{"Retry-After", "2"}}));
    EXPECT_EQ(answer_with(Problem::invalid_token).headers,
              (Headers{{"WWW-Authenticate", "Bearer error=\"invalid_token\""}}));
    EXPECT_TRUE(answer_with(Problem::unknown_path).headers.empty());
}

}  // namespace
}  // namespace chaiqin::gateway
