#include "gateway/reading/answer_json.hpp"

#include "chaiqin/query/v1/options.pb.h"
#include "domain/calendar.hpp"
#include "gateway/reading/enum_names.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::gateway {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
namespace pb = query::v1;

class AnswerWriter {
public:
    void object(const Message& message) {
        json_.begin_object();
        members(message);
        json_.end_object();
    }
    std::string take() { return json_.take(); }

private:
    void members(const Message& message) {
        const auto& type = *message.GetDescriptor();
        for (int i = 0; i < type.field_count(); ++i) member(message, *type.field(i));
    }

    void member(const Message& message, const FieldDescriptor& field) {
        const auto& reflection = *message.GetReflection();
        const auto& shape = field.options().GetExtension(pb::as);
        if (shape.hidden()) return;
        if (shape.flat()) return members(reflection.GetMessage(message, &field));
        if (shape.left_out() && is_absent(message, reflection, field)) return;
        json_.key(field.name());
        if (field.is_repeated()) return list(message, reflection, field);
        if (field.has_presence() && !reflection.HasField(message, &field)) {
            json_.null();
            return;
        }
        value(message, reflection, field, shape.form());
    }

    /// An enumeration's first value means nothing, whether it was set or not.
    static bool is_absent(const Message& message, const Reflection& reflection,
                          const FieldDescriptor& field) {
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM)
            return reflection.GetEnumValue(message, &field) == 0;
        return !reflection.HasField(message, &field);
    }

    void list(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
        json_.begin_array();
        for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
            if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
                object(reflection.GetRepeatedMessage(message, &field, i));
            else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
                json_.value(reflection.GetRepeatedString(message, &field, i));
            else
                json_.value(reflection.GetRepeatedUInt32(message, &field, i));
        }
        json_.end_array();
    }

    void value(const Message& message, const Reflection& reflection, const FieldDescriptor& field,
               pb::Form form) {
        switch (field.cpp_type()) {
            case FieldDescriptor::CPPTYPE_MESSAGE:
                return object(reflection.GetMessage(message, &field));
            case FieldDescriptor::CPPTYPE_STRING:
                json_.value(reflection.GetString(message, &field));
                break;
            case FieldDescriptor::CPPTYPE_BOOL:
                json_.value(reflection.GetBool(message, &field));
                break;
            case FieldDescriptor::CPPTYPE_ENUM:
                return choice(*reflection.GetEnum(message, &field));
            case FieldDescriptor::CPPTYPE_UINT32:
                json_.value(reflection.GetUInt32(message, &field));
                break;
            case FieldDescriptor::CPPTYPE_INT64:
                return number(reflection.GetInt64(message, &field), form);
            default:
                return number(reflection.GetInt32(message, &field), form);
        }
    }

    void choice(const google::protobuf::EnumValueDescriptor& value) {
        if (value.number() == 0)
            json_.null();
        else
            json_.value(enum_name(value));
    }

    void number(std::int64_t value, pb::Form form) {
        switch (form) {
            case pb::FORM_TIME:
                json_.value(
                    domain::rfc3339_taipei(domain::Instant(std::chrono::microseconds(value))));
                break;
            case pb::FORM_DAY:
                json_.value(domain::iso_day(static_cast<domain::Day>(value)));
                break;
            case pb::FORM_MONTH:
                json_.value(domain::iso_month(static_cast<domain::Month>(value)));
                break;
            default:
                json_.value(value);
        }
    }

    wire::JsonWriter json_;
};

}  // namespace

std::string to_json(const Message& answer) {
    AnswerWriter writer;
    writer.object(answer);
    return writer.take();
}

}  // namespace chaiqin::gateway
