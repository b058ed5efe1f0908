#include "domain/topics.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace chaiqin::domain {
namespace {

/// As the document names it: without "chaiqin." and the generation.
std::string without_generation(std::string_view topic) {
    const auto from = topic.find('.') + 1;
    return std::string(topic.substr(from, topic.rfind(".v") - from));
}

std::string readers_of(std::string_view topic) {
    for (const auto& stage : stages::all)
        if (stage.reads(topic)) return stage.service;
    return "operators";
}

TEST(Topics, stand_in_the_document_with_who_writes_and_reads_them) {
    std::ifstream file(CHAIQIN_SOURCE_DIR "/docs/events.md");
    std::stringstream document;
    document << file.rdbuf();
    for (const auto& topic : topics::all) {
        const auto row = "| `" + without_generation(topic.name) + "` | " +
                         std::string(topic.producers) + " → " + readers_of(topic.name) + " |";
        EXPECT_THAT(document.str(), testing::HasSubstr(row));
    }
}

TEST(Topics, every_topic_but_the_quarantine_is_read_by_one_stage) {
    for (const auto& topic : topics::all) {
        int readers = 0;
        for (const auto& stage : stages::all) readers += stage.reads(topic.name);
        EXPECT_EQ(readers, topic.name == topics::quarantine ? 0 : 1) << topic.name;
    }
}

TEST(Stages, read_their_topics_and_have_a_schema_each) {
    EXPECT_EQ(stages::validator.topic_names(),
              (std::vector<std::string>{std::string(topics::file_received)}));
    EXPECT_EQ(stages::notification.topic_names(),
              (std::vector<std::string>{std::string(topics::submission_updated),
                                        std::string(topics::filing_changed)}));
    EXPECT_EQ(stages::schema_list(), "validation, matching, statistics, notification");
}

}  // namespace
}  // namespace chaiqin::domain
