#include "domain/topics.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "kafka/admin.hpp"

namespace chaiqin::kafka {
namespace {

TEST(TopicsFile, makes_the_topics_of_the_table_with_their_partitions) {
    std::ifstream file(CHAIQIN_SOURCE_DIR "/deploy/kafka/topics.json");
    std::stringstream text;
    text << file.rdbuf();
    std::map<std::string, int> made, wanted;
    for (const auto& topic : read_topics(text.str())) made[topic.name] = topic.partitions;
    for (const auto& topic : domain::topics::all)
        wanted[std::string(topic.name)] = topic.partitions;
    EXPECT_EQ(made, wanted);
}

TEST(TopicsFile, says_how_many_copies_there_are_and_how_many_must_be_written) {
    std::ifstream file(CHAIQIN_SOURCE_DIR "/deploy/kafka/topics.json");
    std::stringstream text;
    text << file.rdbuf();
    auto json = text.str();
    for (const auto& topic : read_topics(json)) {
        EXPECT_EQ(topic.replicas, 1);
        EXPECT_EQ(topic.config.at("min.insync.replicas"), "1");
    }
    json.replace(json.find("\"replicas\": 1"), 13, "\"replicas\": 3");
    EXPECT_EQ(read_topics(json).at(0).replicas, 3);
}

}  // namespace
}  // namespace chaiqin::kafka
