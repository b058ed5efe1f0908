#pragma once
// The explaining pass: reads one element of an array again, from the untouched bytes, and lists
// everything that is wrong with it (docs/checks.md, "Which rules hide others"). A record without
// an error is good all the same: its columns are made.
#include <cstdint>
#include <optional>
#include <string_view>

#include "checking/findings/finding_list.hpp"
#include "checking/reading/object_reader.hpp"
#include "checking/record/accept.hpp"
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

    struct Verdict {
        bool invalid = false;                   ///< has at least one error
        std::optional<std::uint64_t> identity;  ///< where readable and hashed
    };
    /// The element at `at`. `repeats` is asked once, with a record's well-formed identity.
    template <typename Repeats>
    Verdict explain(RecordKind kind, std::uint32_t index, std::size_t at,
                    std::optional<std::size_t> place, const Repeats& repeats) {
        facts_.kind = kind;
        index_ = index;
        drafts_.clear();
        if (!read(at)) return add_non_object(at);
        const bool well_formed = judge_keys();
        const bool repeated =
            well_formed && repeats(facts_.text(key::record_no), facts_.integer(key::record_seq));
        return finish(place, well_formed, repeated);
    }

private:
    bool read(std::size_t at);
    /// Judges each key; true: record_no and record_seq are well-formed.
    bool judge_keys();
    void judge_rules();
    Verdict finish(std::optional<std::size_t> place, bool well_formed, bool repeated);
    Verdict add_non_object(std::size_t at);
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
    std::uint32_t sound_ = 0, storable_ = 0;  ///< bit i: key i
    std::optional<std::uint64_t> identity_;
    std::vector<Draft> drafts_;
};

}  // namespace chaiqin::checking
