// chaiqin-check-bench FILE [ROUNDS] [kernel]: how fast one core checks a file, beside RapidJSON's
// null handler on the same bytes in the same run, interleaved. CPU time; medians and ranges. FILE
// is a submission, such as chaiqin-generate makes. With "kernel" also the whole decision in memory:
// the check, then the matcher's batch on its columns (identity, attribution by a Table 19 of 1.2
// million rows, counts).
#include <rapidjson/reader.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "agency_matcher/file_batch.hpp"
#include "checking/check.hpp"
#include "wire/reference_data.hpp"

namespace {

using namespace chaiqin;

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::fprintf(stderr, "chaiqin-check-bench: %s cannot be read\n", path.c_str());
        std::exit(2);
    }
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

void parse_for_nothing(const std::string& bytes) {
    std::string copy(bytes);
    rapidjson::InsituStringStream stream(copy.data());
    rapidjson::BaseReaderHandler<> nothing;
    rapidjson::Reader().Parse<rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag>(
        stream, nothing);
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

/// The persons of the file, three rows each, among 400,000 others.
domain::Table19 table_with(const std::string& bytes, const std::string& agency,
                           MixingHasher& hasher) {
    constexpr std::uint64_t others = 400'000, rows_a_person = 3;
    constexpr domain::Day first = 10'000, days_a_row = 3'000;
    std::vector<std::uint64_t> tokens;
    constexpr std::string_view key = "\"person_id\":\"";
    for (auto at = bytes.find(key); at != std::string::npos; at = bytes.find(key, at + 1))
        tokens.push_back(hasher.token(std::string_view(bytes).substr(at + key.size(), 10)));
    for (std::uint64_t i = 0; i < others; ++i) {
        const std::string_view number(reinterpret_cast<const char*>(&i), sizeof i);
        tokens.push_back(hasher.token(number));
    }
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    domain::CareerRows rows(std::make_shared<domain::CodeTable>());
    for (const auto token : tokens) {
        for (std::uint64_t row = 0; row < rows_a_person; ++row) {
            const auto start = first + static_cast<domain::Day>(row) * days_a_row;
            const bool is_last = row + 1 == rows_a_person;
            rows.add(token, agency, static_cast<int>(row + 1), agency, domain::PostKind::primary,
                     start, is_last ? domain::open_end : start + days_a_row - 1);
        }
    }
    return domain::Table19(std::move(rows), 1);
}

domain::ValidatedFile validated(checking::CheckResult result, const std::string& agency,
                                domain::Instant received_at) {
    domain::ValidatedFile file;
    file.submission_id = "00000000-0000-8000-8000-000000000001";
    file.agency = agency;
    file.received_at = received_at;
    file.route = file.source_system = result.source_system;
    file.data_month = result.data_month.value_or(0);
    file.leave_lines = result.leave_lines;
    file.overtime_lines = result.overtime_lines;
    file.invalid_lines = result.invalid_lines;
    file.error_count = static_cast<std::uint32_t>(result.error_count);
    file.warning_count = static_cast<std::uint32_t>(result.warning_count);
    file.orgs = std::move(result.orgs);
    file.lines = std::move(result.lines);
    file.finding_identities = std::move(result.finding_identities);
    file.finding_lines = std::move(result.finding_lines);
    return file;
}

/// Bytes to counts, by the code of validator and matcher; returns the records counted.
std::int64_t decide(const checking::CheckRequest& request, const domain::Table19& table) {
    auto file =
        validated(checking::check_file(request), request.acting_agency, request.received_at);
    std::vector<std::uint32_t> prefixes;
    for (const auto& line : file.lines) prefixes.push_back(domain::prefix_of(line.identity));
    agency_matcher::FileBatch batch({table, *request.registry, request.received_at, {}},
                                    agency_matcher::PrefixFilter(std::move(prefixes)), {},
                                    file.lines.size());
    batch.take(std::move(file));
    std::int64_t counted = 0;
    for (const auto& delta : batch.finish().effects.counts) counted += delta.records;
    return counted;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Looks every line up among the heads and puts it there, as the matcher does.
template <typename Heads, typename Has, typename Put>
double seconds_of_heads(const std::vector<std::uint64_t>& identities, Heads heads, Has has,
                        Put put) {
    return seconds_of([&] {
        std::uint32_t position = 0;
        for (const auto identity : identities)
            if (!has(heads, identity)) put(heads, identity, position++);
    });
}

/// The matcher's table of heads beside std::unordered_map, in nanoseconds a line.
void compare_heads(std::size_t lines, int rounds) {
    using agency_matcher::HeadMap, agency_matcher::HeadPosition;
    using Standard = std::unordered_map<std::uint64_t, HeadPosition>;
    std::mt19937_64 random(7);
    std::vector<std::uint64_t> identities(lines);
    for (auto& identity : identities) identity = random();
    std::vector<double> flat, standard;
    for (int round = 0; round < rounds; ++round) {
        flat.push_back(seconds_of_heads(
            identities, HeadMap(lines),
            [](const HeadMap& heads, auto identity) { return heads.find(identity) != nullptr; },
            [](HeadMap& heads, auto identity, auto at) {
                heads.set(identity, {0, at});
            }));
        Standard empty;
        empty.reserve(lines);
        standard.push_back(seconds_of_heads(
            identities, std::move(empty),
            [](const Standard& heads, auto identity) { return heads.contains(identity); },
            [](Standard& heads, auto identity, auto at) {
                heads.insert_or_assign(identity, HeadPosition{0, at});
            }));
    }
    const auto count = static_cast<double>(lines);
    std::printf("%zu heads: %.0f ns/line, in a std::unordered_map %.0f\n", lines,
                median(flat) / count * 1e9, median(standard) / count * 1e9);
}

void print(const char* name, const std::vector<double>& seconds, std::size_t bytes,
           std::uint32_t records) {
    const auto middle = median(seconds);
    const auto [least, most] = std::minmax_element(seconds.begin(), seconds.end());
    std::printf("%-28s %9.0f records/s  %7.1f MB/s  %7.1f ns/record  (%.0f-%.0f records/s)\n", name,
                records / middle, static_cast<double>(bytes) / middle / 1e6, middle / records * 1e9,
                records / *most, records / *least);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: chaiqin-check-bench FILE [ROUNDS] [kernel]\n");
        return 2;
    }
    const auto bytes = read_file(argv[1]);
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 31;
    const bool whole_kernel = argc > 3 && std::string_view(argv[3]) == "kernel";
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
    const auto table = whole_kernel ? table_with(bytes, agency, hasher) : domain::Table19();
    std::vector<double> null_handler, check, check_with_columns, kernel;
    std::int64_t counted = 0;
    for (int round = 0; round < rounds; ++round) {
        null_handler.push_back(seconds_of([&] { parse_for_nothing(bytes); }));
        request.hasher = nullptr;
        check.push_back(seconds_of([&] { (void)checking::check_file(request); }));
        request.hasher = &hasher;
        check_with_columns.push_back(seconds_of([&] { (void)checking::check_file(request); }));
        if (whole_kernel) kernel.push_back(seconds_of([&] { counted = decide(request, table); }));
    }
    std::printf(
        "%zu bytes, %u records, %u invalid, %llu errors, %llu warnings, %d rounds, medians\n",
        bytes.size(), sample.record_count, sample.invalid_lines,
        static_cast<unsigned long long>(sample.error_count),
        static_cast<unsigned long long>(sample.warning_count), rounds);
    print("RapidJSON null handler", null_handler, bytes.size(), sample.record_count);
    print("check", check, bytes.size(), sample.record_count);
    print("check and columns", check_with_columns, bytes.size(), sample.record_count);
    if (whole_kernel) {
        print("check, match and count", kernel, bytes.size(), sample.record_count);
        std::printf("Table 19: %zu rows; %lld records counted\n", table.rows(),
                    static_cast<long long>(counted));
        compare_heads(4'000, rounds);
        compare_heads(50'000, rounds);
    }
    std::printf("check / null handler: %.2f, with columns: %.2f\n",
                median(check) / median(null_handler),
                median(check_with_columns) / median(null_handler));
    return 0;
}
