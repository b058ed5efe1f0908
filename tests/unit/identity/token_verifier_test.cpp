// Tokens that let somebody in, and everything that must not.
#include "identity/token_verifier.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "domain/failure.hpp"
#include "identity/jwks.hpp"
#include "support/scratch_directory.hpp"
#include "support/token_maker.hpp"

namespace chaiqin::identity {
namespace {

using testing::TokenMaker;

class TokenVerifierTest : public ::testing::Test {
protected:
    void SetUp() override {
        maker_.write_jwks(path_);
        verifier_ = std::make_unique<TokenVerifier>(
            TokenSettings{.issuer = TokenMaker::issuer, .jwks_file = path_});
    }
    bool lets_in(const std::string& token) const { return verifier_->verify(token).has_value(); }

    inline static TokenMaker maker_{"k"};  // making RSA keys takes its time
    const testing::ScratchDirectory directory_;
    const std::string path_ = directory_ / "jwks.json";
    std::unique_ptr<TokenVerifier> verifier_;
};

TEST_F(TokenVerifierTest, a_good_token_says_who_calls) {
    const auto caller = verifier_->verify(
        maker_.token(TokenMaker::claims("ZT0000001A", R"("agency_clerk","supervisor","emperor")",
                                        R"(,"delegated_agencies":["ZT0000002A"])")));
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->sub, "somebody");
    EXPECT_EQ(caller->agency, "ZT0000001A");
    EXPECT_EQ(caller->delegated_agencies, std::vector<std::string>{"ZT0000002A"});
    EXPECT_EQ(caller->roles, (std::set<Role>{Role::agency_clerk, Role::supervisor}));
    EXPECT_EQ(caller->client_kind, "webitr");
}

TEST_F(TokenVerifierTest, all_three_algorithms_are_taken) {
    EXPECT_TRUE(lets_in(maker_.es256(TokenMaker::claims())));
    EXPECT_TRUE(lets_in(maker_.rsa(TokenMaker::claims(), false)));
    EXPECT_TRUE(lets_in(maker_.rsa(TokenMaker::claims(), true)));
}

TEST_F(TokenVerifierTest, an_audience_may_be_one_of_several) {
    EXPECT_TRUE(
        lets_in(maker_.token(TokenMaker::claims("A", "", "", 60, R"(["other","chaiqin"])"))));
    EXPECT_FALSE(lets_in(maker_.token(TokenMaker::claims("A", "", "", 60, R"(["other"])"))));
    EXPECT_FALSE(lets_in(maker_.token(TokenMaker::claims("A", "", "", 60, R"("chaiqin2")"))));
    EXPECT_FALSE(lets_in(maker_.token(TokenMaker::claims("A", "", "", 60, "5"))));
}

TEST_F(TokenVerifierTest, clocks_may_differ_by_a_minute) {
    EXPECT_TRUE(lets_in(maker_.token(TokenMaker::claims("A", "", "", -50))));
    EXPECT_FALSE(lets_in(maker_.token(TokenMaker::claims("A", "", "", -61))));
    const auto nbf = [](long in_s) {
        return ",\"nbf\":" + std::to_string(std::time(nullptr) + in_s);
    };
    EXPECT_TRUE(lets_in(maker_.token(TokenMaker::claims("A", "", nbf(50)))));
    EXPECT_FALSE(lets_in(maker_.token(TokenMaker::claims("A", "", nbf(70)))));
    EXPECT_FALSE(lets_in(maker_.token(TokenMaker::claims("A", "", ",\"nbf\":\"soon\""))));
}

TEST_F(TokenVerifierTest, another_issuer_is_refused) {
    EXPECT_FALSE(lets_in(
        maker_.token(TokenMaker::claims("A", "", "", 60, R"("chaiqin")", "https://evil.example"))));
}

TEST_F(TokenVerifierTest, without_exp_or_sub_nobody_comes_in) {
    EXPECT_FALSE(
        lets_in(maker_.token(R"({"iss":"https://issuer.example","aud":"chaiqin","sub":"x"})")));
    EXPECT_FALSE(lets_in(
        maker_.token(R"({"iss":"https://issuer.example","aud":"chaiqin","exp":99999999999})")));
    EXPECT_FALSE(lets_in(maker_.token("[]")));
    EXPECT_FALSE(lets_in(maker_.token("no json")));
    EXPECT_FALSE(
        lets_in(maker_.token(R"({"iss":"x","iss":"https://issuer.example","aud":"chaiqin",)"
                             R"("sub":"x","exp":99999999999})")));
}

TEST_F(TokenVerifierTest, none_and_shared_secrets_are_refused) {
    const auto claims = TokenMaker::claims();
    const auto none =
        testing::to_base64url(R"({"alg":"none"})") + "." + testing::to_base64url(claims) + ".";
    EXPECT_FALSE(lets_in(none));
    EXPECT_FALSE(lets_in(none + "AAAA"));
    EXPECT_FALSE(lets_in(TokenMaker::hs256(claims, R"({"alg":"HS256","kid":"oct"})", "secret")));
    EXPECT_FALSE(lets_in(TokenMaker::hs256(
        claims, R"({"alg":"HS256","kid":")" + maker_.rsa_kid() + R"("})", maker_.jwks())));
}

TEST_F(TokenVerifierTest, algorithm_and_key_must_belong_together) {
    const auto header = R"({"alg":"ES256","kid":")" + maker_.rsa_kid() + R"("})";
    EXPECT_FALSE(lets_in(maker_.es256(TokenMaker::claims(), header)));
    EXPECT_FALSE(lets_in(maker_.es256(TokenMaker::claims(),
                                      R"({"alg":"ES512","kid":")" + maker_.ec_kid() + R"("})")));
    EXPECT_FALSE(lets_in(maker_.es256(TokenMaker::claims(), R"({"alg":"ES256"})")))
        << "no kid and several keys";
}

TEST_F(TokenVerifierTest, keys_that_a_token_brings_along_are_ignored) {
    const TokenMaker forger("forger");
    const auto with = [&](const std::string& more) {
        return R"({"alg":"ES256","kid":")" + maker_.ec_kid() + "\"," + more + "}";
    };
    const auto jwks = forger.jwks();
    const auto jwk = jwks.substr(9, jwks.find('}') - 8);
    EXPECT_FALSE(lets_in(forger.es256(TokenMaker::claims(), with(R"("jwk":)" + jwk))));
    EXPECT_FALSE(
        lets_in(forger.es256(TokenMaker::claims(), with(R"("jku":"http://127.0.0.1:1/keys")"))));
    EXPECT_FALSE(
        lets_in(forger.es256(TokenMaker::claims(), with(R"("x5u":"http://127.0.0.1:1/cert")"))));
    EXPECT_TRUE(
        lets_in(maker_.es256(TokenMaker::claims(), with(R"("jku":"http://127.0.0.1:1/keys")"))))
        << "ignored, not refused";
    EXPECT_FALSE(lets_in(maker_.es256(TokenMaker::claims(), with(R"("crit":["exp"])"))))
        << "an extension we do not know";
}

TEST_F(TokenVerifierTest, a_changed_byte_is_noticed) {
    const auto good = maker_.token();
    for (std::size_t i = 0; i < good.size(); i += 7) {
        auto changed = good;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        if (changed != good) {
            EXPECT_FALSE(lets_in(changed)) << i;
        }
    }
    EXPECT_TRUE(lets_in(good));
}

TEST_F(TokenVerifierTest, garbage_is_no_token) {
    for (const std::string bad :
         {"", ".", "..", "...", "a.b.c", "a.b", "ä.ö.ü", "e30.e30.e30", " ", "e30..e30"})
        EXPECT_FALSE(lets_in(bad)) << bad;
    EXPECT_FALSE(lets_in(std::string(100'000, 'a')));
    EXPECT_FALSE(lets_in(maker_.token() + "."));
    EXPECT_FALSE(lets_in(maker_.token() + "="));
}

TEST_F(TokenVerifierTest, a_token_verified_lately_is_known_at_once) {
    const auto token = maker_.token();
    EXPECT_FALSE(verifier_->recently_verified(token));
    EXPECT_TRUE(lets_in(token));
    EXPECT_TRUE(verifier_->recently_verified(token));
    EXPECT_FALSE(verifier_->recently_verified(token + "A"));
}

TEST(TokenVerifier, without_any_key_it_cannot_say) {
    const TokenMaker maker;
    const TokenVerifier verifier({.issuer = TokenMaker::issuer, .jwks_file = "/nowhere/jwks.json"});
    EXPECT_THROW(verifier.verify(maker.token()), domain::TransientFailure);
    EXPECT_FALSE(verifier.verify("garbage"));
}

TEST(KeySource, an_unknown_kid_asks_the_issuer_but_not_often) {
    const TokenMaker old_keys("old"), new_keys("new");
    auto now = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
    int fetched = 0;
    std::string published = old_keys.jwks();
    KeySource source(
        [&]() -> std::optional<std::string> {
            ++fetched;
            return published;
        },
        [&] { return now; });
    EXPECT_TRUE(source.find(old_keys.ec_kid()));
    published = new_keys.jwks();
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(source.find(new_keys.ec_kid()));
    EXPECT_EQ(fetched, 1) << "within the first seconds nothing is fetched again";
    now += std::chrono::seconds(4);
    EXPECT_TRUE(source.find(new_keys.ec_kid()));
    EXPECT_FALSE(source.find(old_keys.ec_kid())) << "rotated out";
    EXPECT_EQ(fetched, 2);
}

TEST(KeySource, what_is_known_stays_while_the_issuer_is_away) {
    const TokenMaker keys;
    auto now = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
    std::optional<std::string> published = keys.jwks();
    KeySource source([&] { return published; }, [&] { return now; });
    EXPECT_TRUE(source.find(keys.ec_kid()));
    published.reset();
    now += std::chrono::seconds(10);
    EXPECT_FALSE(source.find("unknown"));
    EXPECT_TRUE(source.find(keys.ec_kid()));
}

TEST(KeySource, a_key_that_the_issuer_withdraws_is_refused_within_a_minute) {
    const TokenMaker keys, others("others");
    auto now = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
    int fetched = 0;
    std::optional<std::string> published = keys.jwks();
    KeySource source(
        [&] {
            ++fetched;
            return published;
        },
        [&] { return now; });
    EXPECT_TRUE(source.find(keys.ec_kid()));
    published = others.jwks();
    now += std::chrono::seconds(59);
    EXPECT_TRUE(source.find(keys.ec_kid()));
    now += std::chrono::seconds(1);
    EXPECT_FALSE(source.find(keys.ec_kid()));
    published.reset();
    now += std::chrono::seconds(60);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(source.find(others.ec_kid())) << "issuer away";
    EXPECT_EQ(fetched, 3) << "and it is asked once a minute, not for every token";
}

TEST(KeySource, keys_come_over_https_or_from_this_machine) {
    const auto problem = [](const std::string& url) {
        return problem_of(TokenSettings{.issuer = "i", .jwks_url = url});
    };
    for (const auto* good : {"https://issuer.example/jwks", "http://127.0.0.1:1/jwks",
                             "http://localhost/jwks", "http://[::1]:8/jwks"})
        EXPECT_EQ(problem(good), "") << good;
    for (const auto* bad : {"http://issuer.example/jwks", "http://127.0.0.1.example/jwks",
                            "ftp://127.0.0.1/jwks", "file:///etc/passwd", "issuer.example"})
        EXPECT_NE(problem(bad), "") << bad;
    EXPECT_NE(problem(""), "");
}

TEST(Jwks, only_keys_that_may_verify_are_taken) {
    EXPECT_FALSE(parse_jwks("nonsense"));
    EXPECT_FALSE(parse_jwks("{}"));
    EXPECT_TRUE(parse_jwks(R"({"keys":[]})"));
    const TokenMaker keys;
    EXPECT_EQ(parse_jwks(keys.jwks())->size(), 2U) << "the oct key is left out";
    EXPECT_TRUE(parse_jwks(R"({"keys":[{"kty":"RSA","kid":"short","n":"AQAB","e":"AQAB"},)"
                           R"({"kty":"EC","crv":"P-384","kid":"x"},5]})")
                    ->empty());
}

}  // namespace
TEST(IssuerKeys, a_kept_copy_stands_in_for_a_file_that_is_gone) {
    const testing::ScratchDirectory folder;
    const auto own = (folder / "own.jwks").string(), kept = (folder / "kept.jwks").string();
    std::ofstream(own) << "own";
    std::ofstream(kept) << "kept";
    const auto fetch = fetch_from_file(own + ":" + kept);
    EXPECT_EQ(fetch(), "own");
    std::filesystem::remove(own);
    EXPECT_EQ(fetch(), "kept");
    std::filesystem::remove(kept);
    EXPECT_EQ(fetch(), std::nullopt);
}

}  // namespace chaiqin::identity
