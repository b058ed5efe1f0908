#pragma once
// One record of the interchange format as text, good or with one fault.
#include <string>

#include "world.hpp"

namespace chaiqin::generate {

struct MadeRecord {
    bool overtime = false;
    int type = 0;
    domain::Day day = 0, end_day = 0;
    int minutes = 0;
    int revision = 1;
    std::uint32_t number = 0;
    std::string person_id, org_code;
    int fault = 0;  ///< 0 = good, 1..8 = one error (see record_text.cpp)
};

MadeRecord make_record(const World& world, const Sizes& sizes, const Person& person,
                       std::uint32_t number, Random& random);
void append_json(std::string& out, const MadeRecord& record);

}  // namespace chaiqin::generate
