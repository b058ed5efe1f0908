#include "crypto/audit_chain.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "crypto/receipt_verification.hpp"

namespace chaiqin::crypto {

namespace {

using domain::AuditDay;
using domain::AuditLine;

/// Each member with its length before it, so that no two lines give the same bytes. The migration
/// that began the chain (V0028) makes the same text.
std::string link(const std::string& head, const AuditLine& line) {
    std::string text = head;
    for (const auto& member :
         {std::to_string(line.number), std::to_string(line.at.time_since_epoch().count()), line.sub,
          line.agency, line.acting, line.action, line.object, line.result})
        text += std::to_string(member.size()) + ":" + member;
    return sha256(text);
}

std::string anchor_text(const AuditDay& day) {
    return R"({"audit_day":")" + domain::iso_day(day.day) + R"(","ordinal":)" +
           std::to_string(day.ordinal) + R"(,"lines":)" + std::to_string(day.lines) +
           R"(,"head":")" + hex(day.head) + R"("})";
}

AuditDay& day_of(const AuditLine& line, std::vector<AuditDay>& days) {
    const auto found = std::find_if(days.begin(), days.end(),
                                    [&](const auto& day) { return day.day == line.day; });
    if (found != days.end()) return *found;
    std::int32_t last = 0;
    for (const auto& day : days) last = std::max(last, day.ordinal);
    return days.emplace_back(AuditDay{.day = line.day, .ordinal = last + 1});
}

bool is_anchored(const AuditDay& day, const std::vector<ReceiptSigner::PublicKey>& keys) {
    const auto claimed = claimed_receipt(day.anchor);
    if (!claimed || claimed->payload != anchor_text(day)) return false;
    return std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
        return key.kid == claimed->kid && is_signed_by(day.anchor, key.jwk);
    });
}

}  // namespace

std::vector<AuditDay> extend_audit(const ReceiptSigner& signer, std::vector<AuditLine>& lines,
                                   std::vector<AuditDay> days) {
    std::vector<domain::Day> extended;
    for (auto& line : lines) {
        line.day = domain::taipei_day(line.at);
        auto& day = day_of(line, days);
        line.number = ++day.lines;
        line.hash = day.head = link(day.head, line);
        extended.push_back(line.day);
    }
    std::erase_if(days, [&](const auto& day) {
        return std::find(extended.begin(), extended.end(), day.day) == extended.end();
    });
    for (auto& day : days) day.anchor = signer.sign(anchor_text(day));
    return days;
}

std::optional<AuditBreak> AuditDayCheck::next(const AuditLine& line) {
    ++lines_;
    if (line.number > lines_) return AuditBreak{lines_, "is missing"};
    if (line.number < lines_) return AuditBreak{line.number, "is there twice"};
    if (line.number > day_.lines)
        return AuditBreak{line.number, "was put in: the day's signed head counts fewer lines"};
    head_ = link(head_, line);
    if (line.hash != head_) return AuditBreak{line.number, "was changed or put in"};
    return std::nullopt;
}

std::optional<AuditBreak> AuditDayCheck::end(bool may_lack_anchor) const {
    if (lines_ < day_.lines) return AuditBreak{lines_ + 1, "is missing"};
    if (head_ != day_.head) return AuditBreak{lines_, "is not the day's head"};
    if (day_.anchor.empty() && may_lack_anchor) return std::nullopt;
    if (!is_anchored(day_, keys_))
        return AuditBreak{lines_,
                          "or one before it was changed: the platform's receipt keys have "
                          "not signed this head"};
    return std::nullopt;
}

}  // namespace chaiqin::crypto
