#pragma once
// The matcher's stage, loader and stores on a real database, driven without Kafka: the ledger moves
// the progress row just as the stage loop does.
#include <gtest/gtest.h>

#include "agency_matcher/career_loader.hpp"
#include "agency_matcher/career_stage.hpp"
#include "agency_matcher/stage.hpp"
#include "domain/topics.hpp"
#include "postgres/matching/career_store.hpp"
#include "postgres/matching/matching_store.hpp"
#include "postgres/stage_ledger.hpp"
#include "runtime/metrics.hpp"
#include "support/matching_builders.hpp"
#include "support/scratch_database.hpp"
#include "wire/counts_changed.hpp"
#include "wire/file_validated.hpp"

namespace chaiqin::testing {

class FixedRegistry final : public domain::RegistrySource {
public:
    domain::RegistryPtr current() const override { return registry; }
    domain::RegistryPtr registry = small_registry();
};

/// Chunks go unsealed, a person's token is the spread of the number in the id's last four digits.
inline agency_matcher::CareerKeys open_keys() {
    class Size final : public agency_matcher::UploadDigest {
    public:
        void add(std::string_view bytes) override { size_ += bytes.size(); }
        std::string hex() override { return std::to_string(size_); }
        std::size_t size_ = 0;
    };
    return {[](const domain::WaitingLoad&, std::string_view sealed) { return std::string(sealed); },
            [](std::string_view id) {
                return spread(1000000 + std::stoul(std::string(id.substr(1, 8))));
            },
            [] { return std::make_unique<Size>(); }};
}

/// A made-up but valid citizen id that open_keys() turns into the token of `number`.
inline std::string person_id(int number) {
    char text[16];
    std::snprintf(text, sizeof text, "A1%07d", number % 10000000);
    int sum = 1 + 0 * 9;
    for (int i = 1; i < 9; ++i) sum += (text[i] - '0') * (9 - i);
    return std::string(text) + static_cast<char>('0' + (10 - sum % 10) % 10);
}
/// The number that a Line's token must have for the person.
inline std::uint64_t token_number(int number) {
    return 10000000u + static_cast<unsigned>(number % 10000000);
}

inline void add_rules(ScratchDatabase& database) {
    database.run(
        "INSERT INTO registry.rule (code, scope, severity, needs, service, note, enabled, field, "
        "message_zh, "
        "message_en, row_no)"
        " SELECT v.code, 'record', 'warning', '', 'agency_matcher', '', true, v.field, v.text, "
        "v.code, "
        "row_number() OVER ()"
        " FROM (VALUES "
        "('T01','person_id','查無此人'),('T02','person_id','早於'),('T03','person_id','中斷'),('"
        "T04','person_"
        "id','晚於'),"
        "('T05','org_code','不符，歸屬{org}'),('T06','org_code','依{規則}歸屬'),('T08','start_date'"
        ",'跨越'),("
        "'T09','start_date','留停')) AS v(code, field, text)");
}

struct MatcherUnderTest {
    explicit MatcherUnderTest(agency_matcher::Switches switches = {}) : switches_(switches) {
        postgres::Session session({database.conninfo(), "test"});
        for (const auto topic : {domain::topics::file_validated, domain::topics::career_received})
            postgres::make_progress_rows(session, "matching", "agency_matcher", std::string(topic),
                                         domain::agency_partition_count);
        add_rules(database);
    }

    postgres::SessionSettings session(const char* name) {
        return {database.conninfo("agency_matcher"), name};
    }

    /// One batch of one partition. Returns the event that was published.
    domain::CountsChanged apply(std::vector<domain::ValidatedFile> files) {
        const auto partition = domain::partition_of(files.at(0).agency);
        const runtime::TopicPartition at{std::string(domain::topics::file_validated), partition};
        std::vector<runtime::Message> batch;
        std::vector<std::string> ids;
        for (const auto& file : files) {
            runtime::Message message;
            message.payload = wire::encode(file);
            ids.push_back(file.submission_id + "/" + std::to_string(file.attempt));
            batch.push_back(std::move(message));
        }
        for (;;) {
            const auto progress = ledger->read(at);
            auto begun =
                ledger->begin(at, progress.next_offset,
                              progress.next_offset + static_cast<std::int64_t>(batch.size()));
            EXPECT_TRUE(begun.has_value());
            EXPECT_EQ(ledger->unapplied(*begun->work, ids).size(), batch.size());
            runtime::Outbox outbox;
            runtime::StageContext context{*begun->work, partition, begun->change_no, now};
            if (stage.apply(context, batch, outbox) == runtime::Applied::decide_again) {
                ++decided_again;
                continue;
            }
            ledger->commit(std::move(*begun));
            stage.committed(partition);
            EXPECT_EQ(outbox.messages().size(), 1u);
            return wire::decode_counts_changed(outbox.messages().at(0).payload);
        }
    }

    /// Upkeep of one partition until it wants none. Returns how many chunks.
    int upkeep(int partition) {
        int chunks = 0;
        const runtime::TopicPartition at{std::string(domain::topics::file_validated), partition};
        while (stage.wants_upkeep(partition, now)) {
            auto begun = ledger->begin_upkeep(at, ledger->read(at).next_offset);
            runtime::Outbox outbox;
            runtime::StageContext context{*begun->work, partition, begun->change_no, now};
            stage.upkeep(context, outbox);
            ledger->commit(std::move(*begun));
            stage.committed(partition);
            ++chunks;
        }
        return chunks;
    }
    void upkeep_everywhere() {
        for (int partition = 0; partition < domain::agency_partition_count; ++partition)
            upkeep(partition);
    }

    /// Puts an upload aside in pieces; the loader has not looked at it yet.
    void upload(int number, const std::string& csv,
                domain::LoadMode mode = domain::LoadMode::snapshot, bool force = false,
                const std::string& authority = north, std::size_t piece = 64) {
        for (std::size_t begin = 0, index = 0; begin < csv.size(); begin += piece, ++index)
            stage_chunk(number, csv, mode, force, authority, index, piece);
    }
    void stage_chunk(int number, const std::string& csv, domain::LoadMode mode, bool force,
                     const std::string& authority, std::size_t index, std::size_t piece) {
        domain::CareerChunk chunk;
        chunk.load_id = submission(number);
        chunk.authority = authority;
        chunk.mode = mode;
        chunk.force = force;
        chunk.index = static_cast<std::uint32_t>(index);
        chunk.sealed = csv.substr(index * piece, piece);
        chunk.received_at = now;
        if ((index + 1) * piece >= csv.size()) {
            chunk.last = true;
            chunk.total_bytes = csv.size();
            chunk.sha256 = std::to_string(csv.size());
        }
        auto work = writer.begin();
        staging->stage(*work, chunk);
        writer.commit(*work);
    }
    bool load_next() { return agency_matcher::apply_next_load(*loads, registry, keys, now); }
    /// Loads at once and brings memory and all partitions up to it.
    void load(int number, const std::string& csv,
              domain::LoadMode mode = domain::LoadMode::snapshot, bool force = false,
              const std::string& authority = north) {
        upload(number, csv, mode, force, authority, 4096);
        EXPECT_TRUE(load_next());
        memory.refresh();
    }

    /// The named columns of a load's row, separated by '|'; a null is empty.
    std::string load_row(int number, const std::vector<const char*>& columns) {
        const auto rows = database.run("SELECT * FROM matching.table19_load WHERE load_id = $1",
                                       submission(number));
        std::string all;
        for (const auto* column : columns)
            all += (all.empty() ? "" : "|") + std::string(rows.at(0)[column].c_str());
        return all;
    }

    /// The conservation law, from the records themselves.
    void expect_conserved() {
        EXPECT_EQ(
            database.table(
                "SELECT agency, month, kind, type, records, minutes FROM matching.recount "
                "ORDER BY 1, 2, 3, 4"),
            database.table("SELECT agency, month, kind, type, sum(records), sum(minutes) FROM "
                           "matching.count_delta"
                           " GROUP BY 1, 2, 3, 4 HAVING sum(records) <> 0 ORDER BY 1, 2, 3, 4"));
        EXPECT_EQ(database.value("SELECT count(*) FROM matching.file WHERE total <> invalid + "
                                 "unchanged + stale + deletion"
                                 " + superseded + unmatched + counted"),
                  "0");
        EXPECT_EQ(database.value(
                      "SELECT count(*) FROM matching.file f LEFT JOIN LATERAL (SELECT count(*) "
                      "FILTER (WHERE counted) AS counted,"
                      " count(*) FILTER (WHERE live AND NOT counted) AS unmatched, count(*) "
                      "FILTER (WHERE NOT head AND NOT deletion) AS superseded,"
                      " count(*) FILTER (WHERE deletion) AS deletion FROM matching.record r WHERE "
                      "r.submission_id = f.submission_id) r ON true"
                      " WHERE (f.counted, f.unmatched, f.superseded, f.deletion) <> (r.counted, "
                      "r.unmatched, r.superseded, r.deletion)"),
                  "0");
        EXPECT_EQ(database.value("SELECT count(*) FROM matching.unmatched_line"),
                  database.value("SELECT COALESCE(sum(unmatched), 0) FROM matching.file"));
        EXPECT_EQ(database.value("SELECT count(*) FROM matching.every_t_finding"),
                  database.value("SELECT COALESCE(sum(t_warnings), 0) FROM matching.file"));
        // At most one last word on an identity in an agency.
        EXPECT_EQ(
            database.value(
                "SELECT count(*) FROM (SELECT f.agency, substring(f.identity FROM p.at * 8 + 1 "
                "FOR 8) AS identity"
                " FROM matching.file_record f CROSS JOIN LATERAL generate_series(0, "
                "length(f.identity) / 8 - 1) AS p(at)"
                " WHERE f.outcome[p.at + 1] & 8192 = 0 GROUP BY 1, 2 HAVING count(*) > 1) twice"),
            "0");
        // Claims: live lines by sender, and by the agency they are attributed to when that is
        // another.
        EXPECT_EQ(
            database.table("SELECT o, month, count(*) FROM (SELECT agency AS o, month FROM "
                           "matching.record WHERE live"
                           " UNION ALL SELECT org, month FROM matching.record WHERE counted AND "
                           "org <> agency) c GROUP "
                           "BY 1, 2 ORDER BY 1, 2"),
            database.table(
                "SELECT agency, month, sum(delta) FROM matching.claim_delta WHERE NOT zero_report"
                " GROUP BY 1, 2 HAVING sum(delta) <> 0 ORDER BY 1, 2"));
    }

    /// Every live line: sender, identity, revision, minutes, agency it counts for.
    std::string live_lines() {
        return database.table(
            "SELECT f.agency, encode(substring(f.identity FROM p.at * 8 + 1 FOR 8), 'hex'),"
            " encode(substring(f.revision FROM p.at * 4 + 1 FOR 4), 'hex'), f.minutes[p.at + 1],"
            " CASE WHEN f.org[p.at + 1] > 0 THEN f.orgs[f.org[p.at + 1]] END"
            " FROM matching.file_record f CROSS JOIN LATERAL generate_series(0, length(f.identity) "
            "/ 8 - 1) "
            "AS p(at)"
            " WHERE f.outcome[p.at + 1] & 12288 = 0 ORDER BY 1, 2");
    }
    void forget_files() {
        database.run(
            "TRUNCATE matching.file, matching.file_record, matching.identity_prefix,"
            " matching.person_prefix, matching.noted, matching.unmatched_count,"
            " matching.unmatched_line, matching.first_receipt, matching.finding,"
            " matching.finding_group, matching.open_finding, matching.fixed, matching.batch,"
            " matching.count_delta, matching.claim_delta, matching.attribution_change,"
            " matching.rejected_seen, matching.applied, matching.outbox, portal.open_error");
    }

    ScratchDatabase database;
    agency_matcher::Switches switches_;
    domain::Instant now = domain::taipei_midnight(first_of_october + 40);
    FixedRegistry registry;
    agency_matcher::CareerKeys keys = open_keys();
    postgres::Session writer{session("writer")};
    std::unique_ptr<domain::MatchingStore> store = postgres::matching::make_matching_store();
    std::unique_ptr<domain::Table19Source> source =
        postgres::matching::make_table19_source(session("table19"));
    std::unique_ptr<domain::CareerStaging> staging = postgres::matching::make_career_staging();
    std::unique_ptr<domain::CareerLoads> loads =
        postgres::matching::make_career_loads(session("loader"));
    std::unique_ptr<runtime::StageLedger> ledger =
        postgres::make_stage_ledger({session("agency_matcher"), "matching", "agency_matcher"});
    agency_matcher::Table19Memory memory{*source};
    agency_matcher::MatcherStage stage{*store, registry, memory, switches_};
    int decided_again = 0;
};

/// A Table 19 upload: person number, seq, agency, start (ROC), end (ROC or "").
struct CareerLine {
    int person = 0, seq = 1;
    std::string org;
    std::string start = "1000101", end;
    int kind = 1;
};
inline std::string career_csv(const std::vector<CareerLine>& lines) {
    std::string csv = "person_id,seq,org_code,post_kind,start_date,end_date\n";
    for (const auto& line : lines)
        csv += person_id(line.person) + "," + std::to_string(line.seq) + "," + line.org + "," +
               (line.org.empty() ? "" : std::to_string(line.kind)) + "," +
               (line.org.empty() ? "" : line.start) + "," + line.end + "\n";
    return csv;
}

class MetricsEnvironment final : public ::testing::Environment {
public:
    void SetUp() override { runtime::open_metrics("test", "0"); }
};

}  // namespace chaiqin::testing
