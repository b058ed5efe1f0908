#include "runtime/event.hpp"

#include <gtest/gtest.h>

namespace chaiqin::runtime {
namespace {

TEST(Event, becomes_a_message_with_the_headers_of_cloud_events) {
    const auto message = event_message(
        {.topic = "chaiqin.a.b",
         .partition = 7,
         .key = "Z00000001A",
         .id = "0199/1",
         .source = "validator",
         .at = *domain::parse_rfc3339("2026-11-05T09:31:02.123+08:00"),
         .headers = {{"submission_id", "0199"}, {"attempt", "1"}, {"traceparent", ""}},
         .payload = "bytes"});
    EXPECT_EQ(message.topic, "chaiqin.a.b");
    EXPECT_EQ(message.partition, 7);
    EXPECT_EQ(message.key, "Z00000001A");
    EXPECT_EQ(message.event_id, "0199/1") << "the producer makes ce_id of it";
    EXPECT_EQ(message.payload, "bytes");
    EXPECT_EQ(message.headers, (Headers{{"ce_specversion", "1.0"},
                                        {"ce_type", "chaiqin.a.b"},
                                        {"ce_source", "chaiqin/validator"},
                                        {"ce_time", "2026-11-05T09:31:02.123+08:00"},
                                        {"submission_id", "0199"},
                                        {"attempt", "1"}}));
}

}  // namespace
}  // namespace chaiqin::runtime
