#include <CLI/CLI.hpp>
#include <cctype>
#include <cstdlib>
#include <string>

#include "cli/commands.hpp"

namespace chaiqin::cli {

void add_surroundings(CLI::App& app, Surroundings& s) {
    const char* file = std::getenv("CHAIQIN_CONFIG");
    app.set_config("--config", file ? file : "", "configuration file (name=value)");
    const auto add = [&app](const char* option, auto& target, const char* help) {
        auto variable = "CHAIQIN_" + std::string(option);
        for (auto& c : variable) c = static_cast<char>(std::toupper(c));
        app.add_option("--" + std::string(option), target, help)
            ->envname(variable)
            ->allow_extra_args(false);
    };
    add("brokers", s.brokers, "Kafka bootstrap servers");
    add("kafka_property", s.kafka.properties, "property of librdkafka, name=value");
    add("kafka_property_file", s.kafka.property_files, "the same with the value in a file");
    add("postgres", s.postgres, "libpq connection string of the owner");
    add("url", s.url, "the gateway, e.g. http://127.0.0.1:8800");
    add("token", s.token, "bearer token (deploy/token prints one)");
    add("keys_dir", s.keys_dir, "directory of key files");
    add("topics_file", s.topics_file, "topics.json");
    add("schemas_dir", s.schemas_dir, "the product's schemas/ directory");
    add("clock_file", s.clock_file, "the test clock of the stack, if it has one");
    app.allow_config_extras(CLI::config_extras_mode::error);
}

}  // namespace chaiqin::cli
