#pragma once
// A gateway with a real PostgreSQL and a real Kafka for the tests of this folder; the query service
// is away. One for all tests of a suite: what they store does not meet.
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "cli/base_tables.hpp"
#include "crypto/digest.hpp"
#include "crypto/sealing.hpp"
#include "domain/partitioning.hpp"
#include "gateway/gateway.hpp"
#include "kafka/consumer.hpp"
#include "postgres/intake/intake_store.hpp"
#include "postgres/portal/portal_stores.hpp"
#include "postgres/registry/registry_reader.hpp"
#include "postgres/registry/registry_store.hpp"
#include "rpc/query_client.hpp"
#include "support/http_call.hpp"
#include "support/scratch_database.hpp"
#include "support/scratch_topics.hpp"
#include "support/token_maker.hpp"
#include "wire/career_chunk.hpp"

namespace chaiqin::gateway {

using testing::call;
using testing::HttpAnswer;
using testing::HttpHeaders;
using testing::TokenMaker;

inline constexpr const char* agency = "ZT0000001A";
inline constexpr const char* agencies_csv =
    "org_code,name,supervising_org_code,effective_on,established_on,abolished_on,successor_org_"
    "code,exempt_"
    "from,exempt_to,contact_email\n"
    "ZT0000001A,測試主管機關,,2000-01-01,2000-01-01,,,,,\nZT0000002A,測試所屬機關,ZT0000001A,2000-"
    "01-01,2000-"
    "01-01,,,,,\n";

struct Stack {
    Stack() {
        directory =
            std::filesystem::temp_directory_path() / ("gateway-test-" + std::to_string(getpid()));
        std::filesystem::create_directories(directory);
        crypto::make_keys(directory / "keys");
        tokens.write_jwks(directory / "jwks.json");
        keys = crypto::load_keys(
            directory / "keys",
            {crypto::KeyUse::seal, crypto::KeyUse::intake, crypto::KeyUse::receipt},
            {crypto::KeyUse::token, crypto::KeyUse::hash});
        verifier = std::make_unique<identity::TokenVerifier>(identity::TokenSettings{
            .issuer = TokenMaker::issuer, .jwks_file = directory / "jwks.json"});
        postgres::Session owner({.conninfo = database.conninfo(), .application_name = "test"});
        postgres::registry::load_base_data(
            owner, cli::base_tables(CHAIQIN_SOURCE_DIR "/schemas").tables, "test");
        registry = postgres::registry::make_registry_source(session());
        start();
    }
    ~Stack() {
        gateway.reset();
        registry.reset();
        std::filesystem::remove_all(directory);
    }

    postgres::SessionSettings session() const {
        return {.conninfo = database.conninfo("gateway"), .application_name = "gateway"};
    }

    void start() {
        gateway.reset();
        GatewayConfig config;
        config.listen_port = 0;
        config.docs_dir = CHAIQIN_SOURCE_DIR "/docs";
        config.schemas_dir = CHAIQIN_SOURCE_DIR "/schemas";
        config.first_month = 114 * 12;
        config.address_limits = {.open_per_second = 1'000, .logins_per_minute = 30};
        config.shares = shares;
        gateway = std::make_unique<Gateway>(
            config, keys, *verifier,
            GatewayAdapters{
                .open_store = [this] { return postgres::intake::make_intake_store(session()); },
                .make_producer =
                    [] {
                        return kafka::make_producer(
                            {.cluster = testing::test_brokers(),
                             .message_timeout = std::chrono::milliseconds(1'200)});
                    },
                .read_range =
                    [](const auto& at, std::int64_t from, const auto& each) {
                        kafka::make_range_reader(testing::test_brokers())->read(at, from, each);
                    },
                .load_agencies =
                    [this](const auto& uploads, domain::Day today, bool confirmed) {
                        postgres::Session one(session());
                        return postgres::registry::load_agencies(one, uploads, today, confirmed);
                    },
                .announcements = postgres::portal::make_announcement_store(session()),
                .notice_marks = postgres::portal::make_notice_marks(session()),
                .reminders = postgres::portal::make_reminder_store(session()),
                .webhooks = postgres::portal::make_webhook_store(session()),
                .refuse_receiver = [this](const std::string& url) { return refuse_receiver(url); },
                .registry = *registry,
                .questions = *questions,
                .clock = *clock,
                .file_topic = files,
                .career_topic = careers});
        testing::wait_until([this] { return gateway->is_ready(); });
    }

    HttpAnswer post(const std::string& path, const std::string& body, HttpHeaders more = {},
                    std::string token = "") {
        if (token.empty()) token = tokens.token();
        HttpHeaders headers{{"Authorization", "Bearer " + token}};
        bool has_type = false;
        for (auto& header : more) {
            has_type = has_type || header.first == "Content-Type";
            headers.push_back(std::move(header));
        }
        if (!has_type) headers.emplace_back("Content-Type", "application/json");
        return call(gateway->port(), "POST", path, headers, body);
    }
    HttpAnswer submit(const std::string& body, HttpHeaders more = {}, std::string token = "") {
        return post("/api/v1/submissions", body, std::move(more), std::move(token));
    }
    std::string operator_token() const {
        return tokens.token(TokenMaker::claims("Z00000001A", R"("operator")"));
    }
    void load_agencies() {
        const auto answer = post("/api/v1/registry/agencies?confirm=true", agencies_csv,
                                 {{"Content-Type", "text/csv"}}, operator_token());
        ASSERT_EQ(answer.status, 200) << answer.body;
    }
    std::vector<runtime::Message> topic(const std::string& name, std::int32_t partition) {
        std::vector<runtime::Message> all;
        kafka::make_range_reader(testing::test_brokers())
            ->read({name, partition}, 0,
                   [&](const runtime::Message& message) { all.push_back(message); });
        return all;
    }

    /// Of an agency; takes effect with the next start.
    LimitValues shares = default_limits();
    void set_share(Limit limit, int value) { shares.at(static_cast<std::size_t>(limit)) = value; }
    RefuseReceiver refuse_receiver = [](const std::string&) { return std::nullopt; };
    testing::ScratchDatabase database;
    std::string files = testing::make_topic("files", domain::agency_partition_count),
                careers = testing::make_topic("careers", 1);
    std::filesystem::path directory;
    TokenMaker tokens;
    crypto::Keyring keys;
    std::unique_ptr<identity::TokenVerifier> verifier;
    std::unique_ptr<domain::RegistrySource> registry;
    std::unique_ptr<runtime::Clock> clock = runtime::make_clock("");
    std::unique_ptr<rpc::QueryClient> questions = rpc::connect_query_client("127.0.0.1:1");
    std::unique_ptr<Gateway> gateway;
};

class GatewayTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() { stack_ = new Stack; }
    static void TearDownTestSuite() { delete stack_; }
    static std::string code(const HttpAnswer& answer) {
        const auto at = answer.body.find("\"code\":\"");
        return std::to_string(answer.status) + " " +
               (at == std::string::npos
                    ? ""
                    : answer.body.substr(at + 8, answer.body.find('"', at + 8) - at - 8));
    }
    static std::string between(const std::string& text, const std::string& before,
                               const std::string& after) {
        const auto at = text.find(before);
        if (at == std::string::npos) return "";
        return text.substr(at + before.size(),
                           text.find(after, at + before.size()) - at - before.size());
    }
    static std::string submission_of(const HttpAnswer& answer) {
        return between(answer.body, "\"submission_id\":\"", "\"");
    }
    static inline Stack* stack_ = nullptr;
};

}  // namespace chaiqin::gateway
