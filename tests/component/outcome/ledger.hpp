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
        return std::stoll(database.value(R"(
            INSERT INTO matching.batch (partition, made_at, by_rematch) VALUES (0, $1, $2)
            RETURNING id)",
                                         made_at, by_rematch));
    }
    void delta(std::int64_t batch, const std::string& agency, int records, int minutes,
               int type = 16, domain::Month month = october) {
        database.run(R"(
            INSERT INTO matching.count_delta (batch_id, agency, month, kind, type, records, minutes)
            VALUES ($1, $2, $3, $4, $5, $6, $7))",
                     batch, agency, month, type / 256, type % 256, records, minutes);
    }
    void claim(std::int64_t batch, const std::string& agency, int delta,
               const std::string& received_at, bool by_rematch = false, bool zero = false,
               domain::Month month = october) {
        database.run(R"(
            INSERT INTO matching.claim_delta
                (batch_id, agency, month, delta, received_at, by_rematch, zero_report)
            VALUES ($1, $2, $3, $4, $5, $6, $7))",
                     batch, agency, month, delta, received_at, by_rematch, zero);
    }
    void post(std::int64_t batch, const std::string& agency, domain::Month month = october - 12,
              int delta = 1) {
        database.run(R"(
            INSERT INTO matching.post_delta (batch_id, agency, month, delta)
            VALUES ($1, $2, $3, $4))",
                     batch, agency, month, delta);
    }
    void agency(const std::string& code) {
        database.run(R"(
            INSERT INTO registry.agency_version (org_code, effective_on, name)
            VALUES ($1, '2020-01-01', 'made-up agency'))",
                     code);
    }

    /// A verdict, a file row and its records, with the deltas that they make. Returns the batch.
    std::int64_t file(int number, const std::string& agency, const std::vector<Stored>& lines,
                      int invalid = 0,
                      const std::string& received_at = "2026-11-05T09:00:00+08:00") {
        const auto total = static_cast<int>(lines.size()) + invalid;
        verdict(number, agency, total, invalid, received_at);
        const auto made = batch();
        std::string days, minutes, kind_types, places, outcomes, orgs;
        int counted = 0, place = 0;
        for (const auto& line : lines) {
            const std::string comma = place++ ? "," : "";
            const bool unmatched = line.org.empty();
            days += comma + "20731";
            minutes += comma + std::to_string(line.minutes);
            kind_types += comma + std::to_string(line.kind_type);
            orgs += comma + (unmatched ? "none" : line.org);
            places += comma + std::to_string(unmatched ? 0 : place);
            outcomes += comma + (unmatched ? "8" : "0");
            counted += unmatched ? 0 : 1;
            if (!unmatched) delta(made, line.org, 1, line.minutes, line.kind_type);
            claim(made, agency, 1, received_at);
        }
        const auto array = [](const std::string& elements) { return "{" + elements + "}"; };
        database.run(R"(
            INSERT INTO matching.file_record VALUES
                ($1, $2, 0, $3, 0, 0, 0, $4, '', '', '', '', '', '', '', $5, $6, $7, $8, $9,
                 '', '', ''))",
                     submission(number), agency, received_at, array(orgs), array(days),
                     array(minutes), array(kind_types), array(places), array(outcomes));
        database.run(R"(
            INSERT INTO matching.file
                (submission_id, agency, slot, received_at, matched_at, batch_id, data_month,
                 zero_report, total, invalid, unchanged, stale, deletion, superseded,
                 unmatched, counted)
            VALUES ($1, $2, 0, $3, $4, $5, $6, false, $7, $8, 0, 0, 0, 0, $9, $10))",
                     submission(number), agency, received_at, made_at, made, october, total,
                     invalid, total - invalid - counted, counted);
        note_unmatched(number);
        return made;
    }
    /// Lines without a person stand among the noted ones, whose triggers keep the unmatched list.
    void note_unmatched(int number) {
        database.run(R"(
            INSERT INTO matching.noted
            SELECT f.submission_id, f.agency, f.received_at, 24321, array_agg(l.place - 1),
                   array_agg(l.place - 1), array_agg(l.place), array_agg(l.place),
                   array_agg(l.day), array_agg(l.kind_type), array_agg(l.outcome),
                   array_agg(''::text), array_agg(''::text), array_agg('L1'::text),
                   array_agg(1), array_agg('A1*******9'::text)
            FROM matching.file_record f
            CROSS JOIN LATERAL unnest(f.day, f.kind_type, f.outcome)
                WITH ORDINALITY AS l(day, kind_type, outcome, place)
            WHERE f.submission_id = $1 AND l.outcome & 8 <> 0
            GROUP BY f.submission_id, f.agency, f.received_at)",
                     submission(number));
    }
    void verdict(int number, const std::string& agency, int total, int invalid,
                 const std::string& received_at) {
        database.run(R"(
            INSERT INTO validation.submission
                (submission_id, attempt, agency, partition, verdict, received_at, validated_at,
                 file_name, route, sha256, ruleset, data_month, record_count, total, invalid,
                 error_count, warning_count)
            VALUES ($1, 1, $2, 0, 'ACCEPTED', $3, $3, 'a.json', 'WEBITR', 'x', 'r', $4, $5, $5,
                    $6, $7, 0))",
                     submission(number), agency, received_at, october, total, invalid, invalid);
    }
};

class OfficeRegistry final : public domain::RegistrySource {
public:
    domain::RegistryPtr current() const override { return registry_; }
    /// A calendar that knows one day alone: a day off.
    void declare_off(domain::Day day, domain::DeadlineRule rule = {}) {
        auto registry = std::make_shared<domain::Registry>();
        registry->calendar = domain::OfficeCalendar(day, {true}, rule);
        registry_ = std::move(registry);
    }

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
