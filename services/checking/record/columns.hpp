#pragma once
// Makes the lines that leave the validator (domain::FileLine) from good records, one writer per
// kind. Person ids become tokens here; names, reasons and locations go no further than into the
// content hash.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checking/check.hpp"
#include "checking/reading/seeded_hash.hpp"
#include "checking/record/both_kinds.hpp"
#include "checking/record/facts.hpp"
#include "checking/rules/world.hpp"

namespace chaiqin::checking {

/// What the content hash of a record is made of: all its keys but action, in the order of the
/// table. A key that may be absent came into the format later. It stands there under its name, and
/// only if it holds something: a line that is sent again as it was before keeps its hash.
void append_content(std::string& bytes, std::span<const RecordField> fields,
                    const RecordFacts& facts);

/// Keyed hashes of lines, with the tokens of a file's persons remembered (once per person and
/// file).
class LineIdentities {
public:
    LineIdentities(LineHasher& hasher, SeededHash hash)
        : hasher_(hasher), hash_(hash), tokens_(token_slots) {}

    std::uint64_t token(std::string_view person_id);
    /// Of (agency, kind, source_system, record_no, record_seq), with separators that no such value
    /// holds.
    std::uint64_t identity(std::string_view agency, RecordKind kind, std::string_view source_system,
                           std::string_view record_no, std::int64_t record_seq);
    /// Of the kind and `append_content`, after parsing: key order, escapes and white space do not
    /// matter.
    std::uint64_t content(const RecordFacts& facts);

private:
    struct Token {
        std::array<char, 10> person_id{};
        std::uint64_t token = 0;
        bool filled = false;
    };
    static constexpr std::size_t token_slots = 2048;

    LineHasher& hasher_;
    SeededHash hash_;
    std::vector<Token> tokens_;
    std::string bytes_;
};

/// Index of an agency code in the file's dictionary.
class OrgDictionary {
public:
    std::uint32_t index_of(std::string_view org);
    std::vector<std::string> take() { return std::move(orgs_); }

private:
    std::vector<std::string> orgs_;
    std::uint32_t last_ = 0;
};

class ColumnWriter {
public:
    /// All outlive the writer; the world's sender must be known when lines are made.
    ColumnWriter(RecordKind kind, LineIdentities& identities, OrgDictionary& orgs,
                 const World& world)
        : kind_(kind), identities_(identities), orgs_(orgs), world_(world) {}

    /// A good record at this index of its array.
    void append(std::uint32_t index, const RecordFacts& facts);
    /// Keeps a line free for a record that is judged later. If nobody fills it, it is left out.
    std::size_t reserve(std::uint32_t index);
    void fill(std::size_t reserved, const RecordFacts& facts);
    /// Moves the lines to the end of the others; line numbers begin at `first_line`.
    void move_into(std::vector<domain::FileLine>& lines, std::uint32_t first_line);
    std::uint64_t identity(std::string_view record_no, std::int64_t record_seq);

private:
    /// Until move_into, `line` is the index in the array.
    struct Line : domain::FileLine {
        bool filled = false;
    };
    void set(Line& line, const RecordFacts& facts);

    RecordKind kind_;
    LineIdentities& identities_;
    OrgDictionary& orgs_;
    const World& world_;
    std::vector<Line> lines_;
};

/// The writers of a file's two arrays and what they share.
struct LineWriters {
    LineWriters(LineHasher& hasher, SeededHash hash, const World& world)
        : identities(hasher, hash),
          writers{ColumnWriter(RecordKind::leave, identities, orgs, world),
                  ColumnWriter(RecordKind::overtime, identities, orgs, world)} {}
    LineWriters(const LineWriters&) = delete;
    LineWriters& operator=(const LineWriters&) = delete;

    ColumnWriter& of(RecordKind kind) { return writers[static_cast<std::size_t>(kind)]; }

    LineIdentities identities;
    OrgDictionary orgs;
    std::array<ColumnWriter, 2> writers;
};

}  // namespace chaiqin::checking
