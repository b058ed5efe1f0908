#pragma once
// Collects the findings of one file: every one is counted, only as many as the caps allow are
// written out. Objects come in the order of the API (file, envelope, leave, overtime; index); the
// findings of one object are sorted here by pointer and code.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checking/check.hpp"
#include "checking/reading/object_reader.hpp"
#include "checking/reading/seeded_hash.hpp"
#include "checking/rules/check_rows.hpp"
#include "checking/rules/rule_book.hpp"
#include "domain/hash_index.hpp"

namespace chaiqin::checking {

/// A finding before its texts are made; most of them never are (caps). What it views lives until it
/// is added.
struct Draft {
    Code code{};
    /// The pointer is the object's own; otherwise it ends in the field.
    bool points_at_object = false;
    Shown shown = Shown::as_text;
    /// The key, "" for none.
    std::string_view field;
    /// The key as it stands in a pointer.
    std::string_view token;
    /// 中文欄名
    std::string_view field_name;
    /// The value to show; null for none.
    const JsonValue* value = nullptr;
    /// Which listed key of a record it is about, from 1; 0 for none of them.
    std::uint8_t listed_key = 0;
};
/// Of both kinds of record, with the 0.
inline constexpr std::size_t most_listed_keys = 64;

/// Groups that S04 has by key; the unknown keys beyond are counted in one group, "…". Else 5 MB of
/// ever new keys would make hundreds of thousands of groups to store and to send.
inline constexpr std::size_t most_unknown_key_groups = 1000;

/// The part of a finding that depends on more than its draft.
struct DraftTexts {
    std::string expected;
    /// For {n}, {m}, {d} of the message.
    std::string n, m, d;
};

/// What the drafts that are added together are about.
struct FindingObject {
    std::string pointer;
    /// As it may be shown.
    std::optional<std::string> record_no;
    std::optional<std::int64_t> record_seq, revision;
    std::optional<std::uint64_t> identity;
};

/// Who made the drafts; asked only about those that are written out.
class DraftSource {
public:
    virtual ~DraftSource() = default;
    virtual FindingObject object() const = 0;
    virtual DraftTexts texts(const Draft& draft) const = 0;
};

class FindingList {
public:
    FindingList(const CheckRequest& request, const RuleBook& rules, SeededHash hash);

    /// Counts and lists the drafts; returns how many of them are errors. Their order does not
    /// matter.
    std::uint64_t add(domain::FindingKind kind, std::optional<std::uint32_t> index,
                      std::vector<Draft>& drafts, const DraftSource& source);
    void move_into(CheckResult& result);

private:
    /// Counts a draft that has its group already and will not be written out; false: it is left.
    bool only_counted(const Draft& draft, std::optional<std::uint32_t> index);
    void add_to_group(Draft draft, std::optional<std::uint32_t> index, const DraftSource& source);
    void count_in_group(std::size_t group, const Draft& draft, std::optional<std::uint32_t> index);
    /// The group of the draft; groups_.size() if there is none yet.
    std::size_t group_of(const Draft& draft) const;
    std::size_t searched_group(Code code, std::string_view field) const;
    bool is_beyond_unknown_keys(const Draft& draft, std::size_t group) const;
    std::uint64_t hash_of_group(std::string_view code, std::string_view field) const;
    bool has_room_for(Code code) const;
    domain::Finding written(const Draft& draft, const FindingObject& object,
                            const DraftSource& source) const;

    const RuleBook& rules_;
    std::size_t cap_per_code_, cap_;
    std::array<std::size_t, Code::count> listed_{};
    std::uint64_t errors_ = 0, warnings_ = 0;
    std::vector<CheckedFinding> findings_;
    std::vector<domain::FindingGroup> groups_;
    SeededHash hash_;
    /// Into groups_, by code and field.
    domain::HashIndex group_index_;
    /// The same for listed keys, without a search: position in groups_ + 1, or 0 for none.
    std::array<std::array<std::uint16_t, most_listed_keys>, Code::count> listed_groups_{};
    std::size_t unknown_key_groups_ = 0;
};

/// S04 for each unknown key of the object read last.
void add_unknown_keys(const ObjectReader& reader, std::vector<Draft>& drafts);

/// How the value of a value may be shown; nothing where it is missing.
std::optional<std::string> shown_value(const JsonValue& value, Shown shown);

}  // namespace chaiqin::checking
