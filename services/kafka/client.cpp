#include "kafka/client.hpp"

#include "domain/failure.hpp"
#include "runtime/log.hpp"

namespace chaiqin::kafka {

namespace {

void forward_log(const rd_kafka_t*, int level, const char* facility, const char* text) {
    if (level <= 3)
        runtime::log_warn("librdkafka", {{"facility", facility}, {"text", text}});
    else
        runtime::log_debug("librdkafka", {{"facility", facility}, {"text", text}});
}

}  // namespace

rd_kafka_conf_t* make_conf(const Cluster& cluster, std::map<std::string, std::string> properties) {
    properties["bootstrap.servers"] = cluster.brokers;
    for (const auto& [name, value] : cluster.properties) properties[name] = value;
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char reason[512];
    for (const auto& [name, value] : properties)
        if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof reason) !=
            RD_KAFKA_CONF_OK) {
            rd_kafka_conf_destroy(conf);
            throw domain::ConfigError({"kafka " + name + ": " + reason});
        }
    rd_kafka_conf_set_log_cb(conf, forward_log);
    return conf;
}

Client make_client(rd_kafka_type_t type, rd_kafka_conf_t* conf) {
    char reason[512];
    rd_kafka_t* handle = rd_kafka_new(type, conf, reason, sizeof reason);
    if (!handle) {
        rd_kafka_conf_destroy(conf);
        throw domain::TransientFailure(std::string("kafka client: ") + reason);
    }
    return Client(handle);
}

}  // namespace chaiqin::kafka
