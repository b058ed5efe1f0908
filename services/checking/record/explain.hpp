#pragma once
// The explaining pass: reads one element of an array again, from the untouched bytes, and lists
// everything that is wrong with it (docs/checks.md, "One finding per key" and "Which rules hide
// others"). A record without an error is good all the same: its columns are made. One per array and
// file, one thread.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "checking/findings/finding_list.hpp"
#include "checking/reading/object_reader.hpp"
#include "checking/record/columns.hpp"
#include "checking/record/table.hpp"
#include "checking/rules/rule_book.hpp"
#include "checking/rules/world.hpp"

namespace chaiqin::checking {

class Explainer : private DraftSource {
public:
    Explainer(std::string_view bytes, const World& world, const RuleBook& rules,
              FindingList& findings, LineWriters* writers)
        : reader_(bytes), world_(world), rules_(rules), findings_(findings), writers_(writers) {}

    struct Explanation {
        /// It has at least one error, or cannot be stored.
        bool invalid = false;
        /// Of an object with a well-formed identity, if lines are hashed.
        std::optional<std::uint64_t> identity{};
    };
    /// The element at byte `at`. `reserved_line` is filled if the record turns out to be good.
    /// `repeats` is asked once, with the identity of a record that has a well-formed one.
    template <typename Repeats>
    Explanation explain(RecordKind kind, std::uint32_t index, std::size_t at,
                        std::optional<std::size_t> reserved_line, const Repeats& repeats) {
        facts_.kind = kind;
        index_ = index;
        drafts_.clear();
        if (!read(at)) return add_non_object(at);
        const bool has_identity = judge_keys();
        const bool repeated =
            has_identity && repeats(facts_.text(key::record_no), facts_.integer(key::record_seq));
        return finish(reserved_line, has_identity, repeated);
    }

private:
    const RecordTable& table() const { return table_of(facts_.kind); }
    std::span<JsonValue> listed_values() {
        return std::span(facts_.values).first(table().fields.size());
    }
    /// False: it is not an object.
    bool read(std::size_t at);
    /// Judges each key; true: record_no and record_seq are well-formed.
    bool judge_keys();
    Explanation finish(std::optional<std::size_t> reserved_line, bool has_identity, bool repeated);
    Explanation add_non_object(std::size_t at);
    void add_draft(Code code, std::size_t field);
    /// Whether columns can be made of it, whatever its findings are called.
    bool is_storable() const;
    domain::FindingKind finding_kind() const;
    FindingObject object() const override;
    DraftTexts texts(const Draft& draft) const override;

    ObjectReader reader_;
    const World& world_;
    const RuleBook& rules_;
    FindingList& findings_;
    LineWriters* writers_;
    RecordFacts facts_;
    std::uint32_t index_ = 0;
    KeySet sound_, storable_;
    std::optional<std::uint64_t> identity_;
    std::vector<Draft> drafts_;
};

}  // namespace chaiqin::checking
