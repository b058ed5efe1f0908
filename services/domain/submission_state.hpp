#pragma once
// States of a submission (docs/submission-states.md, "States"): the furthest of what is known, its
// sentence, and who acts next. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaiqin::domain {

enum class SubmissionState : std::uint8_t {
    received,
    validated,
    matched,
    counted,
    counted_partial,
    rejected_file,
    quarantined
};
inline constexpr int submission_state_count = 7;
std::string_view state_name(SubmissionState state);  ///< "COUNTED_PARTIAL"
std::optional<SubmissionState> parse_state(std::string_view name);

/// Orders what is said of a submission: a later attempt is newer than an earlier one, and within an
/// attempt the higher rank of the state is. Readers keep the newest.
struct SubmissionVersion {
    std::uint32_t attempt = 1;
    SubmissionState state = SubmissionState::received;

    /// As events and notices carry it: attempt * 16 + rank.
    std::uint64_t number() const;
    static std::uint32_t attempt_of(std::uint64_t number);
    bool operator==(const SubmissionVersion&) const = default;
};

/// Nothing more will happen by itself; QUARANTINED waits for an operator.
bool ends_wait(SubmissionState state);

struct SubmissionFacts {
    bool accepted = false, rejected = false;  ///< the verdict, once there is one
    bool matched = false;
    std::optional<bool> counted_partial;  ///< counted: whether some lines are INVALID
    bool quarantined = false;             ///< given up by a stage and not replayed
    bool replayed = false;  ///< a replay is under way in a stage that has not finished
};
SubmissionState furthest(const SubmissionFacts& facts);

enum class NextActor : std::uint8_t { nobody, sender, personnel_office, platform };
/// As the API says it: "personnel_office".
std::string_view name_of(NextActor actor);

struct StateText {
    std::string_view zh, en;
    NextActor next_actor = NextActor::platform;
};
/// What became of a file's lines, as far as its sentence depends on it; 0 where not known yet.
struct LinesOfFile {
    std::int64_t total = 0, invalid = 0, counted = 0, unmatched = 0;
};
StateText state_text(SubmissionState state, const LinesOfFile& lines = {});

}  // namespace chaiqin::domain
