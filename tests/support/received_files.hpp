#pragma once
// Messages of file.received as the gateway makes them, and the world they are checked
// in.
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

#include "crypto/digest.hpp"
#include "crypto/keyring.hpp"
#include "crypto/sealing.hpp"
#include "domain/partitioning.hpp"
#include "domain/registry.hpp"
#include "domain/topics.hpp"
#include "runtime/event.hpp"
#include "runtime/stage.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::testing {

inline const std::string sender = "Z00000001A";  // of schemas/submission/v1/sample.json

inline std::string read_source_file(const std::string& path) {
    std::ifstream file(std::string(CHAIQIN_SOURCE_DIR) + "/" + path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

inline domain::RegistryPtr product_registry() {
    auto registry = std::make_shared<domain::Registry>();
    domain::AgencyRegistry::Versions versions;
    versions[sender].emplace_back();
    versions["Z00000003C"].emplace_back();
    registry->agencies = domain::AgencyRegistry(std::move(versions));
    registry->calendar = wire::make_office_calendar(
        wire::parse_calendar_days(read_source_file("schemas/registry/office-calendar.json")));
    registry->leave_types =
        wire::parse_leave_types(read_source_file("schemas/registry/leave-types.csv"));
    registry->rules =
        wire::make_rule_set(wire::parse_rules(read_source_file("schemas/rules/rules.csv")));
    return registry;
}

class FixedRegistrySource final : public domain::RegistrySource {
public:
    domain::RegistryPtr current() const override { return registry; }
    domain::RegistryPtr registry = product_registry();
};

inline crypto::Keyring test_keys() {
    crypto::Keyring ring;
    ring.seal["1"] = std::string(32, 's');
    ring.token = std::string(32, 't');
    ring.hash = std::string(32, 'h');
    ring.intake = std::string(32, 'i');
    return ring;
}

/// "00000000-0000-8000-8000-000000000042"
inline std::string submission(int number) {
    const auto digits = std::to_string(number);
    return "00000000-0000-8000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

inline domain::Instant at(std::string_view rfc3339) { return *domain::parse_rfc3339(rfc3339); }

/// A good file of one leave and one overtime record, sent by `sender`.
inline std::string good_file() { return read_source_file("schemas/submission/v1/sample.json"); }
/// The same with a piece of its text replaced.
inline std::string file_with(const std::string& old_text, const std::string& new_text) {
    auto text = good_file();
    const auto found = text.find(old_text);
    if (found == std::string::npos) throw std::runtime_error("the sample holds no " + old_text);
    return text.replace(found, old_text.size(), new_text);
}

struct SentFile {
    int number = 1;
    std::string content = good_file();
    std::string agency = sender;
    std::string key_hash = "";
    int attempt = 1;
    domain::Instant received_at = at("2026-11-06T10:00:00+08:00");
};

inline runtime::Message received_message(const SentFile& file) {
    const auto id = submission(file.number);
    runtime::Message message;
    message.topic = domain::topics::file_received;
    message.partition = domain::partition_of(file.agency);
    message.key = file.agency;
    message.headers = {{"ce_id", id + "/" + std::to_string(file.attempt)},
                       {"submission_id", id},
                       {"attempt", std::to_string(file.attempt)},
                       {"agency", file.agency},
                       {"route", "SELF"},
                       {"client_kind", "self"},
                       {"received_at", std::to_string(file.received_at.time_since_epoch().count())},
                       {"size_bytes", std::to_string(file.content.size())},
                       {"sha256", crypto::sha256_hex(file.content)},
                       {"idempotency_hash", file.key_hash}};
    message.payload =
        crypto::Sealer(test_keys())
            .seal_with_facts(crypto::pack_file("upload.json", file.content), file.agency, id,
                             runtime::facts_of_file(message.headers));
    return message;
}

}  // namespace chaiqin::testing
