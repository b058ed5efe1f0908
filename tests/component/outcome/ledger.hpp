#pragma once
// A matcher's ledger and record store with made-up rows, and the aggregator's stage over it, driven
// without Kafka.
#include <gtest/gtest.h>

#include "postgres/session.hpp"
#include "postgres/statistics/filing_store.hpp"
#include "postgres/statistics/statistics_store.hpp"
#include "runtime/metrics.hpp"
#include "statistics_aggregator/stage.hpp"
#include "support/scratch_database.hpp"
#include "wire/counts_changed.hpp"

namespace chaiqin::testing {

inline constexpr domain::Month october = 2026 * 12 + 9;
inline const std::string north = "Z00000001A", east = "Z00000002B", west = "Z00000003C";

inline domain::Instant at(const std::string& rfc3339) {
    return domain::parse_rfc3339(rfc3339).value();
}
inline std::string quoted(const std::string& text) { return "'" + text + "'"; }
inline std::string submission(int number) {
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-8000-8000-%012d", number);
    return text;
}

/// One stored line of a file: leave type 16 of 60 minutes on 2026-10-05.
struct Stored {
    std::string org;  ///< "" = unmatched
    int minutes = 60;
    int kind_type = 16;
};

struct Ledger {
    ScratchDatabase database;
    std::string made_at = "2026-11-05T10:00:00+08:00";

    std::int64_t batch(bool by_rematch = false) {
        return std::stoll(database.value(
            "INSERT INTO matching.batch (partition, made_at, by_rematch) VALUES (0, '" + made_at +
            "', " + (by_rematch ? "true" : "false") + ") RETURNING id"));
    }
    void delta(std::int64_t batch, const std::string& agency, int records, int minutes,
               int type = 16, domain::Month month = october) {
        database.run("INSERT INTO matching.count_delta VALUES (" + std::to_string(batch) + ", " +
                     quoted(agency) + ", " + std::to_string(month) + ", " +
                     std::to_string(type / 256) + ", " + std::to_string(type % 256) + ", " +
                     std::to_string(records) + ", " + std::to_string(minutes) + ")");
    }
    void claim(std::int64_t batch, const std::string& agency, int delta,
               const std::string& received_at, bool by_rematch = false, bool zero = false,
               domain::Month month = october) {
        database.run("INSERT INTO matching.claim_delta VALUES (" + std::to_string(batch) + ", " +
                     quoted(agency) + ", " + std::to_string(month) + ", " + std::to_string(delta) +
                     ", '" + received_at + "', " + (by_rematch ? "true" : "false") + ", " +
                     (zero ? "true" : "false") + ")");
    }
    void post(std::int64_t batch, const std::string& agency, domain::Month month = october - 12,
              int delta = 1) {
        database.run("INSERT INTO matching.post_delta VALUES (" + std::to_string(batch) + ", " +
                     quoted(agency) + ", " + std::to_string(month) + ", " + std::to_string(delta) +
                     ")");
    }
    void agency(const std::string& code, const std::string& more_columns = "",
                const std::string& more_values = "") {
        database.run("INSERT INTO registry.agency_version (org_code, effective_on, name" +
                     more_columns + ") VALUES (" + quoted(code) +
                     ", '2020-01-01', 'made-up agency'" + more_values + ")");
    }

    /// A verdict, a file row and its records, with the deltas that they make. Returns the batch.
    std::int64_t file(int number, const std::string& agency, const std::vector<Stored>& lines,
                      int invalid = 0,
                      const std::string& received_at = "2026-11-05T09:00:00+08:00") {
        verdict(number, agency, static_cast<int>(lines.size()) + invalid, invalid, received_at);
        const auto made = batch();
        std::string day, minutes, kind_type, org, outcome, orgs;
        int counted = 0, place = 0;
        for (const auto& line : lines) {
            const char* comma = place++ ? "," : "";
            day += std::string(comma) + "20731";
            minutes += comma + std::to_string(line.minutes);
            kind_type += comma + std::to_string(line.kind_type);
            orgs += comma + (line.org.empty() ? "none" : line.org);
            org += comma + std::to_string(line.org.empty() ? 0 : place);
            outcome += std::string(comma) + (line.org.empty() ? "8" : "0");
            counted += line.org.empty() ? 0 : 1;
            if (!line.org.empty()) delta(made, line.org, 1, line.minutes, line.kind_type);
            claim(made, agency, 1, received_at);
        }
        const auto id = quoted(submission(number)), sender = quoted(agency);
        database.run("INSERT INTO matching.file_record VALUES (" + id + ", " + sender + ", 0, '" +
                     received_at + "', 0, 0, 0, '{" + orgs + "}', '', '', '', '', '', '', '', '{" +
                     day + "}', '{" + minutes + "}', '{" + kind_type + "}', '{" + org + "}', '{" +
                     outcome + "}', '', '', '')");
        database.run(
            "INSERT INTO matching.file (submission_id, agency, slot, received_at, matched_at, "
            "batch_id, "
            "data_month, zero_report, total,"
            " invalid, unchanged, stale, deletion, superseded, unmatched, counted) VALUES (" +
            id + ", " + sender + ", 0, '" + received_at + "', '" + made_at + "', " +
            std::to_string(made) + ", " + std::to_string(october) + ", false, " +
            std::to_string(static_cast<int>(lines.size()) + invalid) + ", " +
            std::to_string(invalid) + ", 0, 0, 0, 0, " +
            std::to_string(static_cast<int>(lines.size()) - counted) + ", " +
            std::to_string(counted) + ")");
        return made;
    }
    void verdict(int number, const std::string& agency, int total, int invalid,
                 const std::string& received_at) {
        database.run(
            "INSERT INTO validation.submission (submission_id, attempt, agency, partition, "
            "verdict, "
            "received_at, validated_at, file_name,"
            " route, sha256, ruleset, data_month, record_count, total, invalid, error_count, "
            "warning_count) "
            "VALUES (" +
            quoted(submission(number)) + ", 1, " + quoted(agency) + ", 0, 'ACCEPTED', '" +
            received_at + "', '" + received_at + "', 'a.json', 'WEBITR', 'x', 'r', " +
            std::to_string(october) + ", " + std::to_string(total) + ", " + std::to_string(total) +
            ", " + std::to_string(invalid) + ", " + std::to_string(invalid) + ", 0)");
    }
};

class OfficeRegistry final : public domain::RegistrySource {
public:
    domain::RegistryPtr current() const override { return registry_; }

private:
    domain::RegistryPtr registry_ = std::make_shared<domain::Registry>();
};

/// The aggregator's stage with a session of its role.
struct AggregatorUnderTest {
    explicit AggregatorUnderTest(Ledger& l, bool applied_ids = true)
        : ledger(l), store(postgres::statistics::make_statistics_store(applied_ids)) {}

    runtime::Outbox announce(std::vector<std::int64_t> batches,
                             std::vector<domain::CountedFile> files = {},
                             const std::string& now = "2026-11-05T10:00:01+08:00") {
        std::vector<runtime::Message> messages;
        for (const auto batch : batches) {
            runtime::Message message;
            message.payload = wire::encode(domain::CountsChanged{std::move(files), batch});
            files.clear();
            messages.push_back(std::move(message));
        }
        return in_transaction(
            now, [&](auto& context, auto& outbox) { stage.apply(context, messages, outbox); });
    }
    runtime::Outbox upkeep(const std::string& now) {
        return in_transaction(now, [&](auto& context, auto& outbox) {
            while (stage.wants_upkeep(0, at(now))) stage.upkeep(context, outbox);
        });
    }
    runtime::Outbox look_at_filings(const std::string& now) {
        return in_transaction(now,
                              [&](auto& context, auto& outbox) { filings.look(context, outbox); });
    }
    template <class Body>
    runtime::Outbox in_transaction(const std::string& now, Body&& body) {
        postgres::Session session(
            {ledger.database.conninfo("statistics_aggregator"), "statistics_aggregator test"});
        auto work = session.begin();
        runtime::Outbox outbox;
        runtime::StageContext context{*work, 0, 0, at(now)};
        body(context, outbox);
        session.commit(*work);
        return outbox;
    }

    Ledger& ledger;
    std::unique_ptr<domain::StatisticsStore> store;
    std::unique_ptr<domain::FilingStore> filing_store = postgres::statistics::make_filing_store();
    OfficeRegistry registry;
    std::map<std::int32_t, std::int64_t> input_ends{{0, 0}};
    statistics_aggregator::FilingWatch filings{*filing_store, registry,
                                               [this] { return input_ends; }};
    statistics_aggregator::AggregatorStage stage{*store, filings};
};

}  // namespace chaiqin::testing
