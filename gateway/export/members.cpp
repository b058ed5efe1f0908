#include "gateway/export/members.hpp"

#include <charconv>

#include "chaiqin/query/v1/options.pb.h"
#include "gateway/reading/enum_names.hpp"
#include "rpc/read_methods.hpp"

namespace chaiqin::gateway {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// "months.3.leave" → "months" and "3.leave"
std::pair<std::string, std::string_view> first_of(std::string_view member) {
    const auto dot = member.find('.');
    return {std::string(member.substr(0, dot)),
            dot == std::string_view::npos ? std::string_view() : member.substr(dot + 1)};
}

Value plain_value(const Message& message, const FieldDescriptor& field) {
    const auto& reflection = *message.GetReflection();
    if (field.has_presence() && !reflection.HasField(message, &field)) return {};
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING:
            return reflection.GetString(message, &field);
        case FieldDescriptor::CPPTYPE_BOOL:
            return reflection.GetBool(message, &field);
        case FieldDescriptor::CPPTYPE_ENUM: {
            const auto* value = reflection.GetEnum(message, &field);
            return value->number() == 0 ? Value() : Value(enum_name(*value));
        }
        case FieldDescriptor::CPPTYPE_UINT32:
            return std::int64_t{reflection.GetUInt32(message, &field)};
        case FieldDescriptor::CPPTYPE_INT64:
            return std::int64_t{reflection.GetInt64(message, &field)};
        case FieldDescriptor::CPPTYPE_INT32:
            return std::int64_t{reflection.GetInt32(message, &field)};
        default:
            return {};
    }
}

/// Of the last element; nothing if there is none.
Value of_last(const Message& message, const FieldDescriptor& field, std::string_view member) {
    const auto& reflection = *message.GetReflection();
    const int count = reflection.FieldSize(message, &field);
    if (count == 0) return {};
    return value_of(reflection.GetRepeatedMessage(message, &field, count - 1), member);
}

/// Of the element whose `month` is `which`, or of all with "*".
Value sum_of(const Message& message, const FieldDescriptor& field, std::string_view which,
             std::string_view member) {
    const auto& reflection = *message.GetReflection();
    const auto* month_field = field.message_type()->FindFieldByName("month");
    const auto* member_field = field.message_type()->FindFieldByName(std::string(member));
    std::int64_t sum = 0, month = 0;
    std::from_chars(which.data(), which.data() + which.size(), month);
    for (int i = 0; month_field && member_field && i < reflection.FieldSize(message, &field); ++i) {
        const auto& element = reflection.GetRepeatedMessage(message, &field, i);
        if (which != "*" && plain_value(element, *month_field) != Value(month)) continue;
        if (const auto value = plain_value(element, *member_field);
            const auto* number = std::get_if<std::int64_t>(&value))
            sum += *number;
    }
    return sum;
}

}  // namespace

FoundField find_field(const Message& message, std::string_view name) {
    const auto& type = *message.GetDescriptor();
    if (const auto* field = type.FindFieldByName(std::string(name))) return {&message, field};
    for (int i = 0; i < type.field_count(); ++i) {
        const auto& field = *type.field(i);
        if (!field.options().GetExtension(query::v1::as).flat()) continue;
        const auto found = find_field(message.GetReflection()->GetMessage(message, &field), name);
        if (found.field) return found;
    }
    return {};
}

Value value_of(const Message& message, std::string_view member) {
    if (const auto minus = member.find('-'); minus != std::string_view::npos) {
        const auto whole = value_of(message, member.substr(0, minus)),
                   part = value_of(message, member.substr(minus + 1));
        const auto *a = std::get_if<std::int64_t>(&whole), *b = std::get_if<std::int64_t>(&part);
        return a && b ? Value(*a - *b) : Value();
    }
    const auto [name, rest] = first_of(member);
    const auto [holder, field] = find_field(message, name);
    if (!field) return {};
    if (field->is_repeated()) {
        const auto [which, of_element] = first_of(rest);
        return which == "last" ? of_last(*holder, *field, of_element)
                               : sum_of(*holder, *field, which, of_element);
    }
    if (rest.empty()) return plain_value(*holder, *field);
    if (!holder->GetReflection()->HasField(*holder, field)) return {};
    return value_of(holder->GetReflection()->GetMessage(*holder, field), rest);
}

bool has_member(const Descriptor& type, std::string_view member) {
    if (const auto minus = member.find('-'); minus != std::string_view::npos)
        return has_member(type, member.substr(0, minus)) &&
               has_member(type, member.substr(minus + 1));
    auto [name, rest] = first_of(member);
    const auto message = rpc::new_message(type);
    const auto* field = find_field(*message, name).field;
    if (!field) return false;
    if (field->is_repeated()) rest = first_of(rest).second;
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    return rest.empty() ? !is_message : is_message && has_member(*field->message_type(), rest);
}

}  // namespace chaiqin::gateway
