#pragma once
// Kafka as operators' commands reach it.
#include "cli/commands.hpp"
#include "domain/failure.hpp"
#include "kafka/cluster.hpp"

namespace chaiqin::cli {

/// ConfigError when the configuration does not say where the brokers are.
inline kafka::Cluster operator_cluster(const Surroundings& s) {
    if (s.brokers.empty())
        throw domain::ConfigError(
            {"--brokers is needed (or CHAIQIN_BROKERS, or a configuration file)"});
    return kafka::cluster_of(s.brokers, s.kafka);
}

}  // namespace chaiqin::cli
