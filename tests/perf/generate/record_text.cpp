#include "record_text.hpp"

namespace chaiqin::generate {

using domain::Day;

namespace {

Day working_day(const World& world, domain::Month month, Random& random) {
    const Day first = domain::first_day(month), days = domain::last_day(month) - first + 1;
    for (;;) {
        const Day day = first + static_cast<Day>(random.below(static_cast<std::uint32_t>(days)));
        if (!world.off(day)) return day;
    }
}

void make_leave(MadeRecord& record, const World& world, domain::Month month, Random& random) {
    static constexpr int types[] = {16, 16, 16, 16, 1, 1, 4, 4, 5, 18, 18, 20, 14, 2};
    record.type = types[random.below(14)];
    record.day = record.end_day = working_day(world, month, random);
    record.minutes = random.chance(400) ? 240 : 480;
    if (record.type == 16 && random.chance(100) && !world.off(record.day + 1)) {
        record.end_day = record.day + 1;
        record.minutes = 960;
    }
}

void make_overtime(MadeRecord& record, const World& world, domain::Month month, Random& random) {
    record.overtime = true;
    record.type = random.chance(950) ? 1 : 3;
    record.day = record.end_day = working_day(world, month, random);
    record.minutes = 60 * (1 + static_cast<int>(random.below(4)));
}

void text(std::string& out, const char* key, std::string_view value) {
    out += '"';
    out += key;
    out += "\":\"";
    out += value;
    out += "\",";
}

void number(std::string& out, const char* key, long value) {
    out += '"';
    out += key;
    out += "\":";
    out += std::to_string(value);
    out += ',';
}

std::string clock_after(int start_minutes, int minutes) {
    const int at = start_minutes + minutes;
    char buffer[8];
    buffer[0] = static_cast<char>('0' + at / 600);
    buffer[1] = static_cast<char>('0' + at / 60 % 10);
    buffer[2] = static_cast<char>('0' + at % 60 / 10);
    buffer[3] = static_cast<char>('0' + at % 10);
    return std::string(buffer, 4);
}

// Faults: 1 blank location 公差 · 2 check digit · 3 unknown leave type · 4 end before start · 5
// revision 0 · 6 missing key · 7 minutes over the span · 8 wrong type. Each makes the record
// INVALID whatever its kind.
void common(std::string& out, const MadeRecord& record) {
    static const char* names[] = {"王小明", "陳大文", "林美玲", "張志強",
                                  "李淑芬", "黃建國", "吳雅婷", "劉俊傑"};
    text(out, "action", "A");
    text(out, "record_no",
         (record.overtime ? "O" : "L") + domain::roc_day(record.day) + "-" +
             std::to_string(record.number));
    number(out, "record_seq", 1);
    number(out, "revision", record.fault == 5 ? 0 : record.revision);
    std::string id = record.person_id;
    if (record.fault == 2) id.back() = static_cast<char>('0' + (id.back() - '0' + 1) % 10);
    text(out, "person_id", id);
    if (record.fault != 6) text(out, "person_name", names[record.number % 8]);
    text(out, "org_code", record.org_code);
}

void leave_rest(std::string& out, const MadeRecord& record) {
    const int type = record.fault == 1 ? 20 : record.type;
    text(out, "leave_type",
         record.fault == 3 ? "98" : std::to_string(type / 10) + std::to_string(type % 10));
    text(out, "sub_type", type == 20 ? "01" : type == 14 ? "02" : "");
    text(out, "start_date", domain::roc_day(record.day));
    text(out, "start_time", "0830");
    text(out, "end_date", domain::roc_day(record.fault == 4 ? record.day - 1 : record.end_day));
    text(out, "end_time", record.minutes == 240 ? "1230" : "1730");
    number(out, "leave_minutes", record.fault == 7 ? 500000 : record.minutes);
    static const char* reasons[] = {"休假", "家中有事須親自處理", "身體不適就醫",
                                    "參加業務研習會議", "返鄉探親"};
    text(out, "reason", reasons[record.number % 5]);
    text(out, "location", record.fault == 1 ? "" : type == 20 ? "臺中市政府" : "");
    if (record.fault == 8)
        number(out, "abroad_type", 0);
    else
        text(out, "abroad_type", "0");
    text(out, "event_date", "");
}

void overtime_rest(std::string& out, const MadeRecord& record) {
    text(out, "overtime_type", record.fault == 3 ? "9" : std::to_string(record.type));
    text(out, "day_type", "1");
    text(out, "overtime_date", domain::roc_day(record.day));
    text(out, "start_date", domain::roc_day(record.day));
    text(out, "start_time", "1800");
    text(out, "end_date", domain::roc_day(record.fault == 4 ? record.day - 1 : record.day));
    text(out, "end_time", clock_after(18 * 60, record.minutes));
    text(out, "reason",
         record.fault == 1   ? ""
         : record.number % 3 ? "趕辦年度預算及業務報告"
                             : "處理緊急公務");
    text(out, "location", "");
    text(out, "approval_no", "");
    number(out, "overtime_minutes", record.fault == 7 ? 1400 : record.minutes);
    number(out, "paid_minutes", record.minutes / 2);
    number(out, "comp_minutes", 0);
    number(out, "award_minutes", 0);
    if (record.fault == 8)
        text(out, "void_minutes", "0");
    else
        number(out, "void_minutes", 0);
}

}  // namespace

MadeRecord make_record(const World& world, const Sizes& sizes, const Person& person,
                       std::uint32_t number, Random& random) {
    MadeRecord record;
    record.number = number;
    const auto month = random.chance(5) ? sizes.month - 1 : sizes.month;
    if (random.chance(450))
        make_overtime(record, world, month, random);
    else
        make_leave(record, world, month, random);
    record.person_id = person.id;
    record.org_code = world.agencies[person.agency].code;
    if (person.career == Career::seconded && random.chance(500))
        record.org_code = world.agencies[person.other].code;
    if (random.below(1000) < sizes.bad_per_mille)
        record.fault = 1 + static_cast<int>(random.below(8));
    return record;
}

void append_json(std::string& out, const MadeRecord& record) {
    out += '{';
    common(out, record);
    if (record.overtime)
        overtime_rest(out, record);
    else
        leave_rest(out, record);
    out.back() = '}';
}

}  // namespace chaiqin::generate
