#include "files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "record_text.hpp"

namespace chaiqin::generate {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t most_records_a_file = 12000;  // about 5 MB

struct PlannedFile {
    std::uint32_t agency, part_no, part_count, records;
};

/// Skewed: the first agencies send full files, most of the others a few dozen to some hundreds of
/// records.
std::vector<PlannedFile> plan(const World& world, const Sizes& sizes) {
    std::vector<std::uint32_t> living;
    for (std::uint32_t a = 0; a < world.agencies.size(); ++a)
        if (!world.agencies[a].abolished) living.push_back(a);
    std::vector<PlannedFile> files;
    std::vector<std::uint32_t> parts(world.agencies.size());
    for (std::uint32_t i = 0; i < sizes.files; ++i) {
        const auto agency = living[i % living.size()];
        files.push_back({agency, ++parts[agency], 0, 0});
    }
    Random random(sizes.seed + 99);
    std::vector<double> weights;
    double sum = 0;
    const std::uint32_t big = sizes.files / 250;
    for (std::uint32_t i = 0; i < sizes.files; ++i) {
        const double u = random.below(1000) / 1000.0;
        weights.push_back(i < big ? 22.0 : 0.15 + 4.0 * u * u * u * u);
        sum += weights.back();
    }
    for (std::uint32_t i = 0; i < sizes.files; ++i) {
        files[i].part_count = parts[files[i].agency];
        const auto wished = static_cast<std::uint32_t>(weights[i] / sum * sizes.records + 0.5);
        files[i].records = std::clamp(wished, 1u, most_records_a_file);
    }
    return files;
}

/// The agency that Table 19 gives by construction of the career; nothing = UNMATCHED.
std::optional<std::uint32_t> attributed(const World& world, const Person& person,
                                        const MadeRecord& record) {
    switch (person.career) {
        case Career::nowhere:
        case Career::left:
        case Career::gap:
            return std::nullopt;
        case Career::moved:
            return record.day >= person.moved_on ? person.other : person.agency;
        case Career::other_org:
            return person.other;
        case Career::seconded:
            return record.org_code == world.agencies[person.other].code ? person.other
                                                                        : person.agency;
        case Career::steady:
        case Career::second_post:
            break;
    }
    return person.agency;
}

void head(std::string& out, const World& world, const Sizes& sizes, const PlannedFile& file,
          std::size_t leave, std::size_t overtime) {
    static const char* systems[] = {"WEBITR", "WEBHR", "SELF"};
    out += "{\"format_version\":\"1.0\",\"reporting_org_code\":\"" +
           world.agencies[file.agency].code + "\",\"data_month\":\"" +
           domain::roc_month(sizes.month) + "\",\"source_system\":\"" + systems[file.agency % 3] +
           "\",\"source_version\":\"5.2\",\"generated_at\":\"" +
           domain::iso_day(domain::last_day(sizes.month) + 1) +
           "T08:30:00+08:00\",\"batch_no\":\"" + domain::roc_month(sizes.month) + "-" +
           std::to_string(file.part_no) + "\",\"part_no\":" + std::to_string(file.part_no) +
           ",\"part_count\":" + std::to_string(file.part_count) +
           ",\"leave_count\":" + std::to_string(leave) +
           ",\"overtime_count\":" + std::to_string(overtime);
}

void array(std::string& out, const char* key, const std::vector<MadeRecord>& records,
           bool overtime) {
    out += ",\n\"";
    out += key;
    out += "\":[";
    bool first = true;
    for (const auto& record : records) {
        if (record.overtime != overtime) continue;
        out += first ? "\n" : ",\n";
        first = false;
        append_json(out, record);
    }
    out += ']';
}

void add_to_truth(Truth& truth, const World& world, std::uint32_t agency, const Person& person,
                  const MadeRecord& record) {
    if (record.fault) return;
    const auto to = attributed(world, person, record);
    if (!to) {
        ++truth.unmatched[world.agencies[agency].code];
        return;
    }
    auto& sum = truth.counts[{world.agencies[*to].code, domain::month_of(record.day),
                              record.overtime, record.type}];
    ++sum.records;
    sum.minutes += record.minutes;
}

}  // namespace

Truth write_files(const World& world, const Sizes& sizes, const std::string& directory) {
    Truth truth;
    Random random(sizes.seed * 104729 + 5);
    std::string out;
    std::vector<MadeRecord> records;
    // Form numbers of different months of one country differ, those of records sent late too.
    const auto first_number =
        static_cast<std::uint32_t>(sizes.month - sizes.country_from) * 1'000'000;
    std::vector<std::uint32_t> numbers(world.agencies.size(), first_number);
    for (const auto& file : plan(world, sizes)) {
        records.clear();
        const auto& staff = world.staff[file.agency];
        Truth::File entry{"", world.agencies[file.agency].code, file.records, 0};
        for (std::uint32_t r = 0; r < file.records; ++r) {
            const auto& person =
                world.persons[staff[random.below(static_cast<std::uint32_t>(staff.size()))]];
            records.push_back(make_record(world, sizes, person, ++numbers[file.agency], random));
            entry.invalid += records.back().fault != 0;
            add_to_truth(truth, world, file.agency, person, records.back());
        }
        out.clear();
        const auto overtime = static_cast<std::size_t>(std::count_if(
            records.begin(), records.end(), [](const auto& r) { return r.overtime; }));
        head(out, world, sizes, file, records.size() - overtime, overtime);
        array(out, "leave_records", records, false);
        array(out, "overtime_records", records, true);
        out += "}\n";
        entry.path = "files/" + entry.agency + "/" + domain::roc_month(sizes.month) + "-" +
                     std::to_string(file.part_no) + ".json";
        fs::create_directories(directory + "/files/" + entry.agency);
        std::ofstream(directory + "/" + entry.path, std::ios::binary) << out;
        truth.records += file.records;
        truth.invalid += entry.invalid;
        truth.bytes += static_cast<std::int64_t>(out.size());
        truth.files.push_back(entry);
    }
    return truth;
}

void write_truth(const Truth& truth, const Sizes& sizes, const std::string& path) {
    std::ofstream out(path);
    out << "{\"month\":\"" << domain::iso_month(sizes.month) << "\",\"seed\":" << sizes.seed
        << ",\"records\":" << truth.records << ",\"invalid\":" << truth.invalid
        << ",\"bytes\":" << truth.bytes << ",\n\"files\":[";
    const char* comma = "\n";
    for (const auto& file : truth.files) {
        out << comma << "{\"path\":\"" << file.path << "\",\"agency\":\"" << file.agency
            << "\",\"total\":" << file.total << ",\"invalid\":" << file.invalid << '}';
        comma = ",\n";
    }
    out << "],\n\"counts\":[";
    comma = "\n";
    for (const auto& [cell, sum] : truth.counts) {
        const auto& [agency, month, kind, type] = cell;
        out << comma << "{\"agency\":\"" << agency << "\",\"month\":\"" << domain::iso_month(month)
            << "\",\"kind\":\"" << (kind ? "overtime" : "leave") << "\",\"type\":" << type
            << ",\"records\":" << sum.records << ",\"minutes\":" << sum.minutes << '}';
        comma = ",\n";
    }
    out << "],\n\"unmatched\":{";
    comma = "\n";
    for (const auto& [agency, count] : truth.unmatched) {
        out << comma << '"' << agency << "\":" << count;
        comma = ",\n";
    }
    out << "}}\n";
    if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace chaiqin::generate
