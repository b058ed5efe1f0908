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

TEST(FactsOfFile, tell_which_header_was_changed) {
    const Headers headers{{"attempt", "1"},          {"received_at", "17"},  {"size_bytes", "2"},
                          {"sha256", "aa"},          {"route", "SELF"},      {"sub_hash", "s"},
                          {"idempotency_hash", "k"}, {"client_kind", "self"}};
    const auto facts = facts_of_file(headers);
    EXPECT_EQ(changed_header(facts, headers), "");
    for (std::size_t i = 0; i < headers.size(); ++i) {
        auto changed = headers;
        changed[i].second += "1";
        EXPECT_EQ(changed_header(facts, changed), headers[i].first);
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(changed_header(facts, changed), headers[i].first);
    }
    auto others = headers;
    others.emplace_back("traceparent", "00-t-s-01");
    EXPECT_EQ(changed_header(facts, others), "") << "a trace may be another one";
    EXPECT_NE(changed_header(facts + "more=1\n", headers), "");
    EXPECT_EQ(facts_of_file(headers_in_facts(facts)), facts);
}

}  // namespace
}  // namespace chaiqin::runtime
