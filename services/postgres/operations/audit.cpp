#include "postgres/operations/audit.hpp"

#include "postgres/audit_row.hpp"
#include "postgres/operations/audit.sql.hpp"

namespace chaiqin::postgres::operations {

namespace {

domain::AuditLine line_in(const Row& row) {
    return {.at = row.instant("at"),
            .sub = row.string("sub"),
            .agency = row.string("agency"),
            .acting = row.string("acting"),
            .action = row.string("action"),
            .object = row.string("object"),
            .result = row.string("result"),
            .day = row.day("day"),
            .number = row.int4("number"),
            .hash = row.string("hash")};
}

std::vector<domain::AuditLine> lines_in(const Rows& rows) {
    std::vector<domain::AuditLine> lines;
    for (const auto row : rows) lines.push_back(line_in(row));
    return lines;
}

}  // namespace

std::vector<domain::AuditLine> list_audit(Session& session, domain::Instant from,
                                          domain::Instant to) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    Params params;
    params.add(from).add(to);
    auto lines = lines_in(query(*work, sql::list_audit, params));
    session.commit(*work);
    return lines;
}

std::vector<domain::AuditDay> audit_days(domain::UnitOfWork& work) {
    std::vector<domain::AuditDay> days;
    for (const auto row : query(work, sql::every_audit_day)) days.push_back(audit_day_in(row));
    return days;
}

std::vector<domain::AuditLine> audit_lines(domain::UnitOfWork& work, domain::Day day) {
    Params params;
    params.add_date(day);
    return lines_in(query(work, sql::audit_lines_of_day, params));
}

std::optional<FileSender> sender_of(Session& session, const std::string& submission_id) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    Params params;
    params.add_uuid(submission_id);
    std::optional<FileSender> sender;
    for (const auto row : query(*work, sql::sender_of_file, params))
        sender = {row.string("agency"),
                  row.instant("received_at"),
                  {row.string("sub_hash"), row.string("sealed_name")}};
    session.commit(*work);
    return sender;
}

}  // namespace chaiqin::postgres::operations
