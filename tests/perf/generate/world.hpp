#pragma once
// The made-up country of the seeded generator: agencies (codes begin with Z), persons and their
// careers. The same seed and sizes always give the same world. Nothing here is real.
#include <cstdint>
#include <string>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::generate {

/// splitmix64: small, seeded, the same on every machine.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(next() % n); }
    /// true with probability per_mille / 1000
    bool chance(std::uint32_t per_mille) { return below(1000) < per_mille; }

private:
    std::uint64_t state_;
};

struct Sizes {
    std::uint64_t seed = 1;
    std::uint32_t agencies = 60, persons = 1500, files = 120, records = 0;
    domain::Month month = 0;
    /// Months for which the country is made, inclusive: runs with the same seed and the same two
    /// have the same agencies, persons and Table 19, whatever `month` is.
    domain::Month country_from = 0, country_to = 0;
    std::uint32_t bad_per_mille = 10;
    /// Numbers of the first agency and person: worlds that share a store need their own.
    std::uint32_t first_agency = 1, first_person = 1000;
};

struct MadeAgency {
    std::string code, name;
    std::int32_t parent = -1;  ///< index; -1 at the top (an authority of Table 19)
    std::int32_t authority = 0;
    bool abolished = false;  ///< before the month; sends nothing
    std::int32_t successor = -1;
};

struct Post {
    std::uint32_t agency = 0;
    int seq = 1;
    int post_kind = 1;  ///< 1 本職 2 借調 4 兼職
    domain::Day start = 0;
    domain::Day end = 0;  ///< 0 = in post
};

enum class Career : std::uint8_t {
    steady,
    moved,
    seconded,
    second_post,
    nowhere,
    left,
    gap,
    other_org
};

struct Person {
    std::string id;
    std::uint32_t agency = 0;  ///< that reports this person's records
    Career career = Career::steady;
    domain::Day moved_on = 0;  ///< career moved: first day at `other`
    std::uint32_t other = 0;   ///< moved: new agency; seconded: host; other_org: true agency
    std::vector<Post> posts;
};

struct World {
    std::vector<MadeAgency> agencies;
    std::vector<Person> persons;
    std::vector<std::vector<std::uint32_t>> staff;  ///< persons by reporting agency
    std::vector<bool> day_off;                      ///< from first_calendar_day on
    domain::Day first_calendar_day = 0;
    bool off(domain::Day day) const;
};

World make_world(const Sizes& sizes, const std::string& office_calendar_json);

/// agencies.csv and one table19-<AUTHORITY>.csv an authority, as the HTTP API takes them.
void write_world(const World& world, const std::string& directory);

}  // namespace chaiqin::generate
