#include "crypto/audit_chain.hpp"

#include <gtest/gtest.h>

#include "support/receipt_ring.hpp"

namespace chaiqin::crypto {
namespace {

using testing::ring_with_receipt_key;

domain::AuditLine line(const std::string& at, const std::string& object) {
    return {.at = domain::parse_rfc3339(at).value(),
            .sub = "s",
            .agency = "Z00000011A",
            .acting = "Z00000011A",
            .action = "read findings",
            .object = object,
            .result = "200"};
}

/// Two days of lines, in two groups.
struct AuditChain : ::testing::Test {
    AuditChain() {
        write({line("2026-11-05T09:00:00+08:00", "a"), line("2026-11-05T09:00:01+08:00", "b")});
        write({line("2026-11-06T00:00:01+08:00", "d"), line("2026-11-05T23:59:59+08:00", "c")});
    }
    void write(std::vector<domain::AuditLine> group) {
        for (auto& day : extend_audit(signer, group, days)) {
            std::erase_if(days, [&](const auto& old) { return old.day == day.day; });
            days.push_back(day);
        }
        lines.insert(lines.end(), group.begin(), group.end());
    }
    domain::AuditDay& day(int number) {
        for (auto& one : days)
            if (one.ordinal == number) return one;
        throw std::out_of_range("no such day");
    }
    /// "2 was changed"; "" if the first day fits.
    std::string first_break(bool may_lack_anchor = false) {
        AuditDayCheck check(day(1), signer.public_keys());
        std::optional<AuditBreak> found;
        for (const auto& one : lines)
            if (one.day == day(1).day && !found) found = check.next(one);
        if (!found) found = check.end(may_lack_anchor);
        return found ? std::to_string(found->number) + " " + found->what : "";
    }

    ReceiptSigner signer{ring_with_receipt_key()};
    std::vector<domain::AuditDay> days;
    std::vector<domain::AuditLine> lines;
};

TEST_F(AuditChain, numbers_lines_by_day_and_fits) {
    ASSERT_EQ(days.size(), 2u);
    EXPECT_EQ(day(1).lines, 3);
    EXPECT_EQ(domain::iso_day(day(2).day), "2026-11-06");
    EXPECT_EQ(day(2).lines, 1);
    EXPECT_EQ(lines[3].number, 3);
    EXPECT_EQ(first_break(), "");
}

TEST_F(AuditChain, names_the_line_that_was_changed) {
    for (auto member :
         {&domain::AuditLine::sub, &domain::AuditLine::agency, &domain::AuditLine::acting,
          &domain::AuditLine::action, &domain::AuditLine::object, &domain::AuditLine::result}) {
        const auto kept = lines[1];
        lines[1].*member += "x";
        EXPECT_EQ(first_break(), "2 was changed or put in");
        lines[1] = kept;
    }
    lines[0].at += std::chrono::microseconds(1);
    EXPECT_EQ(first_break(), "1 was changed or put in");
}

TEST_F(AuditChain, two_members_do_not_hide_a_move_between_them) {
    lines[1].action = "read finding";
    lines[1].object = "sb";
    EXPECT_EQ(first_break(), "2 was changed or put in");
}

TEST_F(AuditChain, names_the_line_that_is_missing) {
    const auto kept = lines;
    lines.erase(lines.begin() + 1);
    EXPECT_EQ(first_break(), "2 is missing");
    lines = kept;
    lines.pop_back();
    EXPECT_EQ(first_break(), "3 is missing") << "the last of the day";
}

TEST_F(AuditChain, names_the_line_that_was_put_in) {
    auto more = lines[3];
    more.number = 4;
    lines.push_back(more);
    EXPECT_EQ(first_break(), "4 was put in: the day's signed head counts fewer lines");
    lines.back().number = 3;
    EXPECT_EQ(first_break(), "3 is there twice");
}

TEST_F(AuditChain, a_chain_that_was_made_again_lacks_the_signature) {
    // Somebody who can write everything, but has no receipt key.
    const ReceiptSigner other(ring_with_receipt_key());
    std::vector<domain::AuditLine> made{lines[0], lines[1], lines[3]};
    made[1].object = "something else";
    const auto again = extend_audit(other, made, {});
    auto& stored = day(1);
    const auto anchor = stored.anchor;
    stored = again.at(0);
    lines = made;
    const std::string unsigned_head =
        "3 or one before it was changed: the platform's receipt keys have not signed this head";
    EXPECT_EQ(first_break(), unsigned_head) << "signed by somebody else";
    stored.anchor = anchor;
    EXPECT_EQ(first_break(), unsigned_head) << "the anchor of the old head";
    stored.anchor = "";
    EXPECT_EQ(first_break(), unsigned_head);
    EXPECT_EQ(first_break(true), "") << "a day from before heads were signed";
}

}  // namespace
}  // namespace chaiqin::crypto
