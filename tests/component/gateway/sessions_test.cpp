// The portal's sessions on a real PostgreSQL; the issuer is played by this test.
#include "gateway/login/sessions.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "domain/failure.hpp"
#include "postgres/portal/session_store.hpp"
#include "support/scratch_database.hpp"
#include "support/token_maker.hpp"

namespace chaiqin::gateway {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Gives an access token of five minutes for each refresh token, and each refresh token once.
class PlayedIssuer final : public identity::LoginProvider {
public:
    explicit PlayedIssuer(const testing::TokenMaker& maker) : maker_(maker) {}

    identity::LoginTokens tokens(const std::string& sub, const std::string& sid) {
        identity::LoginTokens made;
        auto claims = testing::TokenMaker::claims("Z00000013A");
        const std::string other = "somebody";
        claims.replace(claims.find(other), other.size(), sub);
        made.access = maker_.token(claims);
        made.refresh = "refresh " + std::to_string(refreshes_);
        made.id = "id token of " + sub;
        made.access_ends_at = now + access_lives;
        made.issuer = "issuer";
        made.sub = sub;
        made.sid = sid;
        return made;
    }

    std::string authorization_url(const identity::LoginAttempt&) override { return {}; }
    identity::LoginTokens complete(const std::vector<std::pair<std::string, std::string>>&,
                                   const identity::LoginAttempt&) override {
        return {};
    }
    identity::LoginTokens refresh(const std::string& token) override {
        if (away) throw domain::TransientFailure("the issuer does not answer");
        if (ended || token != "refresh " + std::to_string(refreshes_))
            throw identity::LoginRefused("invalid_grant");
        ++refreshes_;
        auto made = tokens("甲", "s1");
        made.id.clear();
        return made;
    }
    std::string end_session_url(const std::string&) override { return {}; }
    std::optional<identity::LogoutNotice> read_logout_token(const std::string&,
                                                            domain::Instant) override {
        return std::nullopt;
    }

    int refreshes() const { return refreshes_; }
    std::atomic<bool> away{false}, ended{false};
    seconds access_lives{300};
    domain::Instant now{};

private:
    const testing::TokenMaker& maker_;
    std::atomic<int> refreshes_{0};
};

class SessionsTest : public ::testing::Test {
protected:
    SessionsTest() : issuer_(maker_) {
        maker_.write_jwks(jwks_);
        verifier_ = std::make_unique<identity::TokenVerifier>(
            identity::TokenSettings{.issuer = testing::TokenMaker::issuer, .jwks_file = jwks_});
        keys_.seal["1"] = std::string(32, 's');
        keys_.intake = std::string(32, 'i');
        sealer_.emplace(keys_);
        at(seconds(0));
    }
    void at(std::chrono::microseconds after) {
        const auto begin = std::chrono::sys_days(std::chrono::year(2026) / 11 / 28);
        now_ = domain::Instant(begin.time_since_epoch()) + after;
        issuer_.now = now_;
    }
    std::unique_ptr<Sessions> gateway() {
        return std::make_unique<Sessions>(SessionParts{
            .open_store =
                [this] {
                    return postgres::portal::make_session_store(
                        {.conninfo = database_.conninfo("gateway"), .application_name = "test"});
                },
            .provider = issuer_,
            .verifier = *verifier_,
            .sealer = *sealer_,
            .keys = keys_,
            .idle_limit = minutes(30),
            .limit = std::chrono::hours(10),
            .now = [this] { return now_; }});
    }

    testing::ScratchDatabase database_;
    testing::TokenMaker maker_;
    const std::string jwks_ =
        ::testing::TempDir() + "sessions-" + std::to_string(getpid()) + ".jwks";
    std::unique_ptr<identity::TokenVerifier> verifier_;
    PlayedIssuer issuer_;
    crypto::Keyring keys_;
    std::optional<crypto::Sealer> sealer_;
    domain::Instant now_{};
};

TEST_F(SessionsTest, a_session_is_known_in_every_gateway_and_its_tokens_stand_sealed) {
    const auto one = gateway(), other = gateway();
    const auto [cookie, signed_in] = one->start(issuer_.tokens("甲", "s1"));
    EXPECT_EQ(signed_in.caller.agency, "Z00000013A");
    EXPECT_EQ(signed_in.caller.client_kind, "portal");
    EXPECT_TRUE(one->known(cookie, true));
    EXPECT_FALSE(other->known(cookie, true)) << "must be read first";
    EXPECT_TRUE(other->find(cookie, true));
    EXPECT_TRUE(other->known(cookie, true));
    const auto row = database_.table("SELECT * FROM portal.session");
    for (const auto* secret : {"甲", "refresh 0", "id token", "Z00000013A"})
        EXPECT_EQ(row.find(secret), std::string::npos) << secret;
    EXPECT_EQ(row.find(cookie), std::string::npos);
    EXPECT_FALSE(one->find(cookie + "x", true));
}

TEST_F(SessionsTest, who_does_nothing_for_half_an_hour_is_logged_out) {
    const auto sessions = gateway(), other = gateway();
    const auto cookie = sessions->start(issuer_.tokens("甲", "s1")).first;
    issuer_.access_lives = std::chrono::hours(20);
    at(minutes(29));
    EXPECT_TRUE(sessions->find(cookie, true));
    at(minutes(58));
    EXPECT_TRUE(other->find(cookie, false)) << "the other gateway knows that the person was active";
    at(minutes(59));
    EXPECT_FALSE(sessions->find(cookie, true)) << "a poll did not keep it alive";
    EXPECT_FALSE(other->find(cookie, true));
}

TEST_F(SessionsTest, after_ten_hours_everybody_must_log_in_again) {
    const auto sessions = gateway();
    const auto cookie = sessions->start(issuer_.tokens("甲", "s1")).first;
    issuer_.access_lives = std::chrono::hours(20);
    for (int half_hour = 1; half_hour < 24; ++half_hour) {
        at(minutes(25 * half_hour));
        ASSERT_EQ(sessions->find(cookie, true).has_value(), 25 * half_hour < 600) << half_hour;
    }
}

TEST_F(SessionsTest, two_gateways_never_use_one_refresh_token_twice) {
    const auto one = gateway(), other = gateway();
    const auto cookie = one->start(issuer_.tokens("甲", "s1")).first;
    at(seconds(250));
    std::vector<std::thread> threads;
    std::atomic<int> found{0};
    for (auto* sessions : {one.get(), other.get(), one.get(), other.get()})
        threads.emplace_back([&, sessions] { found += sessions->find(cookie, true).has_value(); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(found, 4);
    EXPECT_EQ(issuer_.refreshes(), 1);
}

TEST_F(SessionsTest, only_invalid_grant_ends_a_session) {
    const auto sessions = gateway();
    const auto cookie = sessions->start(issuer_.tokens("甲", "s1")).first;
    issuer_.away = true;
    at(seconds(250));
    EXPECT_TRUE(sessions->find(cookie, true)) << "its token still lives";
    at(seconds(301));
    EXPECT_THROW(sessions->find(cookie, true), domain::TransientFailure);
    issuer_.away = false;
    EXPECT_TRUE(sessions->find(cookie, true));
    issuer_.ended = true;
    at(seconds(700));
    EXPECT_FALSE(sessions->find(cookie, true));
    EXPECT_EQ(database_.value("SELECT count(*) FROM portal.session"), "0");
}

TEST_F(SessionsTest, without_postgresql_a_session_goes_on_until_its_token_ends) {
    const auto sessions = gateway();
    const auto cookie = sessions->start(issuer_.tokens("甲", "s1")).first;
    const auto ended = sessions->start(issuer_.tokens("甲", "s2")).first;
    database_.allow_connections(false);
    at(seconds(200));
    EXPECT_TRUE(sessions->find(cookie, true));
    EXPECT_THROW(sessions->end(ended), domain::TransientFailure);
    EXPECT_FALSE(sessions->find(ended, true)) << "logged out here";
    at(seconds(301));
    EXPECT_THROW(sessions->find(cookie, true), domain::TransientFailure) << "never a 401";
    database_.allow_connections(true);
    EXPECT_TRUE(sessions->find(cookie, true));
}

TEST_F(SessionsTest, the_issuer_ends_its_session_or_all_of_a_person_once) {
    const auto sessions = gateway(), other = gateway();
    const auto first = sessions->start(issuer_.tokens("甲", "s1")).first,
               second = sessions->start(issuer_.tokens("甲", "s2")).first,
               stranger = sessions->start(issuer_.tokens("乙", "s3")).first;
    EXPECT_TRUE(other->end_noticed({"issuer", "甲", "s1", "notice 1"}));
    EXPECT_FALSE(other->end_noticed({"issuer", "甲", "s1", "notice 1"})) << "a replay";
    at(seconds(31));
    EXPECT_FALSE(sessions->known(first, false));
    EXPECT_FALSE(sessions->find(first, false));
    EXPECT_TRUE(sessions->find(second, false));
    EXPECT_TRUE(other->end_noticed({"issuer", "甲", "", "notice 2"}));
    EXPECT_FALSE(sessions->find(second, false));
    EXPECT_TRUE(sessions->find(stranger, false));
}

TEST_F(SessionsTest, the_id_token_is_given_for_the_logout_at_the_issuer) {
    const auto sessions = gateway();
    const auto cookie = sessions->start(issuer_.tokens("甲", "s1")).first;
    EXPECT_EQ(sessions->end(cookie), "id token of 甲");
    EXPECT_FALSE(sessions->known(cookie, true));
    EXPECT_FALSE(sessions->find(cookie, true));
    EXPECT_EQ(sessions->end(cookie), "");
}

}  // namespace
}  // namespace chaiqin::gateway
