#pragma once
// A finding (錯誤明細 line): what is wrong, where, what was expected. Data for a sender, never a
// program failure. Its texts are final and masked: they may be stored and shown as they are.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/rules.hpp"

namespace chaiqin::domain {

enum class FindingKind : std::uint8_t { file = 0, envelope = 1, leave = 2, overtime = 3 };
std::string_view finding_kind_name(FindingKind kind);

struct Finding {
    FindingKind kind = FindingKind::file;
    std::optional<std::uint32_t> index;  ///< in its array; none for file and envelope
    std::string pointer;                 ///< JSON Pointer, "" for most file findings
    std::optional<std::string> record_no;
    std::optional<std::int64_t> record_seq;
    /// Of the record; not shown in lists of findings.
    std::optional<std::int64_t> revision = {};
    std::string code;
    Severity severity = Severity::error;
    std::string field;                    ///< key, "" for none
    std::string field_name;               ///< 中文欄名
    std::optional<std::string> value;     ///< masked
    std::optional<std::string> expected;  ///< free text
    std::string message;                  ///< zh-TW
    std::string message_en;
};

/// Exact totals a (code, severity, field), also beyond the cap on details.
struct FindingGroup {
    std::string code;
    Severity severity = Severity::error;
    std::string field;
    std::string message;
    std::uint64_t count = 0;
    std::vector<std::uint32_t> first;  ///< first five indexes
};

/// What stands for `{name}` in a rule's message: {x}, {n}, {d}, {org} …
struct Placeholder {
    std::string_view name;  ///< without braces
    std::string text;       ///< masked, as it may be shown
};
/// The message with its placeholders replaced; those not given stay as they are.
std::string filled(std::string_view message, std::span<const Placeholder> placeholders);

/// A finding about a whole file (kind file, pointer "") with the texts of the rule in force that
/// day, for findings that are not made by a check of the bytes: F11, F13. Nothing: the rule is not
/// in force.
std::optional<Finding> file_finding(const RuleSet& rules, std::string_view code, Day day,
                                    std::span<const Placeholder> placeholders = {});

}  // namespace chaiqin::domain
