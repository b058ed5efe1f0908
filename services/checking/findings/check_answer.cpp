#include "checking/findings/check_answer.hpp"

#include "checking/reading/text.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::checking {

namespace {

using wire::JsonWriter;

void write(JsonWriter& out, const domain::Finding& finding, std::string_view file_name) {
    out.begin_object();
    out.key("submission_id").null();
    out.member("file_name", file_name);
    out.member("kind", domain::finding_kind_name(finding.kind));
    out.member("index", finding.index);
    out.member("pointer", finding.pointer);
    out.member("record_no", finding.record_no);
    out.member("record_seq", finding.record_seq);
    out.member("code", finding.code);
    out.member("severity", domain::severity_name(finding.severity));
    out.member("field", finding.field);
    out.member("field_name", finding.field_name);
    out.member("value", finding.value);
    out.member("expected", finding.expected);
    out.member("message", finding.message);
    out.member("message_en", finding.message_en);
    out.end_object();
}

void write(JsonWriter& out, const domain::FindingGroup& group) {
    out.begin_object();
    out.member("code", group.code);
    out.member("severity", domain::severity_name(group.severity));
    out.member("field", group.field);
    out.member("message", group.message);
    out.member("count", group.count);
    out.member("first", group.first);
    out.end_object();
}

void write(JsonWriter& out, const CheckedFile& file) {
    const auto file_name = mask_person_ids(file.file_name);
    const auto& result = file.result;
    out.begin_object();
    out.member("file_name", file_name);
    out.member("state", file.passed() ? "PASSED" : "FAILED");
    out.member("record_count", result.record_count);
    out.member("error_count", result.error_count);
    out.member("warning_count", result.warning_count);
    out.member("skipped_rules", result.skipped_rules);
    out.key("findings").begin_array();
    for (const auto& listed : result.findings) write(out, listed.finding, file_name);
    out.end_array();
    out.key("groups").begin_array();
    for (const auto& group : result.groups) write(out, group);
    out.end_array();
    if (file.comparison) out.key("comparison").raw(*file.comparison);
    out.member("note", check_note);
    out.end_object();
}

}  // namespace

std::string check_answer(const std::vector<CheckedFile>& files) {
    JsonWriter out;
    out.begin_object();
    out.key("files").begin_array();
    for (const auto& file : files) write(out, file);
    out.end_array();
    out.end_object();
    return out.take();
}

}  // namespace chaiqin::checking
