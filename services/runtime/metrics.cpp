#include "runtime/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>

namespace chaiqin::runtime {

namespace {

template <class Metric>
using Families = std::array<prometheus::Family<Metric>*, metrics_table.size()>;

std::map<std::string, std::string> labels(const MetricRow& row, std::string_view value) {
    if (row.label.name.empty()) return {};
    return {{std::string(row.label.name), std::string(value)}};
}

std::unique_ptr<Metrics>& instance() {
    static auto one = std::make_unique<Metrics>("chaiqin", "unknown");
    return one;
}

}  // namespace

/// A family per row of the table, in the array of its type.
struct Metrics::State {
    std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
    Families<prometheus::Counter> counters{};
    Families<prometheus::Gauge> gauges{};
    Families<prometheus::Histogram> histograms{};
};

Metrics::Metrics(std::string service, std::string version) : state_(std::make_unique<State>()) {
    const auto open = [&](auto builder, const MetricRow& row) {
        return &builder.Name(std::string(row.name))
                    .Help(std::string(row.help))
                    .Labels({{"service", service}})
                    .Register(*state_->registry);
    };
    for (std::size_t i = 0; i < metrics_table.size(); ++i) {
        const auto& row = metrics_table[i];
        if (row.type == MetricType::counter)
            state_->counters[i] = open(prometheus::BuildCounter(), row);
        else if (row.type == MetricType::gauge)
            state_->gauges[i] = open(prometheus::BuildGauge(), row);
        else
            state_->histograms[i] = open(prometheus::BuildHistogram(), row);
    }
    set("chaiqin_build_info", 1, version);
}

Metrics::~Metrics() = default;

void Metrics::add(MetricName<MetricType::counter> counter, double value,
                  std::string_view label_value) {
    state_->counters[counter.row()]
        ->Add(labels(metrics_table[counter.row()], label_value))
        .Increment(value);
}

void Metrics::set(MetricName<MetricType::gauge> gauge, double value, std::string_view label_value) {
    state_->gauges[gauge.row()]->Add(labels(metrics_table[gauge.row()], label_value)).Set(value);
}

void Metrics::observe(MetricName<MetricType::histogram> histogram, double seconds,
                      std::string_view label_value) {
    const auto& row = metrics_table[histogram.row()];
    const prometheus::Histogram::BucketBoundaries buckets(row.buckets.begin(), row.buckets.end());
    state_->histograms[histogram.row()]->Add(labels(row, label_value), buckets).Observe(seconds);
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(state_->registry->Collect());
}

Metrics& metrics() { return *instance(); }

void open_metrics(std::string service, std::string version) {
    instance() = std::make_unique<Metrics>(std::move(service), std::move(version));
}

}  // namespace chaiqin::runtime
