// The sender of webhooks against a real receiver: order, schedule, limits, signatures, and which
// addresses are connected to.
#include "component/webhooks/webhooks_under_test.hpp"
#include "webhooks/socket_address.hpp"

namespace chaiqin::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using Server = ReceiverServer;

Server::Answer always(int status) {
    return [status](const Delivered&) { return Server::status(status); };
}

TEST(WebhookSending, a_delivery_arrives_signed_and_once) {
    WebhooksUnderTest w;
    Server receiver;
    const auto id = w.add(receiver.url());
    w.test(id, R"({"type":"webhook.test"})");
    const auto queue = w.queue(2);
    const auto sender = w.sender(*queue, 2);
    ASSERT_TRUE(eventually([&] { return w.states(id) == "1 delivered"; }));
    const auto all = receiver.delivered();
    ASSERT_EQ(all.size(), 1u);
    const auto& one = all.front();
    EXPECT_EQ(one.body, R"({"type":"webhook.test"})");
    EXPECT_EQ(one.headers.at("content-type"), "application/json");
    EXPECT_EQ(one.headers.at("webhook-id"), domain::webhook_message_id(id, 1));
    EXPECT_EQ(
        one.headers.at("webhook-signature"),
        crypto::webhook_signatures({"first secret"}, one.headers.at("webhook-id"),
                                   std::stoll(one.headers.at("webhook-timestamp")), one.body));
    EXPECT_EQ(w.state(id), "active");
    EXPECT_EQ(w.attempts(id), "204 ");
    EXPECT_EQ(w.database.value("SELECT last_success_at = '2026-11-05T09:00:00+08:00'"
                               " FROM portal.webhook"),
              "t");
}

TEST(WebhookSending, later_deliveries_wait_for_the_retry_of_an_earlier_one) {
    WebhooksUnderTest w;
    Server receiver(always(500));
    const auto id = w.add(receiver.url());
    w.test(id, "1");
    w.test(id, "2");
    const auto queue = w.queue(4);
    const auto sender = w.sender(*queue);
    ASSERT_TRUE(eventually([&] { return w.attempts(id) == "500 "; }));
    EXPECT_EQ(w.state(id), "failing");
    w.clock.move(seconds(4));
    EXPECT_FALSE(w.queue(1)->take(w.clock.now(), seconds(30))) << "the retry is not due yet";
    EXPECT_EQ(receiver.delivered().size(), 1u);
    receiver.answer_with(always(200));
    w.clock.move(seconds(1));
    ASSERT_TRUE(eventually([&] { return w.states(id) == "1 delivered, 2 delivered"; }));
    const auto ids = receiver.headers("webhook-id");
    ASSERT_EQ(ids.size(), 3u);
    EXPECT_EQ(ids[0], ids[1]) << "the id stays through retries";
    EXPECT_NE(ids[1], ids[2]);
    EXPECT_EQ(w.state(id), "active");
    EXPECT_EQ(w.attempts(id), "500 , 200 ");
}

TEST(WebhookSending, after_the_ninth_retry_it_is_given_up_and_the_next_goes_on) {
    WebhooksUnderTest w;
    Server receiver(
        [](const Delivered& sent) { return Server::status(sent.body == "1" ? 500 : 200); });
    const auto id = w.add(receiver.url());
    w.test(id, "1");
    w.test(id, "2");
    const auto queue = w.queue(2);
    const auto sender = w.sender(*queue, 2);
    for (std::size_t retry = 1; retry <= 10; ++retry) {
        ASSERT_TRUE(eventually([&] {
            return w.database.value(
                       "SELECT cardinality(attempt_at) FROM portal.webhook_delivery WHERE n = 1") ==
                   std::to_string(retry);
        })) << retry;
        if (retry < 10) w.clock.move(hours(24));
        if (retry == 3)
            w.database.run(
                "UPDATE portal.webhook SET failing_since = now()"
                " + interval '10 years'");
    }
    ASSERT_TRUE(eventually([&] { return w.states(id) == "1 given_up, 2 delivered"; }))
        << w.states(id);
    EXPECT_TRUE(w.store->retry({agency, id}, 1, w.clock.now()));
    receiver.answer_with(always(200));
    ASSERT_TRUE(eventually([&] { return w.states(id) == "1 delivered, 2 delivered"; }));
    const auto ids = receiver.headers("webhook-id");
    EXPECT_EQ(ids.front(), ids.back());
    EXPECT_FALSE(w.store->retry({agency, id}, 3, w.clock.now()));
    EXPECT_FALSE(w.store->retry({"Z00000002B", id}, 1, w.clock.now()));
}

TEST(WebhookSending, a_redirect_is_not_followed) {
    WebhooksUnderTest w;
    Server other;
    Server receiver(
        [&](const Delivered&) { return Server::status(307, "Location: " + other.url() + "\r\n"); });
    const auto id = w.add(receiver.url());
    w.test(id);
    const auto queue = w.queue(1);
    const auto sender = w.sender(*queue, 1);
    ASSERT_TRUE(eventually([&] { return w.attempts(id) == "307 "; }));
    EXPECT_EQ(w.states(id), "1 waiting");
    EXPECT_EQ(other.connections(), 0);
}

TEST(WebhookSending, a_slow_receiver_is_cut_at_the_limit_and_holds_up_no_other) {
    WebhooksUnderTest w;
    w.limits.within = std::chrono::milliseconds(1'500);
    Server quick, slow([](const Delivered&) {
        std::this_thread::sleep_for(std::chrono::seconds(3));
        return Server::status(200);
    });
    const auto late = w.add(slow.url());
    w.test(late);
    const auto fine = w.add(quick.url());
    for (int i = 0; i < 5; ++i) w.test(fine);
    const auto queue = w.queue(2);
    const auto sender = w.sender(*queue, 2);
    ASSERT_TRUE(eventually([&] { return quick.delivered().size() == 5; }));
    EXPECT_EQ(w.attempts(late), "") << "the slow one is still under way";
    ASSERT_TRUE(eventually([&] { return w.attempts(late) == "0 timeout"; })) << w.attempts(late);
}

TEST(WebhookSending, a_receiver_that_answers_without_end_is_not_listened_to) {
    WebhooksUnderTest w;
    Server receiver(
        [](const Delivered&) { return Server::status(200, "", std::string(8'000'000, 'x')); });
    const auto id = w.add(receiver.url());
    w.test(id);
    const auto queue = w.queue(1);
    const auto sender = w.sender(*queue, 1);
    ASSERT_TRUE(eventually([&] { return w.states(id) == "1 delivered"; })) << w.attempts(id);
}

TEST(WebhookSending, no_proxy_of_the_environment_is_used) {
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    Server receiver;
    const auto answer = webhooks::send({receiver.url(), "{}", {}}, {.allow_loopback = true});
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    EXPECT_EQ(answer.status, 204) << answer.error;
}

TEST(WebhookSending, names_and_addresses_of_this_machine_are_connected_to_as_they_are) {
    Server receiver;
    const auto port = std::to_string(receiver.port());
    const webhooks::PostSettings settings{.allow_loopback = true,
                                          .within = std::chrono::milliseconds(5'000)};
    EXPECT_EQ(webhooks::send({"http://localhost:" + port + "/", "{}", {}}, settings).status, 204);
    const auto v6 = webhooks::send({"http://[::1]:" + port + "/", "{}", {}}, settings);
    EXPECT_EQ(v6.error, "connection_failed") << "the receiver listens at 127.0.0.1 alone";
    EXPECT_EQ(webhooks::send({"http://127.0.0.1:" + port + "/", "{}", {}},
                             {.within = std::chrono::milliseconds(5'000)})
                  .error,
              "address_refused");
    EXPECT_EQ(receiver.connections(), 1);
}

TEST(WebhookSending, a_name_that_leads_elsewhere_when_it_is_sent_is_refused) {
    Server inside;
    const auto url = "https://hooks.example:" + std::to_string(inside.port()) + "/";
    int asked = 0;
    const webhooks::Resolve lying = [&](const std::string&, std::chrono::milliseconds) {
        return std::vector{webhooks::parse_address(++asked == 1 ? "8.8.8.8" : "127.0.0.1").value()};
    };
    EXPECT_EQ(webhooks::receiver_judge(false, lying)(url), std::nullopt) << "it is stored";
    webhooks::PostSettings settings{.within = std::chrono::milliseconds(2'000), .resolve = lying};
    EXPECT_EQ(webhooks::send({url, "{}", {}}, settings).error, "address_refused");
    EXPECT_EQ(inside.connections(), 0);
    // The control: without the rule the same test sees the connection.
    settings.rule = [](const auto&, const auto&) { return true; };
    EXPECT_NE(webhooks::send({url, "{}", {}}, settings).error, "address_refused");
    EXPECT_EQ(inside.connections(), 1);
}

TEST(WebhookSending, one_bad_address_among_good_ones_is_enough) {
    Server inside;
    webhooks::PostSettings settings{.within = std::chrono::milliseconds(2'000)};
    settings.resolve = [](const std::string&, std::chrono::milliseconds) {
        return std::vector{webhooks::parse_address("8.8.8.8").value(),
                           webhooks::parse_address("::ffff:127.0.0.1").value()};
    };
    const auto url = "https://hooks.example:" + std::to_string(inside.port()) + "/";
    EXPECT_EQ(webhooks::send({url, "{}", {}}, settings).error, "address_refused");
    EXPECT_EQ(inside.connections(), 0);
}

TEST(WebhookSending, the_address_really_connected_to_is_judged_once_more) {
    Server inside;
    webhooks::PostSettings settings{.within = std::chrono::milliseconds(2'000)};
    settings.resolve = [](const std::string&, std::chrono::milliseconds) {
        return std::vector{webhooks::parse_address("127.0.0.1").value()};
    };
    int judged = 0;
    settings.rule = [&](const auto&, const auto&) { return ++judged == 1; };
    const auto url = "https://hooks.example:" + std::to_string(inside.port()) + "/";
    EXPECT_EQ(webhooks::send({url, "{}", {}}, settings).error, "address_refused");
    EXPECT_EQ(judged, 2);
    EXPECT_EQ(inside.connections(), 0);
}

TEST(WebhookSending, gone_disables_with_a_notice_and_a_mail) {
    WebhooksUnderTest w;
    Server receiver(always(410));
    const auto id = w.add(receiver.url() + "?word=hidden");
    w.test(id);
    w.test(id);
    const auto queue = w.queue(1);
    const auto sender = w.sender(*queue, 1);
    ASSERT_TRUE(eventually([&] { return w.state(id) == "disabled"; }));
    EXPECT_EQ(w.states(id), "1 given_up, 2 given_up");
    EXPECT_EQ(w.database.value("SELECT kind || '|' || agency || '|' || webhook_id"
                               " FROM notification.notice"),
              "webhook_disabled|Z00000001A|" + id);
    EXPECT_EQ(w.database.value("SELECT recipient FROM notification.delivery"),
              "clerk@agency.example");
    EXPECT_EQ(w.database.value("SELECT count(*) FROM notification.notice n JOIN"
                               " notification.delivery d ON d.notice_id = n.id"
                               " WHERE n.text LIKE '%hidden%' OR d.body LIKE '%hidden%'"),
              "0")
        << "an address may hold a word that is nobody's business";
    w.test(id);
    EXPECT_FALSE(w.queue(1)->take(w.clock.now(), seconds(30))) << "nothing is sent any more";
    receiver.answer_with(always(200));
    EXPECT_EQ(
        w.store->change({agency, id}, {.url = {}, .events = {}, .active = true}, w.clock.now())
            ->state,
        "active");
    ASSERT_TRUE(eventually([&] { return w.states(id) == "1 given_up, 2 given_up, 3 delivered"; }));
}

TEST(WebhookSending, five_days_without_success_disable) {
    WebhooksUnderTest w;
    Server receiver(always(503));
    const auto id = w.add(receiver.url());
    w.test(id);
    w.test(id);
    const auto queue = w.queue(1);
    const auto sender = w.sender(*queue, 1);
    ASSERT_TRUE(eventually([&] { return w.attempts(id) == "503 "; }));
    w.clock.move(hours(5 * 24) - seconds(1));
    ASSERT_TRUE(eventually([&] { return w.attempts(id) == "503 , 503 "; }));
    EXPECT_EQ(w.state(id), "failing");
    w.clock.move(seconds(1));
    ASSERT_TRUE(eventually([&] { return w.state(id) == "disabled"; }));
    EXPECT_EQ(w.states(id), "1 given_up, 2 given_up");
    EXPECT_EQ(w.database.value("SELECT count(*) FROM notification.notice"), "1");
    EXPECT_EQ(w.database.value("SELECT failing_since = '2026-11-05T09:00:00+08:00'"
                               " FROM portal.webhook"),
              "t");
}

TEST(WebhookSending, for_a_day_after_a_rotation_both_secrets_sign) {
    WebhooksUnderTest w;
    Server receiver;
    const auto id = w.add(receiver.url());
    EXPECT_TRUE(w.store->rotate({agency, id}, w.sealer.seal("second secret", agency, id),
                                w.clock.now() + hours(24)));
    EXPECT_FALSE(w.store->rotate({"Z00000002B", id}, "x", w.clock.now()));
    const auto queue = w.queue(1);
    const auto sender = w.sender(*queue, 1);
    const auto expected = [&](const Delivered& sent, const std::vector<std::string>& secrets) {
        return crypto::webhook_signatures(secrets, sent.headers.at("webhook-id"),
                                          std::stoll(sent.headers.at("webhook-timestamp")),
                                          sent.body);
    };
    w.test(id);
    ASSERT_TRUE(eventually([&] { return receiver.delivered().size() == 1; }));
    const auto both = receiver.delivered().at(0);
    EXPECT_EQ(both.headers.at("webhook-signature"),
              expected(both, {"second secret", "first secret"}));
    w.clock.move(hours(24));
    w.test(id);
    ASSERT_TRUE(eventually([&] { return receiver.delivered().size() == 2; }));
    const auto one = receiver.delivered().at(1);
    EXPECT_EQ(one.headers.at("webhook-signature"), expected(one, {"second secret"}));
}

TEST(WebhookSending, two_senders_never_send_to_one_webhook_at_once) {
    WebhooksUnderTest w;
    Server receiver([](const Delivered&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return Server::status(200);
    });
    const auto id = w.add(receiver.url());
    constexpr int count = 40;
    for (int i = 1; i <= count; ++i) w.test(id, std::to_string(i));
    const auto one = w.queue(4), other = w.queue(4);
    const auto first = w.sender(*one), second = w.sender(*other);
    ASSERT_TRUE(eventually([&] { return receiver.delivered().size() == count; }));
    EXPECT_EQ(receiver.most_at_once(), 1);
    int expected = 0;
    for (const auto& sent : receiver.delivered())
        EXPECT_EQ(sent.body, std::to_string(++expected)) << "in order";
}

TEST(WebhookSending, a_turn_is_one_senders_until_its_lease_ends) {
    WebhooksUnderTest w;
    const auto id = w.add("http://127.0.0.1:9/");
    w.test(id);
    const auto one = w.queue(1), other = w.queue(1);
    const auto turn = one->take(w.clock.now(), seconds(30));
    ASSERT_TRUE(turn);
    EXPECT_FALSE(other->take(w.clock.now() + hours(1), seconds(30)));
    // The control: a lease that has ended is taken over, and the former sender notes nothing.
    w.database.run("UPDATE portal.webhook SET leased_until = now() - interval '1 second'");
    const auto later = other->take(w.clock.now(), seconds(30));
    ASSERT_TRUE(later);
    EXPECT_EQ(later->n, turn->n);
    one->note(*turn, {.status = 200, .error = {}}, {}, std::nullopt, w.clock.now());
    EXPECT_EQ(w.states(id), "1 waiting");
    other->note(*later, {.status = 200, .error = {}}, {}, std::nullopt, w.clock.now());
    EXPECT_EQ(w.states(id), "1 delivered");
}

TEST(WebhookSending, an_agency_and_webhooks_that_fail_have_a_share_of_the_senders) {
    WebhooksUnderTest w;
    const auto lease = std::chrono::seconds(60);
    for (int i = 0; i < 4; ++i) w.test(w.add("https://hooks.example/" + std::to_string(i)));
    const auto queue = w.queue(4);
    EXPECT_TRUE(queue->take(w.clock.now(), lease));
    EXPECT_TRUE(queue->take(w.clock.now(), lease));
    EXPECT_FALSE(queue->take(w.clock.now(), lease)) << "the agency has two";
    // Four webhooks of four agencies that fail, and four senders.
    w.database.run(
        "UPDATE portal.webhook SET leased_until = NULL, failing_since = now(), agency = 'Z' || id");
    EXPECT_TRUE(queue->take(w.clock.now(), lease));
    EXPECT_TRUE(queue->take(w.clock.now(), lease));
    EXPECT_FALSE(queue->take(w.clock.now(), lease)) << "the rest is for those that work";
    w.test(w.add("https://hooks.example/works"));
    EXPECT_TRUE(queue->take(w.clock.now(), lease));
}

TEST(WebhookSending, an_attempt_holds_no_lock_of_the_queue) {
    WebhooksUnderTest w;
    const auto id = w.add("http://127.0.0.1:9/");
    w.test(id);
    const auto queue = w.queue(1);
    const auto turn = queue->take(w.clock.now(), seconds(30));
    ASSERT_TRUE(turn);
    w.test(id);
    EXPECT_TRUE(w.store->remove({agency, id}));
    queue->note(*turn, {.status = 200, .error = {}}, {}, std::nullopt, w.clock.now());
    EXPECT_EQ(w.database.value("SELECT count(*) FROM portal.webhook_delivery"), "0");
}

TEST(WebhookSending, old_deliveries_go_and_waiting_ones_stay) {
    WebhooksUnderTest w;
    const auto id = w.add("http://127.0.0.1:9/");
    for (int i = 0; i < 3; ++i) w.test(id);
    w.database.run("UPDATE portal.webhook_delivery SET state = 'delivered' WHERE n < 3");
    w.database.run("UPDATE portal.webhook_delivery SET created_at = '2026-12-01' WHERE n = 2");
    w.queue(1)->sweep(domain::parse_rfc3339("2026-11-30T00:00:00+08:00").value());
    EXPECT_EQ(w.states(id), "2 delivered, 3 waiting");
}

}  // namespace
}  // namespace chaiqin::testing
