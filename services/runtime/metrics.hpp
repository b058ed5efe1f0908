#pragma once
// All metrics of the product in one table: base units, bounded labels (never the agency).
// Thread-safe.
#include <memory>
#include <string>
#include <string_view>

namespace chaiqin::runtime {

enum class Metric {
    build_info,
    stage_messages,  ///< by outcome: applied, repeated, quarantined
    stage_records,   ///< record lines taken
    stage_batch_seconds,
    stage_lag_messages,
    stage_failures,  ///< by kind: transient, permanent, lost_ownership
    outbox_oldest_seconds,
    outbox_dead,
    quarantined,
    http_requests,  ///< by status class
    http_seconds,
    receipts_waiting,  ///< accepted while PostgreSQL was away
    conservation_difference,
    deltas_unknown,
    rematch_backlog,
    table19_rows,
    table19_load_progress,  ///< 0..1 of the load at hand
    mails,                  ///< by outcome: sent, failed
    registry_version,
};

class Metrics {
public:
    Metrics(std::string service, std::string version);
    ~Metrics();
    void add(Metric metric, double value = 1, std::string_view label = "");
    void set(Metric metric, double value, std::string_view label = "");
    void observe(Metric metric, double seconds, std::string_view label = "");
    std::string text() const;  ///< Prometheus exposition format

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The process's one set of metrics.
Metrics& metrics();
/// Once, in main, before there are threads: names the service.
void open_metrics(std::string service, std::string version);

}  // namespace chaiqin::runtime
