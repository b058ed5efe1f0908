#include "runtime/log.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "domain/calendar.hpp"

namespace chaiqin::runtime {

namespace {

std::string& service_name() {
    static std::string name = "chaiqin";
    return name;
}

spdlog::logger& logger() {
    static auto instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "chaiqin", std::make_shared<spdlog::sinks::stdout_sink_mt>());
        made->set_pattern("%v");
        made->flush_on(spdlog::level::debug);
        return made;
    }();
    return *instance;
}

void put(rapidjson::Writer<rapidjson::StringBuffer>& out, std::string_view text) {
    out.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write(spdlog::level::level_enum level, const char* level_name, std::string_view message,
           std::initializer_list<Field> fields) {
    if (!logger().should_log(level)) return;
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> out(buffer);
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    out.StartObject();
    put(out, "at");
    put(out, domain::rfc3339_taipei(now));
    put(out, "level");
    put(out, level_name);
    put(out, "service");
    put(out, service_name());
    put(out, "message");
    put(out, message);
    for (const auto& field : fields) {
        put(out, field.name);
        if (const auto* text = std::get_if<std::string_view>(&field.value))
            put(out, *text);
        else if (const auto* number = std::get_if<std::int64_t>(&field.value))
            out.Int64(*number);
        else
            out.Double(std::get<double>(field.value));
    }
    out.EndObject();
    logger().log(level, "{}", std::string_view(buffer.GetString(), buffer.GetSize()));
}

}  // namespace

void open_log(std::string service, const std::string& level) {
    service_name() = std::move(service);
    logger().set_level(spdlog::level::from_str(level == "warn" ? "warning" : level));
}

void log_debug(std::string_view message, std::initializer_list<Field> fields) {
    write(spdlog::level::debug, "debug", message, fields);
}
void log_info(std::string_view message, std::initializer_list<Field> fields) {
    write(spdlog::level::info, "info", message, fields);
}
void log_warn(std::string_view message, std::initializer_list<Field> fields) {
    write(spdlog::level::warn, "warn", message, fields);
}
void log_error(std::string_view message, std::initializer_list<Field> fields) {
    write(spdlog::level::err, "error", message, fields);
}

}  // namespace chaiqin::runtime
