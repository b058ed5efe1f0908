#include "identity/oidc_tokens.hpp"

#include <gtest/gtest.h>

namespace chaiqin::identity {
namespace {

const domain::Instant now{std::chrono::seconds(1'800'000'000)};
const OidcClientName client{"http://localhost:8805", "chaiqin-portal"};

/// `text` with the first `from` replaced.
std::string with(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

const std::string good_id =
    R"({"iss":"http://localhost:8805","aud":"chaiqin-portal","sub":"demo","sid":"s1","nonce":"n1",)"
    R"("iat":1800000000,"exp":1800000300})";

std::optional<IdClaims> judged_id(const std::string& claims, const std::string& nonce = "n1",
                                  const std::string& type = "jwt") {
    return judge_id_token({type, claims}, client, nonce, now);
}

TEST(IdTokens, one_that_fits_names_person_and_session) {
    const auto id = judged_id(good_id);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->sub, "demo");
    EXPECT_EQ(id->sid, "s1");
    EXPECT_TRUE(judged_id(good_id, "", ""));
}

TEST(IdTokens, one_for_somebody_else_or_another_time_is_refused) {
    EXPECT_FALSE(judged_id(with(good_id, "8805", "8806")));
    EXPECT_FALSE(judged_id(with(good_id, "\"chaiqin-portal\"", "\"chaiqin\"")));
    EXPECT_FALSE(judged_id(with(good_id, "\"sid\"", "\"azp\":\"other\",\"sid\"")));
    EXPECT_FALSE(judged_id(good_id, "n2")) << "of another login";
    EXPECT_FALSE(judged_id(with(good_id, "1800000300", "1799999939"))) << "too old";
    EXPECT_FALSE(judged_id(with(good_id, "1800000000", "1800000061"))) << "from the future";
    EXPECT_FALSE(judged_id(with(good_id, "\"sub\":\"demo\",", "")));
    EXPECT_FALSE(judged_id(good_id, "n1", "logout+jwt"));
    EXPECT_FALSE(judged_id("[]"));
}

const std::string good_logout =
    R"({"iss":"http://localhost:8805","aud":"chaiqin-portal","sub":"demo","sid":"s1","jti":"j1",)"
    R"("iat":1800000000,"exp":1800000120,)"
    R"("events":{"http://schemas.openid.net/event/backchannel-logout":{}}})";

std::optional<LogoutNotice> judged_logout(const std::string& claims,
                                          const std::string& type = "logout+jwt") {
    return judge_logout_token({type, claims}, client, now);
}

TEST(LogoutTokens, one_that_fits_names_session_and_person) {
    const auto notice = judged_logout(good_logout);
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->sid, "s1");
    EXPECT_EQ(notice->sub, "demo");
    EXPECT_EQ(notice->id, "j1");
    EXPECT_TRUE(judged_logout(with(good_logout, R"("sid":"s1",)", ""))) << "of the person";
}

TEST(LogoutTokens, anything_else_is_refused) {
    EXPECT_FALSE(judged_logout(good_logout, "jwt")) << "an ID token must not pass";
    EXPECT_FALSE(judged_logout(with(good_logout, "\"sid\"", "\"nonce\":\"n\",\"sid\"")));
    EXPECT_FALSE(judged_logout(with(good_logout, "backchannel-logout", "other")));
    EXPECT_FALSE(judged_logout(with(good_logout, R"("jti":"j1",)", "")));
    EXPECT_FALSE(judged_logout(with(good_logout, "1800000000", "1799999879"))) << "too old";
    EXPECT_FALSE(judged_logout(with(good_logout, "1800000120", "1799999900")));
    EXPECT_FALSE(
        judged_logout(with(with(good_logout, R"("sid":"s1",)", ""), R"("sub":"demo",)", "")));
    EXPECT_FALSE(judged_logout(with(good_logout, "8805", "8806")));
}

}  // namespace
}  // namespace chaiqin::identity
