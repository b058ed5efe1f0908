#include "cli/replay.hpp"

#include <gtest/gtest.h>

#include "crypto/event_key.hpp"
#include "crypto/keyring.hpp"
#include "crypto/sealing.hpp"
#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "runtime/event.hpp"
#include "runtime/event_mac.hpp"
#include "support/scratch_directory.hpp"
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

struct ReplayWithKeys : ::testing::Test {
    const testing::ScratchDirectory directory;
    const std::string keys = directory / "keys";
    ReplayWithKeys() { crypto::make_keys(keys); }

    runtime::Message received(const std::string& received_at_now) const {
        auto message = quarantined(domain::topics::file_received, "0199/1", "1");
        message.headers.insert(
            message.headers.end(),
            {{"agency", "Z00000001A"}, {"submission_id", "0199"}, {"received_at", "17"}});
        message.payload = sealer().seal_with_facts("content", "Z00000001A", "0199",
                                                   runtime::facts_of_file(message.headers));
        for (auto& [name, value] : message.headers)
            if (name == "received_at") value = received_at_now;
        return message;
    }
    crypto::Sealer sealer() const {
        return crypto::Sealer(crypto::load_keys(keys, {crypto::KeyUse::seal}));
    }
    std::string changed(const Replay& replay) const {
        const auto opened =
            sealer().open_with_facts(replay.message.payload, "Z00000001A", "0199", 100);
        return runtime::changed_header(*opened.facts, replay.message.headers);
    }
    static runtime::Message as_received(const runtime::OutgoingMessage& sent) {
        runtime::Message message{.topic = sent.topic,
                                 .partition = sent.partition,
                                 .key = sent.key,
                                 .headers = sent.headers,
                                 .payload = sent.payload};
        std::erase_if(message.headers, [](const auto& header) { return header.first == "ce_id"; });
        message.headers.emplace_back("ce_id", sent.event_id);
        return message;
    }
};

TEST_F(ReplayWithKeys, seals_a_file_for_its_next_attempt) {
    EXPECT_EQ(changed(replay_with_keys(received("17"), keys, false)), "");
}

TEST_F(ReplayWithKeys, never_makes_a_changed_header_good) {
    EXPECT_NE(changed(replay_with_keys(received("18"), keys, true)), "");
}

TEST_F(ReplayWithKeys, signs_only_what_was_signed_or_is_vouched_for) {
    const auto make_mac = crypto::event_mac(keys);
    const auto forged = quarantined(domain::topics::counts_changed, "batch/12", "");
    EXPECT_THROW((void)replay_with_keys(forged, keys, false), domain::ConfigError);
    const auto vouched = as_received(replay_with_keys(forged, keys, true).message);
    EXPECT_TRUE(runtime::has_good_mac(vouched, make_mac));
    const auto again = as_received(replay_with_keys(vouched, keys, false).message);
    EXPECT_TRUE(runtime::has_good_mac(again, make_mac));
}

}  // namespace
}  // namespace chaiqin::cli
