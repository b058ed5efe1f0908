#include <gtest/gtest.h>

#include "query_under_test.hpp"

namespace chaiqin::testing {
namespace {

class Webhooks : public ::testing::Test {
protected:
    static void SetUpTestSuite() { q_ = new QueryUnderTest; }
    static void TearDownTestSuite() { delete q_; }
    void SetUp() override { q_->database.run("DELETE FROM portal.webhook"); }

    static std::string id_of(int number) {
        char text[40];
        std::snprintf(text, sizeof text, "01990000-0000-4000-8000-%012d", number);
        return text;
    }
    /// Made on day `number`; failing since then, if it fails.
    static std::string add(int number, const std::string& agency, bool failing = false) {
        const auto id = id_of(number);
        q_->database.run(
            "INSERT INTO portal.webhook (id, agency, url, events, created_at, failing_since,"
            " secret_sealed)"
            " VALUES ($1, $2, 'https://hooks.example/' || $3::text, '{deadline.near}',"
            " timestamptz '2026-11-01 00:00:00Z' + $3::int * interval '1 day',"
            " CASE WHEN $4::boolean THEN timestamptz '2026-11-01 00:00:00Z'"
            " + $3::int * interval '1 day' END, '')",
            id, agency, number, failing);
        return id;
    }
    static void deliver(const std::string& id, int n, const std::string& state = "delivered") {
        q_->database.run(
            "INSERT INTO portal.webhook_delivery (webhook_id, n, event, body, state, next_at,"
            " attempt_at, attempt_status, attempt_error, created_at)"
            " VALUES ($1, $2, 'webhook.test', '{}', $3, CASE WHEN $3 = 'waiting' THEN"
            " timestamptz '2026-11-10 03:00:00Z' END,"
            " '{2026-11-10 01:00:00Z,2026-11-10 02:00:00Z}', '{0,500}', ARRAY['timeout', ''], "
            "now())",
            id, n, state);
    }
    static std::string ids(const pb::ListWebhooksResponse& response) {
        std::string all;
        for (const auto& one : response.webhooks()) all += one.id().substr(35) + " ";
        return all;
    }
    static inline QueryUnderTest* q_ = nullptr;
};

TEST_F(Webhooks, an_agency_sees_its_own) {
    add(2, "Z00000011A", true);
    add(1, "Z00000011A");
    add(3, "Z00000010A");
    const auto mine = q_->ask<pb::ListWebhooksResponse>(q_->as("clerk of 11"));
    EXPECT_EQ(ids(mine), "1 2 ") << "the oldest first";
    EXPECT_EQ(mine.webhooks(0).state(), "active");
    EXPECT_EQ(mine.webhooks(1).state(), "failing");
    EXPECT_EQ(mine.webhooks(1).events(0), "deadline.near");
    EXPECT_FALSE(mine.webhooks(0).has_agency());
    EXPECT_EQ(mine.others(), "");
    EXPECT_EQ(ids(q_->ask<pb::ListWebhooksResponse>(q_->as("clerk of 11"), "state: 'failing'")),
              "2 ");
    EXPECT_EQ(ids(q_->ask<pb::ListWebhooksResponse>(q_->as("clerk of 11", "Z00000012A"))), "");
    EXPECT_EQ(q_->refusal<pb::ListWebhooksResponse>(q_->as("clerk of 11"), "state: 'active'"),
              Why::bad_request);
}

TEST_F(Webhooks, operators_see_all_that_fail_and_no_others) {
    for (int i = 1; i <= 5; ++i) add(i, i % 2 ? "Z00000011A" : "Z00000020A", i != 3);
    pb::ListWebhooksRequest request;
    request.set_state("failing");
    request.set_page_size(3);
    const auto pages = q_->pages<pb::ListWebhooksResponse>(q_->as("operator"), request);
    ASSERT_EQ(pages.size(), 2u);
    EXPECT_EQ(ids(pages[0]) + ids(pages[1]), "1 2 4 5 ");
    EXPECT_EQ(pages[0].webhooks(1).agency(), "Z00000020A");
    EXPECT_EQ(pages[0].webhooks(1).agency_name(), "乙部");
    EXPECT_EQ(pages[0].others(), "all agencies");
    EXPECT_EQ(q_->refusal<pb::ListWebhooksResponse>(q_->as("operator")), Why::forbidden);
    for (const auto* other : {"supervisor of 10", "personnel of 10", "nobody"})
        EXPECT_EQ(q_->refusal<pb::ListWebhooksResponse>(q_->as(other), "state: 'failing'"),
                  Why::forbidden)
            << other;
}

TEST_F(Webhooks, one_of_another_agency_is_not_there) {
    const auto id = add(1, "Z00000011A");
    pb::GetWebhookRequest one;
    one.set_id(id);
    EXPECT_EQ(q_->ask<pb::GetWebhookResponse>(q_->as("clerk of 11"), one).webhook().url(),
              "https://hooks.example/1");
    EXPECT_EQ(q_->refusal<pb::GetWebhookResponse>(q_->as("clerk of 10"), one), Why::not_found);
    EXPECT_EQ(q_->refusal<pb::GetWebhookResponse>(q_->as("operator"), one), Why::forbidden);
    pb::ListWebhookDeliveriesRequest deliveries;
    deliveries.set_id(id);
    EXPECT_EQ(q_->ask<pb::ListWebhookDeliveriesResponse>(q_->as("clerk of 11"), deliveries)
                  .deliveries_size(),
              0);
    EXPECT_EQ(q_->refusal<pb::ListWebhookDeliveriesResponse>(q_->as("clerk of 10"), deliveries),
              Why::not_found);
    for (const auto& unknown : {id_of(9), std::string("x"), std::string()}) {
        one.set_id(unknown);
        deliveries.set_id(unknown);
        EXPECT_EQ(q_->refusal<pb::GetWebhookResponse>(q_->as("clerk of 11"), one), Why::not_found);
        EXPECT_EQ(q_->refusal<pb::ListWebhookDeliveriesResponse>(q_->as("clerk of 11"), deliveries),
                  Why::not_found);
    }
}

TEST_F(Webhooks, deliveries_come_newest_first_with_their_attempts) {
    const auto id = add(1, "Z00000011A");
    for (int n = 1; n <= 4; ++n) deliver(id, n);
    deliver(id, 5, "waiting");
    pb::ListWebhookDeliveriesRequest request;
    request.set_id(id);
    request.set_page_size(2);
    std::string numbers;
    for (const auto& page :
         q_->pages<pb::ListWebhookDeliveriesResponse>(q_->as("clerk of 11"), request))
        for (const auto& one : page.deliveries()) numbers += std::to_string(one.n()) + " ";
    EXPECT_EQ(numbers, "5 4 3 2 1 ");
    const auto first =
        q_->ask<pb::ListWebhookDeliveriesResponse>(q_->as("clerk of 11"), request).deliveries(0);
    EXPECT_EQ(first.state(), "waiting");
    EXPECT_EQ(first.webhook_id(), "msg_01990000000040008000000000000001_5");
    EXPECT_EQ(first.next_at(), 1794279600000000);
    ASSERT_EQ(first.attempts_size(), 2);
    EXPECT_EQ(first.attempts(0).error(), "timeout");
    EXPECT_FALSE(first.attempts(0).has_status());
    EXPECT_EQ(first.attempts(1).status(), 500);
    EXPECT_FALSE(first.attempts(1).has_error());
    EXPECT_EQ(first.attempts(1).at() - first.attempts(0).at(), 3'600'000'000);
}

}  // namespace
}  // namespace chaiqin::testing
