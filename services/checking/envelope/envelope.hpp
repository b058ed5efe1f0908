#pragma once
// The envelope of a file (docs/data-format.md): read and judged once per file, from the untouched
// bytes, and what it tells the checks of the records.
#include <string_view>
#include <vector>

#include "checking/envelope/facts.hpp"
#include "checking/findings/finding_list.hpp"
#include "checking/reading/layout.hpp"
#include "checking/reading/object_reader.hpp"
#include "checking/rules/rule_book.hpp"
#include "checking/rules/world.hpp"

namespace chaiqin::checking {

class Envelope {
public:
    /// Reads the members that begin at `members`.
    Envelope(std::string_view bytes, const std::vector<std::uint32_t>& members);

    const EnvelopeFacts& facts() const { return facts_; }
    /// All keys that the checks of records read are among the members.
    bool tells_sender() const;
    /// What the checks of records may know of it.
    Sender sender(const World& world, const RuleBook& rules) const;
    /// Adds everything that is wrong with it; returns how many errors that is.
    std::uint64_t judge(const World& world, const RuleBook& rules, const Layout& layout,
                        FindingList& findings) const;

private:
    ObjectReader reader_;
    EnvelopeFacts facts_;
};

}  // namespace chaiqin::checking
