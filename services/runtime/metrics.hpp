#pragma once
// The numbers that a process shows at /metrics. What there is to count stands in one table
// (runtime/metrics_table.hpp); code that counts calls metrics() with the full name of a metric, and
// a name that is not in the table, or is of another type, does not compile. One set per process,
// opened in main; thread-safe afterwards.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/metrics_table.hpp"

namespace chaiqin::runtime {

/// The name of a metric of one type, looked up in the table by the compiler.
template <MetricType type>
class MetricName {
public:
    consteval MetricName(const char* name) {
        while (row_ < metrics_table.size() &&
               (metrics_table[row_].name != name || metrics_table[row_].type != type))
            ++row_;
        if (row_ == metrics_table.size()) throw "metrics_table has no such metric of this type";
    }
    std::size_t row() const { return row_; }

private:
    std::size_t row_ = 0;
};

class Metrics {
public:
    Metrics(std::string service, std::string version);
    ~Metrics();
    void add(MetricName<MetricType::counter> counter, double value = 1,
             std::string_view label_value = "");
    void set(MetricName<MetricType::gauge> gauge, double value, std::string_view label_value = "");
    void observe(MetricName<MetricType::histogram> histogram, double seconds,
                 std::string_view label_value = "");
    /// In Prometheus' exposition format.
    std::string text() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The process's one set of metrics.
Metrics& metrics();
/// Once, in main, before there are threads: names the service.
void open_metrics(std::string service, std::string version);

}  // namespace chaiqin::runtime
