#include "postgres/registry/registry_store.hpp"

#include "postgres/binary.hpp"
#include "postgres/registry/registry_reader.hpp"

namespace chaiqin::postgres::registry {

namespace {

void lock_registry(domain::UnitOfWork& work) { query(work, "SELECT version FROM registry.version FOR UPDATE"); }
void move_version(domain::UnitOfWork& work) { query(work, "UPDATE registry.version SET version = version + 1"); }

std::optional<std::string> or_null(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

void write_version(domain::UnitOfWork& work, const std::string& code, const domain::AgencyVersion& v) {
    Params params;
    params.add(code).add_date(v.effective_on).add(v.name).add(or_null(v.supervising_agency)).add_date(v.established_on).add_date(v.abolished_on);
    params.add(or_null(v.successor)).add_date(v.exempt_from).add_date(v.exempt_to).add(or_null(v.contact_email));
    query(work,
          "INSERT INTO registry.agency_version (org_code, effective_on, name, supervising_org_code, established_on, abolished_on,"
          " successor_org_code, exempt_from, exempt_to, contact_email) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
          " ON CONFLICT (org_code, effective_on) DO UPDATE SET name = excluded.name, supervising_org_code = excluded.supervising_org_code,"
          " established_on = excluded.established_on, abolished_on = excluded.abolished_on, successor_org_code = excluded.successor_org_code,"
          " exempt_from = excluded.exempt_from, exempt_to = excluded.exempt_to, contact_email = excluded.contact_email",
          params);
}

std::string list_of(const BaseTable& table, bool with_types) {
    std::string text;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        if (c) text += ", ";
        text += with_types ? "(" + table.columns[c] + ")::text" : table.columns[c];
    }
    return text;
}

/// Rows to JSON text arrays: one parameter, any number of columns.
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
    for (std::size_t c = 0; c < table.columns.size(); ++c) casted += (c ? ", v.c" : "v.c") + std::to_string(c) + "::" + table.types[c];
    std::string names;
    for (std::size_t c = 0; c < table.columns.size(); ++c) names += (c ? ", c" : "c") + std::to_string(c);
    const std::string wished = "SELECT " + casted + " FROM unnest(" + source + ") AS v(" + names + ")";
    const std::string stored = "SELECT " + list_of(table, false) + " FROM " + table.name;
    const auto differs = query(work,
                               "WITH wished AS (" + wished + "), stored AS (" + stored + ") SELECT (SELECT count(*) FROM (TABLE wished EXCEPT TABLE stored) a)"
                               " + (SELECT count(*) FROM (TABLE stored EXCEPT TABLE wished) b)", params);
    if (differs.int8(0, 0) == 0) return false;
    query(work, "DELETE FROM " + table.name);
    query(work, "INSERT INTO " + table.name + " (" + list_of(table, false) + ") " + wished, params);
    return true;
}

}  // namespace

domain::RegistryLoadPlan load_agencies(Session& session, const std::vector<domain::AgencyUpload>& uploads, domain::Day today, bool confirmed) {
    auto work = session.begin();
    lock_registry(*work);
    const auto before = read_registry(*work);
    auto plan = domain::plan_registry_load(uploads, before->agencies, today);
    if (plan.needs_confirmation && !confirmed) return plan;
    for (const auto& [code, version] : plan.changes) write_version(*work, code, version);
    if (!plan.changes.empty()) move_version(*work);
    session.commit(*work);
    return plan;
}

std::vector<std::string> load_base_data(Session& session, const std::vector<BaseTable>& tables, const std::string& ruleset) {
    auto work = session.begin();
    lock_registry(*work);
    std::vector<std::string> changed;
    for (const auto& table : tables)
        if (replace_table(*work, table)) changed.push_back(table.name);
    Params params;
    params.add(ruleset);
    const auto moved = query(*work, "UPDATE registry.version SET ruleset = $1 WHERE ruleset <> $1", params).affected();
    if (!changed.empty() || moved) move_version(*work);
    session.commit(*work);
    return changed;
}

}  // namespace chaiqin::postgres::registry
