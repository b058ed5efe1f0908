// The chain of the audit in the database: writers beside each other, and lines from before there
// was a chain.
#include "postgres/operations/audit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "crypto/audit_chain.hpp"
#include "postgres/intake/intake_store.hpp"
#include "support/receipt_ring.hpp"
#include "support/scratch_database.hpp"

namespace chaiqin::testing {
namespace {

struct Audit : ::testing::Test {
    domain::AuditLine line(int number) const {
        return {.at = domain::parse_rfc3339("2026-11-05T09:00:00+08:00").value() +
                      std::chrono::hours(number),
                .sub = "s",
                .agency = "Z00000011A",
                .acting = "Z00000011A",
                .action = "讀取",
                .object = std::to_string(number),
                .result = "200"};
    }
    void write(std::vector<domain::AuditLine> lines) {
        postgres::intake::make_intake_store(
            {.conninfo = database.conninfo(), .application_name = "test"})
            ->write_audit(std::move(lines), [&](auto& group, auto days) {
                return crypto::extend_audit(signer, group, std::move(days));
            });
    }
    /// "2026-11-05 2 was changed" for each day that does not fit.
    std::string breaks(bool may_lack_anchor = false) {
        postgres::Session session({.conninfo = database.conninfo(), .application_name = "test"});
        auto work = session.begin();
        std::string all;
        for (const auto& day : postgres::operations::audit_days(*work)) {
            crypto::AuditDayCheck check(day, signer.public_keys());
            std::optional<crypto::AuditBreak> found;
            for (const auto& one : postgres::operations::audit_lines(*work, day.day))
                if (!found) found = check.next(one);
            if (!found) found = check.end(may_lack_anchor);
            if (found)
                all += domain::iso_day(day.day) + " " + std::to_string(found->number) + " " +
                       found->what + "\n";
        }
        return all;
    }

    ScratchDatabase database;
    crypto::ReceiptSigner signer{ring_with_receipt_key()};
};

TEST_F(Audit, writers_beside_each_other_make_one_chain) {
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 4; ++writer)
        writers.emplace_back([&, writer] {
            for (int group = 0; group < 10; ++group) write({line(writer * 10), line(group)});
        });
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(breaks(), "");
    EXPECT_EQ(database.value("SELECT count(*) FROM intake.audit"), "80");
    EXPECT_EQ(database.value("SELECT sum(lines) FROM intake.audit_day"), "80");
    database.run("UPDATE intake.audit SET result = '403' WHERE day = '2026-11-05' AND number = 7");
    EXPECT_EQ(breaks(), "2026-11-05 7 was changed or put in\n");
}

TEST_F(Audit, lines_from_before_the_chain_are_taken_into_it) {
    write({line(0), line(1), line(30)});
    database.run("TRUNCATE intake.audit_day");
    database.run("UPDATE intake.audit SET hash = '', number = id + 100");
    const auto files = ScratchDatabase::migrations();
    const auto file = std::find_if(files.begin(), files.end(), [](const auto& one) {
        return one.name.find("audit_chain") != std::string::npos;
    });
    ASSERT_NE(file, files.end());
    const auto begin = file->sql.find("DO $$"), end = file->sql.find("END $$;");
    database.run(file->sql.substr(begin, end + 7 - begin));
    EXPECT_EQ(breaks(true), "");
    EXPECT_NE(breaks(false), "") << "nobody has signed them";
    write({line(31)});
    EXPECT_EQ(breaks(true), "");
    EXPECT_EQ(database.table("SELECT day, ordinal, lines, anchor = '' FROM intake.audit_day"
                             " ORDER BY 1"),
              "2026-11-05|1|2|t\n2026-11-06|2|2|f");
}

}  // namespace
}  // namespace chaiqin::testing
