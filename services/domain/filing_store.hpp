#pragma once
// The port to filings (申報): frozen figures of a month and deadline notices, over claims and posts
// that the aggregator keeps (docs/statistics.md, "Live and frozen figures"). Within the open
// transaction of the stage loop's upkeep. Implemented by postgres/statistics; one thread.
// TransientFailure while the database is away.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/notice_kind.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::domain {

enum class Freezing {
    waiting,  ///< some file received before the cut is not counted yet
    nobody,   ///< nobody is obliged (no Table 19 yet): nothing to freeze
    frozen,
};

/// The deadline that a frozen version goes by.
struct FrozenDeadline {
    Instant end{};
    /// rule_text() of the rule that gave it.
    std::string rule;
    bool operator==(const FrozenDeadline&) const = default;
};

/// The agencies below a supervising one, all levels: how many are obliged, and have reported.
struct FilingBelow {
    std::string agency;
    std::uint32_t obliged = 0, reported = 0;
};

class FilingStore {
public:
    virtual ~FilingStore() = default;
    /// When the first batch ever was made; nothing before that.
    virtual std::optional<Instant> in_operation_since(UnitOfWork& work) = 0;
    /// Of `first` to `last` those that have no frozen figures.
    virtual std::vector<Month> unfrozen(UnitOfWork& work, Month first, Month last) = 0;
    virtual bool has_cut(UnitOfWork& work, Month month) = 0;
    /// End offsets of file.received by partition, once a month.
    virtual void keep_cut(UnitOfWork& work, Month month,
                          const std::map<std::int32_t, std::int64_t>& ends) = 0;
    /// Of each frozen month what its latest version went by.
    virtual std::map<Month, FrozenDeadline> frozen_deadlines(UnitOfWork& work) = 0;
    /// The next version of the month, in one snapshot, if everything before the cut is counted.
    virtual Freezing freeze(UnitOfWork& work, Month month, const FrozenDeadline& deadline,
                            Instant now, const std::string& reason) = 0;
    /// New versions of frozen months for agencies whose file was received in time and counted after
    /// the freeze.
    virtual std::vector<Month> freeze_again(UnitOfWork& work, Instant now) = 0;
    /// Notes at most `most` obliged agencies that have neither reported nor declared zero and have
    /// not been told this kind of notice yet; returns them.
    virtual std::vector<std::string> to_be_told(UnitOfWork& work, Month month, Instant deadline_end,
                                                NoticeKind kind, Instant now, int most) = 0;
    /// Notes every supervising agency that has obliged agencies below it and has not been sent this
    /// digest yet; returns them.
    virtual std::vector<FilingBelow> to_be_sent_a_digest(UnitOfWork& work, Month month,
                                                         Instant deadline_end, NoticeKind kind,
                                                         Instant now) = 0;
};

}  // namespace chaiqin::domain
