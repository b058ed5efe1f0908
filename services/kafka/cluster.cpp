#include "kafka/cluster.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "domain/failure.hpp"
#include "kafka/client.hpp"

namespace chaiqin::kafka {

namespace {

/// What order, loss and progress rest on: nobody sets it in a configuration.
constexpr std::string_view own_properties[] = {
    "bootstrap.servers",        "metadata.broker.list", "enable.idempotence", "acks",
    "request.required.acks",    "enable.auto.commit",   "auto.offset.reset",  "group.id",
    "enable.auto.offset.store", "transactional.id"};

struct DestroyConf {
    void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};

/// Its text without the line break at the end.
std::string text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) throw domain::ConfigError({"cannot read " + path});
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text;
}

/// Collects properties and what is wrong with them.
class Properties {
public:
    explicit Properties(const runtime::KafkaOptions& options) {
        for (const auto& one : options.properties) add("kafka_property", one, false);
        for (const auto& one : options.property_files) add("kafka_property_file", one, true);
    }

    std::map<std::string, std::string> values;
    std::vector<std::string> problems;

private:
    void add(const char* option, const std::string& written, bool is_file) {
        const auto equals = written.find('=');
        const auto name = written.substr(0, equals);
        if (equals == std::string::npos || name.empty()) {
            // Not repeated: what stands there may be a secret.
            problems.push_back(std::string(option) + ": name=" + (is_file ? "PATH" : "value") +
                               " is needed");
            return;
        }
        if (std::ranges::find(own_properties, name) != std::end(own_properties)) {
            problems.push_back(std::string(option) + ": " + name + " is set by the product");
            return;
        }
        try {
            set(option, name,
                is_file ? text_of(written.substr(equals + 1)) : written.substr(equals + 1));
        } catch (const domain::ConfigError& failure) {
            problems.push_back(std::string(option) + ": " + name + ": " + failure.problems.front());
        }
    }

    void set(const char* option, const std::string& name, const std::string& value) {
        char reason[512];
        const auto result =
            rd_kafka_conf_set(conf_.get(), name.c_str(), value.c_str(), reason, sizeof reason);
        if (result == RD_KAFKA_CONF_OK) {
            values[name] = value;
            return;
        }
        problems.push_back(std::string(option) + ": " + name +
                           (result == RD_KAFKA_CONF_UNKNOWN
                                ? ": librdkafka has no such property"
                                : ": librdkafka does not take this value"));
    }

    const std::unique_ptr<rd_kafka_conf_t, DestroyConf> conf_{rd_kafka_conf_new()};
};

}  // namespace

Cluster cluster_of(const std::string& brokers, const runtime::KafkaOptions& options) {
    Properties properties(options);
    if (!properties.problems.empty()) throw domain::ConfigError(std::move(properties.problems));
    Cluster cluster(brokers);
    cluster.properties = std::move(properties.values);
    return cluster;
}

std::vector<std::string> problems_of(const runtime::KafkaOptions& options) {
    return Properties(options).problems;
}

}  // namespace chaiqin::kafka
