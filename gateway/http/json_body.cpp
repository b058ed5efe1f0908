#include "gateway/http/json_body.hpp"

#include <rapidjson/document.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "gateway/http/header_value.hpp"

namespace chaiqin::gateway {

struct JsonBody::Document {
    rapidjson::Document json;

    const rapidjson::Value* find(std::string_view name) const {
        const auto found = json.FindMember(
            rapidjson::Value(name.data(), static_cast<rapidjson::SizeType>(name.size())));
        return found == json.MemberEnd() ? nullptr : &found->value;
    }
};

std::optional<JsonBody> JsonBody::parse(const std::string& text) {
    auto document = std::make_shared<Document>();
    // Iterative: a deep nesting must not use up the stack.
    document->json.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(
        text.data(), text.size());
    if (document->json.HasParseError() || !document->json.IsObject()) return std::nullopt;
    return JsonBody(std::move(document));
}

bool JsonBody::has(std::string_view name) const { return document_->find(name) != nullptr; }

bool JsonBody::is_null(std::string_view name) const {
    const auto* value = document_->find(name);
    return value && value->IsNull();
}

std::optional<std::string> JsonBody::text(std::string_view name) const {
    const auto* value = document_->find(name);
    if (!value || !value->IsString()) return std::nullopt;
    return std::string(value->GetString(), value->GetStringLength());
}

std::optional<std::vector<std::string>> JsonBody::texts(std::string_view name) const {
    const auto* value = document_->find(name);
    if (!value || !value->IsArray()) return std::nullopt;
    std::vector<std::string> all;
    for (const auto& one : value->GetArray()) {
        if (!one.IsString()) return std::nullopt;
        all.emplace_back(one.GetString(), one.GetStringLength());
    }
    return all;
}

bool is_json(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::Reader reader;
    rapidjson::BaseReaderHandler<> nothing;
    return !reader
                .Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(
                    stream, nothing)
                .IsError();
}

bool sends_json(const Request& request) {
    const auto type = parse_header_value(request.header("content-type"));
    const auto encoding = lower_case(request.header("content-encoding"));
    return type && type->value == "application/json" &&
           (encoding.empty() || encoding == "identity");
}

}  // namespace chaiqin::gateway
