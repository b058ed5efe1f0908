#include "gateway/reading/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "chaiqin/query/v1/options.pb.h"
#include "domain/calendar.hpp"
#include "gateway/reading/enum_names.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::gateway {

namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
namespace pb = query::v1;

constexpr int longest_wait_s = 30;

[[noreturn]] void refuse(const std::string& name, const std::string& zh, const std::string& en) {
    throw rpc::Refused(rpc::Refused::Why::bad_request, name + "：" + zh, name + " " + en);
}

std::optional<int> parse_number(std::string_view text) {
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool digits = !text.empty() && text.front() >= '0' && text.front() <= '9';
    if (!digits || failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

int number_of(const std::string& name, const std::string& text, const pb::Range& range) {
    const auto value = parse_number(text);
    const auto least = std::to_string(range.least()), most = std::to_string(range.most());
    if (!value || *value < range.least() || *value > range.most())
        refuse(name, "應為 " + least + " 至 " + most + " 的整數",
               "must be a number from " + least + " to " + most);
    return *value;
}

domain::Day day_of(const std::string& name, const std::string& text) {
    const auto day = domain::parse_iso_day(text);
    if (!day) refuse(name, "應為日期，例如 2026-10-05", "must be a date, for example 2026-10-05");
    return *day;
}

domain::Month month_of(const std::string& name, const std::string& text) {
    const auto month = domain::parse_iso_month(text);
    if (!month) refuse(name, "應為年月，例如 2026-10", "must look like 2026-10");
    return *month;
}

int choice_of(const std::string& name, const std::string& text, const EnumDescriptor& type) {
    std::string zh, en;
    for (int i = 1; i < type.value_count(); ++i) {
        const auto choice = enum_name(*type.value(i));
        if (choice == text) return type.value(i)->number();
        zh += (zh.empty() ? "" : "、") + choice;
        en += (en.empty() ? "" : ", ") + choice;
    }
    refuse(name, "應為 " + zh, "must be one of " + en);
}

/// "month,type", each once at most.
void add_choices(Message& question, const FieldDescriptor& field, std::string_view text) {
    const auto& reflection = *question.GetReflection();
    std::set<int> seen;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        const auto one = std::string(text.substr(at, end - at));
        const int value = choice_of(field.name(), one, *field.enum_type());
        if (!seen.insert(value).second) refuse(field.name(), "不得重複：" + one, "repeats " + one);
        reflection.AddEnumValue(&question, &field, value);
        at = end + 1;
    }
}

bool flag_of(const std::string& name, const std::string& text) {
    if (text != "true" && text != "false")
        refuse(name, "應為 true 或 false", "must be true or false");
    return text == "true";
}

int integer_of(const FieldDescriptor& field, const std::string& text) {
    const auto& shape = field.options().GetExtension(pb::as);
    switch (shape.form()) {
        case pb::FORM_DAY:
            return day_of(field.name(), text);
        case pb::FORM_MONTH:
            return month_of(field.name(), text);
        default:
            return number_of(field.name(), text, shape.range());
    }
}

void fill(Message& question, const FieldDescriptor& field, const std::string& text) {
    const auto& reflection = *question.GetReflection();
    if (field.is_repeated()) return add_choices(question, field, text);
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_BOOL:
            reflection.SetBool(&question, &field, flag_of(field.name(), text));
            break;
        case FieldDescriptor::CPPTYPE_STRING:
            reflection.SetString(&question, &field, text);
            break;
        case FieldDescriptor::CPPTYPE_ENUM:
            reflection.SetEnumValue(&question, &field,
                                    choice_of(field.name(), text, *field.enum_type()));
            break;
        default:
            reflection.SetInt32(&question, &field, integer_of(field, text));
    }
}

/// The names in braces of "/submissions/{submission_id}", in the order of the captures.
void fill_from_path(Message& question, const std::string& path,
                    const std::vector<std::string>& captures) {
    std::size_t at = 0;
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1)) {
        const auto name = path.substr(open + 1, path.find('}', open) - open - 1);
        fill(question, *question.GetDescriptor()->FindFieldByName(name), captures.at(at++));
    }
}

}  // namespace

std::unique_ptr<Message> question_of(const rpc::ReadMethod& read, const Request& request) {
    auto question = rpc::new_message(*read.method->input_type());
    const auto& type = *question->GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
        const auto& field = *type.field(i);
        if (field.options().GetExtension(pb::as).hidden()) continue;
        if (const auto given = request.parameter(field.name()); given && !given->empty())
            fill(*question, field, *given);
        else if (field.options().GetExtension(pb::as).needed())
            refuse(field.name(), "必須提供，例如 2026-10", "is needed, for example 2026-10");
    }
    fill_from_path(*question, read.path, request.captures);
    if (const auto page = request.parameter("page"), token = request.parameter("page_token");
        type.FindFieldByName("page") && page && !page->empty() && token && !token->empty())
        refuse("page", "不得與 page_token 同時使用", "must not be given together with page_token");
    return question;
}

std::optional<std::chrono::seconds> wait_of(const Request& request) {
    const auto given = request.parameter("wait");
    if (!given || given->empty()) return std::nullopt;
    const auto seconds = given->ends_with('s')
                             ? parse_number(std::string_view(*given).substr(0, given->size() - 1))
                             : std::nullopt;
    if (!seconds || *seconds < 1 || *seconds > longest_wait_s)
        refuse("wait", "應為 1s 至 30s", "must be 1s to 30s");
    return std::chrono::seconds(*seconds);
}

}  // namespace chaiqin::gateway
