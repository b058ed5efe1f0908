#pragma once
// JSON lines on stdout: a constant message plus fields, one line a state change or failure, none a
// record, never a name, an id number or content. Thread-safe.
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace chaiqin::runtime {

struct Field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double> value;
    Field(std::string_view n, std::string_view v) : name(n), value(v) {}
    Field(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
    Field(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
    Field(std::string_view n, double v) : name(n), value(v) {}
    template <std::integral T>
    Field(std::string_view n, T v) : name(n), value(static_cast<std::int64_t>(v)) {}
};

/// Once, in main: the service's name and the least level (debug, info, warn, error).
void open_log(std::string service, const std::string& level);

void log_debug(std::string_view message, std::initializer_list<Field> fields = {});
void log_info(std::string_view message, std::initializer_list<Field> fields = {});
void log_warn(std::string_view message, std::initializer_list<Field> fields = {});
void log_error(std::string_view message, std::initializer_list<Field> fields = {});

}  // namespace chaiqin::runtime
