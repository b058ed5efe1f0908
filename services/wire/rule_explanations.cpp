#include "wire/rule_explanations.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <vector>

#include "domain/failure.hpp"

namespace chaiqin::wire {

namespace {

std::string json_text(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

/// Reads the members of one explanation and collects what is wrong with them.
class MemberReader {
public:
    MemberReader(std::string code, const rapidjson::Value& entry,
                 std::vector<std::string>& problems)
        : code_(std::move(code)), entry_(entry), problems_(problems) {}

    std::string text(const char* name) {
        const auto* value = find(name);
        if (value && value->IsString()) return {value->GetString(), value->GetStringLength()};
        problems_.push_back("explanations.json: " + code_ + ": " + name + " is no text");
        return {};
    }
    std::string example(const char* name) {
        const auto* value = find(name);
        if (value && (value->IsObject() || value->IsNull())) return json_text(*value);
        problems_.push_back("explanations.json: " + code_ + ": " + name + " is no object");
        return {};
    }

private:
    const rapidjson::Value* find(const char* name) const {
        if (!entry_.IsObject()) return nullptr;
        const auto found = entry_.FindMember(name);
        return found == entry_.MemberEnd() ? nullptr : &found->value;
    }

    std::string code_;
    const rapidjson::Value& entry_;
    std::vector<std::string>& problems_;
};

std::optional<std::string> day_text(std::optional<domain::Day> day) {
    return day ? std::optional(domain::iso_day(*day)) : std::nullopt;
}

}  // namespace

RuleExplanations parse_rule_explanations(std::string_view json) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
    if (document.HasParseError() || !document.IsObject())
        throw domain::ConfigError({"explanations.json: no JSON object"});
    RuleExplanations explanations;
    std::vector<std::string> problems;
    for (const auto& [name, entry] : document.GetObject()) {
        const std::string code(name.GetString(), name.GetStringLength());
        MemberReader read(code, entry, problems);
        auto& explanation = explanations[code];
        explanation.zh = read.text("explanation_zh");
        explanation.en = read.text("explanation_en");
        explanation.who_mends = read.text("who_mends");
        explanation.subject = read.text("subject");
        explanation.wrong = read.example("wrong");
        explanation.right = read.example("right");
    }
    if (!problems.empty()) throw domain::ConfigError(problems);
    return explanations;
}

void write_rule_members(JsonWriter& json, const domain::Rule& rule) {
    json.member("code", rule.code)
        .member("scope", rule.scope)
        .member("severity", domain::severity_name(rule.severity))
        .member("field", rule.field)
        .member("message_zh", rule.message_zh)
        .member("message_en", rule.message_en)
        .member("valid_from", day_text(rule.valid_from))
        .member("valid_to", day_text(rule.valid_to));
}

std::string explained_rule_json(const domain::Rule& rule, const RuleExplanation& explanation) {
    JsonWriter json;
    json.begin_object();
    write_rule_members(json, rule);
    json.member("explanation_zh", explanation.zh)
        .member("explanation_en", explanation.en)
        .member("who_mends", explanation.who_mends)
        .member("subject", explanation.subject)
        .key("wrong")
        .raw(explanation.wrong)
        .key("right")
        .raw(explanation.right);
    return json.end_object().take();
}

}  // namespace chaiqin::wire
