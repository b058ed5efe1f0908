#include "cli/replay.hpp"

#include <gtest/gtest.h>

#include "domain/topics.hpp"
#include "wire/file_validated.hpp"

namespace chaiqin::cli {
namespace {

runtime::Message quarantined(std::string_view topic, const std::string& id,
                             const std::string& attempt) {
    runtime::Message message;
    message.topic = topic;
    message.partition = 5;
    message.key = "Z00000001A";
    message.headers = {{"ce_id", id}, {"route", "WEBITR"}};
    if (!attempt.empty()) message.headers.emplace_back("attempt", attempt);
    message.payload = "bytes";
    return message;
}

std::string header(const runtime::OutgoingMessage& message, std::string_view name) {
    for (const auto& [key, value] : message.headers)
        if (key == name) return value;
    return "";
}

TEST(Replay, a_file_goes_again_as_its_next_attempt_to_where_it_came_from) {
    const auto replay = replay_of(quarantined(domain::topics::file_received, "0199/1", "1"));
    EXPECT_EQ(replay.attempt, 2);
    EXPECT_EQ(replay.message.event_id, "0199/2");
    EXPECT_EQ(header(replay.message, "ce_id"), "0199/2");
    EXPECT_EQ(header(replay.message, "attempt"), "2");
    EXPECT_EQ(header(replay.message, "route"), "WEBITR");
    EXPECT_EQ(replay.message.topic, domain::topics::file_received);
    EXPECT_EQ(replay.message.partition, 5);
    EXPECT_EQ(replay.message.payload, "bytes");
}

TEST(Replay, a_validated_file_carries_the_attempt_inside_too) {
    domain::ValidatedFile file;
    file.submission_id = "00000000-0000-8000-8000-000000000001";
    file.agency = "Z00000001A";
    auto message = quarantined(domain::topics::file_validated, file.submission_id + "/9", "9");
    message.payload = wire::encode(file);
    const auto replay = replay_of(message);
    EXPECT_EQ(replay.message.event_id, file.submission_id + "/10");
    EXPECT_EQ(wire::decode_file_validated(replay.message.payload).attempt, 10u);
}

TEST(Replay, an_event_of_another_kind_keeps_its_id) {
    EXPECT_EQ(
        replay_of(quarantined(domain::topics::counts_changed, "batch/12", "")).message.event_id,
        "batch/12");
    EXPECT_EQ(replay_of(quarantined(domain::topics::submission_updated, "0199/1/counted", "1"))
                  .message.event_id,
              "0199/1/counted");
}

}  // namespace
}  // namespace chaiqin::cli
