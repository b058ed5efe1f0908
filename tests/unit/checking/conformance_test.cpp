// The conformance pack that vendors get (schemas/conformance): every file is answered as it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checking/findings/check_answer.hpp"
#include "unit/checking/sample_file.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::checking::test {
namespace {

domain::RegistryPtr pack_registry(domain::Instant received_at) {
    auto made = std::make_shared<domain::Registry>(*registry());
    const auto uploads = std::get<domain::AgencyUploads>(
        wire::parse_agency_rows(read_source_file("schemas/conformance/agencies.csv")));
    const domain::AgencyRegistry nothing{domain::AgencyRegistry::Versions{}};
    made->agencies = domain::with_changes(
        nothing, domain::plan_registry_load(uploads, nothing, domain::taipei_day(received_at)));
    return made;
}

TEST(Conformance, every_file_of_the_pack_is_answered_as_it_says) {
    rapidjson::Document expected;
    expected.Parse(read_source_file("schemas/conformance/expected.json").c_str());
    ASSERT_FALSE(expected.HasParseError());
    ASSERT_GT(expected.Size(), 100u);
    for (const auto& entry : expected.GetArray()) {
        const std::string path = entry["file"].GetString();
        SCOPED_TRACE(path);
        const auto bytes = read_source_file("schemas/conformance/" + path);
        auto request = request_of(bytes);
        request.file_name = path.substr(path.rfind('/') + 1);
        request.received_at = *domain::parse_rfc3339(entry["received_at"].GetString());
        request.acting_agency = entry["agency"].GetString();
        request.registry = pack_registry(request.received_at);
        rapidjson::Document answer;
        answer.Parse(check_answer({{request.file_name, check_file(request)}}).c_str());
        auto& file = answer["files"][0];
        for (const char* member : {"state", "record_count", "error_count", "warning_count"}) {
            EXPECT_EQ(file[member], entry[member]) << member << ' ' << text_of(file[member]);
        }
        const auto& findings = entry["findings"];
        ASSERT_GE(file["findings"].Size(), findings.Size());
        for (rapidjson::SizeType i = 0; i < findings.Size(); ++i) {
            for (const auto& member : findings[i].GetObject()) {
                EXPECT_EQ(file["findings"][i][member.name], member.value) << text_of(findings[i]);
            }
        }
    }
}

}  // namespace
}  // namespace chaiqin::checking::test
