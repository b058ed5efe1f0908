#pragma once
// Options of a process: flag > environment (CHAIQIN_<NAME>) > file (--config, key=value lines) >
// default. Read once, in main. All problems, such as a name that no option has, are
// reported together (ConfigError, exit 78); --check-config only looks.
#include <functional>
#include <string>
#include <vector>

namespace chaiqin::runtime {

class Options {
public:
    Options(std::string program, std::string description);

    Options& text(std::string name, std::string& target, std::string help, bool required = false);
    /// One value each time it is given; in the environment one a line.
    Options& list(std::string name, std::vector<std::string>& target, std::string help);
    Options& number(std::string name, int& target, std::string help, int least, int most);
    /// A check over several options; returns the problem or "".
    Options& check(std::function<std::string()> problem);
    Options& check_all(std::function<std::vector<std::string>()> problems);

    /// Fills the targets. --help and --check-config print and end the process with 0 (or 78).
    void read(int argc, const char* const* argv);

private:
    struct Option {
        std::string name, help, default_text;
        bool required;
        std::function<std::string(const std::string&)> set;  ///< returns the problem or ""
        bool is_list = false;
    };
    /// What is given for an option: flags before environment before file.
    static std::vector<std::string> given(const Option& option,
                                          const std::vector<std::string>& in_flags,
                                          const std::vector<std::string>& in_file);
    std::string program_, description_;
    std::vector<Option> options_;
    std::vector<std::function<std::vector<std::string>()>> checks_;
};

/// Properties of librdkafka, such as TLS and SASL: name=value, or name=PATH where the value stands
/// in a file (secrets).
struct KafkaOptions {
    std::vector<std::string> properties, property_files;
};

/// What every process has.
struct CommonConfig {
    std::string brokers, postgres, keys_dir, clock_file, log_level = "info";
    int operations_port = 0;
    KafkaOptions kafka;
};
/// What is wrong with the properties; only the adapter of Kafka can tell.
using KafkaProblems = std::function<std::vector<std::string>(const KafkaOptions&)>;
void add_common(Options& options, CommonConfig& config, KafkaProblems problems = {});

}  // namespace chaiqin::runtime
