#pragma once
// The listed keys of the format as data: type, limits, 中文欄名, own format check. Both passes and
// the published schema follow these tables. `Facts` is what the format check looks at: the record
// or the envelope.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "checking/reading/slot.hpp"
#include "checking/reading/text.hpp"
#include "checking/rules/code.hpp"

namespace chaiqin::checking {

/// How a value may appear in a finding (docs/checks.md, "Values in findings").
enum class Shown : std::uint8_t { as_text, masked_id, masked_name, only_length };

template <typename Facts>
struct FormatCheck {
    Code code = Code::none;
    bool (*broken)(const Facts&) = nullptr;
};

template <typename Facts>
struct FieldSpec {
    std::string_view key;
    std::string_view name;  ///< 中文欄名
    ValueType type = ValueType::string;
    bool required = true;
    bool blank_forbidden = false;         ///< S06
    std::size_t longest_code_points = 0;  ///< S05; 0 = fixed length or code list
    std::array<FormatCheck<Facts>, 2> formats{};
    std::string_view expected{};
    Shown shown = Shown::as_text;
};

/// The checks that every key has, in the order in which the first one broken is the key's finding.
namespace checks {
inline bool S01(const Slot& slot) { return slot.type == ValueType::missing; }
inline bool E01(const Slot& slot) { return S01(slot); }
inline bool S03(const Slot& slot, ValueType wanted) { return slot.type != wanted; }
inline bool S06(const Slot& slot) { return is_blank(slot.text); }
inline bool S07(const Slot& slot) { return has_control_character(slot.text); }
inline bool S05(const Slot& slot, std::size_t longest) {
    return slot.text.size() > longest && code_points(slot.text) > longest;
}
}  // namespace checks

/// Whether nothing at all is wrong with one key. A fixed format (no S05) rules out blanks and
/// control characters by itself; the differential test holds this equal to first_problem.
template <typename Facts>
constexpr bool is_sound(const FieldSpec<Facts>& spec, const Slot& slot, const Facts& facts) {
    if (slot.type != spec.type) return false;
    if (spec.type == ValueType::string &&
        (spec.longest_code_points > 0 || spec.formats[0].broken == nullptr)) {
        if (spec.blank_forbidden && checks::S06(slot)) return false;
        if (checks::S07(slot) || checks::S05(slot, spec.longest_code_points)) return false;
    }
    for (const auto& format : spec.formats) {
        if (format.broken != nullptr && format.broken(facts)) return false;
    }
    return true;
}

/// What is wrong with one key: `sound` whether other rules may read it, `storable` whether columns
/// may be made of it, `finding` the first check that is broken and runs (`runs(code)`), or none.
struct KeyState {
    bool sound = true;
    bool storable = true;
    Code finding = Code::none;
};

template <typename Facts, typename Runs>
KeyState key_state(const FieldSpec<Facts>& spec, const Slot& slot, const Facts& facts, Code missing,
                   const Runs& runs) {
    KeyState state;
    const auto broken = [&](Code code) {
        state.sound = false;
        state.storable = state.storable && !guards_storing(code);
        if (state.finding == Code::none && runs(code)) state.finding = code;
    };
    if (checks::S01(slot)) {
        state.sound = false;
        if (spec.required) broken(missing);
        return state;
    }
    if (checks::S03(slot, spec.type)) {
        broken(Code::S03);
        return state;
    }
    if (spec.type == ValueType::string) {
        if (spec.blank_forbidden && checks::S06(slot)) broken(Code::S06);
        if (checks::S07(slot)) broken(Code::S07);
        if (spec.longest_code_points > 0 && checks::S05(slot, spec.longest_code_points))
            broken(Code::S05);
    }
    for (const auto& format : spec.formats) {
        if (format.broken != nullptr && format.broken(facts)) broken(format.code);
    }
    return state;
}

}  // namespace chaiqin::checking
