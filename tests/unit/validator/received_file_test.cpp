#include "validator/received_file.hpp"

#include <gtest/gtest.h>

#include "domain/failure.hpp"

namespace chaiqin::validator {
namespace {

runtime::Message message() {
    runtime::Message m;
    m.headers = {{"ce_id", "s/2"},
                 {"submission_id", "s"},
                 {"attempt", "2"},
                 {"agency", "Z00000001A"},
                 {"route", "SELF"},
                 {"sha256", "aa"},
                 {"received_at", "1770000000000000"},
                 {"idempotency_hash", "kk"},
                 {"traceparent", "00-t-s-01"}};
    m.payload = "sealed";
    return m;
}

void set(runtime::Message& m, const char* name, const char* value) {
    for (auto& [key, held] : m.headers)
        if (key == name) held = value;
}

TEST(ReceivedFile, is_read_from_the_headers) {
    const auto m = message();
    const auto file = received_file(m);
    EXPECT_EQ(file.event_id(), "s/2");
    EXPECT_EQ(file.agency, "Z00000001A");
    EXPECT_EQ(file.received_at.time_since_epoch().count(), 1770000000000000);
    EXPECT_EQ(file.key_hash, "kk");
    EXPECT_EQ(file.traceparent, "00-t-s-01");
    EXPECT_EQ(file.sealed, "sealed");
}

TEST(ReceivedFile, needs_its_headers) {
    for (const char* name : {"submission_id", "attempt", "agency", "sha256", "received_at"}) {
        auto m = message();
        set(m, name, "");
        EXPECT_THROW((void)received_file(m), domain::PermanentFailure) << name;
    }
    for (const char* value : {"x", "1x", " 1", "0", "-1", "99999999999"}) {
        auto m = message();
        set(m, "attempt", value);
        EXPECT_THROW((void)received_file(m), domain::PermanentFailure) << value;
    }
    auto of_another = message();
    set(of_another, "ce_id", "s/3");
    EXPECT_THROW((void)received_file(of_another), domain::PermanentFailure);
    auto m = message();
    set(m, "idempotency_hash", "");
    set(m, "traceparent", "");
    EXPECT_EQ(received_file(m).key_hash, "");
}

}  // namespace
}  // namespace chaiqin::validator
