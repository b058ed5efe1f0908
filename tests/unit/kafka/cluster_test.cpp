#include "kafka/cluster.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "domain/failure.hpp"
#include "kafka/producer.hpp"
#include "support/scratch_directory.hpp"

namespace chaiqin::kafka {
namespace {

using Problems = std::vector<std::string>;

struct ClusterOfConfiguration : ::testing::Test {
    const testing::ScratchDirectory directory;
    std::string file_with(const std::string& text) const {
        const std::string path = directory / "secret";
        std::ofstream(path) << text;
        return path;
    }
};

TEST_F(ClusterOfConfiguration, has_tls_and_sasl_with_secrets_from_files) {
    const auto cluster = cluster_of(
        "kafka:9093", {.properties = {"security.protocol=SASL_SSL", "sasl.mechanism=SCRAM-SHA-512",
                                      "sasl.username=validator"},
                       .property_files = {"sasl.password=" + file_with("a=b secret\n")}});
    EXPECT_EQ(cluster.brokers, "kafka:9093");
    EXPECT_EQ(cluster.properties,
              (std::map<std::string, std::string>{{"security.protocol", "SASL_SSL"},
                                                  {"sasl.mechanism", "SCRAM-SHA-512"},
                                                  {"sasl.username", "validator"},
                                                  {"sasl.password", "a=b secret"}}));
}

TEST_F(ClusterOfConfiguration, names_all_that_is_wrong_and_never_a_value) {
    const auto problems =
        problems_of({.properties = {"security.protocl=ssl", "security.protocol=secret1", "secret2",
                                    "acks=1", "bootstrap.servers=elsewhere:1"},
                     .property_files = {"sasl.password=" + std::string(directory / "none"),
                                        "group.id=" + file_with("x")}});
    EXPECT_EQ(
        problems,
        (Problems{
            "kafka_property: security.protocl: librdkafka has no such property",
            "kafka_property: security.protocol: librdkafka does not take this value",
            "kafka_property: name=value is needed", "kafka_property: acks is set by the product",
            "kafka_property: bootstrap.servers is set by the product",
            "kafka_property_file: sasl.password: cannot read " + std::string(directory / "none"),
            "kafka_property_file: group.id is set by the product"}));
    EXPECT_THROW((void)cluster_of("a:1", {.properties = {"nonsense=1"}, .property_files = {}}),
                 domain::ConfigError);
}

// A client that did not get the property would be made without a word.
TEST_F(ClusterOfConfiguration, reaches_the_clients) {
    const auto cluster = cluster_of(
        "127.0.0.1:1", {.properties = {"security.protocol=ssl", "ssl.ca.location=/no/such/file"},
                        .property_files = {}});
    EXPECT_THROW((void)make_producer({.cluster = cluster}), domain::TransientFailure);
    EXPECT_NO_THROW((void)make_producer({.cluster = "127.0.0.1:1"}));
}

}  // namespace
}  // namespace chaiqin::kafka
