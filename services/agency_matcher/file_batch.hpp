#pragma once
// The decision of a batch of files: identity, revision, deletion and attribution of every good
// line, and all that follows from it (docs/architecture.md, "The way of a file"). Pure: what is
// stored comes in, effects go out; each line is judged against the state after the lines before it,
// also those of the same batch. One batch, one thread.
#include <cstdint>
#include <span>
#include <vector>

#include "agency_matcher/delta_sums.hpp"
#include "agency_matcher/finding_ledger.hpp"
#include "agency_matcher/head_map.hpp"
#include "agency_matcher/identity_findings.hpp"
#include "agency_matcher/line_matcher.hpp"
#include "agency_matcher/switches.hpp"
#include "domain/events.hpp"
#include "domain/matching_store.hpp"
#include "domain/prefix_filter.hpp"
#include "domain/registry.hpp"
#include "domain/validated_file.hpp"

namespace chaiqin::agency_matcher {

using domain::prefix_of;
using domain::PrefixFilter;

struct BatchWorld {
    const domain::Table19& table;
    const domain::Registry& registry;
    domain::Instant now;
    Switches switches;
};

/// What is stored of the batch's agencies and matters to it.
struct BatchPast {
    std::vector<domain::JudgedFile> files;
    /// Findings that nothing has answered yet.
    std::vector<domain::OpenFindings> open;
    /// Findings of rejected files that are not among them yet.
    std::vector<domain::OpenFindings> rejected;
};

class FileBatch {
public:
    /// The files of `past` are those that may hold an identity of the batch: identities that pass
    /// `filter`. `lines` is about how many lines the batch has.
    FileBatch(const BatchWorld& world, const PrefixFilter& filter, BatchPast past,
              std::size_t lines);

    /// Throws PermanentFailure when the file's numbers do not add up.
    void take(domain::ValidatedFile file);

    struct Result {
        /// Without the merging of identity prefixes.
        domain::FileBatchEffects effects;
        std::vector<domain::CountedFile> counted;
    };
    Result finish();

private:
    /// A file of the batch, or a stored one whose lines the batch may supersede.
    struct WorkingFile {
        /// Of a stored file only the head; its counts are the changes.
        domain::MatchedFile matched;
        /// Of a stored file, in place of matched.lines.
        std::vector<domain::JudgedLine> stored_lines;
        bool stored_before = false;
        /// In the sums: of the sender, then of the agencies of head.orgs.
        std::vector<std::uint32_t> numbers;
        /// Positions of stored lines, as they came.
        std::vector<std::uint32_t> changed_lines;

        domain::JudgedLine& line(std::size_t position) {
            return stored_before ? stored_lines[position] : matched.lines[position];
        }
    };
    static domain::FileChange change_of(WorkingFile& file);
    void add_stored(domain::JudgedFile file, const PrefixFilter& filter);
    void begin(const domain::ValidatedFile& file);
    void take_line(const domain::ValidatedFile& file, domain::FileLine& line);
    void store_line(domain::FileLine&& line);
    void attribute_line(WorkingFile& file, domain::FileLine& line);
    void supersede(HeadPosition head);
    void answer_t_findings(HeadPosition head, const std::string& by);
    void move_sums(WorkingFile& file, const domain::CountedLine& line, int sign);
    /// Number in the sums of a line's org; 0 gives the sender's.
    std::uint32_t number_of(WorkingFile& file, std::int32_t org);
    void end(const domain::ValidatedFile& file);

    BatchWorld world_;
    LineMatcher matcher_;
    HeadMap heads_;
    DeltaSums sums_;
    FindingLedger ledger_;
    IdentityFindings findings_;
    std::vector<WorkingFile> files_;
    std::vector<domain::CountedFile> counted_;
    std::vector<std::string> rejected_seen_;
    std::vector<domain::FirstReceipt> first_receipts_;
};

}  // namespace chaiqin::agency_matcher
