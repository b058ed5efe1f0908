// The accepting and the explaining pass must answer the same, whatever the bytes. Seeded; the
// number of mutated files comes from CHAIQIN_DIFFERENTIAL_RECORDS (default 100,000), the seed from
// CHAIQIN_SEED.
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <random>

#include "unit/checking/sample_file.hpp"

namespace chaiqin::checking::test {
namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Mutator {
public:
    explicit Mutator(std::uint64_t seed) : random_(seed) {}

    std::string file() {
        auto text = sample_text();
        for (auto changes = 1 + below(4); changes > 0; --changes) change(text);
        return text;
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

    static constexpr const char* values[] = {"null",
                                             "true",
                                             "false",
                                             "0",
                                             "-0",
                                             "1",
                                             "60",
                                             "60.0",
                                             "6e1",
                                             "1e999",
                                             "-1",
                                             "9223372036854775808",
                                             "18446744073709551616",
                                             "525600",
                                             "[]",
                                             "{}",
                                             "[{}]",
                                             R"({"a":{"a":1}})",
                                             R"({"b":1,"b":2})",
                                             R"("")",
                                             R"(" ")",
                                             R"("A")",
                                             R"("D")",
                                             R"("A123456789")",
                                             R"("AB23456789")",
                                             R"("A123456788")",
                                             R"("1151005")",
                                             R"("1150930")",
                                             R"("1130730")",
                                             R"("1151003")",
                                             R"("2400")",
                                             R"("0000")",
                                             R"("20")",
                                             R"("14")",
                                             R"("21")",
                                             R"("07")",
                                             R"("12")",
                                             R"("01")",
                                             R"("2")",
                                             R"("Z00000003C")",
                                             R"("Z00000004D")",
                                             R"("\u0000")",
                                             R"("\ud800\udc00")",
                                             R"("\udc00")",
                                             R"("\ud800")",
                                             R"("\u738b")",
                                             "\"\xE3\x80\x80\"",
                                             "\"\x7F\"",
                                             "nan",
                                             "01",
                                             "1.",
                                             "\"a\nb\""};
    static constexpr const char* keys[] = {"action",
                                           "record_no",
                                           "record_seq",
                                           "revision",
                                           "person_id",
                                           "org_code",
                                           "leave_type",
                                           "sub_type",
                                           "start_date",
                                           "start_time",
                                           "end_date",
                                           "end_time",
                                           "leave_minutes",
                                           "reason",
                                           "location",
                                           "abroad_type",
                                           "event_date",
                                           "overtime_type",
                                           "day_type",
                                           "overtime_date",
                                           "overtime_minutes",
                                           "paid_minutes",
                                           "data_month",
                                           "source_system",
                                           "reporting_org_code",
                                           "zero_report",
                                           "leave_records",
                                           "overtime_records",
                                           "note",
                                           "~/"};

    void change(std::string& text) {
        switch (below(8)) {
            case 0:
            case 1:
            case 2:
                set_value(text);
                break;
            case 3:
                remove_member(text);
                break;
            case 4:
                insert(text, text.find_first_of("{", below(text.size())),
                       '"' + key() + "\":" + value() + ',');
                break;
            case 5:
                insert(text, text.find('[', below(text.size())), value() + ',');
                break;
            case 6:
                text = moved(text);
                break;
            default:
                byte_level(text);
                break;
        }
    }
    std::string key() { return keys[below(std::size(keys))]; }
    std::string value() { return values[below(std::size(values))]; }

    void insert(std::string& text, std::size_t before, const std::string& piece) {
        if (before != std::string::npos) text.insert(before + 1, piece);
    }
    struct Member {
        std::size_t begin = 0, value_begin = 0, end = 0;
    };
    /// Where some listed key and its value stand, up to the comma or bracket after it.
    std::optional<Member> find_member(const std::string& text) {
        const auto quoted = '"' + key() + "\":";
        const auto begin = text.find(quoted, below(2) == 0 ? 0 : below(text.size()));
        if (begin == std::string::npos) return std::nullopt;
        const auto value_begin = begin + quoted.size();
        return Member{.begin = begin,
                      .value_begin = value_begin,
                      .end = std::min(text.find_first_of(",}]", value_begin), text.size())};
    }
    void set_value(std::string& text) {
        if (const auto member = find_member(text))
            text.replace(member->value_begin, member->end - member->value_begin, value());
    }
    void remove_member(std::string& text) {
        if (const auto member = find_member(text))
            text.erase(member->begin, member->end - member->begin + 1);
    }
    /// The envelope behind the arrays.
    static std::string moved(const std::string& text) {
        const auto arrays = text.find("\"leave_records\"");
        const auto last = text.rfind(']');
        if (arrays == std::string::npos || last == std::string::npos || arrays < 2 || last < arrays)
            return text;
        auto head = text.substr(1, arrays - 1);
        while (!head.empty() && (head.back() == ',' || head.back() == ' ' || head.back() == '\n'))
            head.pop_back();
        return "{" + text.substr(arrays, last + 1 - arrays) + "," + head + text.substr(last + 1);
    }
    void byte_level(std::string& text) {
        const auto at = below(text.size());
        static constexpr std::string_view bytes = "{}[]\",:\\ \0019\xC2\x80x";
        const char byte = bytes[below(bytes.size())];
        switch (below(4)) {
            case 0:
                text.erase(at, 1 + below(3));
                break;
            case 1:
                text.insert(at, 1, byte);
                break;
            case 2:
                text.resize(at);
                break;
            default:
                if (at < text.size()) text[at] = byte;
                break;
        }
    }

    std::mt19937_64 random_;
};

TEST(Passes, both_passes_answer_the_same_on_mutated_files) {
    const auto files = number_from_environment("CHAIQIN_DIFFERENTIAL_RECORDS", 100'000);
    const auto seed = number_from_environment("CHAIQIN_SEED", 20261105);
    Mutator mutator(seed);
    PlainHasher hasher;
    std::uint64_t accepted = 0;
    for (std::uint64_t i = 0; i < files; ++i) {
        const auto text = mutator.file();
        auto request = request_of(text);
        request.hasher = &hasher;
        const auto both = check_file(request);
        ASSERT_EQ(told(both), told(check_file_by_explaining(request)))
            << "seed " << seed << " file " << i << "\n"
            << text;
        accepted += both.rejected ? 0 : 1;
    }
    // The mutations must not all be too wild to reach the records.
    EXPECT_GT(accepted, files / 10);
}

}  // namespace
}  // namespace chaiqin::checking::test
