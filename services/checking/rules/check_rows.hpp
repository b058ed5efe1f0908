#pragma once
// The rows of which the tables of checks consist: `Field` for a listed key with the checks of that
// key alone, `CrossCheck` for a check over several keys or against the world. A row holds all that
// is known of its check but severity, dates and messages, which stand in schemas/rules/rules.csv.
// Both passes, the findings and docs/rules.md follow these rows; nothing else decides.
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "checking/reading/json_value.hpp"
#include "checking/reading/text.hpp"
#include "checking/rules/code.hpp"
#include "checking/rules/key_set.hpp"
#include "checking/rules/rule_book.hpp"

namespace chaiqin::checking {

/// How a value may appear in a finding (docs/checks.md, "Values in findings").
enum class Shown : std::uint8_t { as_text, masked_id, masked_name, only_length };

/// A check of the form of one key. `Facts` is the record or the envelope.
template <typename Facts>
struct FormatCheck {
    Code code{};
    bool (*broken)(const Facts&) = nullptr;
    /// The columns of a line are made of this key: without the check a line could be neither stored
    /// nor counted, so it runs even when it is switched off.
    bool needed_to_store = false;
};

template <typename Facts>
struct Field {
    std::string_view key;
    /// 中文欄名
    std::string_view name;
    ValueType type = ValueType::string;
    /// False: the key may be absent (no S01 or E01). A key of a record that came into the format
    /// later is one of these, and absent or blank it adds nothing to the content hash.
    bool required = true;
    /// S06
    bool blank_forbidden = false;
    /// S05; 0 for a fixed length or a list of codes, which `formats` checks.
    std::size_t longest_code_points = 0;
    /// A blank value counts as not given, however many blanks it has (no S05).
    bool blank_is_nothing = false;
    /// In the order in which the first one broken is the finding of the key.
    std::array<FormatCheck<Facts>, 2> formats{};
    /// What a finding about this key says that it should hold.
    std::string_view expected{};
    Shown shown = Shown::as_text;
};

/// A text for the placeholder {n} or {d} of a check's message.
template <typename... Seen>
struct Filling {
    char placeholder = 0;
    std::string (*text)(const Seen&...) = nullptr;
};

/// Up to three codes.
class Codes {
public:
    constexpr Codes(Code a = {}, Code b = {}, Code c = {}) : codes_{a, b, c} {}
    constexpr auto begin() const { return codes_.begin(); }
    constexpr auto end() const { return std::find(codes_.begin(), codes_.end(), Code()); }

private:
    std::array<Code, 3> codes_;
};

/// `Seen` is what the check looks at: the record or the envelope, and the world around it.
template <typename... Seen>
struct CrossCheck {
    static constexpr std::uint8_t whole_object = 255;

    Code code{};
    /// The key to which the finding points, or whole_object.
    std::uint8_t points_at = whole_object;
    /// The check runs only if none of these keys has a finding.
    KeySet reads{};
    bool (*broken)(const Seen&...) = nullptr;
    /// The check is left out if one of these is broken. They stand before it in the table.
    Codes hidden_by{};
    std::string_view expected{};
    /// The same where it depends on the file or the day; then `expected` is empty.
    std::string (*expected_here)(const Seen&...) = nullptr;
    Filling<Seen...> fills{};
    /// As of a FormatCheck.
    bool needed_to_store = false;

    std::string expected_text(const Seen&... seen) const {
        return expected_here == nullptr ? std::string(expected) : expected_here(seen...);
    }
};

template <typename Row, std::size_t A, std::size_t B>
constexpr std::array<Row, A + B> joined(const std::array<Row, A>& first,
                                        const std::array<Row, B>& second) {
    std::array<Row, A + B> rows;
    for (std::size_t i = 0; i < A; ++i) rows[i] = first[i];
    for (std::size_t i = 0; i < B; ++i) rows[A + i] = second[i];
    return rows;
}

/// For a static_assert on each table: what hides a check is judged before it.
template <typename Checks>
constexpr bool hiding_checks_come_first(const Checks& checks) {
    for (std::size_t i = 0; i < checks.size(); ++i) {
        for (const auto hiding : checks[i].hidden_by) {
            bool found = false;
            for (std::size_t j = 0; j < i; ++j) found = found || checks[j].code == hiding;
            if (!found) return false;
        }
    }
    return true;
}

/// The checks that every key has, in the order in which the first one broken is the key's finding.
inline bool S01(const JsonValue& value) { return value.type == ValueType::missing; }
inline bool E01(const JsonValue& value) { return S01(value); }
inline bool S03(const JsonValue& value, ValueType wanted) { return value.type != wanted; }
inline bool S06(const JsonValue& value) { return is_blank(value.text); }
inline bool S07(const JsonValue& value) { return has_control_character(value.text); }
template <typename Facts>
bool S05(const Field<Facts>& field, const JsonValue& value) {
    const auto longest = field.longest_code_points;
    return value.text.size() > longest && code_points(value.text) > longest &&
           !(field.blank_is_nothing && is_blank(value.text));
}

/// Whether nothing at all is wrong with one key. A fixed format (no S05) rules out blanks and
/// control characters by itself. The differential test holds this equal to key_state.
template <typename Facts>
constexpr bool is_sound(const Field<Facts>& field, const JsonValue& value, const Facts& facts) {
    if (!field.required && value.type == ValueType::missing) return true;
    if (value.type != field.type) return false;
    if (field.type == ValueType::string &&
        (field.longest_code_points > 0 || field.formats[0].broken == nullptr)) {
        if (field.blank_forbidden && S06(value)) return false;
        if (S07(value) || S05(field, value)) return false;
    }
    for (const auto& format : field.formats) {
        if (format.broken != nullptr && format.broken(facts)) return false;
    }
    return true;
}

/// What is wrong with one key.
struct KeyState {
    /// Other checks may read it.
    bool sound = true;
    /// Columns may be made of it.
    bool storable = true;
    /// The first check that is broken and runs.
    Code finding{};
};

template <typename Facts>
KeyState key_state(const Field<Facts>& field, const JsonValue& value, const Facts& facts,
                   Code missing, const RuleBook& rules) {
    KeyState state;
    const auto broken = [&](Code code, bool needed_to_store) {
        state.sound = false;
        state.storable = state.storable && !needed_to_store;
        if (state.finding.is_none() && rules.runs(code)) state.finding = code;
    };
    if (S01(value)) {
        state.sound = false;
        if (field.required) broken(missing, true);
        return state;
    }
    if (S03(value, field.type)) {
        broken("S03", true);
        return state;
    }
    if (field.type == ValueType::string) {
        if (field.blank_forbidden && S06(value)) broken("S06", false);
        if (S07(value)) broken("S07", false);
        if (field.longest_code_points > 0 && S05(field, value)) broken("S05", true);
    }
    for (const auto& format : field.formats) {
        if (format.broken != nullptr && format.broken(facts))
            broken(format.code, format.needed_to_store);
    }
    return state;
}

/// Calls `found` with each check that runs, reads sound keys only, is not hidden and is broken.
template <typename Check, typename Found, typename... Seen>
void judge_checks(std::span<const Check> checks, const RuleBook& rules, KeySet sound,
                  const Found& found, const Seen&... seen) {
    std::array<bool, Code::count> broken{};
    for (const auto& check : checks) {
        if (!rules.runs(check.code) || !sound.holds_all(check.reads)) continue;
        bool hidden = false;
        for (const auto hiding : check.hidden_by) hidden = hidden || broken[hiding.index()];
        if (hidden || !check.broken(seen...)) continue;
        broken[check.code.index()] = true;
        found(check);
    }
}

}  // namespace chaiqin::checking
