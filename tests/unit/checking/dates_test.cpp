// Days that are not simply the ones written in the record: the last one that a leave touches, and
// the day of an abolition that became known later.
#include <gtest/gtest.h>

#include <map>

#include "unit/checking/sample_file.hpp"

namespace chaiqin::checking::test {
namespace {

std::string sample_with(const std::map<std::string, std::string>& texts) {
    auto document = sample();
    auto& leave = document["leave_records"][0];
    for (const auto& [key, text] : texts)
        leave[key.c_str()].SetString(text.c_str(), document.GetAllocator());
    return text_of(document);
}

TEST(Columns, a_leave_ends_on_the_last_day_that_it_touches) {
    PlainHasher hasher;
    struct Case {
        const char *end_date, *end_time;
        std::uint32_t day_count;
    };
    for (const auto& [end_date, end_time, day_count] : {Case{"1151031", "2400", 1},
                                                        {"1151101", "0000", 1},
                                                        {"1151101", "0001", 2},
                                                        {"1151030", "2400", 0}}) {
        const auto text = sample_with(
            {{"start_date", "1151030"}, {"end_date", end_date}, {"end_time", end_time}});
        auto request = request_of(text);
        request.hasher = &hasher;
        for (const auto& result : {check_file(request), check_file_by_explaining(request)}) {
            ASSERT_EQ(result.lines.size(), 2u) << told(result);
            EXPECT_EQ(result.lines[0].day_count, day_count) << end_date << ' ' << end_time;
            EXPECT_EQ(result.lines[1].day_count, 0u);
        }
    }
}

TEST(Agencies, an_abolition_holds_from_its_day_whatever_day_its_version_takes_effect) {
    auto changed = std::make_shared<domain::Registry>(*registry());
    auto versions = changed->agencies.all();
    auto late = versions["Z00000002B"].front();
    late.effective_on = *domain::parse_iso_day("2026-11-05");
    late.abolished_on = domain::parse_iso_day("2026-10-01");
    versions["Z00000002B"].push_back(late);
    changed->agencies = domain::AgencyRegistry(std::move(versions));
    const auto text = sample_with({{"org_code", "Z00000002B"}});
    auto request = request_of(text);
    EXPECT_TRUE(lines_of(check_file(request)).empty());
    request.registry = changed;
    EXPECT_EQ(lines_of(check_file(request)),
              std::vector<std::string>{"/leave_records/0/org_code C10"});
}

}  // namespace
}  // namespace chaiqin::checking::test
