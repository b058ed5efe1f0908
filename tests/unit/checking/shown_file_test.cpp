// Records as they are shown to the agency that sent them: as sent, with persons masked.
#include "checking/record/shown_file.hpp"

#include <gtest/gtest.h>

#include "unit/checking/sample_file.hpp"

namespace chaiqin::checking::test {
namespace {

std::string values(const std::string& bytes, RecordKind kind = RecordKind::leave,
                   std::uint32_t index = 0) {
    auto file = ShownFile::open(bytes);
    if (!file) return "unreadable";
    wire::JsonWriter json;
    file->write_values(json, kind, index);
    return json.take();
}
/// Of a file whose only leave record is `record`.
std::string of_record(const std::string& record) {
    return values(R"({"leave_records":[)" + record + "]}");
}

TEST(ShownFile, a_record_shows_its_listed_keys_as_sent_and_its_person_masked) {
    EXPECT_EQ(values(text_of(sample())),
              R"({"action":"A","record_no":"L1150930-0007","record_seq":1,"revision":1,)"
              R"("person_id":"A12*****89","person_name":"王○","org_code":"Z00000001A",)"
              R"("leave_type":"16","sub_type":"","start_date":"1151005","start_time":"0830",)"
              R"("end_date":"1151005","end_time":"1730","leave_minutes":480,"reason":"休假",)"
              R"("location":"","abroad_type":"0","event_date":""})");
    EXPECT_NE(values(text_of(sample()), RecordKind::overtime).find(R"("overtime_minutes":120)"),
              std::string::npos);
}

TEST(ShownFile, values_of_any_type_are_shown_as_sent) {
    EXPECT_EQ(of_record(R"({"record_seq":"1","revision":60.0,"leave_minutes":-1e99,)"
                        R"("action":null,"org_code":true})"),
              R"({"action":null,"record_seq":"1","revision":60.0,"org_code":true,)"
              R"("leave_minutes":-1e99})");
    EXPECT_EQ(of_record("{}"), "{}");
}

TEST(ShownFile, keys_that_are_not_listed_are_left_out) {
    EXPECT_EQ(of_record(R"({"身分證":"A123456789","name":"王小明","action":"A"})"),
              R"({"action":"A"})");
}

TEST(ShownFile, what_looks_like_a_person_id_is_masked_anywhere) {
    const auto shown = of_record(
        R"({"record_no":"L-A123456789-1","reason":"代A123456789請假","location":"b223456789",)"
        R"("org_code":"\u0041123456789","leave_type":["A123456789",{"x":"\u0041123456789"}],)"
        R"("sub_type":{"A123456789":1}})");
    EXPECT_EQ(shown.find("A123456789"), std::string::npos) << shown;
    EXPECT_EQ(shown.find("b223456789"), std::string::npos) << shown;
    EXPECT_EQ(shown.find("123456789"), std::string::npos) << shown;
    EXPECT_NE(shown.find("代A12*****89請假"), std::string::npos) << shown;
}

TEST(ShownFile, a_person_is_masked_whatever_stands_there) {
    EXPECT_EQ(of_record(R"({"person_id":"A1234567890","person_name":"王"})"),
              R"({"person_id":"***","person_name":"王○"})");
    EXPECT_EQ(of_record(R"({"person_id":123456789,"person_name":["王小明"]})"),
              R"({"person_id":"***","person_name":"***"})");
    EXPECT_EQ(of_record(R"({"person_id":{"a":"A123456789"},"person_name":7})"),
              R"({"person_id":"***","person_name":"***"})");
    EXPECT_EQ(of_record(R"({"person_id":"","person_name":""})"),
              R"({"person_id":"","person_name":""})");
    EXPECT_EQ(of_record(R"({"person_id":null,"person_name":null})"),
              R"({"person_id":null,"person_name":null})");
}

TEST(ShownFile, long_texts_are_cut_and_an_id_at_the_cut_stays_masked) {
    std::string long_text;
    for (int i = 0; i < 195; ++i) long_text += "事";
    EXPECT_EQ(of_record(R"({"reason":")" + long_text + R"(A123456789"})"),
              R"({"reason":")" + long_text + R"(A12**…"})");
    const auto shown = of_record(R"({"reason":")" + long_text + R"(12345"})");
    EXPECT_EQ(shown, R"({"reason":")" + long_text + R"(12345"})");
    EXPECT_LT(of_record(R"({"revision":)" + std::string(1'000'000, '1') + "}").size(), 300U);
    EXPECT_LT(of_record(R"({"revision":[")" + std::string(1'000'000, 'x') + R"("]})").size(), 300U);
}

TEST(ShownFile, an_element_that_is_no_object_and_one_that_is_not_there_are_null) {
    const std::string file = R"({"leave_records":[5,"A123456789",[]],"overtime_records":null})";
    EXPECT_EQ(values(file, RecordKind::leave, 1), "null");
    EXPECT_EQ(values(file, RecordKind::leave, 3), "null");
    EXPECT_EQ(values(file, RecordKind::overtime, 0), "null");
    EXPECT_EQ(ShownFile::open(file)->count(RecordKind::leave), 3U);
    EXPECT_EQ(ShownFile::open(file)->count(RecordKind::overtime), 0U);
}

TEST(ShownFile, a_file_without_records_to_read_is_none) {
    for (const char* bytes :
         {"", "no JSON", "[]", "5", "{}", R"({"leave_records":5})",
          R"({"leave_records":[],"leave_records":[]})", R"({"leave_records":[[[[[1]]]]]})", "\xff"})
        EXPECT_FALSE(ShownFile::open(bytes)) << bytes;
    std::string many = R"({"leave_records":[0)";
    for (int i = 0; i < 20'000; ++i) many += ",0";
    EXPECT_FALSE(ShownFile::open(many + "]}"));
    EXPECT_TRUE(ShownFile::open("\xEF\xBB\xBF{\"leave_records\":[]}"));
}

TEST(ShownFile, a_label_names_the_record_as_far_as_it_can_be_read) {
    const std::string bytes = R"({"leave_records":[{"record_no":"L-A123456789","record_seq":2},)"
                              R"({"record_no":7,"record_seq":"x"},8]})";
    auto file = ShownFile::open(bytes);
    EXPECT_EQ(file->label(RecordKind::leave, 0).record_no, "L-A12*****89");
    EXPECT_EQ(file->label(RecordKind::leave, 0).record_seq, 2);
    EXPECT_FALSE(file->label(RecordKind::leave, 1).record_no);
    EXPECT_FALSE(file->label(RecordKind::leave, 1).record_seq);
    EXPECT_FALSE(file->label(RecordKind::leave, 2).record_no);
}

}  // namespace
}  // namespace chaiqin::checking::test
