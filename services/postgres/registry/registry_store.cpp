#include "postgres/registry/registry_store.hpp"

#include <algorithm>

#include "domain/failure.hpp"
#include "postgres/binary.hpp"
#include "postgres/registry/agencies.sql.hpp"
#include "postgres/registry/base_tables.sql.hpp"
#include "postgres/registry/registry_reader.hpp"

namespace chaiqin::postgres::registry {

namespace {

std::string iso(std::optional<domain::Day> day) { return day ? domain::iso_day(*day) : ""; }

void write_versions(domain::UnitOfWork& work,
                    const std::vector<std::pair<std::string, domain::AgencyVersion>>& changes) {
    Params params;
    const auto add = [&](auto of_version) {
        params.add_column(changes, [&](const auto& change) { return of_version(change.second); });
    };
    params.add_column(changes, [](const auto& change) { return change.first; });
    add([](const auto& v) { return iso(v.effective_on); });
    add([](const auto& v) { return v.name; });
    add([](const auto& v) { return v.supervising_agency; });
    add([](const auto& v) { return iso(v.established_on); });
    add([](const auto& v) { return iso(v.abolished_on); });
    add([](const auto& v) { return v.successor; });
    add([](const auto& v) { return iso(v.exempt_from); });
    add([](const auto& v) { return iso(v.exempt_to); });
    add([](const auto& v) { return v.contact_email; });
    query(work, sql::write_agency_versions, params);
}

struct TableStatements {
    std::string_view name;
    Sql compare, clear, write;
};
constexpr TableStatements table_statements[] = {
    {"registry.calendar_day", sql::compare_calendar_day, sql::clear_table.with("calendar_day"),
     sql::write_calendar_day},
    {"registry.leave_type", sql::compare_leave_type, sql::clear_table.with("leave_type"),
     sql::write_leave_type},
    {"registry.rule", sql::compare_rule, sql::clear_table.with("rule"), sql::write_rule},
    {"registry.setting", sql::compare_setting, sql::clear_table.with("setting"),
     sql::write_setting},
};

/// Whether the table held something else.
bool replace_table(domain::UnitOfWork& work, const BaseTable& table) {
    const auto* statements =
        std::ranges::find(table_statements, table.name, &TableStatements::name);
    if (statements == std::end(table_statements))
        domain::broken_invariant("no statements write this table of the registry");
    Params rows;
    rows.add(table.rows);
    if (query(work, statements->compare, rows).only().int8("differences") == 0) return false;
    query(work, statements->clear);
    query(work, statements->write, rows);
    return true;
}

}  // namespace

domain::RegistryLoadPlan load_agencies(Session& session, const domain::AgencyUploads& uploads,
                                       domain::Day today, bool confirmed) {
    auto work = session.begin();
    query(*work, sql::lock_version);
    const auto before = read_agencies(*work);
    auto plan = domain::plan_registry_load(uploads, before, today);
    if (plan.needs_confirmation && !confirmed) return plan;
    if (!plan.changes.empty()) {
        write_versions(*work, plan.changes);
        query(*work, sql::move_version);
    }
    session.commit(*work);
    return plan;
}

std::vector<std::string> load_base_data(Session& session, const std::vector<BaseTable>& tables,
                                        const std::string& ruleset) {
    auto work = session.begin();
    query(*work, sql::lock_version);
    std::vector<std::string> changed;
    for (const auto& table : tables)
        if (replace_table(*work, table)) changed.push_back(table.name);
    Params params;
    params.add(ruleset);
    const auto moved = query(*work, sql::set_ruleset, params).affected();
    if (!changed.empty() || moved) query(*work, sql::move_version);
    session.commit(*work);
    return changed;
}

}  // namespace chaiqin::postgres::registry
