#include "wire/json_writer.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdlib>

namespace chaiqin::wire {

struct JsonWriter::State {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

JsonWriter::JsonWriter() : state_(std::make_unique<State>()) {}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::begin_object() {
    state_->writer.StartObject();
    return *this;
}

JsonWriter& JsonWriter::end_object() {
    state_->writer.EndObject();
    return *this;
}

JsonWriter& JsonWriter::begin_array() {
    state_->writer.StartArray();
    return *this;
}

JsonWriter& JsonWriter::end_array() {
    state_->writer.EndArray();
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    state_->writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    state_->writer.String(text.empty() ? "" : text.data(),
                          static_cast<rapidjson::SizeType>(text.size()));
    return *this;
}

JsonWriter& JsonWriter::null() {
    state_->writer.Null();
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    state_->writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
}

std::string JsonWriter::take() {
    if (!state_->writer.IsComplete()) std::abort();
    return {state_->buffer.GetString(), state_->buffer.GetSize()};
}

JsonWriter& JsonWriter::value(bool value) {
    state_->writer.Bool(value);
    return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
    state_->writer.Int64(value);
    return *this;
}

JsonWriter& JsonWriter::natural(std::uint64_t value) {
    state_->writer.Uint64(value);
    return *this;
}

}  // namespace chaiqin::wire
