#include "gateway/login/login_cookies.hpp"

#include <gtest/gtest.h>

#include "gateway/login/same_origin.hpp"

namespace chaiqin::gateway {
namespace {

const domain::Instant now{std::chrono::microseconds(1'800'000'000'000'000)};

crypto::Keyring keys() {
    crypto::Keyring ring;
    ring.seal["1"] = std::string(32, 's');
    return ring;
}

/// The "NAME=VALUE" that a browser would send back.
Request with_cookie(const std::string& set_cookie) {
    Request request;
    request.headers["cookie"] = set_cookie.substr(0, set_cookie.find(';'));
    return request;
}

TEST(LoginCookies, a_login_is_recognised_by_its_state_alone) {
    const crypto::Sealer sealer(keys());
    const auto login = begin_login("/a/Z00000013A/summary?q=甲", now);
    const auto request = with_cookie(set_login_cookie(login, sealer));
    const auto known = begun_login(request, login.attempt.state, sealer, now);
    ASSERT_TRUE(known);
    EXPECT_EQ(known->return_to, "/a/Z00000013A/summary?q=甲");
    EXPECT_EQ(known->attempt.nonce, login.attempt.nonce);
    EXPECT_EQ(known->attempt.verifier, login.attempt.verifier);
    EXPECT_FALSE(begun_login(request, "another", sealer, now));
    EXPECT_FALSE(begun_login(request, "", sealer, now));
    EXPECT_FALSE(begun_login(Request{}, login.attempt.state, sealer, now));
}

TEST(LoginCookies, a_login_is_forgotten_after_ten_minutes_and_cannot_be_forged) {
    const crypto::Sealer sealer(keys());
    const auto login = begin_login("/", now);
    auto request = with_cookie(set_login_cookie(login, sealer));
    EXPECT_TRUE(begun_login(request, login.attempt.state, sealer, now + std::chrono::minutes(10)));
    EXPECT_FALSE(
        begun_login(request, login.attempt.state, sealer, now + std::chrono::seconds(601)));
    request.headers["cookie"].back() = request.headers["cookie"].back() == 'A' ? 'B' : 'A';
    EXPECT_FALSE(begun_login(request, login.attempt.state, sealer, now));
}

TEST(LoginCookies, two_cookies_of_one_name_are_none) {
    Request request;
    request.headers["cookie"] = "a=1; __Host-chaiqin=x; b=2";
    EXPECT_EQ(session_cookie(request), "x");
    request.headers["cookie"] += "; __Host-chaiqin=y";
    EXPECT_EQ(session_cookie(request), "");
}

TEST(LoginCookies, the_session_cookie_stays_on_this_host) {
    EXPECT_EQ(set_session_cookie("v"),
              "__Host-chaiqin=v; Path=/; Secure; HttpOnly; SameSite=Strict");
    EXPECT_EQ(forget_cookie("__Host-chaiqin"),
              "__Host-chaiqin=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

TEST(ReturnTo, a_login_ends_at_a_page_of_this_site_only) {
    for (const char* good : {"/", "/a/Z00000013A/", "/submissions?of=Z00000013A&page=2",
                             "/a/X/rates?q=%E7%94%B2", "/auth/done", "/authors", "/apis"})
        EXPECT_EQ(safe_return_to(good), good);
    for (const char* bad : {"",
                            "a",
                            "//evil.example",
                            "/\\evil.example",
                            "https://evil.example",
                            "/%2Fevil.example",
                            "/%5Cevil.example",
                            "/a%0d%0aSet-Cookie:x",
                            "/a\nb",
                            "/auth/logout",
                            "/api/v1/rules",
                            "/%61uth/login",
                            "/%zz",
                            "/auth",
                            "/api",
                            "/./api/v1/findings?format=csv",
                            "/a/../api/v1/rules",
                            "/x/%2e%2e/api/v1/rules",
                            "/a\\..\\api",
                            "/a/..",
                            "/./auth/login"})
        EXPECT_EQ(safe_return_to(bad), "/") << bad;
    EXPECT_EQ(safe_return_to("/" + std::string(2000, 'a')), "/");
    EXPECT_EQ(safe_return_to("/" + std::string(1999, 'a')).size(), 2000u);
}

Request request_of(std::string method, std::map<std::string, std::string> headers) {
    Request request;
    request.method = std::move(method);
    request.path = "/api/v1/notices";
    request.headers = std::move(headers);
    return request;
}

TEST(SameOrigin, only_our_own_page_is) {
    const std::string here = "http://127.0.0.1:8800";
    const auto own = [&](const char* method, std::map<std::string, std::string> headers) {
        return is_same_origin(request_of(method, std::move(headers)), here);
    };
    EXPECT_TRUE(own("GET", {{"sec-fetch-site", "same-origin"}}));
    EXPECT_TRUE(own("POST", {{"sec-fetch-site", "same-origin"}, {"origin", here}}));
    EXPECT_TRUE(own("GET", {})) << "an old browser";
    EXPECT_TRUE(own("POST", {{"origin", here}}));
    EXPECT_FALSE(own("POST", {}));
    EXPECT_FALSE(own("POST", {{"origin", "http://localhost:8800"}}));
    EXPECT_FALSE(own("POST", {{"sec-fetch-site", "same-origin"}, {"origin", "null"}}));
    for (const char* other : {"cross-site", "same-site", "none", "anything"}) {
        EXPECT_FALSE(own("GET", {{"sec-fetch-site", other}})) << other;
        EXPECT_FALSE(own("POST", {{"sec-fetch-site", other}, {"origin", here}})) << other;
    }
    EXPECT_TRUE(is_same_origin(request_of("GET", {{"sec-fetch-site", "none"}}), here, true))
        << "a pasted address of a download";
    EXPECT_FALSE(is_same_origin(request_of("GET", {{"sec-fetch-site", "cross-site"}}), here, true));
}

TEST(SameOrigin, the_agency_may_stand_in_the_address_of_a_download_only) {
    auto request = request_of("GET", {});
    request.query = {{"acting", "Z00000013A"}};
    EXPECT_EQ(wanted_acting_agency(request), "");
    request.query.emplace_back("format", "csv");
    EXPECT_EQ(wanted_acting_agency(request), "Z00000013A");
    request.headers["x-acting-agency"] = "Z00000013A";
    EXPECT_EQ(wanted_acting_agency(request), "Z00000013A");
    request.headers["x-acting-agency"] = "Z00000019A";
    EXPECT_EQ(wanted_acting_agency(request), std::nullopt);
    request.method = "POST";
    EXPECT_EQ(wanted_acting_agency(request), "Z00000019A");
}

}  // namespace
}  // namespace chaiqin::gateway
