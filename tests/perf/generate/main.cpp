// chaiqin-generate: a seeded, made-up country and one month of its submissions, at any scale up to
// the national month (scale 1: 8,000 files, 4,000,000 records, 400,000 persons).
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "files.hpp"
#include "world.hpp"

namespace {

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

chaiqin::domain::Month month_of(const std::string& text, const char* option) {
    const auto parsed = chaiqin::domain::parse_iso_month(text);
    if (!parsed)
        throw std::runtime_error(std::string(option) + ": not a month such as 2026-10: " + text);
    return *parsed;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace chaiqin;
    CLI::App app{
        "Makes a seeded month of submissions: agencies.csv, table19-*.csv, files/, truth.json"};
    app.footer("Example: chaiqin-generate --out /tmp/month --scale 0.1 --month 2026-10");
    std::string out, month, country_from, country_to,
        calendar = "schemas/registry/office-calendar.json";
    generate::Sizes sizes;
    double scale = 0;
    app.add_option("--out", out, "directory to write to")->required();
    app.add_option("--month", month, "data month, e.g. 2026-10")->required();
    app.add_option("--country-from", country_from,
                   "first of several months of one country (default: the month)");
    app.add_option("--country-to", country_to, "last of them, inclusive");
    app.add_option("--seed", sizes.seed, "the same seed gives the same month");
    app.add_option("--scale", scale, "part of the national month, 0.001 to 1; sets the sizes below")
        ->check(CLI::Range(0.001, 1.0));
    app.add_option("--agencies", sizes.agencies, "at least 10");
    app.add_option("--persons", sizes.persons, "");
    app.add_option("--files", sizes.files, "");
    app.add_option("--records", sizes.records, "in all; default 8 a person");
    app.add_option("--bad", sizes.bad_per_mille, "bad records per thousand");
    app.add_option("--first-agency", sizes.first_agency,
                   "number of the first agency; worlds in one store need their own");
    app.add_option("--first-person", sizes.first_person,
                   "number of the first person id; worlds in one store need their own");
    app.add_option("--calendar", calendar, "office calendar (JSON)");
    CLI11_PARSE(app, argc, argv);
    try {
        if (scale > 0) {
            sizes.agencies = std::max(20u, static_cast<std::uint32_t>(8000 * scale));
            sizes.files = static_cast<std::uint32_t>(8000 * scale);
            sizes.persons = static_cast<std::uint32_t>(400000 * scale);
            sizes.records = static_cast<std::uint32_t>(4000000 * scale);
        }
        if (sizes.agencies < 10) throw std::runtime_error("--agencies: at least 10");
        if (!sizes.records) sizes.records = sizes.persons * 8;
        sizes.month = month_of(month, "--month");
        sizes.country_from =
            country_from.empty() ? sizes.month : month_of(country_from, "--country-from");
        sizes.country_to = country_to.empty() ? sizes.month : month_of(country_to, "--country-to");
        if (sizes.month < sizes.country_from || sizes.month > sizes.country_to)
            throw std::runtime_error("--month must lie in the country's months");
        std::filesystem::create_directories(out);
        const auto world = generate::make_world(sizes, read_file(calendar));
        generate::write_world(world, out);
        const auto truth = generate::write_files(world, sizes, out);
        generate::write_truth(truth, sizes, out + "/truth.json");
        std::cout << truth.files.size() << " files, " << truth.records << " records ("
                  << truth.invalid << " bad), " << truth.bytes << " bytes, seed " << sizes.seed
                  << " in " << out << '\n';
        return 0;
    } catch (const std::exception& failure) {
        std::cerr << "chaiqin-generate: " << failure.what() << '\n';
        return 2;
    }
}
