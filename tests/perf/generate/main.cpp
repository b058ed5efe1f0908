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

}  // namespace

int main(int argc, char** argv) {
    using namespace chaiqin;
    CLI::App app{
        "Makes a seeded month of submissions: agencies.csv, table19-*.csv, files/, truth.json"};
    app.footer("Example: chaiqin-generate --out /tmp/month --scale 0.1 --month 2026-10");
    std::string out, month, calendar = "schemas/registry/office-calendar.json";
    generate::Sizes sizes;
    double scale = 0;
    app.add_option("--out", out, "directory to write to")->required();
    app.add_option("--month", month, "data month, e.g. 2026-10")->required();
    app.add_option("--seed", sizes.seed, "the same seed gives the same month");
    app.add_option("--scale", scale, "part of the national month, 0.001 to 1; sets the sizes below")
        ->check(CLI::Range(0.001, 1.0));
    app.add_option("--agencies", sizes.agencies, "at least 10");
    app.add_option("--persons", sizes.persons, "");
    app.add_option("--files", sizes.files, "");
    app.add_option("--records", sizes.records, "in all; default 8 a person");
    app.add_option("--bad", sizes.bad_per_mille, "bad records per thousand");
    app.add_option("--first-person", sizes.first_person,
                   "number of the first person id; worlds in one store need their own persons");
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
        const auto parsed = domain::parse_iso_month(month);
        if (!parsed) throw std::runtime_error("--month: not a month such as 2026-10: " + month);
        sizes.month = *parsed;
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
