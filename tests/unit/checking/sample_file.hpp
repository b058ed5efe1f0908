#pragma once
// The format's own example as a base for tests: change a key, check, look at the findings. The
// world around it: agencies of three levels, the product's own calendar, leave types and rules.
#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checking/check.hpp"

namespace chaiqin::checking::test {

std::string read_source_file(std::string_view path);  ///< below the source tree

/// Z00000001A › Z00000002B › Z00000005E; Z00000001A › Z00000004D (abolished 2026-07-01); Z00000003C
/// apart.
domain::RegistryPtr registry();
/// The same with other rules.
domain::RegistryPtr registry_with(std::vector<domain::Rule> rules);
std::vector<domain::Rule> own_rules();

/// Received 2026-11-06T10:00:00+08:00 from Z00000001A as upload.json, no hasher.
CheckRequest request_of(std::string_view bytes);

rapidjson::Document sample();
std::string text_of(const rapidjson::Value& value);
std::string sample_text();

/// A hasher whose values tell their input: good enough to see what goes in.
class PlainHasher : public LineHasher {
public:
    std::uint64_t token(std::string_view person_id) override;
    std::uint64_t identity(std::string_view canonical_bytes) override;
    std::uint64_t content(std::string_view canonical_bytes) override;
    int tokens_asked = 0;
};

/// Everything a result says, as text: what both passes must agree on.
std::string told(const CheckResult& result);

/// "/leave_records/0/location L18", in the order of the result.
std::vector<std::string> lines_of(const CheckResult& result);

}  // namespace chaiqin::checking::test
