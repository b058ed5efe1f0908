// File names, targets, routes, idempotency keys, rate limits, refusals of bytes: the small rules of
// sending.
#include <gtest/gtest.h>

#include "gateway/auth/address_limits.hpp"
#include "gateway/http/rate_limit.hpp"
#include "gateway/http/router.hpp"
#include "gateway/http/target.hpp"
#include "gateway/http_api/submissions.hpp"
#include "gateway/ingest/file_name.hpp"
#include "gateway/ingest/uploaded_file.hpp"

namespace chaiqin::gateway {
namespace {

TEST(FileName, is_cleaned) {
    EXPECT_EQ(cleaned_file_name("a/b\\c.json"), "c.json");
    EXPECT_EQ(cleaned_file_name("a\x01\x7f\xc2\x85.json"), "a.json");
    EXPECT_EQ(cleaned_file_name("a\xff.json"), "a\xef\xbf\xbd.json");
    EXPECT_EQ(cleaned_file_name(""), "");
    std::string longest;
    for (int i = 0; i < 300; ++i) longest += "差";
    EXPECT_EQ(cleaned_file_name(longest).size(), 255U * 3);
    EXPECT_EQ(cleaned_file_name(longest + ".json").substr(250 * 3), ".json");
}

TEST(FileName, in_big5_is_read_and_its_second_bytes_are_no_directories) {
    EXPECT_EQ(cleaned_file_name("\xa6\xa8\xa5\x5c.json"), "成功.json");
    EXPECT_EQ(cleaned_file_name("dir/\xa6\xa8\xa5\x5c.json"), "成功.json");
    EXPECT_EQ(cleaned_file_name("C:\\\xa6\xa8.json"), "C:\\成.json");
    EXPECT_EQ(cleaned_file_name("\xa6\x01\xa8\xa5\x5c.json"),
              "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\.json")
        << "neither UTF-8 nor Big5";
    EXPECT_EQ(cleaned_file_name("\xa6"), "\xef\xbf\xbd") << "half a character";
    EXPECT_EQ(cleaned_file_name("成\\功.json"), "功.json") << "in UTF-8 both end a directory";
    EXPECT_EQ(cleaned_file_name("\xa6\xa8\x01\x7f.json"), "成.json");
}

TEST(FileName, of_the_header_is_percent_encoded_utf8) {
    EXPECT_EQ(file_name_from_header("%E5%B7%AE.json"), "差.json");
    EXPECT_EQ(file_name_from_header("a+b.json"), "a+b.json");
    for (const auto* bad : {"%zz.json", "%4", "%FF.json", "a%0A.json", "%C2%85.json"})
        EXPECT_FALSE(file_name_from_header(bad)) << bad;
}

TEST(FileName, must_be_a_json_file) {
    EXPECT_TRUE(is_json_file_name("a.json"));
    EXPECT_TRUE(is_json_file_name("a.JSON"));
    EXPECT_FALSE(is_json_file_name(".json"));
    EXPECT_FALSE(is_json_file_name("a.json.txt"));
    EXPECT_FALSE(is_json_file_name("json"));
    EXPECT_FALSE(is_json_file_name(""));
}

TEST(Target, is_decoded) {
    const auto target = parse_target("/a%20b/c?q=%E5%B7%AE+x&empty&=1&&k=v%3D");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/a b/c");
    const std::vector<std::pair<std::string, std::string>> expected{
        {"q", "差 x"}, {"empty", ""}, {"", "1"}, {"k", "v="}};
    EXPECT_EQ(target->query, expected);
    for (const auto* bad :
         {"", "a", "http://a/b", "*", "/%", "/%4", "/%zz", "/%00", "/%ff", "/a?q=%ff", "/a?q=%0"})
        EXPECT_FALSE(parse_target(bad)) << bad;
}

class RouterTest : public ::testing::Test {
protected:
    static Route read(const char* pattern) { return {"GET", pattern, {}, {}}; }
    Router router_{{read("/api/v1/submissions"), read("/api/v1/submissions/{id}"),
                    read("/api/v1/submissions/{id}/findings")},
                   {{"POST", "/api/v1/submissions", {}, {}, {}}}};
    int status(const char* method, const char* path) const {
        const auto found = router_.find(method, path);
        const auto* response = std::get_if<Response>(&found);
        return response ? response->status : 0;
    }
};

TEST_F(RouterTest, finds_and_captures) {
    const auto found = router_.find("GET", "/api/v1/submissions/abc/findings");
    const auto& matched = std::get<Matched>(found);
    EXPECT_EQ(matched.read->pattern, "/api/v1/submissions/{id}/findings");
    EXPECT_EQ(matched.captures, std::vector<std::string>{"abc"});
    EXPECT_NE(std::get<Matched>(router_.find("POST", "/api/v1/submissions")).upload, nullptr);
}

TEST_F(RouterTest, head_goes_where_get_goes) {
    const auto found = router_.find("HEAD", "/api/v1/submissions/abc/findings");
    EXPECT_EQ(std::get<Matched>(found).read->method, "GET");
    EXPECT_EQ(std::get<Response>(router_.find("HEAD", "/api/v1/nothing")).status, 404);
}

TEST_F(RouterTest, what_is_not_there_is404) {
    for (const auto* path :
         {"/", "/api/v1/submissions/", "/api/v1/submissions/a/", "/api/v1/submissions//findings",
          "/api/v1", "/api/v1/submissionsx", ""})
        EXPECT_EQ(status("GET", path), 404) << path;
}

TEST_F(RouterTest, another_method_is405_with_allow) {
    const auto found = router_.find("DELETE", "/api/v1/submissions");
    const auto& response = std::get<Response>(found);
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.headers.at(0), (std::pair<std::string, std::string>("Allow", "GET, POST")));
}

TEST(IdempotencyKey, has_its_alphabet) {
    EXPECT_TRUE(is_idempotency_key("aZ0_.:-"));
    EXPECT_TRUE(is_idempotency_key(std::string(64, 'a')));
    for (const std::string bad : {"", "a b", "a/1", "鍵", "a\n"})
        EXPECT_FALSE(is_idempotency_key(bad)) << bad;
    EXPECT_FALSE(is_idempotency_key(std::string(65, 'a')));
}

TEST(RateLimit, lets_through_what_it_is_set_to) {
    RateLimit limit(100);
    auto now = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
    int let_in = 0;
    for (int ms = 0; ms < 10'000; ++ms, now += std::chrono::milliseconds(1))
        let_in += limit.try_take("A", now);
    EXPECT_NEAR(let_in, 1'200, 2) << "two seconds' worth at once, then 100 a second";
    EXPECT_TRUE(limit.try_take("B", now)) << "each agency has its own";
}

TEST(RateLimit, further_files_leave_a_debt) {
    RateLimit limit(100);
    auto now = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
    EXPECT_TRUE(limit.try_take("A", now));
    limit.take_more("A", 299);
    EXPECT_FALSE(limit.try_take("A", now + std::chrono::milliseconds(900)));
    EXPECT_EQ(limit.time_left("A").count(), 1);
    EXPECT_TRUE(limit.try_take("A", now + std::chrono::milliseconds(1'100)));
    limit.take_more("A", 500);
    EXPECT_FALSE(limit.try_take("A", now + std::chrono::milliseconds(1'100)));
    EXPECT_EQ(limit.time_left("A").count(), 5);
}

TEST(AddressLimits, an_address_has_its_logins_a_minute_and_its_requests_a_second) {
    AddressLimits limits({.open_per_second = 5, .logins_per_minute = 3});
    const auto now = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
    Request one, other;
    one.peer = "10.0.0.1";
    other.peer = "10.0.0.2";
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(limits.take_login(one, now));
    EXPECT_TRUE(limits.take_login(one, now));
    EXPECT_FALSE(limits.take_login(other, now));
    EXPECT_TRUE(limits.take_login(one, now + std::chrono::seconds(19)));
    EXPECT_FALSE(limits.take_login(one, now + std::chrono::seconds(40)));
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(limits.take_open(one, now));
    EXPECT_TRUE(limits.take_open(one, now));
    EXPECT_FALSE(limits.take_open(one, now + std::chrono::milliseconds(250)));
    EXPECT_FALSE(limits.take_operation(one, now)) << "what operators ask is counted apart";
}

TEST(AddressLimits, an_address_has_twenty_bodies_without_a_token_under_way) {
    AddressLimits limits{AddressLimitSettings{}};
    Request one, other;
    one.peer = "10.0.0.1";
    other.peer = "10.0.0.2";
    std::vector<std::shared_ptr<const void>> held;
    for (int i = 0; i < 20; ++i) held.push_back(limits.hold_open_body(one));
    EXPECT_TRUE(held.back());
    EXPECT_FALSE(limits.hold_open_body(one));
    EXPECT_TRUE(limits.hold_open_body(other));
    held.pop_back();
    EXPECT_TRUE(limits.hold_open_body(one));
}

TEST(AddressLimits, only_a_trusted_proxy_says_whom_it_speaks_for) {
    Request request;
    request.peer = "127.0.0.1";
    request.headers["x-forwarded-for"] = "1.2.3.4, 203.0.113.9,10.0.0.5";
    EXPECT_EQ(client_address(request, {}), "127.0.0.1");
    EXPECT_EQ(client_address(request, {"127.0.0.1"}), "10.0.0.5");
    EXPECT_EQ(client_address(request, {"127.0.0.1", "10.0.0.5"}), "203.0.113.9")
        << "what the client itself says further left is not believed";
    request.headers["x-forwarded-for"] = "nonsense";
    EXPECT_EQ(client_address(request, {"127.0.0.1"}), "127.0.0.1");
    request.peer = "::ffff:127.0.0.1";
    request.headers["x-forwarded-for"] = "203.0.113.9";
    EXPECT_EQ(client_address(request, {"127.0.0.1"}), "203.0.113.9");
    EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2::1"));
    EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
    EXPECT_EQ(parse_addresses("127.0.0.1, ::1"), (std::set<std::string>{"127.0.0.1", "::1"}));
    EXPECT_EQ(parse_addresses(""), std::set<std::string>{});
    EXPECT_FALSE(parse_addresses("localhost"));
}

TEST(Refusals, of_bytes) {
    EXPECT_EQ(refusal_of_bytes(""), FileRefusal::empty);
    EXPECT_EQ(refusal_of_bytes("\xef\xbb\xbf"), FileRefusal::empty);
    for (const std::string bad :
         {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "{\"a\":\"\xe5\xb7\"}"})
        EXPECT_EQ(refusal_of_bytes(bad), FileRefusal::not_utf8);
    EXPECT_FALSE(refusal_of_bytes("{}"));
    EXPECT_FALSE(refusal_of_bytes("\xef\xbb\xbf{}"));
    EXPECT_FALSE(refusal_of_bytes(std::string_view("\0", 1))) << "judged later: F06";
}

TEST(MemoryBudget, is_shared_and_given_back) {
    MemoryBudget budget(100);
    MemoryBudget::Share first(budget), second(budget);
    EXPECT_TRUE(first.try_grow(60));
    EXPECT_FALSE(second.try_grow(50));
    EXPECT_TRUE(second.try_grow(40));
    first.give_back();
    EXPECT_TRUE(second.try_grow(60));
    { const MemoryBudget::Share moved = std::move(second); }
    EXPECT_TRUE(first.try_grow(100));
}

AnsweredFile with(FileFate fate, std::optional<FileRefusal> refusal = {}) {
    AnsweredFile file;
    file.fate = fate;
    file.file_name = "a.json";
    file.receipt_json = "{}";
    file.receipt_jws = "x.y.z";
    file.refusal = refusal;
    return file;
}

TEST(SubmissionsAnswer, the_worst_fate_decides_the_status) {
    const auto accepted = with(FileFate::accepted),
               refused = with(FileFate::refused, FileRefusal::empty);
    EXPECT_EQ(submissions_answer({accepted, refused}).status, 202);
    EXPECT_EQ(submissions_answer({with(FileFate::refused, FileRefusal::not_json), refused}).status,
              415)
        << "all refused: the first";
    EXPECT_EQ(submissions_answer({accepted, with(FileFate::unknown)}).status, 503)
        << "also beside accepted ones";
    const auto away = submissions_answer({refused, with(FileFate::unavailable)});
    EXPECT_EQ(away.status, 503);
    EXPECT_EQ(away.content_type, "application/problem+json");
    EXPECT_EQ(away.headers.at(0).first, "Retry-After");
    EXPECT_NE(away.body.find(R"("outcome":"unavailable")"), std::string::npos);
}

}  // namespace
}  // namespace chaiqin::gateway
