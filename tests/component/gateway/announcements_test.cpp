// Announcements, marks of notices, receipts that are verified and loads that are only tried, over
// HTTP with a real PostgreSQL.
#include "gateway_stack.hpp"

namespace chaiqin::gateway {
namespace {

const HttpHeaders json_type{{"Content-Type", "application/json"}};

class PortalWrites : public GatewayTest {
protected:
    void SetUp() override { stack_->database.run("DELETE FROM portal.announcement"); }

    static HttpAnswer ask(const std::string& method, const std::string& path,
                          const std::string& token = "", const std::string& body = "",
                          HttpHeaders headers = {}) {
        if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
        return call(stack_->gateway->port(), method, "/api/v1" + path, headers, body);
    }
    static HttpAnswer write(const std::string& title, const std::string& more = "",
                            const std::string& audience = "public") {
        return ask("POST", "/announcements", stack_->operator_token(),
                   R"({"title":")" + title + R"(","body":"文","audience":")" + audience + "\"" +
                       more + "}",
                   json_type);
    }
    static std::string id_of(const HttpAnswer& answer) {
        return between(answer.body, "\"id\":\"", "\"");
    }
    /// The titles of a page, in order.
    static std::string titles(const HttpAnswer& answer) {
        std::string all;
        for (auto at = answer.body.find("\"title\":\""); at != std::string::npos;
             at = answer.body.find("\"title\":\"", at + 1))
            all += answer.body.substr(at + 9, answer.body.find('"', at + 9) - at - 9) + " ";
        return all;
    }
    static HttpAnswer attach(const std::string& id, const std::string& name,
                             const std::string& content) {
        return ask("POST", "/announcements/" + id + "/attachments", stack_->operator_token(),
                   "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
                       "\"\r\n\r\n" + content + "\r\n--b--\r\n",
                   {{"Content-Type", "multipart/form-data; boundary=b"}});
    }
    static std::string audits() {
        return stack_->database.table(
            "SELECT action, object, result FROM intake.audit"
            " WHERE action LIKE '%announcement' OR action LIKE '%attachment' ORDER BY at, action");
    }
};

TEST_F(PortalWrites, everybody_sees_what_is_open_and_members_see_all_in_force) {
    write("open");
    write("inside", "", "members");
    write("later", R"(,"published_at":"2999-01-01T00:00:00Z")");
    write("gone", R"(,"published_at":"2001-01-01T00:00:00Z","expires_at":"2002-01-01T00:00:00Z")");
    const auto clerk = stack_->tokens.token();
    EXPECT_EQ(titles(ask("GET", "/announcements")), "open ");
    EXPECT_EQ(titles(ask("GET", "/announcements", clerk)), "inside open ");
    EXPECT_EQ(titles(ask("GET", "/announcements",
                         stack_->tokens.token(TokenMaker::claims(agency, R"("unknown")")))),
              "open ")
        << "a token without a role";
    EXPECT_EQ(titles(ask("GET", "/announcements?state=all", stack_->operator_token())),
              "later inside open gone ");
    EXPECT_EQ(code(ask("GET", "/announcements?state=all", clerk)), "403 forbidden");
    EXPECT_EQ(code(ask("GET", "/announcements?state=all")), "401 invalid_token");
    EXPECT_EQ(code(ask("GET", "/announcements?state=some")), "400 bad_request");
    EXPECT_EQ(code(ask("GET", "/announcements", "x.y.z")), "401 invalid_token");
    EXPECT_EQ(code(ask("GET", "/announcements", clerk, "", {{"X-Acting-Agency", "ZT9999999A"}})),
              "403 forbidden");
}

TEST_F(PortalWrites, one_that_a_reader_may_not_see_is_not_there) {
    const auto open = id_of(write("open")), inside = id_of(write("inside", "", "members")),
               later = id_of(write("later", R"(,"published_at":"2999-01-01T00:00:00Z")"));
    const auto clerk = stack_->tokens.token();
    const auto shown = ask("GET", "/announcements/" + open);
    EXPECT_EQ(shown.status, 200);
    EXPECT_TRUE(shown.says("\"body\":\"文\"")) << shown.body;
    EXPECT_EQ(code(ask("GET", "/announcements/" + inside)), "404 not_found");
    EXPECT_EQ(ask("GET", "/announcements/" + inside, clerk).status, 200);
    EXPECT_EQ(code(ask("GET", "/announcements/" + later, clerk)), "404 not_found");
    EXPECT_EQ(ask("GET", "/announcements/" + later, stack_->operator_token()).status, 200);
    for (const auto* id : {"0", "x", "999999"})
        EXPECT_EQ(code(ask("GET", std::string("/announcements/") + id)), "404 not_found");
}

TEST_F(PortalWrites, the_list_goes_by_pages_newest_first) {
    for (const auto* title : {"a", "b", "c", "d", "e"})
        write(title, R"(,"published_at":"2026-01-01T00:00:00Z")");
    const auto first = ask("GET", "/announcements?page_size=2");
    EXPECT_EQ(titles(first), "e d ") << "of one time the one written last comes first";
    const auto token = between(first.body, "\"next_page_token\":\"", "\"");
    write("newer");
    const auto second = ask("GET", "/announcements?page_size=2&page_token=" + token);
    EXPECT_EQ(titles(second), "c b ");
    const auto last = ask("GET", "/announcements?page_size=2&page_token=" +
                                     between(second.body, "\"next_page_token\":\"", "\""));
    EXPECT_EQ(titles(last), "a ");
    EXPECT_TRUE(last.says("\"next_page_token\":\"\"")) << last.body;
    EXPECT_EQ(code(ask("GET", "/announcements?page_token=" + token, stack_->tokens.token())),
              "400 bad_request");
    EXPECT_EQ(code(ask("GET", "/announcements?page_token=" + token + "0")), "400 bad_request");
    for (const auto* size : {"0", "101", "x"})
        EXPECT_EQ(code(ask("GET", std::string("/announcements?page_size=") + size)),
                  "400 bad_request");
}

TEST_F(PortalWrites, an_operator_writes_changes_and_removes_and_the_audit_tells_of_it) {
    stack_->database.run("DELETE FROM intake.audit");
    const auto made = write("first");
    EXPECT_EQ(made.status, 201) << made.body;
    const auto id = id_of(made), path = "/announcements/" + id;
    const std::string text = R"({"title":"second","body":"","audience":"members"})";
    const auto changed = ask("PUT", path, stack_->operator_token(), text, json_type);
    EXPECT_EQ(changed.status, 200);
    EXPECT_TRUE(changed.says("\"title\":\"second\"")) << changed.body;
    EXPECT_EQ(attach(id, "a.txt", "text").status, 201);
    EXPECT_EQ(ask("DELETE", path + "/attachments/1", stack_->operator_token()).status, 204);
    EXPECT_EQ(code(ask("DELETE", path + "/attachments/1", stack_->operator_token())),
              "404 not_found");
    EXPECT_EQ(ask("DELETE", path, stack_->operator_token()).status, 204);
    EXPECT_EQ(code(ask("DELETE", path, stack_->operator_token())), "404 not_found");
    EXPECT_EQ(code(ask("PUT", path, stack_->operator_token(), text, json_type)), "404 not_found");
    EXPECT_EQ(audits(), "add announcement|announcement " + id + "|201\nchange announcement|" +
                            "announcement " + id + "|200\nadd attachment|announcement " + id +
                            " attachment 1|201\ndelete attachment|announcement " + id +
                            " attachment 1|204\ndelete announcement|announcement " + id + "|204");
}

TEST_F(PortalWrites, nobody_but_an_operator_writes) {
    const auto id = id_of(write("mine")), path = "/announcements/" + id;
    const auto auditor = stack_->tokens.token(TokenMaker::claims(agency, R"("auditor")"));
    const std::string text = R"({"title":"a","body":"","audience":"public"})";
    EXPECT_EQ(code(ask("POST", "/announcements", auditor, text, json_type)), "403 forbidden");
    EXPECT_EQ(code(ask("PUT", path, auditor, text, json_type)), "403 forbidden");
    EXPECT_EQ(code(ask("DELETE", path, auditor)), "403 forbidden");
    EXPECT_EQ(code(ask("DELETE", path)), "401 invalid_token");
    EXPECT_EQ(code(ask("POST", "/announcements", stack_->operator_token(), text)),
              "415 unsupported_media_type");
    EXPECT_EQ(code(ask("POST", "/announcements", stack_->operator_token(), "{", json_type)),
              "400 bad_request");
}

TEST_F(PortalWrites, attachments_are_given_back_byte_by_byte_to_be_saved) {
    const auto id = id_of(write("inside", "", "members")),
               path = "/announcements/" + id + "/attachments";
    std::string content = "%PDF-1.7\n";
    while (content.size() < 700'000) content += std::to_string(content.size()) + '\0';
    const auto added = attach(id, "手冊.pdf", content);
    EXPECT_EQ(added.status, 201);
    EXPECT_EQ(added.body, R"({"n":1,"file_name":"手冊.pdf","size_bytes":)" +
                              std::to_string(content.size()) +
                              R"(,"media_type":"application/pdf"})");
    const auto given = ask("GET", path + "/1", stack_->tokens.token());
    EXPECT_EQ(given.status, 200);
    EXPECT_TRUE(given.body == content);
    EXPECT_EQ(given.headers.at("content-type"), "application/pdf");
    EXPECT_EQ(given.headers.at("content-disposition"),
              "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E6%89%8B%E5%86%8A.pdf");
    EXPECT_EQ(given.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(code(ask("GET", path + "/1")), "404 not_found") << "not for everybody";
    EXPECT_EQ(code(ask("GET", path + "/2", stack_->tokens.token())), "404 not_found");
    EXPECT_TRUE(ask("GET", "/announcements", stack_->tokens.token())
                    .says(R"("attachments":[{"n":1,"file_name":"手冊.pdf",)"));
}

TEST_F(PortalWrites, attachments_are_bounded_in_kind_size_and_number) {
    const auto id = id_of(write("full")), path = "/announcements/" + id + "/attachments";
    EXPECT_EQ(code(attach(id, "a.exe", "MZ")), "415 unsupported_media_type");
    EXPECT_EQ(code(attach(id, "a.pdf", "text")), "415 unsupported_media_type");
    EXPECT_EQ(code(attach("999999", "a.txt", "text")), "404 not_found");
    EXPECT_EQ(code(ask("POST", path, stack_->operator_token(), "{}", json_type)),
              "415 unsupported_media_type");
    EXPECT_EQ(code(attach(id, "a.txt", std::string((20u << 20) + 1, 'a'))), "413 too_large");
    EXPECT_EQ(attach(id, "a.txt", std::string(20u << 20, 'a')).status, 201);
    for (int n = 2; n <= 10; ++n) EXPECT_EQ(attach(id, "a.txt", "text").status, 201) << n;
    EXPECT_EQ(code(attach(id, "a.txt", "text")), "409 limit_reached");
    EXPECT_EQ(ask("DELETE", path + "/10", stack_->operator_token()).status, 204);
    EXPECT_TRUE(attach(id, "a.txt", "text").says("\"n\":11,")) << "10 is never used again";
}

TEST_F(PortalWrites, a_notice_is_read_by_one_person_for_one_agency) {
    stack_->database.run(
        "INSERT INTO notification.notice (kind, agency, intent_key, text, created_at)"
        " VALUES ('deadline_before', 'ZT0000001A', 'a', '', now()),"
        " ('deadline_before', 'ZT0000001A', 'b', '', now()),"
        " ('deadline_before', 'ZT0000077A', 'c', '', now())");
    const auto id = [](const char* key) {
        return stack_->database.value("SELECT id FROM notification.notice WHERE intent_key = $1",
                                      std::string(key));
    };
    const auto clerk = stack_->tokens.token();
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(ask("POST", "/notices/" + id("a") + "/read", clerk).status, 204);
    EXPECT_EQ(code(ask("POST", "/notices/" + id("c") + "/read", clerk)), "404 not_found");
    EXPECT_EQ(code(ask("POST", "/notices/999999/read", clerk)), "404 not_found");
    EXPECT_EQ(code(ask("POST", "/notices/x/read", clerk)), "404 not_found");
    EXPECT_EQ(code(ask("POST", "/notices/1/read")), "401 invalid_token");
    const auto marks = [] {
        return stack_->database.table(
            "SELECT agency, count(*), count(DISTINCT sub_hash), bool_or(sub_hash LIKE '%somebody%')"
            " FROM portal.notice_read GROUP BY agency");
    };
    EXPECT_EQ(marks(), "ZT0000001A|1|1|f");
    for (int i = 0; i < 2; ++i) EXPECT_EQ(ask("POST", "/notices/read-all", clerk).status, 204);
    EXPECT_EQ(marks(), "ZT0000001A|2|1|f");
    EXPECT_EQ(code(ask("POST", "/notices/read-all",
                       stack_->tokens.token(TokenMaker::claims(agency, R"("personnel_office")")))),
              "403 forbidden");
}

TEST_F(PortalWrites, anybody_can_verify_a_receipt) {
    const auto jws = between(stack_->submit("{\"verify\":1}").body, "\"receipt_jws\":\"", "\"");
    const auto verify = [](const std::string& body) {
        return ask("POST", "/receipts/verify", "", body, json_type);
    };
    const auto good =
        verify(R"({"receipt_jws":")" + jws.substr(0, 30) + " \\n\\t　" + jws.substr(30) + "\"}");
    EXPECT_EQ(good.status, 200);
    EXPECT_TRUE(good.body.starts_with(R"({"valid":true,"receipt":{"submission_id":")"))
        << good.body;
    auto forged = jws;
    forged[forged.find('.') + 5] ^= 1;
    EXPECT_EQ(verify(R"({"receipt_jws":")" + forged + "\"}").body.substr(0, 24),
              R"({"valid":false,"reason":)");
    EXPECT_EQ(verify(R"({"receipt_jws":7})").body, R"({"valid":false,"reason":"not_a_receipt"})");
    EXPECT_EQ(code(verify("{}")), "400 bad_request");
    EXPECT_EQ(code(verify("receipt_jws")), "400 bad_request");
    EXPECT_EQ(code(verify(R"({"receipt_jws":")" + std::string(64 * 1024, 'a') + "\"}")),
              "413 too_large");
}

TEST_F(PortalWrites, a_load_of_agencies_can_be_tried) {
    stack_->load_agencies();
    std::string csv = agencies_csv;
    csv.replace(csv.find("測試主管機關"), std::string("測試主管機關").size(), "試名");
    csv += "ZT0000003A,新機關,ZT0000002A,2026-01-01,2026-01-01,,,,,\nbad,x,,,,,,,,\n";
    const auto before = stack_->database.value("SELECT version FROM registry.version");
    const auto tried = ask("POST", "/registry/agencies?dry_run=true", stack_->operator_token(), csv,
                           {{"Content-Type", "text/csv"}});
    EXPECT_EQ(tried.status, 200) << tried.body;
    EXPECT_TRUE(tried.says(R"("rows":4,"added":1,"changed":1,"unchanged":1,"rejected_count":1)"))
        << tried.body;
    EXPECT_TRUE(tried.says(R"({"agency":"ZT0000003A","change":"added","before":null,"after":{)"))
        << tried.body;
    EXPECT_TRUE(tried.says(R"("after":{"effective_on":"2000-01-01","name":"試名",)")) << tried.body;
    EXPECT_EQ(stack_->database.value("SELECT version FROM registry.version"), before);
    EXPECT_EQ(code(ask("POST", "/registry/agencies?dry_run=1", stack_->operator_token(), csv,
                       {{"Content-Type", "text/csv"}})),
              "400 bad_request");
}

TEST_F(PortalWrites, an_address_cannot_try_to_log_in_without_end) {
    stack_->start();
    int refused = 0;
    for (int i = 0; i < 40; ++i)
        refused +=
            code(call(stack_->gateway->port(), "GET", "/auth/nothing")) == "429 rate_limited";
    EXPECT_GT(refused, 5);
    EXPECT_LT(refused, 15);
    EXPECT_EQ(call(stack_->gateway->port(), "GET", "/healthz").status, 200);
}

}  // namespace
}  // namespace chaiqin::gateway
