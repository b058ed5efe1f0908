#include "domain/topics.hpp"

#include <algorithm>

namespace chaiqin::domain {

std::vector<std::string> StageTopics::topic_names() const {
    std::vector<std::string> names;
    for (const auto topic : topics)
        if (!topic.empty()) names.emplace_back(topic);
    return names;
}

bool topics::carries_mac(std::string_view topic) {
    return std::ranges::any_of(
        all, [&](const Topic& one) { return one.carries_mac && one.name == topic; });
}

namespace stages {

std::vector<std::string> schemas() {
    std::vector<std::string> names;
    for (const auto& stage : all)
        if (std::find(names.begin(), names.end(), stage.schema) == names.end())
            names.emplace_back(stage.schema);
    return names;
}

std::string schema_of(std::string_view name) {
    for (const auto& stage : all)
        if (name == stage.schema || name == stage.name || name == stage.service)
            return stage.schema;
    return {};
}

std::string schema_list() {
    std::string list;
    for (const auto& schema : schemas()) list += (list.empty() ? "" : ", ") + schema;
    return list;
}

}  // namespace stages

}  // namespace chaiqin::domain
