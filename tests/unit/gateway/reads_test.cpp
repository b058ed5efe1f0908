#include "gateway/reading/reads.hpp"

#include <gtest/gtest.h>

#include "chaiqin/query/v1/query.pb.h"
#include "crypto/receipt_verification.hpp"
#include "domain/failure.hpp"
#include "gateway/reading/answer_json.hpp"
#include "gateway/reading/open_reads.hpp"
#include "rpc/read_methods.hpp"
#include "rpc/submission_message.hpp"
#include "test_keys.hpp"

namespace chaiqin::gateway {
namespace {

using google::protobuf::Message;
using rpc::Refused;
namespace pb = query::v1;

/// Answers what a test has put in; remembers the last question.
class SetAnswers final : public rpc::Questions {
public:
    std::unique_ptr<Message> ask(const rpc::Asker& asker,
                                 const google::protobuf::MethodDescriptor& method,
                                 const Message& request) override {
        last_asker = asker;
        last_question.reset(request.New());
        last_question->CopyFrom(request);
        if (while_asked) while_asked();
        if (refuse) throw Refused(*refuse, "原因", "why");
        if (away) throw domain::TransientFailure("away");
        for (const Message* answer :
             {static_cast<const Message*>(&submission), static_cast<const Message*>(&submissions),
              static_cast<const Message*>(&findings), static_cast<const Message*>(&history),
              static_cast<const Message*>(&groups)})
            if (answer->GetDescriptor() == method.output_type()) {
                std::unique_ptr<Message> copy(answer->New());
                copy->CopyFrom(*answer);
                return copy;
            }
        return rpc::new_message(*method.output_type());
    }
    std::unique_ptr<rpc::Pages> ask_all(const rpc::Asker&,
                                        const google::protobuf::MethodDescriptor&,
                                        const Message&) override {
        throw std::logic_error("no whole list is read here");
    }
    template <class Question>
    const Question& last() const {
        return dynamic_cast<const Question&>(*last_question);
    }

    pb::GetSubmissionResponse submission;
    pb::ListSubmissionsResponse submissions;
    pb::ListFindingsResponse findings;
    pb::ListFindingHistoryResponse history;
    pb::ListFindingGroupsResponse groups;
    std::optional<Refused::Why> refuse;
    std::function<void()> while_asked;
    bool away = false;
    rpc::Asker last_asker;
    std::unique_ptr<Message> last_question;
};

class SetRegistry final : public domain::RegistrySource {
public:
    domain::RegistryPtr current() const override { return registry; }
    std::shared_ptr<domain::Registry> registry = std::make_shared<domain::Registry>();
};

class OneWaiting final : public PendingReceipts {
public:
    std::optional<domain::Receipt> find(std::string_view id) const override {
        if (is_stored || id != receipt.submission_id) return std::nullopt;
        return receipt;
    }
    bool is_caught_up() const override { return all_is_known; }
    bool all_is_known = true;
    bool is_stored = false;  ///< and so no longer in the gateway's memory
    domain::Receipt receipt{
        "01990000-0000-8000-8000-000000000001", "Z00000011A", "a.json", "WEBITR", 10, "ab", {}};
};

class Reads : public ::testing::Test {
protected:
    Reads() {
        OpenReads open;
        open.first_month = domain::parse_roc_month("11401").value();
        open.now = [] { return domain::parse_rfc3339("2026-11-10T10:00:00+08:00").value(); };
        open.format_document = "# 格式";
        open.sample = "{}";
        open.schema = R"({"$schema":"x"})";
        open.explanations["L18"] = {
            "說明。", "Why.", "sender", "leave", "{\"location\":\"\"}", "{\"location\":\"家\"}"};
        routes = read_routes({queries, registry, open.now, pending, signer});
        for (auto& route : open_routes(registry, open)) routes.push_back(std::move(route));
        rpc::write_state(domain::SubmissionState::received,
                         *queries.submission.mutable_submission());
        request.captures = {"01990000-0000-8000-8000-000000000001"};
        request.caller = {"sub", "", "Z00000011A", {}, {identity::Role::agency_clerk}, "portal"};
        request.acting_agency = "Z00000011A";
        request.bearer = "token";
        request.arrived_at = std::chrono::steady_clock::now();
    }
    Response get(const std::string& path,
                 std::vector<std::pair<std::string, std::string>> query = {}) {
        request.query = std::move(query);
        for (const auto& route : routes)
            if (route.pattern == "/api/v1" + path) return route.endpoint(request);
        ADD_FAILURE() << "no route " << path;
        return {};
    }

    SetAnswers queries;
    SetRegistry registry;
    OneWaiting pending;
    crypto::Keyring keys = test_keys();
    crypto::ReceiptSigner signer{keys};
    std::vector<Route> routes;
    Request request;
};

TEST_F(Reads, every_path_is_there_and_only_the_open_ones_need_no_role) {
    std::set<std::string> open, closed;
    for (const auto& route : routes)
        (route.allowed ? closed : open).insert(route.pattern.substr(7));
    EXPECT_EQ(open, (std::set<std::string>{"/platform", "/rules", "/rules/{code}", "/format",
                                           "/format/sample", "/format/schema"}));
    std::set<std::string> described;
    for (const auto& read : rpc::read_methods())
        if (!read.path.empty() && !read.composed) described.insert(read.path);
    described.insert("/submissions/{submission_id}/receipt");
    EXPECT_EQ(closed, described);
}

TEST_F(Reads, a_receipt_that_is_stored_while_the_database_is_asked_is_never_unknown) {
    queries.refuse = Refused::Why::not_found;
    queries.while_asked = [&] { pending.is_stored = true; };
    EXPECT_EQ(get("/submissions/{submission_id}").status, 200);
    pending.is_stored = false;
    EXPECT_EQ(get("/submissions/{submission_id}/findings").status, 200);
}

TEST_F(Reads, the_question_goes_on_with_the_callers_token_and_agency) {
    get("/submissions/{submission_id}");
    EXPECT_EQ(queries.last_asker.bearer, "token");
    EXPECT_EQ(queries.last_asker.acting_agency, "Z00000011A");
    EXPECT_EQ(queries.last<pb::GetSubmissionRequest>().submission_id(),
              "01990000-0000-8000-8000-000000000001");
    EXPECT_LE(queries.last_asker.deadline,
              std::chrono::steady_clock::now() + std::chrono::milliseconds(1500));
}

TEST_F(Reads, received_submission_has_all_members_and_nulls_for_what_is_not_known) {
    rpc::write_receipt({.submission_id = "id",
                        .agency = "Z00000011A",
                        .file_name = "a\"b.json",
                        .route = "WEBITR",
                        .size_bytes = 1383,
                        .sha256 = "ab",
                        .received_at = domain::parse_rfc3339("2026-11-05T01:31:02.123Z").value()},
                       *queries.submission.mutable_submission());
    const auto text = domain::state_text(domain::SubmissionState::received);
    EXPECT_EQ(
        get("/submissions/{submission_id}").body,
        "{\"submission_id\":\"id\",\"agency\":\"Z00000011A\",\"file_name\":\"a\\\"b.json\","
        "\"route\":"
        "\"WEBITR\",\"received_at\":\"2026-11-05T09:31:02.123+08:00\","
        "\"size_bytes\":1383,\"sha256\":\"ab\",\"state\":\"RECEIVED\",\"state_text\":{\"zh\":\"" +
            std::string(text.zh) + "\",\"en\":\"" + std::string(text.en) +
            "\"},\"next_actor\":\"platform\",\"counted_at\":null,\"ruleset\":null,\"record_count\":"
            "null,\"total\":null,\"dispositions\":null,"
            "\"error_count\":null,\"warning_count\":null}");
}

TEST_F(Reads, refusals_become_problems) {
    const std::pair<Refused::Why, int> statuses[]{{Refused::Why::bad_token, 401},
                                                  {Refused::Why::forbidden, 403},
                                                  {Refused::Why::bad_request, 400}};
    for (const auto& [why, status] : statuses) {
        queries.refuse = why;
        const auto response = get("/submissions/{submission_id}");
        EXPECT_EQ(response.status, status);
        EXPECT_EQ(response.content_type, "application/problem+json");
    }
    queries.refuse = Refused::Why::not_found;
    pending.receipt.submission_id = "another";
    EXPECT_EQ(get("/submissions/{submission_id}").status, 404);
}

TEST_F(Reads, a_file_on_its_way_to_the_database_is_received_for_who_may_read_it) {
    queries.refuse = Refused::Why::not_found;
    EXPECT_NE(get("/submissions/{submission_id}").body.find("\"state\":\"RECEIVED\""),
              std::string::npos);
    EXPECT_EQ(get("/submissions/{submission_id}/findings").body,
              "{\"findings\":[],\"next_page_token\":\"\"}");
    request.caller.agency = request.acting_agency = "Z00000012A";
    EXPECT_EQ(get("/submissions/{submission_id}").status, 404);
    request.caller.roles = {identity::Role::operator_};
    const auto response = get("/submissions/{submission_id}");
    EXPECT_EQ(response.status, 200);
    ASSERT_TRUE(response.audit);
    EXPECT_EQ(response.audit->object,
              "submission 01990000-0000-8000-8000-000000000001 of Z00000011A");
}

TEST_F(Reads, nothing_is_not_found_before_all_receipts_are_read_back) {
    queries.refuse = Refused::Why::not_found;
    pending.receipt.submission_id = "another";
    pending.all_is_known = false;
    EXPECT_THROW(get("/submissions/{submission_id}"), domain::TransientFailure);
    EXPECT_THROW(get("/submissions/{submission_id}/findings"), domain::TransientFailure);
    pending.all_is_known = true;
    EXPECT_EQ(get("/submissions/{submission_id}").status, 404);
}

TEST_F(Reads, database_away_is_never_not_found) {
    queries.away = true;
    EXPECT_THROW(get("/submissions/{submission_id}"), domain::TransientFailure)
        << "the server makes 503 of it";
}

TEST_F(Reads, wait_asks_again_until_the_state_is_terminal_or_the_time_is_over) {
    const auto first = get("/submissions/{submission_id}", {{"wait", "10s"}});
    ASSERT_TRUE(first.ask_again_after);
    EXPECT_GT(first.ask_again_after->count(), 0);
    EXPECT_LE(first.ask_again_after->count(), 250);
    EXPECT_NE(first.body.find("RECEIVED"), std::string::npos)
        << "an answer all the same, for a server that drains";
    EXPECT_FALSE(get("/submissions/{submission_id}").ask_again_after);
    for (const auto state :
         {domain::SubmissionState::counted, domain::SubmissionState::rejected_file,
          domain::SubmissionState::quarantined}) {
        rpc::write_state(state, *queries.submission.mutable_submission());
        EXPECT_FALSE(get("/submissions/{submission_id}", {{"wait", "10s"}}).ask_again_after);
    }
    rpc::write_state(domain::SubmissionState::matched, *queries.submission.mutable_submission());
    request.arrived_at -= std::chrono::seconds(10);
    EXPECT_FALSE(get("/submissions/{submission_id}", {{"wait", "10s"}}).ask_again_after);
    EXPECT_EQ(get("/submissions/{submission_id}", {{"wait", ""}}).status, 200) << "as if absent";
    for (const char* bad : {"10", "0s", "31s", "s", "-1s", "1.5s", "10 s", "+5s", "99999999999s"})
        EXPECT_EQ(get("/submissions/{submission_id}", {{"wait", bad}}).status, 400) << bad;
}

TEST_F(Reads, others_data_is_noted_for_the_audit) {
    EXPECT_FALSE(get("/submissions").audit);
    queries.submissions.set_others("all agencies");
    const auto response = get("/submissions");
    ASSERT_TRUE(response.audit);
    EXPECT_EQ(response.audit->action, "read submissions");
    EXPECT_EQ(response.audit->object, "all agencies");
}

TEST_F(Reads, page_numbers_and_sizes_are_checked) {
    for (const char* bad : {"0", "101", "-1", "x", "1.0", " 5", "99999999999999999999"})
        EXPECT_EQ(get("/submissions", {{"page_size", bad}}).status, 400) << bad;
    EXPECT_EQ(get("/submissions",
                  {{"page_size", "100"}, {"page_token", "t"}, {"unknown", "x"}, {"page", "x"}})
                  .status,
              200)
        << "unknown ones are ignored";
    EXPECT_EQ(queries.last<pb::ListSubmissionsRequest>().page_size(), 100);
    EXPECT_EQ(queries.last<pb::ListSubmissionsRequest>().page_token(), "t");
    EXPECT_EQ(get("/submissions", {{"page_size", ""}}).status, 200) << "as if absent";
    EXPECT_EQ(queries.last<pb::ListSubmissionsRequest>().page_size(), 0) << "the default";
    EXPECT_EQ(get("/statistics/monthly", {{"year", "2026"}, {"page", "0"}}).status, 400);
    EXPECT_EQ(
        get("/statistics/monthly", {{"year", "2026"}, {"page", "2"}, {"page_token", "t"}}).status,
        400);
    EXPECT_EQ(get("/statistics/monthly", {{"year", "26x"}}).status, 400);
    EXPECT_EQ(get("/statistics/monthly", {{"page", "2147483648"}}).status, 400);
    EXPECT_EQ(get("/statistics/monthly", {{"year", "2026"}, {"page", "2"}}).status, 200);
    EXPECT_EQ(queries.last<pb::GetMonthlyStatisticsRequest>().page(), 2);
}

TEST_F(Reads, filters_are_checked) {
    EXPECT_EQ(get("/submissions", {{"from", "2026-13-01"}}).status, 400);
    EXPECT_EQ(get("/submissions/{submission_id}/findings", {{"severity", "fatal"}}).status, 400);
    EXPECT_EQ(
        get("/submissions/{submission_id}/findings", {{"severity", "warning"}, {"code", "L18"}})
            .status,
        200);
    EXPECT_EQ(queries.last<pb::ListFindingsRequest>().severity(), pb::SEVERITY_WARNING);
    EXPECT_EQ(queries.last<pb::ListFindingsRequest>().code(), "L18");
    EXPECT_EQ(get("/findings", {{"status", "closed"}}).status, 400);
    EXPECT_EQ(get("/findings", {{"status", "all"}}).status, 200);
    EXPECT_EQ(queries.last<pb::ListFindingHistoryRequest>().status(), pb::STATUS_WANTED_ALL);
    get("/findings", {{"status", "fixed"}});
    EXPECT_EQ(queries.last<pb::ListFindingHistoryRequest>().status(), pb::STATUS_WANTED_FIXED);
    EXPECT_EQ(get("/unmatched", {{"reason", "LOST"}}).status, 400);
    EXPECT_EQ(get("/reporting-rates").status, 400);
    EXPECT_EQ(get("/reporting-rates", {{"month", "2026-1"}}).status, 400);
    EXPECT_EQ(get("/reporting-rates/agencies", {{"month", "2026-10"}, {"status", "late"}}).status,
              400);
    EXPECT_EQ(get("/statistics/by-type", {{"from", "x"}}).status, 400);
}

TEST_F(Reads, several_values_stand_with_commas_between_them) {
    EXPECT_EQ(get("/statistics/report", {{"by", "month,type"}}).status, 200);
    const auto& report = queries.last<pb::GetStatisticsReportRequest>();
    ASSERT_EQ(report.by_size(), 2);
    EXPECT_EQ(report.by(0), pb::REPORT_BY_MONTH);
    EXPECT_EQ(report.by(1), pb::REPORT_BY_TYPE);
    for (const char* bad :
         {"month,month", "month,", ",month", "month,week", "MONTH", "month, type"})
        EXPECT_EQ(get("/statistics/report", {{"by", bad}}).status, 400) << bad;
    EXPECT_EQ(
        get("/reporting-rates/agencies", {{"month", "2026-10"}, {"status", "missing,due,not_due"}})
            .status,
        200);
    EXPECT_EQ(queries.last<pb::ListReportingRateAgenciesRequest>().status_size(), 3);
    EXPECT_EQ(get("/notices", {{"unread", "true"}}).status, 200);
    EXPECT_TRUE(queries.last<pb::ListNoticesRequest>().unread());
    EXPECT_EQ(get("/notices", {{"unread", "1"}}).status, 400);
    EXPECT_EQ(get("/unmatched", {{"band", "30"}}).status, 200);
    EXPECT_EQ(queries.last<pb::ListUnmatchedRequest>().band(), pb::UNMATCHED_BAND_30);
    EXPECT_EQ(get("/unmatched", {{"band", "8"}}).status, 400);
}

TEST_F(Reads, members_that_were_not_asked_for_are_left_out) {
    pb::GetStatisticsReportResponse report;
    auto& row = *report.add_rows();
    row.set_month(24321);
    row.set_records(2);
    row.set_minutes(60);
    EXPECT_EQ(to_json(report),
              R"({"updated_at":null,"rows":[{"month":"2026-10","records":2,"minutes":60}],)"
              R"("next_page_token":""})");
    pb::GetFindingStatisticsResponse counts;
    counts.add_rows()->set_findings(1);
    counts.add_rows()->set_severity(pb::SEVERITY_WARNING);
    EXPECT_EQ(to_json(counts),
              R"({"updated_at":null,"rows":[{"findings":1,"files":0},)"
              R"({"severity":"warning","findings":0,"files":0}],"next_page_token":""})");
    pb::ListReportingRateUnitsResponse units;
    auto& month = *units.add_units()->add_months();
    month.set_month(24321);
    month.mutable_live()->set_obliged(1);
    EXPECT_EQ(to_json(units),
              R"({"units":[{"agency":"","name":"","has_subordinates":false,"months":[)"
              R"({"month":"2026-10","obliged":1,"reported":0,"on_time":0,"frozen":null}]}],)"
              R"("next_page_token":""})");
}

TEST_F(Reads, a_webhook_lists_its_events_and_names_its_agency_only_where_it_is_told) {
    pb::GetWebhookResponse response;
    auto& webhook = *response.mutable_webhook();
    webhook.set_id("id");
    webhook.set_url("https://hooks.example/");
    webhook.add_events("deadline.near");
    webhook.add_events("deadline.passed");
    webhook.set_state("active");
    EXPECT_EQ(to_json(response), R"({"id":"id","url":"https://hooks.example/",)"
                                 R"("events":["deadline.near","deadline.passed"],"state":"active",)"
                                 R"("created_at":"1970-01-01T08:00:00.000+08:00",)"
                                 R"("last_success_at":null,"failing_since":null})");
    webhook.set_agency("Z00000001A");
    EXPECT_TRUE(to_json(response).ends_with(R"("failing_since":null,"agency":"Z00000001A"})"));
}

TEST_F(Reads, findings_have_the_documented_members) {
    pb::Finding finding;
    finding.set_submission_id("id");
    finding.set_file_name("a.json");
    finding.set_kind(pb::FINDING_KIND_LEAVE);
    finding.set_index(0);
    finding.set_pointer("/leave_records/0/location");
    finding.set_record_no("L1");
    finding.set_record_seq(1);
    finding.set_code("L18");
    finding.set_severity(pb::SEVERITY_ERROR);
    finding.set_field("location");
    finding.set_field_name("地點");
    finding.set_value("");
    finding.set_message("地點不得為空白");
    finding.set_message_en("blank");
    *queries.findings.add_findings() = finding;
    auto& past = *queries.history.add_findings();
    *past.mutable_finding() = finding;
    past.set_status(pb::FINDING_STATUS_FIXED);
    past.set_fixed_by("other");
    auto& group = *queries.groups.add_groups();
    group.set_code("L18");
    group.set_severity(pb::SEVERITY_ERROR);
    group.set_field("location");
    group.set_message("m");
    group.set_count(3);
    for (const auto index : {0, 5, 9}) group.add_first(static_cast<std::uint32_t>(index));
    const std::string members =
        "{\"submission_id\":\"id\",\"file_name\":\"a.json\",\"kind\":\"leave\",\"index\":0,"
        "\"pointer\":\"/"
        "leave_records/0/location\",\"record_no\":\"L1\",\"record_seq\":1,"
        "\"code\":\"L18\",\"severity\":\"error\",\"field\":\"location\",\"field_name\":\"地點\","
        "\"value\":"
        "\"\",\"expected\":null,\"message\":\"地點不得為空白\",\"message_en\":\"blank\"";
    EXPECT_EQ(get("/submissions/{submission_id}/findings").body,
              "{\"findings\":[" + members + "}],\"next_page_token\":\"\"}");
    EXPECT_EQ(get("/findings").body,
              "{\"findings\":[" + members +
                  ",\"status\":\"FIXED\",\"fixed_by\":\"other\"}],\"next_page_token\":\"\"}");
    EXPECT_EQ(
        get("/submissions/{submission_id}/groups").body,
        "{\"groups\":[{\"code\":\"L18\",\"severity\":\"error\",\"field\":\"location\",\"message\":"
        "\"m\",\"count\":3,\"first\":[0,5,9]}]}");
}

TEST_F(Reads, statistics_have_the_documented_members) {
    pb::MonthCounts january;
    january.set_month(1);
    january.set_leave(12);
    january.set_overtime(3);
    january.set_leave_minutes(5760);
    january.set_overtime_minutes(360);
    pb::GetMonthlyStatisticsResponse monthly;
    monthly.set_year(2026);
    monthly.set_total_agencies(1);
    monthly.set_page(1);
    auto& agency = *monthly.add_agencies();
    agency.set_agency("Z00000011A");
    agency.set_name("機關");
    agency.set_abolished_on(domain::parse_iso_day("2026-09-01").value());
    *agency.add_months() = january;
    *monthly.mutable_sum()->add_months() = january;
    EXPECT_EQ(
        to_json(monthly),
        "{\"year\":2026,\"updated_at\":null,\"total_agencies\":1,\"page\":1,\"agencies\":[{"
        "\"agency\":"
        "\"Z00000011A\",\"name\":\"機關\",\"supervising_agency\":null,"
        "\"abolished_on\":\"2026-09-01\",\"months\":[{\"month\":1,\"leave\":12,\"overtime\":3,"
        "\"leave_"
        "minutes\":5760,\"overtime_minutes\":360}]}],"
        "\"sum\":{\"months\":[{\"month\":1,\"leave\":12,\"overtime\":3,\"leave_minutes\":5760,"
        "\"overtime_minutes\":360}]},\"next_page_token\":\"\"}");
    pb::GetSummaryResponse summary;
    summary.set_page(1);
    summary.add_agencies();
    EXPECT_EQ(
        to_json(summary),
        "{\"updated_at\":null,\"total_agencies\":0,\"page\":1,\"agencies\":[{\"agency\":\"\","
        "\"name\":"
        "\"\",\"supervising_agency\":null,\"abolished_on\":null,"
        "\"last_submission_id\":null,\"last_submitted_at\":null,\"route\":null,\"state\":null,"
        "\"total\":null,\"correct\":null,\"errors\":null,\"warnings\":null}],"
        "\"next_page_token\":\"\"}");
    pb::GetReportingRatesResponse rates;
    rates.set_month(2026 * 12 + 9);
    rates.set_authority("Z00000011A");
    rates.set_deadline(domain::parse_iso_day("2026-11-20").value());
    rates.mutable_live()->set_obliged(3);
    rates.mutable_live()->set_reported(2);
    rates.mutable_live()->set_on_time(1);
    EXPECT_EQ(
        to_json(rates),
        "{\"month\":\"2026-10\",\"authority\":\"Z00000011A\",\"deadline\":\"2026-11-20\",\"live\":{"
        "\"obliged\":3,\"reported\":2,\"on_time\":1},\"frozen\":null}");
}

TEST_F(Reads, open_paths_serve_rules_format_and_sample) {
    domain::Rule on, off, later;
    on.code = "L18";
    on.scope = "record";
    off.code = "L26";
    off.enabled = false;
    later.code = "C07";
    later.valid_from = domain::parse_iso_day("2031-01-01");
    registry.registry->rules = domain::RuleSet("r1", {on, off, later});
    EXPECT_EQ(
        get("/rules").body,
        "{\"first_month\":\"2025-01\",\"ruleset\":\"r1\",\"rules\":[{\"code\":\"L18\",\"scope\":"
        "\"record\",\"severity\":\"error\",\"field\":\"\",\"message_zh\":\"\","
        "\"message_en\":\"\",\"valid_from\":null,\"valid_to\":null}]}");
    EXPECT_EQ(get("/format").body, "# 格式");
    EXPECT_EQ(get("/format").content_type, "text/markdown; charset=utf-8");
    EXPECT_EQ(get("/format/sample").body, "{}");
    EXPECT_EQ(get("/format/schema").body, R"({"$schema":"x"})");
    const auto shipped =
        read_open_documents(CHAIQIN_SOURCE_DIR "/docs", CHAIQIN_SOURCE_DIR "/schemas");
    EXPECT_FALSE(shipped.sample.empty());
    EXPECT_FALSE(shipped.schema.empty());
    EXPECT_EQ(shipped.explanations.at("L18").who_mends, "sender");
    EXPECT_NE(shipped.format_document.find("# 差勤資料交換格式"), std::string::npos);
    EXPECT_NE(shipped.format_document.find("# 檢核規則"), std::string::npos);
    EXPECT_THROW(read_open_documents("/nowhere", "/nowhere"), domain::ConfigError);
}

TEST_F(Reads, a_receipt_is_given_again_with_the_same_bytes) {
    domain::Receipt receipt = pending.receipt;
    receipt.received_at = domain::parse_rfc3339("2026-11-05T09:31:02.123+08:00").value();
    rpc::write_receipt(receipt, *queries.submission.mutable_submission());
    const auto answer = get("/submissions/{submission_id}/receipt");
    const auto jws = answer.body.substr(answer.body.find("\"receipt_jws\":\"") + 15);
    const auto claimed = crypto::claimed_receipt(jws.substr(0, jws.find('"')));
    ASSERT_TRUE(claimed) << answer.body;
    EXPECT_EQ(claimed->payload,
              R"({"submission_id":"01990000-0000-8000-8000-000000000001","agency":"Z00000011A",)"
              R"("file_name":"a.json","size_bytes":10,"sha256":"ab",)"
              R"("received_at":"2026-11-05T09:31:02.123+08:00"})");
    EXPECT_TRUE(answer.body.starts_with("{\"receipt\":" + claimed->payload + ",")) << answer.body;
    EXPECT_FALSE(answer.audit);
    queries.submission.set_others("submission x of Z00000099A");
    EXPECT_EQ(get("/submissions/{submission_id}/receipt").audit->action, "read receipt");
    queries.refuse = Refused::Why::not_found;
    pending.is_stored = true;
    EXPECT_EQ(get("/submissions/{submission_id}/receipt").status, 404);
}

TEST_F(Reads, a_rule_in_force_is_explained_and_no_other) {
    domain::Rule on, off, early, late;
    on.code = "L18";
    on.scope = "record";
    on.message_zh = "地點不得為空白";
    off.code = "X01";
    off.enabled = false;
    early.code = late.code = "X02";
    early.valid_to = domain::parse_iso_day("2026-11-09");
    late.valid_from = domain::parse_iso_day("2026-11-10");
    late.message_en = "late";
    registry.registry->rules = domain::RuleSet("r1", {on, off, early, late});
    request.captures = {"L18"};
    EXPECT_EQ(get("/rules/{code}").body,
              R"({"code":"L18","scope":"record","severity":"error","field":"",)"
              R"("message_zh":"地點不得為空白","message_en":"","valid_from":null,"valid_to":null,)"
              R"("explanation_zh":"說明。","explanation_en":"Why.","who_mends":"sender",)"
              R"("subject":"leave","wrong":{"location":""},"right":{"location":"家"}})");
    for (const auto* code : {"X01", "l18", "Z99"}) {
        request.captures = {code};
        EXPECT_EQ(get("/rules/{code}").status, 404) << code;
    }
}

TEST_F(Reads, the_format_can_be_saved) {
    EXPECT_TRUE(get("/format").headers.empty());
    const auto saved = get("/format", {{"download", "true"}});
    EXPECT_EQ(saved.body, "# 格式");
    EXPECT_EQ(saved.headers.at(0).first, "Content-Disposition");
    EXPECT_EQ(saved.headers.at(0).second.find("attachment; filename=\"________.md\"; "
                                              "filename*=UTF-8''%E5%B7%AE"),
              0u)
        << saved.headers.at(0).second;
    EXPECT_EQ(get("/format", {{"download", "yes"}}).status, 400);
}

}  // namespace
}  // namespace chaiqin::gateway
