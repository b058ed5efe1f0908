// Every rule of the catalogue on its samples (tests/data/checks/cases.json): a failing sample
// raises just its code, where it says; a passing one raises nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "checking/check_table.hpp"
#include "unit/checking/sample_file.hpp"

namespace chaiqin::checking::test {
namespace {

using rapidjson::Value;

rapidjson::Document cases() {
    rapidjson::Document document;
    document.Parse(read_source_file("tests/data/checks/cases.json").c_str());
    if (document.HasParseError()) throw std::runtime_error("cases.json is no JSON");
    return document;
}

void change(Value& object, const Value& changes, rapidjson::Document::AllocatorType& allocator) {
    for (const auto& wanted : changes.GetObject()) {
        const bool removed = wanted.value.IsObject() && wanted.value.HasMember("$remove");
        object.RemoveMember(wanted.name);
        if (!removed)
            object.AddMember(Value(wanted.name, allocator), Value(wanted.value, allocator),
                             allocator);
    }
}

std::string changed_sample(const Value& made) {
    auto file = sample();
    auto& allocator = file.GetAllocator();
    if (made.HasMember("leave")) change(file["leave_records"][0], made["leave"], allocator);
    if (made.HasMember("overtime"))
        change(file["overtime_records"][0], made["overtime"], allocator);
    if (made.HasMember("repeat")) {
        const std::string kind = made["repeat"].GetString();
        auto& records = file[(kind + "_records").c_str()];
        records.PushBack(Value(records[0], allocator), allocator);
        file[(kind + "_count").c_str()].SetInt(2);
    }
    if (made.HasMember("elements")) {
        change(file, made["elements"], allocator);
        file["leave_count"].SetUint(file["leave_records"].Size());
        file["overtime_count"].SetUint(file["overtime_records"].Size());
    }
    if (made.HasMember("envelope")) change(file, made["envelope"], allocator);
    return text_of(file);
}

CheckResult check(const Value& made, const std::string& text) {
    auto request = request_of(text);
    PlainHasher hasher;
    request.hasher = &hasher;
    if (made.HasMember("received_at"))
        request.received_at = *domain::parse_rfc3339(made["received_at"].GetString());
    if (made.HasMember("acting_agency")) request.acting_agency = made["acting_agency"].GetString();
    return check_file(request);
}

std::vector<std::string> also(const Value& made) {
    std::vector<std::string> codes;
    if (made.HasMember("also")) {
        for (const auto& code : made["also"].GetArray()) codes.emplace_back(code.GetString());
    }
    return codes;
}

std::vector<std::string> codes_of(const CheckResult& result) {
    std::vector<std::string> codes;
    for (const auto& listed : result.findings) codes.push_back(listed.finding.code);
    return codes;
}

TEST(Cases, each_failing_sample_raises_just_its_code_at_its_place) {
    const auto all = cases();
    for (const auto& entry : all.GetArray()) {
        const std::string code = entry["code"].GetString();
        for (const auto& made : entry["fail"].GetArray()) {
            SCOPED_TRACE(code + " " + text_of(made));
            const auto result = check(made, changed_sample(made));
            auto expected = also(made);
            expected.push_back(code);
            EXPECT_THAT(codes_of(result), testing::UnorderedElementsAreArray(expected));
            const auto line = std::string(made["pointer"].GetString()) + " " + code;
            EXPECT_THAT(lines_of(result), testing::Contains(line));
            const auto errors = static_cast<std::uint64_t>(std::count_if(
                result.findings.begin(), result.findings.end(), [](const CheckedFinding& listed) {
                    return listed.finding.severity == domain::Severity::error;
                }));
            EXPECT_EQ(result.error_count, errors);
            EXPECT_EQ(result.warning_count, result.findings.size() - errors);
        }
    }
}

TEST(Cases, each_passing_sample_raises_nothing) {
    const auto all = cases();
    for (const auto& entry : all.GetArray()) {
        for (const auto& made : entry["pass"].GetArray()) {
            SCOPED_TRACE(std::string(entry["code"].GetString()) + " " + text_of(made));
            const auto result = check(made, changed_sample(made));
            EXPECT_THAT(codes_of(result), testing::UnorderedElementsAreArray(also(made)));
            EXPECT_EQ(result.lines.size(), result.record_count);
        }
    }
}

TEST(Cases, every_code_of_envelope_and_record_has_samples_of_both_kinds) {
    std::set<std::string_view> sampled;
    const auto all = cases();
    for (const auto& entry : all.GetArray()) {
        EXPECT_FALSE(entry["fail"].Empty()) << entry["code"].GetString();
        EXPECT_FALSE(entry["pass"].Empty()) << entry["code"].GetString();
        sampled.insert(entry["code"].GetString());
    }
    for (const auto code : all_codes()) {
        if (code.name()[0] != 'F') {
            EXPECT_TRUE(sampled.contains(code.name())) << code.name();
        }
    }
}

TEST(Catalogue, codes_keep_their_names_and_the_order_of_the_rule_table) {
    EXPECT_EQ(Code("L18").name(), "L18");
    EXPECT_EQ(Code::from("O27"), Code("O27"));
    EXPECT_LT(Code("S07"), Code("C01"));
    EXPECT_LT(Code("U01"), Code("U02"));
    for (const auto name : {"", "L", "L1", "L188", "l18", "L1a", "L/0", "L32", "T01", "F 1"}) {
        EXPECT_EQ(Code::from(name), std::nullopt) << name;
    }
}

TEST(Catalogue, checks_run_for_ever_that_a_stored_line_needs) {
    std::vector<std::string_view> names;
    for (const auto code : codes_that_always_run()) names.push_back(code.name());
    EXPECT_THAT(names, testing::ElementsAre("F05", "F06", "F07", "F08", "F09", "F10", "S01", "S02",
                                            "S03", "S05", "C02", "C03", "C04", "C05", "C08", "L01",
                                            "L04", "L06", "L08", "L12", "O01", "O04", "O10"));
}

TEST(Catalogue, the_rule_table_and_the_code_name_the_same_checks) {
    std::set<std::string> in_table;
    for (const auto& rule : own_rules()) {
        if (rule.service != "agency_matcher") in_table.insert(rule.code);
    }
    // Of a whole request, and of stored submissions: gateway and validator raise them.
    std::set<std::string> in_code = {"F03", "F11", "F13"};
    for (const auto code : all_codes()) in_code.emplace(code.name());
    EXPECT_EQ(in_table, in_code);
}

}  // namespace
}  // namespace chaiqin::checking::test
