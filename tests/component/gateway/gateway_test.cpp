// The whole gateway over HTTP with a real PostgreSQL and a real Kafka; the query service is away.
#include <gmock/gmock.h>

#include "gateway_stack.hpp"

namespace chaiqin::gateway {
namespace {

TEST_F(GatewayTest, a_file_is_in_kafka_and_its_receipt_in_postgres_before_the_answer) {
    const std::string content = R"({"some":"file"})";
    const auto answer = stack_->submit(content, {{"X-File-Name", "%E5%B7%AE-A123456789.json"}});
    ASSERT_EQ(answer.status, 202) << answer.body;
    const auto id = submission_of(answer);
    EXPECT_EQ(stack_->database.table("SELECT agency, file_name, route, size_bytes, sha256"
                                     " FROM intake.receipt WHERE submission_id = $1",
                                     id),
              std::string(agency) + "|差-A12*****89.json|WEBITR|15|" + crypto::sha256_hex(content));
    const auto messages = stack_->topic(stack_->files, domain::partition_of(agency));
    ASSERT_FALSE(messages.empty());
    EXPECT_EQ(messages.back().header("ce_id"), id + "/1");
    EXPECT_EQ(stack_->database.value("SELECT sub_hash FROM intake.receipt"),
              messages.back().header("sub_hash"));
    const auto opened =
        crypto::Sealer(stack_->keys).open(messages.back().payload, agency, id, 1000);
    EXPECT_EQ(crypto::unpack_file(opened).content, content);
}

TEST_F(GatewayTest, what_goes_wrong_is_said_in_the_right_way) {
    const auto clerk = stack_->tokens.token();
    EXPECT_EQ(code(stack_->submit("{}", {{"X-File-Name", "a.txt"}})), "415 F01");
    EXPECT_EQ(code(stack_->submit(std::string(5 * 1024 * 1024 + 1, ' '))), "413 F02");
    EXPECT_EQ(code(stack_->submit("")), "422 F04");
    EXPECT_EQ(code(stack_->submit("\xff")), "422 F05");
    EXPECT_EQ(code(stack_->submit("{}", {{"Content-Type", "text/plain"}})),
              "415 unsupported_media_type");
    EXPECT_EQ(code(stack_->submit("{}", {{"Content-Encoding", "gzip"}})),
              "415 unsupported_media_type");
    EXPECT_EQ(code(stack_->submit("{}", {{"Idempotency-Key", "a b"}})), "400 bad_request");
    EXPECT_EQ(code(stack_->submit("{}", {{"Content-Type", "multipart/form-data"}})),
              "400 bad_request");
    EXPECT_EQ(code(stack_->submit("{}", {{"X-Acting-Agency", "ZT0000009A"}})), "403 forbidden");
    EXPECT_EQ(code(stack_->submit(
                  "{}", {}, stack_->tokens.token(TokenMaker::claims(agency, R"("auditor")")))),
              "403 forbidden");
    EXPECT_EQ(code(stack_->submit(std::string(52 * 1024 * 1024, ' '))), "413 too_large");
    const auto nobody = stack_->submit("{}", {}, "x.y.z");
    EXPECT_EQ(code(nobody), "401 invalid_token");
    EXPECT_EQ(nobody.headers.at("www-authenticate"), "Bearer error=\"invalid_token\"");
    const auto port = stack_->gateway->port();
    EXPECT_EQ(code(call(port, "GET", "/nothing")), "404 not_found");
    EXPECT_EQ(call(port, "DELETE", "/api/v1/submissions").headers.at("allow"), "GET, POST");
    EXPECT_EQ(call(port, "GET", "/api/v1/agencies", {{"Authorization", "Bearer " + clerk}}).status,
              503)
        << "the query service is away";
}

TEST_F(GatewayTest, one_key_is_one_receipt_also_for_many_at_once_and_after_a_restart) {
    std::vector<HttpAnswer> answers(6);
    std::vector<std::thread> threads;
    for (auto& answer : answers)
        threads.emplace_back([&answer] {
            answer = stack_->submit("{\"same\":1}", {{"Idempotency-Key", "once"}});
        });
    for (auto& thread : threads) thread.join();
    const auto receipt = between(answers[0].body, "\"receipt\":", ",\"receipt_jws\"");
    for (const auto& answer : answers)
        EXPECT_EQ(between(answer.body, "\"receipt\":", ",\"receipt_jws\""), receipt) << answer.body;
    stack_->start();
    const auto again = stack_->submit("{\"same\":1}", {{"Idempotency-Key", "once"}});
    EXPECT_TRUE(again.says("\"replayed\":true")) << again.body;
    EXPECT_EQ(between(again.body, "\"receipt\":", ",\"receipt_jws\""), receipt);
    EXPECT_EQ(code(stack_->submit("{\"same\":2}", {{"Idempotency-Key", "once"}})),
              "422 idempotency_conflict");
}

TEST_F(GatewayTest, a_receipt_that_postgres_lost_is_read_back_from_the_topic) {
    const auto id = submission_of(stack_->submit("{\"lost\":1}", {{"Idempotency-Key", "lost"}}));
    stack_->database.run("DELETE FROM intake.receipt WHERE submission_id = $1", id);
    stack_->database.run("DELETE FROM intake.idempotency_key; DELETE FROM intake.progress");
    stack_->start();
    EXPECT_EQ(
        stack_->database.value("SELECT count(*) FROM intake.receipt WHERE submission_id = $1", id),
        "1");
    EXPECT_TRUE(
        stack_->submit("{\"lost\":1}", {{"Idempotency-Key", "lost"}}).says("\"replayed\":true"))
        << "the key came back with it";
}

TEST_F(GatewayTest, a_check_answers_and_leaves_nothing) {
    const auto before = stack_->database.value("SELECT count(*) FROM intake.receipt");
    const auto answer = stack_->post("/api/v1/checks", "{\"secret\":\"canary\"}");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.says("\"state\":\"FAILED\"")) << answer.body;
    EXPECT_TRUE(answer.says("檢核通過不代表已完成報送"));
    EXPECT_EQ(stack_->database.value("SELECT count(*) FROM intake.receipt"), before);
}

TEST_F(GatewayTest, only_a_check_that_compares_needs_the_database) {
    EXPECT_EQ(stack_->post("/api/v1/checks?compare=false", "{}").status, 200);
    EXPECT_EQ(code(stack_->post("/api/v1/checks?compare=true", "{}")), "503 unavailable")
        << "the query service is away";
    EXPECT_EQ(code(stack_->post("/api/v1/checks?compare=1", "{}")), "400 bad_request");
    const auto get = [](const std::string& path, const std::string& token) {
        return call(stack_->gateway->port(), "GET", path, {{"Authorization", "Bearer " + token}});
    };
    for (const char* path : {"/api/v1/submissions/x/records", "/api/v1/findings/records"}) {
        EXPECT_EQ(code(get(path, stack_->tokens.token())), "503 unavailable") << path;
        EXPECT_EQ(code(get(path, stack_->operator_token())), "403 forbidden") << path;
    }
}

TEST_F(GatewayTest, a_table19_upload_goes_in_sealed_chunks) {
    stack_->load_agencies();
    std::string csv = "person_id,seq\n";
    while (csv.size() < 9 * 1024 * 1024) csv += "A123456789," + std::to_string(csv.size()) + "\n";
    const HttpHeaders type{{"Content-Type", "text/csv; charset=utf-8"}};
    const auto personnel =
        stack_->tokens.token(TokenMaker::claims(agency, R"("personnel_office")"));
    const auto answer = stack_->post("/api/v1/table19/loads?mode=snapshot&authority=ZT0000001A",
                                     csv, type, personnel);
    ASSERT_EQ(answer.status, 202) << answer.body;
    const auto load = between(answer.body, "\"load_id\":\"", "\"");
    std::string joined;
    for (const auto& message : stack_->topic(stack_->careers, 0)) {
        const auto chunk = wire::decode_career_chunk(message.payload);
        EXPECT_EQ(chunk.load_id, load);
        EXPECT_EQ(message.header("ce_id"), load + "/" + std::to_string(chunk.index) + "/1");
        joined += crypto::Sealer(stack_->keys).open(chunk.sealed, agency, load, 8u << 20);
        if (chunk.last) {
            EXPECT_EQ(chunk.total_bytes, csv.size());
            EXPECT_EQ(chunk.sha256, crypto::sha256_hex(csv));
            EXPECT_EQ(chunk.index, 2U);
        }
    }
    EXPECT_EQ(joined, csv);
    EXPECT_EQ(
        stack_->database.table("SELECT authority, mode, force, size_bytes FROM intake.career_load"),
        "ZT0000001A|snapshot|f|" + std::to_string(csv.size()));
    EXPECT_EQ(stack_->database.table("SELECT sub, agency, acting, object, result FROM intake.audit "
                                     "WHERE action = 'load table19'"),
              "somebody|ZT0000001A|ZT0000001A|ZT0000001A " + load + "|202");
    const auto refused = [&](const std::string& query, const std::string& token) {
        return call(stack_->gateway->port(), "POST", "/api/v1/table19/loads?" + query,
                    {{"Authorization", "Bearer " + token}, type[0]}, "a\n")
            .status;
    };
    EXPECT_EQ(refused("mode=snapshot&authority=ZT0000002A", personnel), 404) << "another authority";
    EXPECT_EQ(refused("mode=snapshot&authority=ZX0000002A", stack_->operator_token()), 404)
        << "no such agency";
    EXPECT_EQ(refused("mode=snapshot&authority=ZT0000001A&force=true", personnel), 403);
    EXPECT_EQ(refused("mode=all&authority=ZT0000001A", personnel), 400);
    EXPECT_EQ(refused("mode=snapshot&authority=ZT0000001A", stack_->tokens.token()), 403)
        << "a clerk";
}

TEST_F(GatewayTest, a_registry_load_of_many_changes_asks_first) {
    stack_->load_agencies();
    const HttpHeaders type{{"Content-Type", "text/csv"}};
    std::string renamed = agencies_csv;
    renamed.replace(renamed.find("測試主管"), std::string("測試主管").size(), "改名");
    const auto asked =
        stack_->post("/api/v1/registry/agencies", renamed, type, stack_->operator_token());
    EXPECT_EQ(code(asked), "409 confirmation_needed");
    EXPECT_TRUE(asked.says("\"changed\":1")) << asked.body;
    EXPECT_EQ(stack_->database.value(
                  "SELECT count(*) FROM registry.agency_version WHERE name LIKE '改名%'"),
              "0");
    const auto bad =
        stack_->post("/api/v1/registry/agencies?confirm=true", renamed + "x,y,,2000-13-45,,,,,,\n",
                     type, stack_->operator_token());
    EXPECT_EQ(bad.status, 200);
    EXPECT_TRUE(bad.says("\"rejected_count\":1")) << bad.body;
    EXPECT_EQ(stack_->database.value(
                  "SELECT count(*) FROM registry.agency_version WHERE name LIKE '改名%'"),
              "1");
    EXPECT_EQ(
        code(stack_->post("/api/v1/registry/agencies", "\xff", type, stack_->operator_token())),
        "400 bad_request");
    const auto refused = [&](const std::string& csv) {
        const auto answer = stack_->post("/api/v1/registry/agencies?confirm=true", csv, type,
                                         stack_->operator_token());
        EXPECT_EQ(code(answer), "400 bad_request");
        return answer.body;
    };
    EXPECT_THAT(refused("org_code,name,remark\nZ00000009X,甲,\n"),
                ::testing::HasSubstr("第 1 行第 3 欄：未知的欄位 remark"));
    EXPECT_THAT(refused("org_code\rZ00000009X\r"), ::testing::HasSubstr("缺少欄位 name"));
    EXPECT_THAT(refused("org_code,name\nZ00000009X,\"甲\nZ00000008X,乙\n"),
                ::testing::HasSubstr("line 2, column 2 (character 12)"));
    EXPECT_EQ(stack_->database.value(
                  "SELECT count(*) FROM registry.agency_version WHERE org_code = 'Z00000009X'"),
              "0");
    EXPECT_EQ(code(stack_->post("/api/v1/registry/agencies", "a\n", type)), "403 forbidden");
}

TEST_F(GatewayTest, a_row_in_the_database_publishes_no_receipt_key) {
    stack_->database.run(
        R"(INSERT INTO intake.receipt_key (kid, jwk, first_used_at)
           VALUES ('foreign', '{"kty":"EC","kid":"foreign"}', now() - interval '1 year'))");
    stack_->start();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    do {
        const auto answer = call(stack_->gateway->port(), "GET", "/api/v1/receipts/key");
        EXPECT_TRUE(answer.says("\"crv\":\"P-256\""));
        ASSERT_FALSE(answer.says("foreign"));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    } while (std::chrono::steady_clock::now() < deadline);
}

TEST_F(GatewayTest, odd_requests_get_an_answer_and_no_harm) {
    const auto port = stack_->gateway->port();
    const auto raw = [&](const std::string& bytes) {
        testing::HttpConnection connection(port, 5);
        connection.send(bytes);
        return connection.read().status;
    };
    const auto head =
        "POST /api/v1/submissions HTTP/1.1\r\nHost: a\r\nContent-Type: "
        "application/json\r\nAuthorization: "
        "Bearer " +
        stack_->tokens.token() + "\r\n";
    EXPECT_EQ(raw("NONSENSE\r\n\r\n"), 400);
    EXPECT_EQ(
        raw("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + std::string(200'000, 'a') + "\r\n\r\n"),
        431);
    EXPECT_EQ(raw(head + "Content-Length: -5\r\n\r\n"), 400);
    EXPECT_EQ(raw(head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
    EXPECT_EQ(raw(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 400);
    EXPECT_EQ(raw(head + "Authorization: Bearer x\r\nContent-Length: 2\r\n\r\n{}"), 400);
    EXPECT_EQ(
        raw(head +
            "Transfer-Encoding: chunked\r\n\r\n2\r\n{\"\r\n4\r\na\":1\r\n1\r\n}\r\n0\r\n\r\n"),
        202);
    EXPECT_EQ(raw(head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"), 202);
    EXPECT_EQ(raw("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
    EXPECT_EQ(raw("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
    EXPECT_EQ(raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400);
    testing::HttpConnection kept(port);
    for (int i = 0; i < 3; ++i) {
        kept.send(testing::request_text("POST", "/api/v1/submissions",
                                        {{"Content-Type", "application/json"}}, "{}"));
        EXPECT_EQ(kept.read().status, 401) << "a small body is skipped and the connection kept";
    }
    kept.send(testing::request_text("GET", "/healthz", {}) +
              testing::request_text("GET", "/readyz", {}));
    EXPECT_EQ(kept.read().status, 200);
    EXPECT_EQ(kept.read().status, 200) << "pipelined";
}

TEST_F(GatewayTest, an_upload_that_breaks_off_leaves_nothing) {
    const auto before = stack_->topic(stack_->files, domain::partition_of(agency)).size();
    {
        testing::HttpConnection connection(stack_->gateway->port());
        auto text = testing::request_text("POST", "/api/v1/submissions",
                                          {{"Content-Type", "application/json"},
                                           {"Authorization", "Bearer " + stack_->tokens.token()}},
                                          std::string(100'000, ' '));
        connection.send(text.substr(0, text.size() - 10));
    }
    EXPECT_EQ(stack_->submit("{\"next\":1}").status, 202);
    EXPECT_EQ(stack_->topic(stack_->files, domain::partition_of(agency)).size(), before + 1);
}

/// The gateway with small shares, and afterwards with those of the other tests again.
class SharesTest : public GatewayTest {
protected:
    void SetUp() override {
        stack_->load_agencies();
        stack_->set_share(Limit::uploads, 2);
        stack_->set_share(Limit::loads, 1);
        for (const auto per_second : {Limit::reads, Limit::checks, Limit::files})
            stack_->set_share(per_second, 1);
        stack_->start();
    }
    void TearDown() override {
        stack_->shares = default_limits();
        stack_->start();
    }
    /// The limit that a 429 names; else the status.
    static std::string reached(const HttpAnswer& answer) {
        if (answer.status != 429) return std::to_string(answer.status);
        const auto wait = answer.headers.find("retry-after");
        if (wait == answer.headers.end() || std::stoi(wait->second) < 1) return "no Retry-After";
        return between(answer.body, "\"limit\":\"", "\"");
    }
    static std::string other_token() {
        return stack_->tokens.token(TokenMaker::claims("ZT0000002A"));
    }
    /// All of a request but its last byte.
    static void send_unfinished(testing::HttpConnection& connection, const std::string& path,
                                const std::string& type, const std::string& token) {
        const auto text = testing::request_text(
            "POST", path, {{"Content-Type", type}, {"Authorization", "Bearer " + token}},
            std::string(100'000, ' '));
        connection.send(std::string_view(text).substr(0, text.size() - 1));
    }
    static HttpAnswer get(const std::string& path, const std::string& token) {
        return call(stack_->gateway->port(), "GET", path, {{"Authorization", "Bearer " + token}});
    }
};

TEST_F(SharesTest, bodies_that_never_end_take_the_share_of_their_agency_alone) {
    const auto port = stack_->gateway->port();
    {
        testing::HttpConnection one(port), two(port);
        for (auto* stuck : {&one, &two})
            send_unfinished(*stuck, "/api/v1/submissions", "application/json",
                            stack_->tokens.token());
        testing::wait_until([] { return reached(stack_->submit("{}")) == "uploads"; });
        EXPECT_EQ(stack_->submit("{\"other\":1}", {}, other_token()).status, 202);
    }
    testing::wait_until([] { return stack_->submit("{\"again\":1}").status == 202; });
}

TEST_F(SharesTest, a_body_without_a_good_token_takes_no_share) {
    testing::HttpConnection one(stack_->gateway->port()), two(stack_->gateway->port());
    for (auto* stuck : {&one, &two}) {
        send_unfinished(*stuck, "/api/v1/submissions", "application/json", "x.y.z");
        EXPECT_EQ(stuck->read().status, 401) << "answered before the body is there";
    }
    EXPECT_EQ(stack_->submit("{\"mine\":1}").status, 202);
}

TEST_F(SharesTest, one_office_does_not_hold_all_places_for_loads) {
    const auto personnel = [](const char* of) {
        return stack_->tokens.token(TokenMaker::claims(of, R"("personnel_office")"));
    };
    const auto load = [&](const std::string& of, const std::string& token) {
        return stack_->post("/api/v1/table19/loads?mode=changes&authority=" + of, "person_id\n",
                            {{"Content-Type", "text/csv"}}, token);
    };
    testing::HttpConnection stuck(stack_->gateway->port());
    send_unfinished(stuck, "/api/v1/table19/loads?mode=changes&authority=ZT0000001A", "text/csv",
                    personnel("ZT0000001A"));
    testing::wait_until(
        [&] { return reached(load("ZT0000001A", personnel("ZT0000001A"))) == "loads"; });
    EXPECT_EQ(load("ZT0000002A", personnel("ZT0000002A")).status, 202);
}

TEST_F(SharesTest, files_checks_and_questions_have_their_share_per_second) {
    std::string form;
    for (int i = 0; i < 10; ++i)
        form +=
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\r\n"
            "{}\r\n";
    form += "--b--\r\n";
    const HttpHeaders as_form{{"Content-Type", "multipart/form-data; boundary=b"}};
    EXPECT_EQ(stack_->post("/api/v1/checks", form, as_form).status, 200);
    EXPECT_EQ(reached(stack_->post("/api/v1/checks", "{}")), "checks") << "ten is a debt";
    EXPECT_EQ(stack_->post("/api/v1/checks", "{}", {}, other_token()).status, 200);
    EXPECT_EQ(stack_->post("/api/v1/submissions", form, as_form).status, 202);
    EXPECT_EQ(reached(stack_->submit("{}")), "files");
    EXPECT_EQ(stack_->submit("{\"b\":1}", {}, other_token()).status, 202);
    std::string last;
    for (int i = 0; i < 10 && last != "reads"; ++i)
        last = reached(get("/api/v1/submissions", stack_->tokens.token()));
    EXPECT_EQ(last, "reads");
    EXPECT_EQ(reached(get("/api/v1/submissions", other_token())), "503")
        << "the query service is away";
}

}  // namespace
}  // namespace chaiqin::gateway
