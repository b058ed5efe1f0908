#pragma once
// The envelope of a file (docs/checks.md, "Envelope"): its keys, its rules, and what it tells the
// rules about records. Judged once a file, from the untouched bytes.
#include <array>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "checking/findings/finding_list.hpp"
#include "checking/reading/layout.hpp"
#include "checking/reading/object_reader.hpp"
#include "checking/rules/fields.hpp"
#include "checking/rules/rule_book.hpp"
#include "checking/rules/world.hpp"

namespace chaiqin::checking {

namespace envelope_key {
enum : std::uint8_t {
    format_version,
    reporting_org_code,
    data_month,
    source_system,
    source_version,
    generated_at,
    batch_no,
    part_no,
    part_count,
    leave_count,
    overtime_count,
    zero_report,
    leave_records,
    overtime_records,
    count
};
}

struct EnvelopeFacts {
    std::array<Slot, envelope_key::count> slots;
    std::optional<domain::Month> data_month;
    std::optional<domain::Instant> generated_at;
    const Slot& slot(std::size_t index) const { return slots[index]; }
    std::string_view text(std::size_t index) const { return slots[index].text; }
    std::int64_t integer(std::size_t index) const { return slots[index].integer; }
    bool declares_zero() const { return slots[envelope_key::zero_report].truth; }
};

using EnvelopeField = FieldSpec<EnvelopeFacts>;
std::span<const EnvelopeField> envelope_fields();

class Envelope {
public:
    /// Reads the members that begin at `members`.
    Envelope(std::string_view bytes, const std::vector<std::uint32_t>& members);

    const EnvelopeFacts& facts() const { return facts_; }
    /// All keys that the rules about records read are among the members read.
    bool tells_sender() const;
    /// What the rules about records may know of it.
    Sender sender(const World& world, const RuleBook& rules) const;
    /// Adds everything that is wrong with it; returns how many errors.
    std::uint64_t judge(const World& world, const RuleBook& rules, const Layout& layout,
                        FindingList& findings) const;

private:
    ObjectReader reader_;
    EnvelopeFacts facts_;
};

}  // namespace chaiqin::checking
