// The summary (彙整總表): the last submission of each agency.
#include <map>

#include "query/reach.hpp"
#include "query/readers/submissions.hpp"
#include "query/readers/summary.sql.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

void write_last(const pb::Submission& last, std::int64_t invalid_lines, pb::SummaryLine& to) {
    to.set_last_submission_id(last.submission_id());
    to.set_last_submitted_at(last.received_at());
    to.set_route(last.route());
    to.set_state(last.state());
    if (!last.has_total()) return;
    to.set_total(last.total());
    to.set_correct(last.total() - invalid_lines);
    to.set_errors(last.error_count());
    to.set_warnings(last.warning_count());
}

/// Lines with errors, as far as judged; a rejected file has no lines.
std::int64_t invalid_lines(const postgres::Row& row, const pb::Submission& submission) {
    if (submission.has_dispositions()) return submission.dispositions().invalid();
    return row.optional_int8("judged_invalid").value_or(0);
}

}  // namespace

pb::GetSummaryResponse summary(const Asking& asking, const pb::GetSummaryRequest& request) {
    const auto& sight = asking.sight;
    const auto& index = sight.index();
    const auto reached = reach(sight, request.q(), domain::month_of(sight.today()), 1);
    ListFilters filters("summary");
    filters.add(request.q());
    const auto page = agencies_of(Page(request, filters), reached.any, index);
    pb::GetSummaryResponse response;
    std::map<std::string, pb::SummaryLine*> line_of;
    for (const auto i : page.agencies) {
        const auto agency = index.on_day(i, sight.today());
        auto& line = *response.add_agencies();
        line.set_agency(agency.agency);
        line.set_name(agency.name);
        if (!agency.supervising_agency.empty())
            line.set_supervising_agency(agency.supervising_agency);
        if (agency.abolished_on) line.set_abolished_on(*agency.abolished_on);
        line_of[agency.agency] = &line;
    }
    postgres::Params params;
    params.add_column(response.agencies(), &pb::SummaryLine::agency);
    const auto rows = asking.rows(sql::summary, params);
    for (const auto row : rows) {
        if (const auto at = row.optional_instant("updated_at"))
            response.set_updated_at(rpc::microseconds(*at));
        if (row.is_null("submission_id")) continue;
        pb::Submission last;
        write_submission(row, last);
        write_last(last, invalid_lines(row, last), *line_of.at(last.agency()));
    }
    response.set_total_agencies(page.total);
    response.set_page(page.number);
    response.set_next_page_token(page.next_token);
    response.set_others(sight.others(reached.any));
    return response;
}

}  // namespace chaiqin::query::readers
