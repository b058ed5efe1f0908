#pragma once
// Every metric of the product, one row each. A new metric is a row here and the call that changes
// it: calls name the metric in full and are checked against this table when they are compiled, and
// docs/metrics.md is made from it. Base units, the unit last in the name, counters end in _total.
// A label has few possible values, which do not grow with the data: never an agency.
#include <array>
#include <span>
#include <string_view>

#include "domain/failure.hpp"

namespace chaiqin::runtime {

enum class MetricType { counter, gauge, histogram };

/// A possible value of a label and what it stands for.
struct LabelValue {
    std::string_view value, meaning;
};

struct Label {
    std::string_view name;
    std::span<const LabelValue> values;
    /// Which values are possible, if they are not listed.
    std::string_view any;
};

struct MetricRow {
    std::string_view name;
    MetricType type = MetricType::gauge;
    std::string_view help;
    /// Which processes have it.
    std::string_view who;
    /// Without a name if the metric has no label.
    Label label{};
    /// Upper bounds of a histogram's buckets.
    std::span<const double> buckets{};
};

namespace metric_parts {

inline constexpr double seconds[] = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,
                                     0.2,   0.5,   1,     2,    5,    10,   30};

inline constexpr LabelValue stage_outcomes[] = {
    {"applied", "its effects are committed"},
    {"repeated", "an event of this id was applied before; nothing was done"},
    {"quarantined", "the stage gave it up; it is kept in the quarantine"},
    {"of_an_older_store", "from before the database was set back; what did happen is sent anew"},
};
inline constexpr LabelValue failure_kinds[] = {
    {"transient", "PostgreSQL or Kafka did not answer, or a commit is in doubt; tried again"},
    {"deployment", "a state of the deployment that somebody must mend; nothing is committed"},
    {"permanent", "a message breaks the contract, tried on its own, or upkeep failed"},
    {"lost_ownership", "the stored progress is not where this process expected it"},
};
inline constexpr LabelValue waiting_reasons[] = {
    {domain::waiting_for::seal_key, "content is sealed with a key that is not in `keys_dir`"},
    {domain::waiting_for::events_key, "the key of events is not in `keys_dir`"},
    {domain::waiting_for::registry, "no registry can be used, and none was good before"},
    {domain::waiting_for::schema, "tables, columns or rights are not those that the program knows"},
    {domain::waiting_for::topics, "a partition has no row in the table of progress"},
    {domain::waiting_for::durability, "PostgreSQL could lose what it acknowledges"},
    {domain::waiting_for::quarantine, "20 messages went into quarantine within a minute"},
};
inline constexpr LabelValue status_classes[] = {
    {"2xx", "done"},
    {"3xx", "the client's copy is current"},
    {"4xx", "refused: the client must change something"},
    {"5xx", "the platform could not answer"},
};
/// Those of an agency first, as gateway/http/agency_shares.cpp has them; then those of an address.
inline constexpr LabelValue limits[] = {
    {"files", "files per second that an agency sends"},
    {"bytes", "bytes per second that an agency sends"},
    {"checks", "files per second that an agency has checked"},
    {"reads", "questions per second that an agency asks"},
    {"uploads", "requests with a body that an agency has under way"},
    {"bytes_in_flight", "bytes of bodies that an agency has under way"},
    {"waits", "questions with `wait` that an agency has under way"},
    {"loads", "Table 19 and agencies loads that an agency has under way"},
    {"exports", "exports that an agency, or the gateway, has under way"},
    {"opened_files", "stored files that an agency has open for their records"},
    {"logins", "requests to `/auth/` of an address"},
    {"open_requests", "requests without a token of an address"},
    {"open_bodies", "requests with a body and without a token that an address has under way"},
};
inline constexpr LabelValue login_results[] = {
    {"done", "a session was made"},
    {"refused", "cancelled, too late, or an answer that does not fit"},
    {"away", "the issuer or PostgreSQL did not answer"},
};
inline constexpr LabelValue mail_outcomes[] = {
    {"sent", "the mail server has taken it"},
    {"put off", "the mail server asked to try later"},
    {"refused", "the mail server refuses it for good"},
    {"server away", "the mail server does not answer"},
};

inline constexpr LabelValue webhook_outcomes[] = {
    {"delivered", "the receiver has answered 2xx"},
    {"put off", "no answer, or another one; tried again by the schedule"},
    {"given up", "the last retry has failed"},
    {"disabled", "the webhook is disabled: 410, or nothing delivered for five days"},
};

}  // namespace metric_parts

inline constexpr std::array metrics_table{
    MetricRow{
        .name = "chaiqin_build_info",
        .help = "Always 1. Which version runs.",
        .who = "all",
        .label = {.name = "version", .any = "the version of the program"},
    },
    MetricRow{
        .name = "chaiqin_stage_messages_total",
        .type = MetricType::counter,
        .help = "Messages that a stage has finished.",
        .who = "stages",
        .label = {.name = "outcome", .values = metric_parts::stage_outcomes},
    },
    MetricRow{
        .name = "chaiqin_stage_records_total",
        .type = MetricType::counter,
        .help = "Record lines (notification: notices) in the messages that a stage has taken.",
        .who = "stages",
    },
    MetricRow{
        .name = "chaiqin_stage_batch_seconds",
        .type = MetricType::histogram,
        .help = "Time from the begin of a batch to its commit.",
        .who = "stages",
        .buckets = metric_parts::seconds,
    },
    MetricRow{
        .name = "chaiqin_stage_lag_messages",
        .help = "Messages in the process's partitions that are not applied yet.",
        .who = "stages",
        .label = {.name = "topic", .any = "each topic that the stage reads"},
    },
    MetricRow{
        .name = "chaiqin_stage_failures_total",
        .type = MetricType::counter,
        .help = "Failures of a stage.",
        .who = "stages",
        .label = {.name = "kind", .values = metric_parts::failure_kinds},
    },
    MetricRow{
        .name = "chaiqin_stage_waiting",
        .help = "1 while something in the process waits until the deployment is mended.",
        .who = "stages",
        .label = {.name = "reason", .values = metric_parts::waiting_reasons},
    },
    MetricRow{
        .name = "chaiqin_outbox_oldest_seconds",
        .help = "Age of the oldest committed message that is not delivered to Kafka yet.",
        .who = "stages",
    },
    MetricRow{
        .name = "chaiqin_outbox_dead_total",
        .type = MetricType::counter,
        .help = "Messages that the broker refuses for good. They are kept in outbox_dead.",
        .who = "stages",
    },
    MetricRow{
        .name = "chaiqin_quarantined_total",
        .type = MetricType::counter,
        .help = "Messages put into quarantine.",
        .who = "stages",
    },
    MetricRow{
        .name = "chaiqin_logins_total",
        .type = MetricType::counter,
        .help = "Logins to the portal, by what became of them.",
        .who = "gateway",
        .label = {.name = "result", .values = metric_parts::login_results},
    },
    MetricRow{
        .name = "chaiqin_http_requests_total",
        .type = MetricType::counter,
        .help = "Requests that the gateway has answered.",
        .who = "gateway",
        .label = {.name = "status", .values = metric_parts::status_classes},
    },
    MetricRow{
        .name = "chaiqin_requests_limited_total",
        .type = MetricType::counter,
        .help = "Requests that the gateway has answered with 429, by the limit that was reached.",
        .who = "gateway",
        .label = {.name = "limit", .values = metric_parts::limits},
    },
    MetricRow{
        .name = "chaiqin_connections_full_total",
        .type = MetricType::counter,
        .help = "New connections that met a full server: the one idle for longest was closed for "
                "them, or they got a place of the reserve, or none.",
        .who = "gateway",
    },
    MetricRow{
        .name = "chaiqin_http_seconds",
        .type = MetricType::histogram,
        .help = "Time from the head of a request to its answer, reading the body included.",
        .who = "gateway",
        .buckets = metric_parts::seconds,
    },
    MetricRow{
        .name = "chaiqin_receipts_waiting",
        .help = "Accepted files whose receipt is not stored in PostgreSQL yet.",
        .who = "gateway",
    },
    MetricRow{
        .name = "chaiqin_freeze_overdue_seconds",
        .help = "For how long a month waits to be frozen after its deadline, because a file that "
                "was received in time is not counted; the longest of all months, 0 if none waits.",
        .who = "statistics_aggregator",
    },
    MetricRow{
        .name = "chaiqin_calendar_days_left",
        .help =
            "Days until the office calendar ends; negative after that. At 60 load the next year.",
        .who = "statistics_aggregator",
    },
    MetricRow{
        .name = "chaiqin_conservation_difference",
        .help = "By how much the published counts and the stored records differ. Must be 0.",
        .who = "statistics_aggregator",
    },
    MetricRow{
        .name = "chaiqin_deltas_unknown_total",
        .type = MetricType::counter,
        .help = "Batches that were announced but are not in the ledger.",
        .who = "statistics_aggregator",
    },
    MetricRow{
        .name = "chaiqin_rematch_backlog",
        .help = "Changes of Table 19 that are not matched again yet.",
        .who = "agency_matcher",
    },
    MetricRow{
        .name = "chaiqin_table19_rows",
        .help = "Rows of Table 19 in the matcher's memory.",
        .who = "agency_matcher",
    },
    MetricRow{
        .name = "chaiqin_table19_load_progress_ratio",
        .help = "How far the current load of Table 19 is, from 0 to 1.",
        .who = "agency_matcher",
    },
    MetricRow{
        .name = "chaiqin_mails_total",
        .type = MetricType::counter,
        .help = "Tries to send a mail.",
        .who = "notification",
        .label = {.name = "outcome", .values = metric_parts::mail_outcomes},
    },
    MetricRow{
        .name = "chaiqin_webhook_attempts_total",
        .type = MetricType::counter,
        .help = "Attempts to deliver to a webhook, by what became of the delivery.",
        .who = "notification",
        .label = {.name = "outcome", .values = metric_parts::webhook_outcomes},
    },
    MetricRow{
        .name = "chaiqin_registry_version",
        .help = "Version of the registry that the process uses.",
        .who = "gateway, stages",
    },
    MetricRow{
        .name = "chaiqin_registry_refused",
        .help = "1 while the newest registry cannot be used and the last good one stands in.",
        .who = "gateway, stages",
    },
};

}  // namespace chaiqin::runtime
