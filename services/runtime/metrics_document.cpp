#include "runtime/metrics_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "domain/topics.hpp"
#include "runtime/metrics_table.hpp"

namespace chaiqin::runtime {

namespace {

constexpr const char* introduction =
    "# Metrics\n\n"
    "This document is made from the table of metrics (`services/runtime/metrics_table.hpp`): "
    "change "
    "the table, then run `chaiqin metrics > docs/metrics.md`. Which of them to watch, and what to "
    "do, stands in [operations](./operations.md#what-to-watch).\n\n"
    "Every process shows its metrics at `/metrics` of its operations port, in Prometheus' text "
    "format. Each of them has the label `service`, the name of the process. A metric appears once "
    "it was counted or set for the first time. \"Stages\" are ";
constexpr const char* head_of_list =
    "| metric | type | who | meaning |\n| --- | --- | --- | --- |\n";

/// "validator, agency_matcher and notification": the services that run a stage, each once.
std::string stages() {
    std::vector<std::string_view> names;
    for (const auto& stage : domain::stages::all)
        if (std::ranges::find(names, stage.service) == names.end()) names.push_back(stage.service);
    const auto last = names.back();
    names.pop_back();
    return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

const char* name_of(MetricType type) {
    switch (type) {
        case MetricType::counter:
            return "counter";
        case MetricType::gauge:
            return "gauge";
        case MetricType::histogram:
            return "histogram";
    }
    return "";
}

std::string labels() {
    std::string text =
        "\n## Labels\n\n| metric | label | value | meaning |\n| --- | --- | --- | --- |\n";
    for (const auto& row : metrics_table) {
        for (const auto& [value, meaning] : row.label.values)
            text += fmt::format("| `{}` | {} | `{}` | {} |\n", row.name, row.label.name, value,
                                meaning);
        if (!row.label.any.empty())
            text += fmt::format("| `{}` | {} | | {} |\n", row.name, row.label.name, row.label.any);
    }
    return text;
}

std::string buckets() {
    std::string text = "\n## Buckets of histograms\n\n| metric | upper bounds |\n| --- | --- |\n";
    for (const auto& row : metrics_table)
        if (!row.buckets.empty())
            text += fmt::format("| `{}` | {} |\n", row.name,
                                fmt::join(row.buckets.begin(), row.buckets.end(), ", "));
    return text;
}

}  // namespace

std::string metrics_document() {
    std::string text = introduction + stages() + ".\n\n" + head_of_list;
    for (const auto& row : metrics_table)
        text += fmt::format("| `{}` | {} | {} | {} |\n", row.name, name_of(row.type), row.who,
                            row.help);
    return text + labels() + buckets();
}

}  // namespace chaiqin::runtime
