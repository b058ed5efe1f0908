#pragma once
// The query service as it runs: a real database with every migration, the read-only role, the
// service, its gRPC server and client. A bearer token is just a name here; who it stands for is set
// by the test.
#include <gtest/gtest.h>

#include <map>

#include "domain/failure.hpp"
#include "postgres/query/read_store.hpp"
#include "query/service.hpp"
#include "rpc/query_client.hpp"
#include "rpc/query_server.hpp"
#include "support/scratch_database.hpp"

namespace chaiqin::testing {

using identity::Caller;
using identity::Role;

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

class QueryUnderTest {
public:
    QueryUnderTest() {
        database.run(registry_rows);
        callers["clerk of 11"] = {"s1",    "", "Z00000011A", {"Z00000012A"}, {Role::agency_clerk},
                                  "portal"};
        callers["clerk of 10"] = {"s2", "", "Z00000010A", {}, {Role::agency_clerk}, "portal"};
        callers["supervisor of 10"] = {"s3", "", "Z00000010A", {}, {Role::supervisor}, "portal"};
        callers["supervisor of 20"] = {"s4", "", "Z00000020A", {}, {Role::supervisor}, "portal"};
        callers["personnel of 10"] = {"s5",    "", "Z00000010A", {}, {Role::personnel_office},
                                      "portal"};
        callers["operator"] = {"s6", "", "Z00000000A", {}, {Role::operator_}, "portal"};
        callers["nobody"] = {"s7", "", "Z00000011A", {}, {}, "portal"};
    }

    rpc::Asker as(const std::string& token, const std::string& acting = "") {
        return {token, acting, std::chrono::steady_clock::now() + std::chrono::seconds(10)};
    }

    /// A receipt; `state`: RECEIVED, VALIDATED, MATCHED, COUNTED, COUNTED_PARTIAL, REJECTED_FILE.
    std::string file(int number, const std::string& agency, const std::string& received_at,
                     const std::string& state = "COUNTED") {
        const auto id = id_of(number);
        database.run(
            "INSERT INTO intake.receipt (submission_id, agency, file_name, route, size_bytes, "
            "sha256, received_at) VALUES ('" +
            id + "', '" + agency + "', 'f" + std::to_string(number) +
            ".json', 'WEBITR', 1383, 'ab', '" + received_at + "')");
        if (state == "RECEIVED") return id;
        const bool rejected = state == "REJECTED_FILE";
        database.run(
            "INSERT INTO validation.submission (submission_id, attempt, agency, partition, "
            "verdict, received_at, validated_at, file_name,"
            " route, sha256, ruleset, data_month, record_count, total, invalid, error_count, "
            "warning_count) VALUES ('" +
            id + "', 1, '" + agency + "', 0, '" + (rejected ? "REJECTED_FILE" : "ACCEPTED") +
            "', '" + received_at + "', now(), 'f', 'WEBITR', 'ab', 'r1', " +
            std::to_string(2026 * 12 + 9) + ", 10, " + (rejected ? "0, 0" : "10, 1") + ", 2, 1)");
        if (rejected || state == "VALIDATED") return id;
        database.run(
            "INSERT INTO matching.file (submission_id, agency, slot, received_at, matched_at, "
            "batch_id, data_month, zero_report, total, invalid,"
            " unchanged, stale, deletion, superseded, unmatched, counted, matcher_errors, "
            "matcher_warnings, t_warnings) VALUES ('" +
            id + "', '" + agency + "', 0, '" + received_at +
            "', now(), 1, 24321, false, 10, 2, 1, 0, 0, 1, 2, 4, 1, 1, 3)");
        if (state == "MATCHED") return id;
        database.run(
            "INSERT INTO statistics.counted (submission_id, counted_at, partial) VALUES ('" + id +
            "', '2026-11-06 01:00:00Z', " + (state == "COUNTED_PARTIAL" ? "true" : "false") + ")");
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
    std::unique_ptr<postgres::reading::ReadStore> store = postgres::reading::make_read_store(
        {.conninfo = database.conninfo("query"), .application_name = "query"}, 4);
    query::Service service{{.store = store.get(),
                            .verify = [this](const std::string& token) -> std::optional<Caller> {
                                const auto found = callers.find(token);
                                return found == callers.end() ? std::nullopt
                                                              : std::optional(found->second);
                            },
                            .now = [this] { return now; }}};
    std::unique_ptr<rpc::QueryServer> server = rpc::serve_queries(
        service,
        {.port = 0, .threads = 4, .on_failure = [this](const char*, const std::string& reason) {
             last_failure = reason;
         }});
    std::unique_ptr<rpc::QueryClient> client =
        rpc::connect_query_client("127.0.0.1:" + std::to_string(server->port()));
    std::string last_failure;
};

/// Why the question was refused; fails the test if it was answered.
template <class Ask>
std::optional<domain::Refused::Why> refusal(Ask&& ask) {
    try {
        ask();
    } catch (const domain::Refused& refused) {
        return refused.why;
    }
    return std::nullopt;
}

}  // namespace chaiqin::testing
