#include "domain/submission_state.hpp"

#include <array>

namespace chaiqin::domain {

namespace {

constexpr std::array<std::string_view, submission_state_count> names{
    "RECEIVED",        "VALIDATED",     "MATCHED",    "COUNTED",
    "COUNTED_PARTIAL", "REJECTED_FILE", "QUARANTINED"};

/// Of each state, in the order of the enum. A counted file's outcome is not said twice: both kinds
/// of it have one rank.
constexpr std::array<std::uint64_t, submission_state_count> ranks{1, 2, 3, 6, 6, 5, 4};
constexpr std::uint64_t versions_an_attempt = 16;

constexpr StateText none_good{
    "全部筆數均有錯誤，未收錄任何一筆；請依錯誤明細更正後再報送。",
    "Every record has errors and none was taken; correct the listed records and send them again.",
    NextActor::sender};

constexpr StateText none_matched{
    "檔案已處理完畢，但沒有任何一筆在表19找到經歷，均未計入統計；待人事單位補正後自動計入。",
    "Processed, but none of its records was found in Table 19, so none is counted; they "
    "count by themselves once the personnel office has mended Table 19.",
    NextActor::personnel_office};

}  // namespace

std::string_view name_of(NextActor actor) {
    switch (actor) {
        case NextActor::nobody:
            return "nobody";
        case NextActor::sender:
            return "sender";
        case NextActor::personnel_office:
            return "personnel_office";
        case NextActor::platform:
            return "platform";
    }
    return {};
}

std::string_view state_name(SubmissionState state) {
    return names[static_cast<std::size_t>(state)];
}

std::optional<SubmissionState> parse_state(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<SubmissionState>(i);
    return std::nullopt;
}

std::uint64_t SubmissionVersion::number() const {
    return attempt * versions_an_attempt + ranks[static_cast<std::size_t>(state)];
}

std::uint32_t SubmissionVersion::attempt_of(std::uint64_t number) {
    return static_cast<std::uint32_t>(number / versions_an_attempt);
}

bool ends_wait(SubmissionState state) {
    return state != SubmissionState::received && state != SubmissionState::validated &&
           state != SubmissionState::matched;
}

SubmissionState furthest(const SubmissionFacts& facts) {
    if (facts.rejected) return SubmissionState::rejected_file;
    if (facts.counted_partial)
        return *facts.counted_partial ? SubmissionState::counted_partial : SubmissionState::counted;
    if (facts.quarantined) return SubmissionState::quarantined;
    if (facts.matched) return SubmissionState::matched;
    if (facts.accepted && !facts.replayed) return SubmissionState::validated;
    return SubmissionState::received;
}

StateText state_text(SubmissionState state, const LinesOfFile& lines) {
    const auto counted = lines.counted, unmatched = lines.unmatched;
    switch (state) {
        case SubmissionState::received:
            return {"檔案已收妥，等待檢核。", "Received and kept safe; waiting to be checked.",
                    NextActor::platform};
        case SubmissionState::validated:
            return {"檢核完成，等待比對表19經歷檔。",
                    "Checked; waiting to be matched with Table 19.", NextActor::platform};
        case SubmissionState::matched:
            return {"已比對表19經歷檔，等待計入統計。",
                    "Matched with Table 19; waiting to be counted.", NextActor::platform};
        case SubmissionState::counted:
            if (unmatched > 0 && counted == 0) return none_matched;
            if (unmatched > 0)
                return {"已計入統計；部分筆數在表19找不到經歷，待人事單位補正後自動計入。",
                        "Counted; some records were not found in Table 19 and count by themselves "
                        "once the personnel "
                        "office has mended it.",
                        NextActor::personnel_office};
            return {"已全部處理並計入統計。", "Processed and counted.", NextActor::nobody};
        case SubmissionState::counted_partial:
            if (lines.total > 0 && lines.invalid == lines.total) return none_good;
            if (unmatched > 0 && counted == 0)
                return {"部分筆數有錯誤未收錄，其餘在表19均找不到經歷；請依錯誤明細更正後再報送。",
                        "Some records have errors and were not taken, and none of the others was "
                        "found in Table 19; "
                        "correct the listed records and send them again.",
                        NextActor::sender};
            return {"正確的筆數已計入統計，有錯誤的未收錄；請依錯誤明細更正後再報送。",
                    "The good records are counted; those with errors were not taken. Correct the "
                    "listed records and "
                    "send them again.",
                    NextActor::sender};
        case SubmissionState::rejected_file:
            return {
                "檔案有錯誤，全部未收錄；請依錯誤明細更正後再報送。",
                "The file has errors and nothing of it was taken; correct it and send it again.",
                NextActor::sender};
        case SubmissionState::quarantined:
            return {"平臺處理此檔時發生問題，檔案已保留，由平臺處理；無須重新報送。",
                    "The platform could not process this file. It is kept and will be processed; "
                    "do not send it again.",
                    NextActor::platform};
    }
    return {};
}

}  // namespace chaiqin::domain
