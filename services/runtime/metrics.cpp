#include "runtime/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>

#include "domain/failure.hpp"

namespace chaiqin::runtime {

namespace {

enum class Type { counter, gauge, histogram };

struct Row {
    Metric metric;
    Type type;
    const char* name;
    const char* help;
    const char* label;  ///< name of the one label, "" for none
};

constexpr std::array table{
    Row{Metric::build_info, Type::gauge, "chaiqin_build_info", "1; the label is the version",
        "version"},
    Row{Metric::stage_messages, Type::counter, "chaiqin_stage_messages_total",
        "messages by outcome", "outcome"},
    Row{Metric::stage_records, Type::counter, "chaiqin_stage_records_total",
        "record lines taken by the stage", ""},
    Row{Metric::stage_batch_seconds, Type::histogram, "chaiqin_stage_batch_seconds",
        "one batch from begin to commit", ""},
    Row{Metric::stage_lag_messages, Type::gauge, "chaiqin_stage_lag_messages",
        "messages not yet applied, by topic", "topic"},
    Row{Metric::stage_failures, Type::counter, "chaiqin_stage_failures_total", "failures by kind",
        "kind"},
    Row{Metric::outbox_oldest_seconds, Type::gauge, "chaiqin_outbox_oldest_seconds",
        "age of the oldest message not yet delivered", ""},
    Row{Metric::outbox_dead, Type::counter, "chaiqin_outbox_dead_total",
        "messages the broker refuses for good", ""},
    Row{Metric::quarantined, Type::counter, "chaiqin_quarantined_total",
        "messages put into quarantine", ""},
    Row{Metric::http_requests, Type::counter, "chaiqin_http_requests_total",
        "requests by status class", "status"},
    Row{Metric::http_seconds, Type::histogram, "chaiqin_http_seconds",
        "from the last body byte to the answer, by route", "route"},
    Row{Metric::receipts_waiting, Type::gauge, "chaiqin_receipts_waiting",
        "receipts not yet stored", ""},
    Row{Metric::conservation_difference, Type::gauge, "chaiqin_conservation_difference",
        "must be 0", ""},
    Row{Metric::deltas_unknown, Type::counter, "chaiqin_deltas_unknown_total",
        "announced batches that are not in the ledger", ""},
    Row{Metric::rematch_backlog, Type::gauge, "chaiqin_rematch_backlog",
        "Table 19 changes not yet re-matched", ""},
    Row{Metric::table19_rows, Type::gauge, "chaiqin_table19_rows", "rows in the matcher's memory",
        ""},
    Row{Metric::table19_load_progress, Type::gauge, "chaiqin_table19_load_progress_ratio",
        "share done of the Table 19 load at hand", ""},
    Row{Metric::mails, Type::counter, "chaiqin_mails_total", "mails by outcome", "outcome"},
    Row{Metric::registry_version, Type::gauge, "chaiqin_registry_version",
        "version of the registry in use", ""},
};

const Row& row_of(Metric metric) {
    for (const auto& row : table)
        if (row.metric == metric) return row;
    domain::broken_invariant("a metric is missing from the table of metrics");
}

std::unique_ptr<Metrics>& instance() {
    static auto one = std::make_unique<Metrics>("chaiqin", "unknown");
    return one;
}

}  // namespace

struct Metrics::State {
    std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
    std::map<Metric, prometheus::Family<prometheus::Counter>*> counters;
    std::map<Metric, prometheus::Family<prometheus::Gauge>*> gauges;
    std::map<Metric, prometheus::Family<prometheus::Histogram>*> histograms;

    static std::map<std::string, std::string> labels(Metric metric, std::string_view value) {
        const auto& row = row_of(metric);
        if (!*row.label) return {};
        return {{row.label, std::string(value)}};
    }
};

Metrics::Metrics(std::string service, std::string version) : state_(std::make_unique<State>()) {
    for (const auto& row : table) {
        const std::map<std::string, std::string> constant{{"service", service}};
        if (row.type == Type::counter)
            state_->counters[row.metric] =
                &prometheus::BuildCounter().Name(row.name).Help(row.help).Labels(constant).Register(
                    *state_->registry);
        else if (row.type == Type::gauge)
            state_->gauges[row.metric] =
                &prometheus::BuildGauge().Name(row.name).Help(row.help).Labels(constant).Register(
                    *state_->registry);
        else
            state_->histograms[row.metric] = &prometheus::BuildHistogram()
                                                  .Name(row.name)
                                                  .Help(row.help)
                                                  .Labels(constant)
                                                  .Register(*state_->registry);
    }
    set(Metric::build_info, 1, version);
}

Metrics::~Metrics() = default;

void Metrics::add(Metric metric, double value, std::string_view label) {
    state_->counters.at(metric)->Add(State::labels(metric, label)).Increment(value);
}

void Metrics::set(Metric metric, double value, std::string_view label) {
    state_->gauges.at(metric)->Add(State::labels(metric, label)).Set(value);
}

void Metrics::observe(Metric metric, double seconds, std::string_view label) {
    static const prometheus::Histogram::BucketBoundaries buckets{
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30};
    state_->histograms.at(metric)->Add(State::labels(metric, label), buckets).Observe(seconds);
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(state_->registry->Collect());
}

Metrics& metrics() { return *instance(); }

void open_metrics(std::string service, std::string version) {
    instance() = std::make_unique<Metrics>(std::move(service), std::move(version));
}

}  // namespace chaiqin::runtime
