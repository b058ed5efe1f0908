#pragma once
// The query service as it runs: a real database with every migration, the read-only role, the
// service, its gRPC server and client. A bearer token is just a name here; who it stands for is set
// by the test. A question is asked by the type of its answer, and its request is written by the
// names of its fields: ask<pb::ListSubmissionsResponse>(q.as("operator"), "page_size: 3").
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <map>

#include "chaiqin/query/v1/query.pb.h"
#include "domain/failure.hpp"
#include "postgres/read_sessions.hpp"
#include "query/service.hpp"
#include "rpc/query_client.hpp"
#include "rpc/query_server.hpp"
#include "rpc/read_methods.hpp"
#include "support/scratch_database.hpp"

namespace chaiqin::testing {

using identity::Caller;
using identity::Role;
namespace pb = chaiqin::query::v1;
using Why = rpc::Refused::Why;

/// Z00000000A over Z00000010A (over Z00000011A, Z00000012A) and Z00000020A; Z00000021A went from 10
/// to 20 on 2026-07-01; Z00000012A was abolished on 2026-09-01.
inline const char* registry_rows =
    "INSERT INTO registry.agency_version (org_code, effective_on, name, supervising_org_code, "
    "established_on, abolished_on, successor_org_code) VALUES"
    " ('Z00000000A', '2020-01-01', '院', NULL, NULL, NULL, NULL),"
    " ('Z00000010A', '2020-01-01', '甲部', 'Z00000000A', '2020-01-01', NULL, NULL),"
    " ('Z00000011A', '2020-01-01', '甲一局', 'Z00000010A', NULL, NULL, NULL),"
    " ('Z00000012A', '2020-01-01', '甲二局', 'Z00000010A', NULL, '2026-09-01', 'Z00000011A'),"
    " ('Z00000020A', '2020-01-01', '乙部', 'Z00000000A', NULL, NULL, NULL),"
    " ('Z00000021A', '2020-01-01', '遷局', 'Z00000010A', NULL, NULL, NULL),"
    " ('Z00000021A', '2026-07-01', '遷局', 'Z00000020A', NULL, NULL, NULL);"
    "INSERT INTO registry.rule (code, scope, severity, needs, service, note, enabled, field, "
    "message_zh, message_en, row_no)"
    " SELECT v.code, 'record', 'warning', '', '', '', true, v.field, v.text, v.code, row_number() "
    "OVER ()"
    " FROM (VALUES "
    "('T01','person_id','查無此人'),('T02','person_id','早於'),('T05','org_code','"
    "服務機關與表19不符，歸屬{org}'),"
    "('F11','','與批次{n}相同')) AS v(code, field, text);"
    "INSERT INTO registry.leave_type (code, name, unit_minutes, day_basis, limit_period, "
    "official_duty, sub_types, needs_sub_type,"
    " needs_event_date, needs_location, note, row_no) VALUES (16, '休假', 60, 'working', '', "
    "false, '', false, false, '0', '', 1);"
    "UPDATE registry.version SET version = version + 1;";

/// The method that gives answers of this type.
template <class Answer>
const google::protobuf::MethodDescriptor& method_with() {
    for (const auto& read : rpc::read_methods())
        if (read.method->output_type() == Answer::descriptor()) return *read.method;
    throw std::logic_error("no method answers with " + Answer::descriptor()->full_name());
}

inline void fill(google::protobuf::Message& request, const std::string& fields) {
    if (!google::protobuf::TextFormat::ParseFromString(fields, &request))
        throw std::logic_error("not a request: " + fields);
}
/// "agency: 'Z00000011A' page_size: 3"
template <class Request>
Request request(const std::string& fields) {
    Request made;
    fill(made, fields);
    return made;
}
template <class Request>
Request of_submission(const std::string& submission_id, const std::string& fields = "") {
    auto made = request<Request>(fields);
    made.set_submission_id(submission_id);
    return made;
}

template <class Answer>
Answer ask(rpc::Questions& questions, const rpc::Asker& asker,
           const google::protobuf::Message& request) {
    return dynamic_cast<const Answer&>(*questions.ask(asker, method_with<Answer>(), request));
}

class QueryUnderTest {
public:
    QueryUnderTest() {
        database.run(registry_rows);
        callers["clerk of 11"] = caller("s1", "Z00000011A", Role::agency_clerk, {"Z00000012A"});
        callers["clerk of 10"] = caller("s2", "Z00000010A", Role::agency_clerk);
        callers["supervisor of 10"] = caller("s3", "Z00000010A", Role::supervisor);
        callers["supervisor of 20"] = caller("s4", "Z00000020A", Role::supervisor);
        callers["personnel of 10"] = caller("s5", "Z00000010A", Role::personnel_office);
        callers["personnel of 20"] = caller("s8", "Z00000020A", Role::personnel_office);
        callers["operator"] = caller("s6", "Z00000000A", Role::operator_);
        callers["nobody"] = caller("s7", "Z00000011A", std::nullopt);
    }

    rpc::Asker as(const std::string& token, const std::string& acting = "") {
        return {token, acting, std::chrono::steady_clock::now() + std::chrono::seconds(10)};
    }

    template <class Answer>
    Answer ask(const rpc::Asker& asker, const google::protobuf::Message& request) {
        return testing::ask<Answer>(*client, asker, request);
    }
    template <class Answer>
    Answer ask(const rpc::Asker& asker, const std::string& fields = "") {
        const auto request = rpc::new_message(*method_with<Answer>().input_type());
        fill(*request, fields);
        return ask<Answer>(asker, *request);
    }
    /// Why the question is refused, if it is. `request`: as for `ask`.
    template <class Answer, class... Request>
    std::optional<Why> refusal(const rpc::Asker& asker, const Request&... request) {
        try {
            (void)ask<Answer>(asker, request...);
        } catch (const rpc::Refused& refused) {
            return refused.why;
        }
        return std::nullopt;
    }
    /// All pages of a list, each asked for with the token of the one before.
    template <class Answer, class Request>
    std::vector<Answer> pages(const rpc::Asker& asker, Request request) {
        std::vector<Answer> all;
        do {
            all.push_back(ask<Answer>(asker, request));
            request.set_page_token(all.back().next_page_token());
        } while (!request.page_token().empty() && all.size() < 100);
        EXPECT_EQ(request.page_token(), "") << "the list does not end";
        return all;
    }

    /// A receipt; `state`: RECEIVED, VALIDATED, MATCHED, COUNTED, COUNTED_PARTIAL, REJECTED_FILE.
    std::string file(int number, const std::string& agency, const std::string& received_at,
                     const std::string& state = "COUNTED") {
        const auto id = id_of(number);
        add_receipt(id, number, agency, received_at);
        if (state == "RECEIVED") return id;
        const bool rejected = state == "REJECTED_FILE";
        add_verdict(id, agency, received_at, rejected);
        if (rejected || state == "VALIDATED") return id;
        add_match(id, agency, received_at);
        if (state == "MATCHED") return id;
        database.run(
            "INSERT INTO statistics.counted (submission_id, counted_at, partial)"
            " VALUES ($1, '2026-11-06 01:00:00Z', $2)",
            id, state == "COUNTED_PARTIAL");
        return id;
    }
    static std::string id_of(int number) {
        char text[40];
        std::snprintf(text, sizeof text, "01990000-0000-8000-8000-%012d", number);
        return text;
    }

    ScratchDatabase database;
    std::map<std::string, Caller> callers;
    domain::Instant now = domain::parse_rfc3339("2026-11-10T10:00:00+08:00").value();
    postgres::ReadSessions sessions{
        {.conninfo = database.conninfo("query"), .application_name = "query"}, 4};
    query::Service service{
        {.database = sessions,
         .verify = [this](const std::string& token) -> std::optional<Caller> {
             const auto found = callers.find(token);
             return found == callers.end() ? std::nullopt : std::optional(found->second);
         },
         .now = [this] { return now; },
         .known = {.person_of = [](const std::string& sub) { return "hash of " + sub; },
                   .first_month = 24300}}};
    std::string last_failure;
    std::unique_ptr<rpc::QueryServer> server = rpc::serve_questions(
        service,
        {.port = 0, .threads = 4, .on_failure = [this](const char*, const std::string& reason) {
             last_failure = reason;
         }});
    std::unique_ptr<rpc::QueryClient> client =
        rpc::connect_query_client("127.0.0.1:" + std::to_string(server->port()));

private:
    static Caller caller(const std::string& subject, const std::string& agency,
                         std::optional<Role> role,
                         const std::vector<std::string>& delegated_agencies = {}) {
        return {.sub = subject,
                .name = "",
                .agency = agency,
                .delegated_agencies = delegated_agencies,
                .roles = role ? std::set{*role} : std::set<Role>{},
                .client_kind = "portal"};
    }
    void add_receipt(const std::string& id, int number, const std::string& agency,
                     const std::string& received_at) {
        database.run(
            "INSERT INTO intake.receipt (submission_id, agency, file_name, route, size_bytes,"
            " sha256, received_at) VALUES ($1, $2, 'f' || $3::text || '.json', 'WEBITR', 1383,"
            " 'ab', $4)",
            id, agency, number, received_at);
    }
    void add_verdict(const std::string& id, const std::string& agency,
                     const std::string& received_at, bool rejected) {
        database.run(
            "INSERT INTO validation.submission (submission_id, attempt, agency, partition,"
            " verdict, received_at, validated_at, file_name, route, sha256, ruleset, data_month,"
            " record_count, total, invalid, error_count, warning_count)"
            " VALUES ($1, 1, $2, 0, CASE WHEN $4::boolean THEN 'REJECTED_FILE' ELSE 'ACCEPTED' END,"
            " $3, now(), 'f', 'WEBITR', 'ab', 'r1', 24321, 10, CASE WHEN $4 THEN 0 ELSE 10 END,"
            " CASE WHEN $4 THEN 0 ELSE 1 END, 2, 1)",
            id, agency, received_at, rejected);
    }
    void add_match(const std::string& id, const std::string& agency,
                   const std::string& received_at) {
        database.run(
            "INSERT INTO matching.file (submission_id, agency, slot, received_at, matched_at,"
            " batch_id, data_month, zero_report, total, invalid, unchanged, stale, deletion,"
            " superseded, unmatched, counted, matcher_errors, matcher_warnings, t_warnings)"
            " VALUES ($1, $2, 0, $3, now(), 1, 24321, false, 10, 2, 1, 0, 0, 1, 2, 4, 1, 1, 3)",
            id, agency, received_at);
    }
};

/// A test that asks the query service. All tests of one fixture share one service and database, and
/// each begins by emptying the tables that it fills.
template <class Fixture>
class QueryTest : public ::testing::Test {
protected:
    static QueryUnderTest& stack() {
        static QueryUnderTest one;
        return one;
    }
    QueryUnderTest& q = stack();
};

}  // namespace chaiqin::testing
