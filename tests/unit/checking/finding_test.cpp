// What a finding says: texts, masking, order, caps, skipped rules, severities by day; and what
// becomes of lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "checking/findings/check_answer.hpp"
#include "checking/reading/text.hpp"
#include "unit/checking/sample_file.hpp"

namespace chaiqin::checking::test {
namespace {

using domain::FileLine;
using rapidjson::Value;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The sample with one key of a record set; `array` is leave_records or overtime_records.
std::string with(const char* array, const char* key, const char* json) {
    auto file = sample();
    rapidjson::Document value(&file.GetAllocator());
    value.Parse(json);
    auto& record = file[array][0];
    record.RemoveMember(key);
    record.AddMember(Value(key, file.GetAllocator()), Value(value, file.GetAllocator()),
                     file.GetAllocator());
    return text_of(file);
}

domain::Finding only_finding(const std::string& text) {
    const auto result = check_file(request_of(text));
    EXPECT_EQ(result.findings.size(), 1u) << text;
    return result.findings.empty() ? domain::Finding{} : result.findings[0].finding;
}

TEST(Finding, a_finding_says_what_is_wrong_where_and_of_which_record) {
    auto file = sample();
    file["leave_records"][0]["leave_type"].SetString("20");
    file["leave_records"][0]["sub_type"].SetString("01");
    const auto finding = only_finding(text_of(file));
    EXPECT_EQ(finding.kind, domain::FindingKind::leave);
    EXPECT_EQ(finding.index, 0u);
    EXPECT_EQ(finding.pointer, "/leave_records/0/location");
    EXPECT_EQ(finding.record_no, "L1150930-0007");
    EXPECT_EQ(finding.record_seq, 1);
    EXPECT_EQ(finding.code, "L18");
    EXPECT_EQ(finding.field, "location");
    EXPECT_EQ(finding.field_name, "地點");
    EXPECT_EQ(finding.value, "");
    EXPECT_TRUE(finding.expected);
    EXPECT_EQ(finding.message, "地點不得為空白");
    EXPECT_EQ(finding.message_en, "location needed for this type");
}

TEST(Finding, placeholders_are_filled) {
    EXPECT_EQ(only_finding(with("leave_records", "note", "1")).message,
              "JSON 架構-未定義項目note已忽略");
    const auto empty_key = only_finding(with("leave_records", "", "1"));
    EXPECT_EQ(empty_key.message, "JSON 架構-未定義項目\"\"已忽略");
    EXPECT_EQ(empty_key.field, "");
    EXPECT_EQ(empty_key.pointer, "/leave_records/0/");
    EXPECT_EQ(only_finding(with("overtime_records", "start_time", "\"2400\"")).message,
              "加班起時格式錯誤");
    EXPECT_EQ(only_finding(with("leave_records", "leave_type", "\"22\"")).message,
              "假別防疫隔離假於請假起日未施行或已停用");
    EXPECT_EQ(only_finding(with("leave_records", "leave_type", "\"07\"")).message,
              "假別婚假須填事實發生日");
    EXPECT_EQ(only_finding(with("leave_records", "org_code", "\"Z00000004D\"")).message,
              "服務機關已於2026-07-01裁撤");
    const auto long_reason = '"' + std::string(201, 'x') + '"';
    EXPECT_EQ(only_finding(with("leave_records", "reason", long_reason.c_str())).message,
              "事由長度超過200字");
    auto file = sample();
    file["leave_records"].PushBack(7, file.GetAllocator());
    file["leave_count"].SetInt(2);
    const auto element = only_finding(text_of(file));
    EXPECT_EQ(element.message, "JSON 架構錯誤-第2筆須為物件");
    EXPECT_EQ(element.pointer, "/leave_records/1");
    EXPECT_EQ(element.value, "7");
}

TEST(Finding, masks_values_by_kind_of_field) {
    EXPECT_EQ(only_finding(with("leave_records", "person_id", "\"A123456788\"")).value,
              "A12*****88");
    EXPECT_EQ(only_finding(with("leave_records", "person_id", "\"A12345678\"")).value, "***");
    EXPECT_EQ(only_finding(with("leave_records", "person_id", "123456789")).value, "***");
    EXPECT_EQ(only_finding(with("leave_records", "person_name", "\"王小明\\u0007\"")).value, "王○");
    EXPECT_EQ(only_finding(with("leave_records", "reason", "\"祕密\\u0007\"")).value, "3");
    EXPECT_THAT(*only_finding(with("leave_records", "location", R"(["祕密"])")).value,
                Not(HasSubstr("祕密")));
    EXPECT_EQ(only_finding(with("leave_records", "leave_minutes", "\"60\"")).value, "60");
    EXPECT_EQ(only_finding(with("leave_records", "leave_minutes", "60.0")).value, "60.0");
    EXPECT_EQ(only_finding(with("leave_records", "abroad_type", R"({"a":[1]})")).value,
              R"({"a":[1]})");
    EXPECT_EQ(only_finding(with("leave_records", "abroad_type", "null")).value, "null");
    EXPECT_EQ(only_finding(with("leave_records", "note", "\"secret\"")).value, std::nullopt);
    const auto in_number = only_finding(with("leave_records", "record_no", "\"X-A123456789\""));
    EXPECT_EQ(in_number.value, "X-A12*****89");
    EXPECT_EQ(in_number.record_no, "X-A12*****89");
    const auto as_key = only_finding(with("leave_records", "A123456789", "1"));
    EXPECT_EQ(as_key.field, "A12*****89");
    EXPECT_EQ(as_key.pointer, "/leave_records/0/A12*****89");
}

/// A person id that is escaped is one to whoever reads the JSON.
TEST(Finding, an_escaped_person_id_in_a_nested_value_is_masked) {
    auto text = with("leave_records", "abroad_type", R"(["@@", {"x": "@@"}])");
    for (auto at = text.find("@@"); at != std::string::npos; at = text.find("@@"))
        text.replace(at, 2, "\\u0041123456789");
    const auto value = only_finding(text).value.value_or("");
    EXPECT_THAT(value, Not(HasSubstr("123456789")));
    EXPECT_EQ(value, R"(["A12*****89",{"x":"A12*****89"}])");
    EXPECT_EQ(only_finding(with("leave_records", "abroad_type", R"(["台北", 1])")).value,
              "[\"台北\",1]");
}

TEST(Finding, cuts_values_and_keys_to_64_code_points) {
    const auto long_text = [](std::size_t count) {
        std::string text;
        while (count-- > 0) text += "字";
        return text;
    };
    const auto value = '"' + long_text(70) + '"';
    EXPECT_EQ(only_finding(with("leave_records", "abroad_type", value.c_str())).value,
              long_text(64) + "…");
    const auto key = long_text(70);
    const auto finding = only_finding(with("leave_records", key.c_str(), "1"));
    EXPECT_EQ(finding.field, long_text(64));
    EXPECT_EQ(finding.pointer, "/leave_records/0/" + long_text(64));
    // A person id over the cut stays masked.
    const auto hidden = '"' + std::string(60, '.') + "A123456789\"";
    EXPECT_EQ(only_finding(with("leave_records", "abroad_type", hidden.c_str())).value,
              std::string(60, '.') + "A12*…");
}

TEST(Finding, a_missing_value_is_null) {
    auto file = sample();
    file["leave_records"][0].RemoveMember("location");
    const auto finding = only_finding(text_of(file));
    EXPECT_EQ(finding.value, std::nullopt);
    EXPECT_EQ(finding.message, "JSON 架構錯誤-缺少地點項目");
}

TEST(MaskPersonIds, only_whole_runs_are_masked) {
    EXPECT_EQ(mask_person_ids("差假A123456788.json"), "差假A12*****88.json");
    EXPECT_EQ(mask_person_ids("AB23456789_A800000014"), "AB2*****89_A80*****14");
    EXPECT_EQ(mask_person_ids("xA123456789"), "xA123456789");
    EXPECT_EQ(mask_person_ids("A1234567890"), "A1234567890");
    EXPECT_EQ(mask_person_ids("A323456789"), "A323456789");
}

TEST(MaskPersonIds, of_record_numbers_only_true_ids_are_masked_in_capital_or_small_letters) {
    EXPECT_EQ(mask_valid_person_ids("L-a123456789"), "L-a12*****89");
    EXPECT_EQ(mask_valid_person_ids("L-A123456789"), "L-A12*****89");
    EXPECT_EQ(mask_valid_person_ids("L115093001"), "L115093001") << "no check digit: a number";
    EXPECT_EQ(mask_valid_person_ids("L1"), "L1");
}

TEST(Findings, findings_come_by_kind_index_pointer_and_code) {
    auto file = sample();
    auto& leave = file["leave_records"];
    leave.PushBack(Value(leave[0], file.GetAllocator()), file.GetAllocator());
    leave[1]["end_time"].SetString("0800");
    leave[1]["org_code"].SetString("Z00000003C");
    file["overtime_records"][0]["overtime_minutes"].SetInt(0);
    file.AddMember("remark", 1, file.GetAllocator());
    EXPECT_THAT(lines_of(check_file(request_of(text_of(file)))),
                ElementsAre("/leave_count E12", "/remark S04", "/leave_records/1/end_time L08",
                            "/leave_records/1/org_code C11", "/leave_records/1/record_no U01",
                            "/overtime_records/0/overtime_minutes O10"));
}

TEST(Findings, at_most_twenty_unknown_keys_an_object_exist) {
    auto file = sample();
    for (int i = 0; i < 25; ++i) {
        const auto key = "x" + std::to_string(100 + i);
        file["leave_records"][0].AddMember(Value(key.c_str(), file.GetAllocator()), Value(1),
                                           file.GetAllocator());
    }
    const auto result = check_file(request_of(text_of(file)));
    EXPECT_EQ(result.warning_count, 20u);
    EXPECT_THAT(lines_of(result), Contains("/leave_records/0/x119 S04"));
    EXPECT_THAT(lines_of(result), Not(Contains("/leave_records/0/x120 S04")));
}

std::string many_bad(std::size_t count) {
    auto file = sample();
    auto& records = file["leave_records"];
    records[0]["leave_type"].SetString("98");
    records[0]["abroad_type"].SetString("9");
    for (std::size_t i = 1; i < count; ++i) {
        records.PushBack(Value(records[0], file.GetAllocator()), file.GetAllocator());
        const auto number = "L" + std::to_string(i);
        records[static_cast<unsigned>(i)]["record_no"].SetString(number.c_str(),
                                                                 file.GetAllocator());
    }
    file["leave_count"].SetUint64(count);
    return text_of(file);
}

TEST(Findings, details_are_capped_but_counts_and_groups_are_exact) {
    const auto text = many_bad(1500);
    auto request = request_of(text);
    const auto result = check_file(request);
    EXPECT_EQ(result.error_count, 3000u);
    EXPECT_EQ(result.invalid_lines, 1500u);
    EXPECT_EQ(result.findings.size(), 2000u);
    ASSERT_EQ(result.groups.size(), 2u);
    for (const auto& group : result.groups) {
        EXPECT_EQ(group.count, 1500u);
        EXPECT_THAT(group.first, ElementsAre(0, 1, 2, 3, 4));
    }
    request.detail_cap = 1200;
    EXPECT_EQ(check_file(request).findings.size(), 1200u);
    EXPECT_EQ(check_file(request).error_count, 3000u);
}

TEST(Findings, ever_new_unknown_keys_share_a_group_beyond_a_thousand) {
    constexpr unsigned records = 120, keys = 10;
    auto file = sample();
    auto& array = file["leave_records"];
    for (unsigned i = 1; i < records; ++i)
        array.PushBack(Value(array[0], file.GetAllocator()), file.GetAllocator());
    for (unsigned i = 0; i < records; ++i) {
        for (unsigned j = 0; j < keys; ++j) {
            const auto key = "x" + std::to_string(i * keys + j);
            array[i].AddMember(Value(key.c_str(), file.GetAllocator()), Value(1),
                               file.GetAllocator());
        }
    }
    const auto result = check_file(request_of(text_of(file)));
    std::uint64_t counted = 0, groups = 0;
    for (const auto& group : result.groups) {
        if (group.code != "S04") continue;
        ++groups;
        counted += group.count;
        EXPECT_EQ(group.count, group.field == "…" ? 200u : 1u) << group.field;
        if (group.field == "…") {
            EXPECT_EQ(group.message, "JSON 架構-未定義項目…已忽略");
            EXPECT_THAT(group.first, ElementsAre(100, 101, 102, 103, 104));
        }
    }
    EXPECT_EQ(groups, 1001u);
    EXPECT_EQ(counted, result.warning_count);
    EXPECT_EQ(counted, records * keys);
    EXPECT_THAT(lines_of(result), Contains("/leave_records/99/x999 S04"));
}

TEST(Rules, rules_that_need_registry_or_caller_are_skipped_without_them) {
    const auto text = with("leave_records", "org_code", "\"Y99999999Z\"");
    auto request = request_of(text);
    request.registry_known = false;
    request.acting_agency.clear();
    const auto result = check_file(request);
    EXPECT_THAT(lines_of(result), IsEmpty());
    EXPECT_THAT(result.skipped_rules, ElementsAre("E04", "E05", "C09", "C10", "C11"));
    request.registry_known = true;
    const auto without_caller = check_file(request);
    EXPECT_THAT(without_caller.skipped_rules, ElementsAre("E05"));
    EXPECT_THAT(lines_of(without_caller), ElementsAre("/leave_records/0/org_code C09"));
}

TEST(Rules, a_rule_changes_its_severity_on_its_day) {
    auto file = sample();
    file["leave_records"][0]["person_id"].SetString("AB23456789");
    file["data_month"].SetString("11912");
    file["generated_at"].SetString("2030-12-31T09:00:00+08:00");
    for (const char* key : {"start_date", "end_date"}) {
        file["leave_records"][0][key].SetString("1191202");
        file["overtime_records"][0][key].SetString("1191202");
    }
    file["overtime_records"][0]["overtime_date"].SetString("1191202");
    const auto text = text_of(file);
    auto request = request_of(text);
    request.received_at = *domain::parse_rfc3339("2030-12-31T23:59:59+08:00");
    const auto before = check_file(request);
    EXPECT_THAT(lines_of(before), ElementsAre("/leave_records/0/person_id C07"));
    EXPECT_EQ(before.invalid_lines, 0u);
    request.received_at = *domain::parse_rfc3339("2031-01-01T00:00:00+08:00");
    const auto after = check_file(request);
    EXPECT_EQ(after.error_count, 1u);
    EXPECT_EQ(after.findings[0].finding.message, "舊式統一證號已停用");
}

TEST(Rules, a_rule_that_is_switched_off_does_not_run) {
    auto rules = own_rules();
    for (auto& rule : rules) {
        if (rule.code == "L13" || rule.code == "S06") rule.enabled = false;
    }
    auto file = sample();
    file["leave_records"][0]["leave_minutes"].SetInt(600);
    file["overtime_records"][0]["start_date"].SetString("");
    const auto text = text_of(file);
    auto request = request_of(text);
    request.registry = registry_with(rules);
    // L14 is no longer hidden by L13, and the blank date is a bad date.
    EXPECT_THAT(lines_of(check_file(request)), ElementsAre("/leave_records/0/leave_minutes L14",
                                                           "/overtime_records/0/start_date O05"));
}

std::vector<domain::Rule> rules_without(std::string_view code) {
    auto rules = own_rules();
    for (auto& rule : rules) rule.enabled = rule.enabled && rule.code != code;
    return rules;
}

TEST(Rules, a_rule_that_is_switched_off_never_makes_a_record_invalid_without_a_finding) {
    rapidjson::Document cases;
    cases.Parse(read_source_file("tests/data/checks/cases.json").c_str());
    PlainHasher hasher;
    unsigned judged = 0;
    for (const auto& entry : cases.GetArray()) {
        const std::string code = entry["code"].GetString();
        if (code[0] == 'E' || code[0] == 'F') continue;
        for (const auto& made : entry["fail"].GetArray()) {
            auto file = sample();
            for (const char* kind : {"leave", "overtime"}) {
                if (!made.HasMember(kind)) continue;
                auto& record = file[(std::string(kind) + "_records").c_str()][0];
                for (const auto& wanted : made[kind].GetObject()) {
                    record.RemoveMember(wanted.name);
                    if (wanted.value.IsObject()) continue;
                    record.AddMember(Value(wanted.name, file.GetAllocator()),
                                     Value(wanted.value, file.GetAllocator()), file.GetAllocator());
                }
            }
            const auto text = text_of(file);
            auto request = request_of(text);
            request.registry = registry_with(rules_without(code));
            request.hasher = &hasher;
            const auto result = check_file(request);
            SCOPED_TRACE(code + " " + text_of(made));
            EXPECT_EQ(result.invalid_lines > 0, result.error_count > 0);
            EXPECT_EQ(result.lines.size() + result.invalid_lines, result.record_count);
            ++judged;
        }
    }
    EXPECT_GT(judged, 100u);
}

TEST(Rules, a_rule_that_a_stored_record_needs_runs_even_when_switched_off) {
    const auto unknown_type = with("leave_records", "leave_type", "\"98\"");
    auto request = request_of(unknown_type);
    request.registry = registry_with(rules_without("L01"));
    EXPECT_THAT(lines_of(check_file(request)), ElementsAre("/leave_records/0/leave_type L01"));
    const auto unknown_abroad = with("leave_records", "abroad_type", "\"9\"");
    request.bytes = unknown_abroad;
    request.registry = registry_with(rules_without("L19"));
    const auto result = check_file(request);
    EXPECT_THAT(lines_of(result), IsEmpty());
    EXPECT_EQ(result.invalid_lines, 0u);
}

template <typename Line, typename Value>
std::vector<Value> column(const CheckResult& result, Value Line::*member) {
    std::vector<Value> values;
    for (const auto& line : result.lines) values.push_back(line.*member);
    return values;
}

TEST(Lines, the_lines_are_the_good_records_leave_first) {
    auto file = sample();
    auto& allocator = file.GetAllocator();
    auto& leave = file["leave_records"];
    for (const char* number : {"L2", "L3", "L4"}) {
        leave.PushBack(Value(leave[0], allocator), allocator);
        leave[leave.Size() - 1]["record_no"].SetString(number, allocator);
    }
    leave[1]["leave_type"].SetString("98");  // bad
    leave[2]["leave_minutes"].SetInt(450);   // L15 only: good
    leave[3]["action"].SetString("D");
    leave[3]["start_date"].SetInt(5);  // of no interest in a deletion
    file["leave_count"].SetInt(4);
    const auto text = text_of(file);
    auto request = request_of(text);
    PlainHasher hasher;
    request.hasher = &hasher;
    const auto result = check_file(request);
    EXPECT_EQ(result.invalid_lines, 1u);
    EXPECT_THAT(column(result, &FileLine::line), ElementsAre(0, 2, 3, 4));
    EXPECT_THAT(column(result, &FileLine::minutes), ElementsAre(480, 450, 0, 120));
    EXPECT_THAT(column(result, &FileLine::kind_type), ElementsAre(16, 16, 0, 257));
    EXPECT_THAT(column(result, &FileLine::outcome),
                ElementsAre(0, 0, domain::outcome::deletion, 0));
    const auto day = *domain::parse_iso_day("2026-10-05");
    EXPECT_THAT(column(result, &FileLine::day), ElementsAre(day, day, 0, day + 1));
    EXPECT_THAT(column(result, &FileLine::record_no),
                ElementsAre("L1150930-0007", "L3", "L4", "O1151006-0003"));
    EXPECT_THAT(column(result, &FileLine::masked_person_id), testing::Each("A12*****89"));
    EXPECT_THAT(result.finding_lines, ElementsAre(1));
    const std::string sep(1, '\x1F');
    const auto identity = "Z00000001A" + sep + "L" + sep + "WEBITR" + sep + "L2" + sep + "1";
    EXPECT_THAT(result.finding_identities, ElementsAre(hasher.identity(identity)));
    EXPECT_EQ(hasher.tokens_asked, 1) << "a person's token is made once a file";
    EXPECT_EQ(result.orgs[result.lines[0].claimed_org], "Z00000001A");
}

TEST(Lines, lines_of_a_rejected_file_are_checked_but_not_taken) {
    auto file = sample();
    file["leave_count"].SetInt(9);
    file["leave_records"][0]["leave_type"].SetString("98");
    const auto text = text_of(file);
    auto request = request_of(text);
    PlainHasher hasher;
    request.hasher = &hasher;
    const auto result = check_file(request);
    EXPECT_TRUE(result.rejected);
    EXPECT_EQ(result.lines.size(), 0u);
    EXPECT_THAT(lines_of(result),
                ElementsAre("/leave_count E12", "/leave_records/0/leave_type L01"));
}

TEST(Lines, lines_have_the_same_content_whatever_the_spelling) {
    const auto content_of = [](const std::string& text) {
        auto request = request_of(text);
        PlainHasher hasher;
        request.hasher = &hasher;
        return column(check_file(request), &FileLine::content);
    };
    const auto plain = sample_text();
    auto escaped = plain;
    escaped.replace(escaped.find("休假"), std::string("休假").size(), "\\u4f11\\u5047");
    escaped.replace(escaped.find("\"comp_minutes\":0"), 16, "\"comp_minutes\" : -0");
    escaped.replace(escaped.find("\"action\":\"A\",\"record_no\":\"L1150930-0007\""), 40,
                    "\"record_no\":\"L1150930-0007\",\"action\":\"A\"");
    EXPECT_EQ(content_of(plain), content_of(escaped));
    auto changed = plain;
    changed.replace(changed.find("休假"), std::string("休假").size(), "補休");
    EXPECT_NE(content_of(plain)[0], content_of(changed)[0]);
    EXPECT_EQ(content_of(plain)[1], content_of(changed)[1]);
}

TEST(Answer, the_answer_is_the_one_of_the_checks_endpoint) {
    const auto text = with("leave_records", "leave_type", "\"98\"");
    const auto answer = check_answer({{"A123456789.json", check_file(request_of(text))}});
    rapidjson::Document parsed;
    parsed.Parse(answer.c_str());
    ASSERT_FALSE(parsed.HasParseError());
    const auto& file = parsed["files"][0];
    EXPECT_STREQ(file["file_name"].GetString(), "A12*****89.json");
    EXPECT_STREQ(file["state"].GetString(), "FAILED");
    EXPECT_EQ(file["record_count"].GetInt(), 2);
    EXPECT_EQ(file["error_count"].GetInt(), 1);
    EXPECT_STREQ(file["findings"][0]["kind"].GetString(), "leave");
    EXPECT_STREQ(file["groups"][0]["code"].GetString(), "L01");
    EXPECT_STREQ(file["note"].GetString(), "檢核通過不代表已完成報送");
}

}  // namespace
}  // namespace chaiqin::checking::test
