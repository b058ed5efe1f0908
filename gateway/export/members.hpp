#pragma once
// Members of an answer of the query service by the names that its JSON has, for the columns of
// exported lists (lists.hpp says how a member is named). Pure; for .cpp files.
#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace chaiqin::gateway {

/// null, a text or the name of an enumeration's value, a number, a boolean.
using Value = std::variant<std::monostate, std::string, std::int64_t, bool>;

Value value_of(const google::protobuf::Message& message, std::string_view member);
/// Whether messages of this type have it.
bool has_member(const google::protobuf::Descriptor& type, std::string_view member);

/// The field of that name in the message or in one whose members stand in its place; null if there
/// is none. The message that has the field comes with it.
struct FoundField {
    const google::protobuf::Message* message = nullptr;
    const google::protobuf::FieldDescriptor* field = nullptr;
};
FoundField find_field(const google::protobuf::Message& message, std::string_view name);

}  // namespace chaiqin::gateway
