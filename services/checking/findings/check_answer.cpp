#include "checking/findings/check_answer.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "checking/reading/text.hpp"

namespace chaiqin::checking {

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void text(Writer& writer, std::string_view value) {
    writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}
void member(Writer& writer, const char* name, std::string_view value) {
    writer.Key(name);
    text(writer, value);
}
void nullable(Writer& writer, const char* name, const std::optional<std::string>& value) {
    writer.Key(name);
    if (value)
        text(writer, *value);
    else
        writer.Null();
}

void write(Writer& writer, const domain::Finding& finding, std::string_view file_name) {
    writer.StartObject();
    writer.Key("submission_id");
    writer.Null();
    member(writer, "file_name", file_name);
    member(writer, "kind", domain::finding_kind_name(finding.kind));
    writer.Key("index");
    if (finding.index)
        writer.Uint(*finding.index);
    else
        writer.Null();
    member(writer, "pointer", finding.pointer);
    nullable(writer, "record_no", finding.record_no);
    writer.Key("record_seq");
    if (finding.record_seq)
        writer.Int64(*finding.record_seq);
    else
        writer.Null();
    member(writer, "code", finding.code);
    member(writer, "severity", domain::severity_name(finding.severity));
    member(writer, "field", finding.field);
    member(writer, "field_name", finding.field_name);
    nullable(writer, "value", finding.value);
    nullable(writer, "expected", finding.expected);
    member(writer, "message", finding.message);
    member(writer, "message_en", finding.message_en);
    writer.EndObject();
}

void write(Writer& writer, const domain::FindingGroup& group) {
    writer.StartObject();
    member(writer, "code", group.code);
    member(writer, "severity", domain::severity_name(group.severity));
    member(writer, "field", group.field);
    member(writer, "message", group.message);
    writer.Key("count");
    writer.Uint64(group.count);
    writer.Key("first");
    writer.StartArray();
    for (const auto index : group.first) writer.Uint(index);
    writer.EndArray();
    writer.EndObject();
}

void write(Writer& writer, const CheckedFile& file) {
    const auto file_name = mask_person_ids(file.file_name);
    const auto& result = file.result;
    writer.StartObject();
    member(writer, "file_name", file_name);
    member(writer, "state", file.passed() ? "PASSED" : "FAILED");
    writer.Key("record_count");
    writer.Uint(result.record_count);
    writer.Key("error_count");
    writer.Uint64(result.error_count);
    writer.Key("warning_count");
    writer.Uint64(result.warning_count);
    writer.Key("skipped_rules");
    writer.StartArray();
    for (const auto& code : result.skipped_rules) text(writer, code);
    writer.EndArray();
    writer.Key("findings");
    writer.StartArray();
    for (const auto& listed : result.findings) write(writer, listed.finding, file_name);
    writer.EndArray();
    writer.Key("groups");
    writer.StartArray();
    for (const auto& group : result.groups) write(writer, group);
    writer.EndArray();
    member(writer, "note", check_note);
    writer.EndObject();
}

}  // namespace

std::string check_answer(const std::vector<CheckedFile>& files) {
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    writer.Key("files");
    writer.StartArray();
    for (const auto& file : files) write(writer, file);
    writer.EndArray();
    writer.EndObject();
    return std::string(buffer.GetString(), buffer.GetSize());
}

}  // namespace chaiqin::checking
