// The workbench (本月工作台): what is open or overdue for each agency that the token may act for.
#include <algorithm>

#include "query/month_range.hpp"
#include "query/readers/filing_names.hpp"
#include "query/readers/readers.hpp"
#include "query/readers/workbench.sql.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

constexpr int months_back = 12;

void write_row(const postgres::Row& row, const Sight& sight, pb::WorkbenchRow& to) {
    const auto& index = sight.index();
    to.set_agency(row.string("agency"));
    to.set_name(index.name_on(to.agency(), sight.today()));
    to.set_delegated(to.agency() != sight.caller().agency);
    to.set_month(row.int4("month"));
    to.set_deadline(index.registry().calendar.deadline(to.month()));
    to.set_status(filing_status(row.string("status")));
    to.set_on_time(row.boolean("on_time"));
    to.set_open_errors(row.int8("open_errors"));
    to.set_unmatched(row.int8("unmatched"));
    if (!row.is_null("last_submission_id"))
        to.set_last_submission_id(row.uuid("last_submission_id"));
}

}  // namespace

pb::GetWorkbenchResponse workbench(const Asking& asking, const pb::GetWorkbenchRequest&) {
    const auto& sight = asking.sight;
    const auto of = sight.agencies("");
    const auto this_month = domain::month_of(sight.today());
    const MonthRange range{std::max(this_month - months_back, asking.known.first_month),
                           this_month};
    postgres::Params params;
    params.add_array(of.codes)
        .add_array(range.months())
        .add_array(deadline_ends(range.months(), sight.index().registry().calendar))
        .add(sight.now())
        .add(this_month)
        .add(range.first);
    pb::GetWorkbenchResponse response;
    response.set_as_of(rpc::microseconds(sight.now()));
    for (const auto row : asking.rows(sql::workbench, params))
        write_row(row, sight, *response.add_rows());
    response.set_others(sight.others(of));
    return response;
}

}  // namespace chaiqin::query::readers
