#pragma once
// Collects the findings of one file: every one is counted, only as many as the caps allow are written out.
// Objects come in the order of the API (file, envelope, leave, overtime; index); the findings of one object are
// sorted here by pointer and code.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checking/check.hpp"
#include "checking/fields.hpp"
#include "checking/rule_book.hpp"
#include "checking/seeded_hash.hpp"

namespace chaiqin::checking {

/// A finding before its texts are made. What it views must live until it is added.
struct Draft {
    Code code = Code::none;
    std::string_view field;         ///< the key, "" for none
    std::string_view field_name;    ///< 中文欄名
    const Slot* slot = nullptr;     ///< the value to show; null: none
    Shown shown = Shown::as_text;
    std::string expected;
    std::string n, m, d;            ///< for {n}, {m}, {d} of the message
    bool points_at_object = false;  ///< the pointer is the object's own, else it ends in the field
};

/// What the drafts that are added together are about.
struct FindingObject {
    domain::FindingKind kind = domain::FindingKind::file;
    std::optional<std::uint32_t> index;
    std::string pointer;
    std::optional<std::string> record_no;  ///< as it may be shown
    std::optional<std::int64_t> record_seq;
    std::optional<std::uint64_t> identity;
};

class FindingList {
public:
    FindingList(const CheckRequest& request, const RuleBook& rules, SeededHash hash);

    /// Counts and lists the drafts; returns how many of them are errors. Their order does not matter.
    std::uint64_t add(const FindingObject& object, std::vector<Draft>& drafts);
    void move_into(CheckResult& result);

private:
    void add_one(const FindingObject& object, const Draft& draft);
    void add_to_group(const FindingObject& object, const Draft& draft);
    domain::Finding written(const FindingObject& object, const Draft& draft) const;

    const RuleBook& rules_;
    std::size_t cap_per_code_, cap_;
    std::array<std::size_t, code_count> listed_{};
    std::uint64_t errors_ = 0, warnings_ = 0;
    std::vector<CheckedFinding> findings_;
    std::vector<domain::FindingGroup> groups_;
    std::unordered_map<std::string, std::size_t, SeededHash, std::equal_to<>> group_by_key_;
};

/// How the value of a slot may be shown; nothing where it is missing.
std::optional<std::string> shown_value(const Slot& slot, Shown shown);

}  // namespace chaiqin::checking
