#include "runtime/config.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string_view>

#include "domain/failure.hpp"

namespace chaiqin::runtime {

namespace {

std::string environment_name(const std::string& name) {
    std::string text = "CHAIQIN_" + name;
    for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// A value in a configuration file, and the line where it stands.
struct FileValue {
    std::string text;
    int line = 0;
};

/// What stands in a configuration file, and the lines of it that nobody can read.
struct FileContent {
    std::map<std::string, std::vector<FileValue>> values;
    std::vector<std::string> problems;
};

/// name=value lines; # and ; begin comment lines, a [section] is passed over, quotes round a value
/// are taken off. Read here and not by CLI11, which would split a value at its blanks.
FileContent read_file(const std::string& path) {
    FileContent content;
    if (path.empty()) return content;
    std::ifstream in(path);
    if (!in) content.problems.push_back("config: cannot read " + path);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        const auto text = trimmed(line);
        if (text.empty() || text[0] == '#' || text[0] == ';' || text[0] == '[') continue;
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) {
            content.problems.push_back(path + ":" + std::to_string(number) + ": not name=value");
            continue;
        }
        auto value = trimmed(text.substr(equals + 1));
        if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
            value = value.substr(1, value.size() - 2);
        content.values[std::string(trimmed(text.substr(0, equals)))].push_back(
            {std::string(value), number});
    }
    return content;
}

/// Fills the options of `app` and returns what nobody can read of the arguments. --help ends the
/// process.
std::vector<std::string> parse_arguments(CLI::App& app, int argc, const char* const* argv) {
    app.allow_extras();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& failure) {
        if (failure.get_exit_code() == 0) std::exit(app.exit(failure));
        return {failure.what()};
    }
    std::vector<std::string> problems;
    const auto unknown = app.remaining();
    for (const auto& word : unknown)
        if (word.starts_with("--"))
            problems.push_back(word.substr(0, word.find('=')) + ": there is no such option");
    // Without an unknown option before it, a word is not the value of one.
    if (problems.empty())
        for (const auto& word : unknown) problems.push_back(word + ": an option begins with --");
    return problems;
}

}  // namespace

Options::Options(std::string program, std::string description)
    : program_(std::move(program)), description_(std::move(description)) {}

Options& Options::text(std::string name, std::string& target, std::string help, bool required) {
    options_.push_back(
        {std::move(name), std::move(help), target, required, [&target](const std::string& value) {
             target = value;
             return std::string();
         }});
    return *this;
}

Options& Options::list(std::string name, std::vector<std::string>& target, std::string help) {
    options_.push_back({std::move(name), std::move(help), "", false,
                        [&target](const std::string& value) {
                            target.push_back(value);
                            return std::string();
                        },
                        true});
    return *this;
}

Options& Options::number(std::string name, int& target, std::string help, int least, int most) {
    auto set = [&target, name, least, most](const std::string& value) -> std::string {
        int parsed = 0;
        const auto [end, failure] =
            std::from_chars(value.data(), value.data() + value.size(), parsed);
        if (failure != std::errc() || end != value.data() + value.size() || parsed < least ||
            parsed > most)
            return name + ": a number from " + std::to_string(least) + " to " +
                   std::to_string(most) + " is needed, not \"" + value + "\"";
        target = parsed;
        return {};
    };
    options_.push_back(
        {std::move(name), std::move(help), std::to_string(target), false, std::move(set)});
    return *this;
}

Options& Options::check(std::function<std::string()> problem) {
    return check_all([problem = std::move(problem)] {
        auto one = problem();
        return one.empty() ? std::vector<std::string>() : std::vector{std::move(one)};
    });
}

Options& Options::check_all(std::function<std::vector<std::string>()> problems) {
    checks_.push_back(std::move(problems));
    return *this;
}

std::vector<std::string> Options::given(const Option& option,
                                        const std::vector<std::string>& in_flags,
                                        const std::vector<std::string>& in_file) {
    if (!in_flags.empty()) return in_flags;
    const char* in_environment = std::getenv(environment_name(option.name).c_str());
    if (!in_environment) return in_file;
    if (!option.is_list) return {in_environment};
    std::vector<std::string> values;
    std::istringstream lines(in_environment);
    for (std::string line; std::getline(lines, line);)
        if (!trimmed(line).empty()) values.emplace_back(trimmed(line));
    return values;
}

void Options::read(int argc, const char* const* argv) {
    CLI::App app{description_, program_};
    app.footer(
        "Each option also stands in the file of --config (name=value) or in the environment "
        "(CHAIQIN_<NAME>).");
    std::string file;
    bool only_check = false;
    app.add_option("--config", file, "configuration file");
    app.add_flag("--check-config", only_check, "print all problems of the configuration and end");
    std::map<std::string, std::vector<std::string>> flags;
    for (const auto& option : options_)
        app.add_option("--" + option.name, flags[option.name], option.help)
            ->default_str(option.default_text)
            ->allow_extra_args(false)
            ->multi_option_policy(option.is_list ? CLI::MultiOptionPolicy::TakeAll
                                                 : CLI::MultiOptionPolicy::Throw);
    auto problems = parse_arguments(app, argc, argv);
    auto [in_file, file_problems] = read_file(file);
    problems.insert(problems.end(), file_problems.begin(), file_problems.end());
    for (const auto& [name, values] : in_file)
        if (!flags.contains(name))
            problems.push_back(file + ":" + std::to_string(values.back().line) + ": " + name +
                               ": there is no such option");
    for (const auto& option : options_) {
        std::vector<std::string> lines;
        if (const auto at = in_file.find(option.name); at != in_file.end())
            for (const auto& value : at->second) lines.push_back(value.text);
        // The last line of a file counts where an option has one value.
        if (!option.is_list && lines.size() > 1) lines = {lines.back()};
        const auto values = given(option, flags[option.name], lines);
        for (const auto& value : values)
            if (auto problem = option.set(value); !problem.empty())
                problems.push_back(std::move(problem));
        if (values.empty() && option.required)
            problems.push_back(option.name + ": is needed (" + option.help + ")");
    }
    for (const auto& check : checks_) {
        auto more = check();
        problems.insert(problems.end(), std::make_move_iterator(more.begin()),
                        std::make_move_iterator(more.end()));
    }
    if (!problems.empty()) throw domain::ConfigError(std::move(problems));
    if (only_check) {
        std::cout << program_ << ": the configuration is good\n";
        std::exit(0);
    }
}

void add_common(Options& options, CommonConfig& config, KafkaProblems problems) {
    options.text("brokers", config.brokers, "Kafka bootstrap servers, host:port[,…]", true)
        .list(
            "kafka_property", config.kafka.properties,
            "property of librdkafka, name=value, such as security.protocol=SASL_SSL; may be given "
            "several times")
        .list(
            "kafka_property_file", config.kafka.property_files,
            "the same with the value in a file, name=PATH, for secrets such as sasl.password; may "
            "be given several times")
        .check_all([&config, problems = std::move(problems)] {
            return problems ? problems(config.kafka) : std::vector<std::string>();
        })
        .text("postgres", config.postgres, "libpq connection string", true)
        .text("keys_dir", config.keys_dir, "directory of key files (chaiqin keys make)")
        .text("clock_file", config.clock_file, "test clock: file with offset_us=<microseconds>")
        .text("log_level", config.log_level, "debug, info, warn or error")
        .number("operations_port", config.operations_port, "port of /healthz /readyz /metrics", 0,
                65535)
        .check([&config]() -> std::string {
            for (const auto* level : {"debug", "info", "warn", "error"})
                if (config.log_level == level) return {};
            return "log_level: debug, info, warn or error is needed, not \"" + config.log_level +
                   "\"";
        });
}

}  // namespace chaiqin::runtime
