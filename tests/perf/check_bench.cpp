// chaiqin-check-bench FILE [ROUNDS]: how fast one core checks a file, beside RapidJSON's null
// handler on the same bytes in the same run, interleaved. Prints medians. FILE is a submission,
// such as chaiqin-generate makes.
#include <rapidjson/reader.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "checking/check.hpp"
#include "wire/reference_data.hpp"

namespace {

using namespace chaiqin;

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

domain::RegistryPtr registry_for(const std::string& agency) {
    const std::string schemas = std::string(CHAIQIN_SOURCE_DIR) + "/schemas/";
    auto registry = std::make_shared<domain::Registry>();
    registry->rules =
        wire::make_rule_set(wire::parse_rules(read_file(schemas + "rules/rules.csv")));
    registry->leave_types =
        wire::parse_leave_types(read_file(schemas + "registry/leave-types.csv"));
    registry->calendar = wire::make_office_calendar(
        wire::parse_calendar_days(read_file(schemas + "registry/office-calendar.json")));
    domain::AgencyRegistry::Versions versions;
    versions[agency].emplace_back();
    registry->agencies = domain::AgencyRegistry(std::move(versions));
    return registry;
}

/// When the file says it was made: received at once, so a run is the same on any day.
domain::Instant made_at(const std::string& bytes) {
    constexpr std::string_view key = "\"generated_at\":\"";
    const auto at = bytes.find(key);
    const auto made = at == std::string::npos
                          ? std::nullopt
                          : domain::parse_rfc3339(bytes.substr(at + key.size(), 25));
    return made.value_or(*domain::parse_rfc3339("2026-11-05T09:30:00+08:00"));
}

/// As costly as a short keyed hash over the same bytes; crypto's own hasher is measured in the
/// whole pipeline.
class MixingHasher : public checking::LineHasher {
public:
    std::uint64_t token(std::string_view bytes) override { return mix(bytes); }
    std::uint64_t identity(std::string_view bytes) override { return mix(bytes); }
    std::uint64_t content(std::string_view bytes) override { return mix(bytes); }

private:
    static std::uint64_t mix(std::string_view bytes) {
        std::uint64_t state = 0x736F6D6570736575u;
        for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
            std::uint64_t word;
            std::memcpy(&word, bytes.data(), sizeof word);
            for (int round = 0; round < 2; ++round) {
                state = (state ^ word) * 0x9E3779B97F4A7C15u;
                state ^= state >> 29;
            }
        }
        for (const char c : bytes)
            state = (state ^ static_cast<unsigned char>(c)) * 0x9E3779B97F4A7C15u;
        return state;
    }
};

/// CPU time of this thread: what other work the machine has does not count.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double seconds_of(const std::function<void()>& work) {
    const auto begin = cpu_seconds();
    work();
    return cpu_seconds() - begin;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void print(const char* name, double seconds, std::size_t bytes, std::uint32_t records) {
    std::printf("%-28s %9.0f records/s  %7.1f MB/s  %7.1f ns/record\n", name, records / seconds,
                static_cast<double>(bytes) / seconds / 1e6, seconds / records * 1e9);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: chaiqin-check-bench FILE [ROUNDS]\n");
        return 2;
    }
    const auto bytes = read_file(argv[1]);
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 31;
    const auto agency_at = bytes.find("\"reporting_org_code\":\"");
    const std::string agency =
        agency_at == std::string::npos ? "" : bytes.substr(agency_at + 22, 10);
    MixingHasher hasher;
    checking::CheckRequest request;
    request.file_name = "bench.json";
    request.bytes = bytes;
    request.registry = registry_for(agency);
    request.acting_agency = agency;
    request.received_at = made_at(bytes);
    const auto sample = checking::check_file(request);
    std::vector<double> null_handler, check, check_with_columns;
    for (int round = 0; round < rounds; ++round) {
        null_handler.push_back(seconds_of([&] {
            std::string copy(bytes);
            rapidjson::InsituStringStream stream(copy.data());
            rapidjson::BaseReaderHandler<> nothing;
            rapidjson::Reader().Parse<rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag>(
                stream, nothing);
        }));
        request.hasher = nullptr;
        check.push_back(seconds_of([&] { (void)checking::check_file(request); }));
        request.hasher = &hasher;
        check_with_columns.push_back(seconds_of([&] { (void)checking::check_file(request); }));
    }
    std::printf(
        "%zu bytes, %u records, %u invalid, %llu errors, %llu warnings, %d rounds, medians\n",
        bytes.size(), sample.record_count, sample.invalid_lines,
        static_cast<unsigned long long>(sample.error_count),
        static_cast<unsigned long long>(sample.warning_count), rounds);
    print("RapidJSON null handler", median(null_handler), bytes.size(), sample.record_count);
    print("check", median(check), bytes.size(), sample.record_count);
    print("check and columns", median(check_with_columns), bytes.size(), sample.record_count);
    std::printf("check / null handler: %.2f, with columns: %.2f\n",
                median(check) / median(null_handler),
                median(check_with_columns) / median(null_handler));
    return 0;
}
