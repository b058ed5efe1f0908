#include "runtime/config.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "domain/failure.hpp"

namespace chaiqin::runtime {
namespace {

struct Config : ::testing::Test {
    std::string file = ::testing::TempDir() + "chaiqin_config_test_" +
                       ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::string text = "from default";
    int number = 5;

    ~Config() override { std::filesystem::remove(file); }
    void write(const std::string& content) const { std::ofstream(file) << content; }
    void read(std::vector<std::string> arguments) {
        Options options("program", "for a test");
        options.text("some_text", text, "a text").number("some_number", number, "a number", 1, 10);
        read(options, std::move(arguments));
    }
    void read(Options& options, std::vector<std::string> arguments) {
        std::vector<const char*> argv{"program", "--config", file.c_str()};
        for (const auto& argument : arguments) argv.push_back(argument.c_str());
        options.read(static_cast<int>(argv.size()), argv.data());
    }
    std::vector<std::string> problems(const std::function<void()>& body) {
        try {
            body();
        } catch (const domain::ConfigError& failure) {
            return failure.problems;
        }
        return {};
    }
};

TEST_F(Config, takes_the_default_when_nothing_is_said) {
    write("");
    read({});
    EXPECT_EQ(text, "from default");
    EXPECT_EQ(number, 5);
}

TEST_F(Config, puts_flag_above_environment_above_file_above_default) {
    write("some_text=from file\nsome_number=6\n");
    read({});
    EXPECT_EQ(text, "from file");
    EXPECT_EQ(number, 6);
    setenv("CHAIQIN_SOME_TEXT", "from environment", 1);
    read({});
    EXPECT_EQ(text, "from environment");
    read({"--some_text", "from flag"});
    EXPECT_EQ(text, "from flag");
    unsetenv("CHAIQIN_SOME_TEXT");
}

TEST_F(Config, reads_values_with_blanks_equals_signs_and_quotes) {
    write(
        "# a comment\n; another\n[section]\n\n  some_text = host=127.0.0.1 port=5432 user=a \r\n");
    read({});
    EXPECT_EQ(text, "host=127.0.0.1 port=5432 user=a");
    write("some_text=\"  quoted # text\"");
    read({});
    EXPECT_EQ(text, "  quoted # text");
}

TEST_F(Config, names_what_it_does_not_know) {
    write("some_number=6\nsome_nummber=7\n");
    for (const auto& arguments : {std::vector<std::string>{}, {"--check-config"}}) {
        const auto all = problems([&] { read(arguments); });
        ASSERT_EQ(all.size(), 1u);
        EXPECT_EQ(all[0], file + ":2: some_nummber: there is no such option");
    }
}

TEST_F(Config, names_what_it_does_not_know_on_the_command_line) {
    write("some_nummber=7\n");
    for (const auto& more : {std::vector<std::string>{}, {"--check-config"}}) {
        std::vector<std::string> arguments{"--some_tekst=x", "--some_nummber", "6", "more"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        EXPECT_EQ(problems([&] { read(arguments); }),
                  (std::vector<std::string>{"--some_tekst: there is no such option",
                                            "--some_nummber: there is no such option",
                                            file + ":1: some_nummber: there is no such option"}));
    }
    write("");
    EXPECT_EQ(problems([&] { read({"more"}); }),
              std::vector<std::string>{"more: an option begins with --"});
    EXPECT_EQ(problems([&] { read({"--some_text"}); }).size(), 1u) << "without a value";
}

TEST_F(Config, takes_a_list_from_as_many_lines_as_there_are) {
    std::vector<std::string> all;
    const auto read_list = [&](std::vector<std::string> arguments) {
        all.clear();
        Options options("program", "for a test");
        options.list("some_list", all, "texts").text("some_text", text, "a text");
        read(options, std::move(arguments));
        return all;
    };
    write("some_list=a=1\nsome_text=one\nsome_list=b = 2\nsome_text=two\n");
    EXPECT_EQ(read_list({}), (std::vector<std::string>{"a=1", "b = 2"}));
    EXPECT_EQ(text, "two") << "of one value the last line counts";
    setenv("CHAIQIN_SOME_LIST", "c=3\n d=4 \n", 1);
    EXPECT_EQ(read_list({}), (std::vector<std::string>{"c=3", "d=4"}));
    EXPECT_EQ(read_list({"--some_list", "e=5", "--some_text", "x", "--some_list=f=6"}),
              (std::vector<std::string>{"e=5", "f=6"}));
    unsetenv("CHAIQIN_SOME_LIST");
}

TEST_F(Config, lets_the_adapter_of_kafka_judge_its_properties) {
    write("brokers=a:1\npostgres=b\nkafka_property=one=1\nkafka_property=two=2\n");
    CommonConfig config;
    Options options("program", "for a test");
    add_common(options, config, [](const KafkaOptions& given) { return given.properties; });
    EXPECT_EQ(problems([&] { read(options, {"--check-config"}); }),
              (std::vector<std::string>{"one=1", "two=2"}));
}

TEST_F(Config, tells_all_problems_at_once) {
    write("some_number=eleven\nnot a line\n");
    std::string needed;
    Options options("program", "for a test");
    options.number("some_number", number, "a number", 1, 10)
        .text("needed", needed, "a thing", true)
        .check([] { return std::string("two things do not fit"); });
    const auto all = problems([&] { read(options, {}); });
    ASSERT_EQ(all.size(), 4u);
    EXPECT_NE(all[0].find(":2: not name=value"), std::string::npos);
    EXPECT_EQ(all[1], "some_number: a number from 1 to 10 is needed, not \"eleven\"");
    EXPECT_EQ(all[2], "needed: is needed (a thing)");
    EXPECT_EQ(all[3], "two things do not fit");
}

TEST_F(Config, says_which_file_it_cannot_read) {
    const auto all = problems([&] { read({}); });
    ASSERT_EQ(all.size(), 1u);
    EXPECT_NE(all[0].find(file), std::string::npos);
}

TEST_F(Config, ends_after_looking_when_asked_to_check) {
    write("some_number=3\n");
    EXPECT_EXIT(read({"--check-config"}), ::testing::ExitedWithCode(0), "");
}

TEST_F(Config, wants_what_every_process_needs) {
    write("log_level=loud\n");
    CommonConfig config;
    Options options("program", "for a test");
    add_common(options, config);
    const auto all = problems([&] { read(options, {}); });
    EXPECT_EQ(all.size(), 3u);  // brokers, postgres, log_level
}

}  // namespace
}  // namespace chaiqin::runtime
