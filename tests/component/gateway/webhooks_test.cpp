// Webhooks over HTTP with a real PostgreSQL: what an agency does to them. Sending is tested in
// tests/component/webhooks.
#include "domain/failure.hpp"
#include "gateway_stack.hpp"

namespace chaiqin::gateway {
namespace {

const std::string hook = R"({"url":"https://hooks.example/a","events":["submission.finished"]})";

class WebhookWrites : public GatewayTest {
protected:
    void SetUp() override { stack_->database.run("DELETE FROM portal.webhook"); }

    static HttpAnswer ask(const std::string& method, const std::string& path,
                          const std::string& body = "", const std::string& token = "",
                          HttpHeaders headers = {}) {
        headers.emplace_back("Authorization",
                             "Bearer " + (token.empty() ? stack_->tokens.token() : token));
        if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
        return call(stack_->gateway->port(), method, "/api/v1/webhooks" + path, headers, body);
    }
    static std::string id_of(const HttpAnswer& answer) {
        return between(answer.body, "\"id\":\"", "\"");
    }
    static std::string other_clerk() {
        return stack_->tokens.token(TokenMaker::claims("ZT0000002A", R"("agency_clerk")"));
    }
    static std::string bytes_of(const std::string& hex) {
        std::string bytes;
        for (std::size_t i = 0; i < hex.size(); i += 2)
            bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
        return bytes;
    }
    static std::string column(const std::string& sql, const std::string& id) {
        return stack_->database.value(sql, id);
    }
};

TEST_F(WebhookWrites, one_is_added_with_a_secret_that_stands_nowhere_in_plaintext) {
    const auto made = ask("POST", "", hook);
    ASSERT_EQ(made.status, 201) << made.body;
    const auto id = id_of(made), secret = between(made.body, "\"secret\":\"", "\"");
    EXPECT_TRUE(secret.starts_with("whsec_")) << made.body;
    EXPECT_EQ(secret.size(), 6u + 44u) << "32 bytes";
    EXPECT_TRUE(made.says(R"("state":"active")")) << made.body;
    EXPECT_TRUE(made.says(R"("last_success_at":null,"failing_since":null)")) << made.body;
    EXPECT_EQ(column("SELECT agency FROM portal.webhook WHERE id = $1", id), agency);
    const auto text = bytes_of(
        column("SELECT encode(secret_sealed, 'hex') FROM portal.webhook WHERE id = $1", id));
    const crypto::Sealer sealer(stack_->keys);
    EXPECT_EQ(sealer.open(text, agency, id, 100).size(), 32u);
    EXPECT_THROW((void)sealer.open(text, "ZT0000002A", id, 100), domain::PermanentFailure);
    EXPECT_EQ(stack_->database.value("SELECT result FROM intake.audit WHERE action = 'add webhook'"
                                     " AND object = 'webhook ' || $1",
                                     id),
              "201");
}

TEST_F(WebhookWrites, an_agency_has_at_most_five) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("POST", "", hook).status, 201);
    EXPECT_EQ(code(ask("POST", "", hook)), "409 limit_reached");
    EXPECT_EQ(ask("POST", "", hook, other_clerk()).status, 201) << "another agency has its own";
    const auto id =
        stack_->database.value("SELECT id FROM portal.webhook WHERE agency = $1 LIMIT 1", agency);
    EXPECT_EQ(ask("DELETE", "/" + id).status, 204);
    EXPECT_EQ(ask("POST", "", hook).status, 201);
}

TEST_F(WebhookWrites, two_at_once_do_not_pass_the_limit) {
    std::vector<std::thread> threads;
    std::atomic<int> made = 0;
    for (int i = 0; i < 12; ++i)
        threads.emplace_back([&] { made += ask("POST", "", hook).status == 201; });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(made, 5);
}

TEST_F(WebhookWrites, what_is_wrong_with_it_is_told) {
    for (const auto* body :
         {R"({"events":["deadline.near"]})", R"({"url":7,"events":["deadline.near"]})",
          R"({"url":"https://a.example/"})", R"({"url":"https://a.example/","events":[]})",
          R"({"url":"https://a.example/","events":["webhook.test"]})",
          R"({"url":"https://a.example/","events":["deadline.near","other"]})",
          R"({"url":"https://a.example/","events":"deadline.near"})", "[]", "x"})
        EXPECT_EQ(code(ask("POST", "", body)), "400 bad_request") << body;
    EXPECT_EQ(code(call(stack_->gateway->port(), "POST", "/api/v1/webhooks",
                        {{"Authorization", "Bearer " + stack_->tokens.token()},
                         {"Content-Type", "text/plain"}},
                        hook)),
              "415 unsupported_media_type");
    EXPECT_EQ(code(ask("POST", "", std::string(17 * 1024, 'x'))), "413 too_large");
}

TEST_F(WebhookWrites, a_refused_address_is_neither_stored_nor_changed_to) {
    const auto id = id_of(ask("POST", "", hook));
    stack_->refuse_receiver = [](const std::string& url) -> std::optional<domain::RefusedReceiver> {
        if (url == "https://inside.example/") return domain::RefusedReceiver{"不可", "not this"};
        return std::nullopt;
    };
    const auto refused =
        ask("POST", "", R"({"url":"https://inside.example/","events":["deadline.near"]})");
    EXPECT_EQ(code(refused), "400 bad_request");
    EXPECT_TRUE(refused.says("not this")) << refused.body;
    EXPECT_EQ(code(ask("PATCH", "/" + id, R"({"url":"https://inside.example/"})")),
              "400 bad_request");
    EXPECT_EQ(column("SELECT url FROM portal.webhook WHERE id = $1", id),
              "https://hooks.example/a");
    stack_->refuse_receiver = [](const std::string&) { return std::nullopt; };
}

TEST_F(WebhookWrites, it_is_changed_member_by_member) {
    const auto id = id_of(ask("POST", "", hook));
    const auto url = ask("PATCH", "/" + id, R"({"url":"https://hooks.example/b"})");
    EXPECT_EQ(url.status, 200);
    EXPECT_TRUE(url.says(R"("url":"https://hooks.example/b","events":["submission.finished"])"))
        << url.body;
    EXPECT_FALSE(url.says("secret")) << "shown once";
    EXPECT_TRUE(ask("PATCH", "/" + id, R"({"events":["deadline.near","deadline.near"]})")
                    .says(R"("events":["deadline.near"])"));
    EXPECT_EQ(ask("POST", "/" + id + "/test").status, 202);
    EXPECT_TRUE(ask("PATCH", "/" + id, R"({"state":"disabled"})").says(R"("state":"disabled")"));
    EXPECT_EQ(column("SELECT state FROM portal.webhook_delivery WHERE webhook_id = $1", id),
              "given_up");
    stack_->database.run("UPDATE portal.webhook SET failing_since = now()");
    EXPECT_TRUE(ask("PATCH", "/" + id, R"({"state":"active"})").says(R"("state":"active")"))
        << "it begins anew";
    for (const auto* body : {R"({"state":"failing"})", R"({"state":7})", R"({"url":null})"})
        EXPECT_EQ(code(ask("PATCH", "/" + id, body)), "400 bad_request") << body;
}

TEST_F(WebhookWrites, a_test_and_a_retry_go_into_the_queue) {
    const auto id = id_of(ask("POST", "", hook));
    const auto tested = ask("POST", "/" + id + "/test");
    EXPECT_EQ(tested.status, 202) << tested.body;
    EXPECT_EQ(tested.body, R"({"n":1})");
    EXPECT_EQ(column("SELECT event || ' ' || state || ' ' || (next_at <= now() + interval '1 h')"
                     " FROM portal.webhook_delivery WHERE webhook_id = $1",
                     id),
              "webhook.test waiting true");
    stack_->database.run(
        "UPDATE portal.webhook_delivery SET state = 'given_up', retries = 9,"
        " next_at = NULL");
    EXPECT_EQ(ask("POST", "/" + id + "/deliveries/1/retry").status, 202);
    EXPECT_EQ(column("SELECT state || ' ' || retries FROM portal.webhook_delivery"
                     " WHERE webhook_id = $1",
                     id),
              "waiting 0");
    EXPECT_EQ(column("SELECT due_at IS NOT NULL FROM portal.webhook WHERE id = $1", id), "t");
    for (const auto* n : {"2", "0", "x", "99999999999999999999"})
        EXPECT_EQ(code(ask("POST", "/" + id + "/deliveries/" + n + "/retry")), "404 not_found");
}

TEST_F(WebhookWrites, a_rotation_keeps_the_old_secret_for_a_day) {
    const auto made = ask("POST", "", hook);
    const auto id = id_of(made);
    const auto rotated = ask("POST", "/" + id + "/rotate");
    EXPECT_EQ(rotated.status, 200);
    EXPECT_TRUE(rotated.body.starts_with(R"({"secret":"whsec_)")) << rotated.body;
    EXPECT_NE(between(rotated.body, "\"secret\":\"", "\""),
              between(made.body, "\"secret\":\"", "\""));
    EXPECT_EQ(column("SELECT previous_sealed IS NOT NULL AND previous_until"
                     " BETWEEN now() + interval '23 h' AND now() + interval '25 h'"
                     " FROM portal.webhook WHERE id = $1",
                     id),
              "t");
}

TEST_F(WebhookWrites, those_of_another_agency_are_not_there) {
    const auto id = id_of(ask("POST", "", hook));
    EXPECT_EQ(ask("POST", "/" + id + "/test").status, 202);
    const auto other = other_clerk();
    for (const auto& [method, path, body] :
         std::vector<std::array<std::string, 3>>{{"PATCH", "/" + id, "{}"},
                                                 {"DELETE", "/" + id, ""},
                                                 {"POST", "/" + id + "/rotate", ""},
                                                 {"POST", "/" + id + "/test", ""},
                                                 {"POST", "/" + id + "/deliveries/1/retry", ""},
                                                 {"DELETE", "/none", ""},
                                                 {"PATCH", "/none", "{}"}})
        EXPECT_EQ(code(ask(method, path, body, other)), "404 not_found") << method << " " << path;
    for (const auto* role : {"operator", "auditor", "supervisor", "personnel_office"}) {
        const auto token =
            stack_->tokens.token(TokenMaker::claims(agency, "\"" + std::string(role) + "\""));
        EXPECT_EQ(code(ask("POST", "", hook, token)), "403 forbidden") << role;
        EXPECT_EQ(code(ask("DELETE", "/" + id, "", token)), "403 forbidden") << role;
    }
    EXPECT_EQ(ask("DELETE", "/" + id).status, 204);
    EXPECT_EQ(code(ask("DELETE", "/" + id)), "404 not_found");
    EXPECT_EQ(stack_->database.value("SELECT count(*) FROM portal.webhook_delivery"), "0");
}

}  // namespace
}  // namespace chaiqin::gateway
