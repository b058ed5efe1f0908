#pragma once
// Makes the columns that leave the validator (domain::Lines, Labels) from good records, with one
// writer per kind. Person ids become tokens here. Names, reasons and locations go no further than
// into the hash of the content.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checking/check.hpp"
#include "checking/reading/seeded_hash.hpp"
#include "checking/record/facts.hpp"
#include "checking/rules/world.hpp"

namespace chaiqin::checking {

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
    /// Of all listed keys but action, after parsing: key order, escapes and white space do not
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
    void move_into(domain::Lines& lines, domain::Labels& labels, std::uint32_t first_line);
    std::uint64_t identity(std::string_view record_no, std::int64_t record_seq);

private:
    struct Line {
        std::uint32_t index = 0;
        bool filled = false, deletion = false;
        std::uint32_t org = 0, day_count = 0, minutes = 0, revision = 0, kind_type = 0,
                      record_seq = 0;
        domain::Day day = 0;
        std::uint64_t identity = 0, token = 0, content = 0;
        std::string record_no;
        std::array<char, 10> masked_person_id{};
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
