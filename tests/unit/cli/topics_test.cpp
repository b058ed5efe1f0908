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

}  // namespace
}  // namespace chaiqin::kafka
