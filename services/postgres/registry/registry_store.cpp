#include "postgres/registry/registry_store.hpp"

#include <array>

#include "postgres/binary.hpp"
#include "postgres/registry/registry_reader.hpp"

namespace chaiqin::postgres::registry {

namespace {

void lock_registry(domain::UnitOfWork& work) {
    query(work, "SELECT version FROM registry.version FOR UPDATE");
}
void move_version(domain::UnitOfWork& work) {
    query(work, "UPDATE registry.version SET version = version + 1");
}

std::optional<std::string> or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string> iso(std::optional<domain::Day> day) {
    return day ? std::optional(domain::iso_day(*day)) : std::nullopt;
}

/// All versions in one statement: a column is one text array.
void write_versions(domain::UnitOfWork& work,
                    const std::vector<std::pair<std::string, domain::AgencyVersion>>& changes) {
    std::array<std::vector<std::optional<std::string>>, 10> columns;
    for (const auto& [code, v] : changes) {
        const std::array<std::optional<std::string>, 10> row{code,
                                                             iso(v.effective_on),
                                                             v.name,
                                                             or_null(v.supervising_agency),
                                                             iso(v.established_on),
                                                             iso(v.abolished_on),
                                                             or_null(v.successor),
                                                             iso(v.exempt_from),
                                                             iso(v.exempt_to),
                                                             or_null(v.contact_email)};
        for (std::size_t c = 0; c < row.size(); ++c) columns[c].push_back(row[c]);
    }
    Params params;
    for (const auto& column : columns) params.add_array(column);
    query(
        work,
        "INSERT INTO registry.agency_version (org_code, effective_on, name, supervising_org_code, "
        "established_on, abolished_on,"
        " successor_org_code, exempt_from, exempt_to, contact_email)"
        " SELECT v.code, v.effective_on::date, v.name, v.above, v.established_on::date, "
        "v.abolished_on::date, v.successor,"
        " v.exempt_from::date, v.exempt_to::date, v.email"
        " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], "
        "$7::text[], "
        "$8::text[], $9::text[],"
        " $10::text[]) AS v(code, effective_on, name, above, established_on, abolished_on, "
        "successor, "
        "exempt_from, exempt_to, email)"
        " ON CONFLICT (org_code, effective_on) DO UPDATE SET name = excluded.name, "
        "supervising_org_code = "
        "excluded.supervising_org_code,"
        " established_on = excluded.established_on, abolished_on = excluded.abolished_on, "
        "successor_org_code = excluded.successor_org_code,"
        " exempt_from = excluded.exempt_from, exempt_to = excluded.exempt_to, contact_email = "
        "excluded.contact_email",
        params);
}

std::string list_of(const BaseTable& table) {
    std::string text;
    for (const auto& column : table.columns) text += (text.empty() ? "" : ", ") + column;
    return text;
}

/// A column is one text array; true: the table held something else.
bool replace_table(domain::UnitOfWork& work, const BaseTable& table) {
    std::string source;
    Params params;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        std::vector<std::optional<std::string>> column;
        for (const auto& row : table.rows) column.push_back(row[c]);
        params.add_array(column);
        source += (c ? ", $" : "$") + std::to_string(c + 1) + "::text[]";
    }
    std::string casted;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        casted += (c ? ", v.c" : "v.c") + std::to_string(c) + "::" + table.types[c];
    std::string names;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        names += (c ? ", c" : "c") + std::to_string(c);
    const std::string wished =
        "SELECT " + casted + " FROM unnest(" + source + ") AS v(" + names + ")";
    const std::string stored = "SELECT " + list_of(table) + " FROM " + table.name;
    const auto differs =
        query(work,
              "WITH wished AS (" + wished + "), stored AS (" + stored +
                  ") SELECT (SELECT count(*) FROM (TABLE wished EXCEPT TABLE stored) a)"
                  " + (SELECT count(*) FROM (TABLE stored EXCEPT TABLE wished) b)",
              params);
    if (differs.int8(0, 0) == 0) return false;
    query(work, "DELETE FROM " + table.name);
    query(work, "INSERT INTO " + table.name + " (" + list_of(table) + ") " + wished, params);
    return true;
}

}  // namespace

domain::RegistryLoadPlan load_agencies(Session& session, const domain::AgencyUploads& uploads,
                                       domain::Day today, bool confirmed) {
    auto work = session.begin();
    lock_registry(*work);
    const auto before = read_registry(*work);
    auto plan = domain::plan_registry_load(uploads, before->agencies, today);
    if (plan.needs_confirmation && !confirmed) return plan;
    if (!plan.changes.empty()) {
        write_versions(*work, plan.changes);
        move_version(*work);
    }
    session.commit(*work);
    return plan;
}

std::vector<std::string> load_base_data(Session& session, const std::vector<BaseTable>& tables,
                                        const std::string& ruleset) {
    auto work = session.begin();
    lock_registry(*work);
    std::vector<std::string> changed;
    for (const auto& table : tables)
        if (replace_table(*work, table)) changed.push_back(table.name);
    Params params;
    params.add(ruleset);
    const auto moved =
        query(*work, "UPDATE registry.version SET ruleset = $1 WHERE ruleset <> $1", params)
            .affected();
    if (!changed.empty() || moved) move_version(*work);
    session.commit(*work);
    return changed;
}

}  // namespace chaiqin::postgres::registry
