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
    Options& number(std::string name, int& target, std::string help, int least, int most);
    /// A check over several options; returns the problem or "".
    Options& check(std::function<std::string()> problem);

    /// Fills the targets. --help and --check-config print and end the process with 0 (or 78).
    void read(int argc, const char* const* argv);

private:
    struct Option {
        std::string name, help, default_text;
        bool required;
        std::function<std::string(const std::string&)> set;  ///< returns the problem or ""
    };
    std::string program_, description_;
    std::vector<Option> options_;
    std::vector<std::function<std::string()>> checks_;
};

/// What every process has.
struct CommonConfig {
    std::string brokers, postgres, keys_dir, clock_file, log_level = "info";
    int operations_port = 0;
};
void add_common(Options& options, CommonConfig& config);

}  // namespace chaiqin::runtime
