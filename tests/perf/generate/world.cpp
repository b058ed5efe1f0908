#include "world.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace chaiqin::generate {

using domain::Day;

std::uint64_t Random::next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

bool World::off(Day day) const {
    const auto i = day - first_calendar_day;
    if (i >= 0 && i < static_cast<Day>(day_off.size())) return day_off[static_cast<std::size_t>(i)];
    const int weekday = domain::weekday(day);
    return weekday == 0 || weekday == 6;
}

namespace {

std::string agency_code(std::uint32_t number) {
    char text[16];
    std::snprintf(text, sizeof text, "Z%08uA", number);
    return text;
}

/// A made-up citizen id with a right check digit.
std::string person_id(std::uint32_t number) {
    static constexpr char letters[] = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    const std::uint32_t letter = number % 26;
    const int code = 10 + static_cast<int>(letter);
    char text[16];
    std::snprintf(text, sizeof text, "%c%u%07u", letters[letter], 1 + number / 26 % 2, number / 52);
    int sum = code / 10 + code % 10 * 9;
    for (int i = 1; i <= 8; ++i) sum += (text[i] - '0') * (9 - i);
    return std::string(text) + static_cast<char>('0' + (10 - sum % 10) % 10);
}

void make_agencies(World& world, const Sizes& sizes) {
    static const char* ministries[] = {"示範部", "模擬部", "範例委員會", "測試總處", "試辦署"};
    const std::uint32_t tops = std::max(3u, sizes.agencies / 200);
    const std::uint32_t middles = std::max(tops, sizes.agencies / 10);
    for (std::uint32_t i = 0; i < sizes.agencies; ++i) {
        MadeAgency agency;
        agency.code = agency_code(i + sizes.first_agency);
        if (i < tops) {
            agency.name = "虛構" + std::string(ministries[i % 5]) + std::to_string(i + 1);
            agency.authority = static_cast<std::int32_t>(i);
        } else {
            agency.parent =
                static_cast<std::int32_t>(i < tops + middles ? i % tops : tops + i % middles);
            const auto& parent = world.agencies[static_cast<std::size_t>(agency.parent)];
            agency.authority = parent.authority;
            agency.name = (i < tops + middles ? "虛構局" : "虛構所校") + std::to_string(i + 1);
        }
        world.agencies.push_back(agency);
    }
    const std::uint32_t abolished = std::max(2u, sizes.agencies / 200);
    for (std::uint32_t k = 0; k < abolished; ++k) {
        auto& agency = world.agencies[sizes.agencies - 1 - k];
        agency.abolished = true;
        agency.successor = static_cast<std::int32_t>(sizes.agencies - 1 - abolished);
    }
}

std::uint32_t other_living(const World& world, Random& random, std::uint32_t not_this) {
    for (;;) {
        const std::uint32_t i = random.below(static_cast<std::uint32_t>(world.agencies.size()));
        if (i != not_this && !world.agencies[i].abolished) return i;
    }
}

void give_career(World& world, Person& person, Random& random, const Sizes& sizes) {
    const Day first = domain::first_day(sizes.country_from);
    const Day last = domain::last_day(sizes.country_to);
    const Day joined = first - 400 - static_cast<Day>(random.below(3000));
    const auto roll = random.below(1000);
    int seq = 0;
    const std::uint32_t earlier_posts = 1 + random.below(3);
    Day at = joined - static_cast<Day>(earlier_posts) * 700;
    for (std::uint32_t k = 0; k < earlier_posts; ++k, at += 700) {
        const auto where = random.below(static_cast<std::uint32_t>(world.agencies.size()));
        person.posts.push_back({where, ++seq, 1, at, at + 699});
    }
    Post main{person.agency, ++seq, 1, joined, 0};
    if (roll < 3) {
        person.career = Career::nowhere;
        person.posts.clear();
        return;
    }
    if (roll < 5) {
        person.career = Career::left;
        main.end = first - 100;
    } else if (roll < 7) {
        person.career = Career::gap;
        main.end = first - 100;
        person.posts.push_back(main);
        main = {person.agency, ++seq, 1, last + 1, 0};
    } else if (roll < 12) {
        person.career = Career::moved;
        const Day days = last - first + 1;
        person.moved_on =
            first + 5 + static_cast<Day>(random.below(days < 40 ? 20 : std::uint32_t(days) - 10));
        person.other = other_living(world, random, person.agency);
        main.end = random.chance(500) ? person.moved_on
                                      : person.moved_on - 1;  // with or without hand-over day
        person.posts.push_back(main);
        main = {person.other, ++seq, 1, person.moved_on, 0};
    } else if (roll < 16) {
        person.career = Career::seconded;
        person.other = other_living(world, random, person.agency);
        person.posts.push_back({person.other, ++seq, 2, first - 60, 0});
    } else if (roll < 26) {
        person.career = Career::second_post;
        person.posts.push_back(
            {other_living(world, random, person.agency), ++seq, 4, first - 200, 0});
    } else if (roll < 28) {
        person.career = Career::other_org;
        person.other = other_living(world, random, person.agency);
        main.agency = person.other;
    }
    person.posts.push_back(main);
}

void read_calendar(World& world, const std::string& json) {
    std::size_t at = 0;
    while ((at = json.find("\"date\"", at)) != std::string::npos) {
        const auto quote = json.find('"', at + 7);
        const auto day = domain::parse_iso_day(json.substr(quote + 1, 10));
        const auto off = json.find("\"day_off\"", at);
        if (!day || off == std::string::npos)
            throw std::runtime_error("office calendar: unreadable");
        if (world.day_off.empty()) world.first_calendar_day = *day;
        world.day_off.push_back(json.compare(json.find_first_of("tf", off + 9), 4, "true") == 0);
        at = off;
    }
}

std::string email(const MadeAgency& agency) { return "personnel@" + agency.code + ".example"; }

}  // namespace

World make_world(const Sizes& sizes, const std::string& office_calendar_json) {
    World world;
    read_calendar(world, office_calendar_json);
    make_agencies(world, sizes);
    Random random(sizes.seed * 7919 + 17);
    world.staff.resize(world.agencies.size());
    for (std::uint32_t i = 0; i < sizes.persons; ++i) {
        Person person;
        person.id = person_id(i + sizes.first_person);
        person.agency = random.below(sizes.agencies);
        if (world.agencies[person.agency].abolished) person.agency = 0;
        give_career(world, person, random, sizes);
        world.staff[person.agency].push_back(i);
        world.persons.push_back(std::move(person));
    }
    // Who has staff can report; an agency without any borrows one so that every file has somebody.
    for (std::uint32_t a = 0; a < sizes.agencies; ++a)
        if (world.staff[a].empty() && !world.agencies[a].abolished) {
            Person person;
            person.id =
                person_id(static_cast<std::uint32_t>(world.persons.size()) + sizes.first_person);
            person.agency = a;
            person.posts.push_back({a, 1, 1, domain::first_day(sizes.country_from) - 500, 0});
            world.staff[a].push_back(static_cast<std::uint32_t>(world.persons.size()));
            world.persons.push_back(std::move(person));
        }
    return world;
}

void write_world(const World& world, const std::string& directory) {
    std::ofstream agencies(directory + "/agencies.csv");
    agencies << "org_code,name,supervising_org_code,effective_on,established_on,abolished_on,"
                "successor_org_code,"
                "exempt_from,exempt_to,contact_email\n";
    for (const auto& agency : world.agencies) {
        agencies << agency.code << ',' << agency.name << ','
                 << (agency.parent < 0
                         ? ""
                         : world.agencies[static_cast<std::size_t>(agency.parent)].code)
                 << ",2000-01-01,2000-01-01," << (agency.abolished ? "2026-01-01" : "") << ','
                 << (agency.successor < 0
                         ? ""
                         : world.agencies[static_cast<std::size_t>(agency.successor)].code)
                 << ",,," << email(agency) << '\n';
    }
    std::vector<std::string> loads(world.agencies.size());
    const std::string header =
        "person_id,seq,org_code,org_name,unit_name,title_code,title_name,personnel_category,post_"
        "kind,start_date,"
        "end_date,change_reason,updated_at\n";
    for (const auto& person : world.persons)
        for (const auto& post : person.posts) {
            const auto& agency = world.agencies[post.agency];
            auto& text = loads[static_cast<std::size_t>(agency.authority)];
            if (text.empty()) text = header;
            text += person.id + ',' + std::to_string(post.seq) + ',' + agency.code + ',' +
                    agency.name + ",人事室,1234,科員,01," + std::to_string(post.post_kind) + ',' +
                    domain::roc_day(post.start) + ',' +
                    (post.end ? domain::roc_day(post.end) : "") + ",,\n";
        }
    for (std::size_t a = 0; a < loads.size(); ++a)
        if (!loads[a].empty())
            std::ofstream(directory + "/table19-" + world.agencies[a].code + ".csv") << loads[a];
}

}  // namespace chaiqin::generate
