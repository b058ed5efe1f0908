#include "postgres/registry/registry_reader.hpp"

#include <condition_variable>
#include <mutex>
#include <sstream>
#include <thread>

#include "domain/failure.hpp"
#include "postgres/binary.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::postgres::registry {

namespace {

std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> all;
    for (std::string word; in >> word;) all.push_back(word);
    return all;
}

domain::AgencyRegistry read_agencies(domain::UnitOfWork& work) {
    const auto rows = query(
        work,
        "SELECT org_code, effective_on, name, COALESCE(supervising_org_code, ''), established_on, "
        "abolished_on,"
        " COALESCE(successor_org_code, ''), exempt_from, exempt_to, COALESCE(contact_email, '')"
        " FROM registry.agency_version ORDER BY org_code, effective_on");
    domain::AgencyRegistry::Versions versions;
    for (int i = 0; i < rows.size(); ++i) {
        domain::AgencyVersion v;
        v.effective_on = rows.day(i, 1);
        v.name = rows.string(i, 2);
        v.supervising_agency = rows.string(i, 3);
        v.established_on = rows.optional_day(i, 4);
        v.abolished_on = rows.optional_day(i, 5);
        v.successor = rows.string(i, 6);
        v.exempt_from = rows.optional_day(i, 7);
        v.exempt_to = rows.optional_day(i, 8);
        v.contact_email = rows.string(i, 9);
        versions[rows.string(i, 0)].push_back(std::move(v));
    }
    return domain::AgencyRegistry(std::move(versions));
}

/// The switch of schemas/registry/settings.csv; on where a database is older than the settings.
bool deadline_moves(domain::UnitOfWork& work) {
    if (!query(work, "SELECT to_regclass('registry.setting') IS NOT NULL").boolean(0, 0))
        return true;
    const auto rows =
        query(work, "SELECT value <> '0' FROM registry.setting WHERE name = 'deadline_moves'");
    return rows.size() == 0 || rows.boolean(0, 0);
}

domain::OfficeCalendar read_calendar(domain::UnitOfWork& work) {
    const auto rows = query(work, "SELECT day, day_off FROM registry.calendar_day ORDER BY day");
    std::vector<bool> off;
    for (int i = 0; i < rows.size(); ++i) {
        if (rows.day(i, 0) != rows.day(0, 0) + i)
            throw domain::PermanentFailure("registry.calendar_day has a gap");
        off.push_back(rows.boolean(i, 1));
    }
    const auto first = off.empty() ? domain::Day{0} : rows.day(0, 0);
    return domain::OfficeCalendar(first, std::move(off), deadline_moves(work));
}

domain::LeaveTypes read_leave_types(domain::UnitOfWork& work) {
    const auto rows =
        query(work,
              "SELECT code, name, valid_from, valid_to, day_basis, sub_types, needs_sub_type, "
              "needs_event_date, needs_location,"
              " window_before_days, window_after_days FROM registry.leave_type ORDER BY row_no");
    std::vector<domain::LeaveType> types;
    for (int i = 0; i < rows.size(); ++i) {
        domain::LeaveType t;
        t.code = rows.int4(i, 0);
        t.name = rows.string(i, 1);
        t.valid_from = rows.optional_day(i, 2);
        t.valid_to = rows.optional_day(i, 3);
        t.calendar_basis = rows.text(i, 4) == "calendar";
        t.sub_types = words(rows.string(i, 5));
        t.needs_sub_type = rows.boolean(i, 6);
        t.needs_event_date = rows.boolean(i, 7);
        const auto location = rows.string(i, 8);
        t.needs_location = location == "1";
        if (location != "0" && location != "1") t.location_sub_types = words(location);
        if (const auto days = rows.optional_int8(i, 9))
            t.window_before_days = static_cast<int>(*days);
        if (const auto days = rows.optional_int8(i, 10))
            t.window_after_days = static_cast<int>(*days);
        types.push_back(std::move(t));
    }
    return domain::LeaveTypes(std::move(types));
}

domain::RuleSet read_rules(domain::UnitOfWork& work) {
    const auto rows =
        query(work,
              "SELECT code, scope, severity, needs, service, note, enabled, valid_from, "
              "valid_to, field, message_zh, message_en"
              " FROM registry.rule ORDER BY row_no");
    std::vector<domain::Rule> rules;
    for (int i = 0; i < rows.size(); ++i) {
        domain::Rule r;
        r.code = rows.string(i, 0);
        r.scope = rows.string(i, 1);
        r.severity =
            rows.text(i, 2) == "error" ? domain::Severity::error : domain::Severity::warning;
        r.needs = rows.string(i, 3);
        r.service = rows.string(i, 4);
        r.note = rows.string(i, 5);
        r.enabled = rows.boolean(i, 6);
        r.valid_from = rows.optional_day(i, 7);
        r.valid_to = rows.optional_day(i, 8);
        r.field = rows.string(i, 9);
        r.message_zh = rows.string(i, 10);
        r.message_en = rows.string(i, 11);
        rules.push_back(std::move(r));
    }
    const auto version = query(work, "SELECT ruleset FROM registry.version");
    return domain::RuleSet(version.string(0, 0), std::move(rules));
}

class PostgresRegistrySource final : public domain::RegistrySource {
public:
    explicit PostgresRegistrySource(SessionSettings settings) : session_(std::move(settings)) {
        thread_ = std::jthread([this](std::stop_token stop) { follow(stop); });
    }

    domain::RegistryPtr current() const override {
        std::unique_lock lock(mutex_);
        if (!loaded_.wait_for(lock, std::chrono::seconds(30), [&] { return newest_ != nullptr; }))
            throw domain::TransientFailure("the registry could not be read");
        return newest_;
    }

    domain::RegistryPtr newest() const override {
        look();
        return current();
    }

private:
    void follow(const std::stop_token& stop) {
        bool was_away = false;
        while (!stop.stop_requested()) {
            try {
                look();
                was_away = false;
            } catch (const std::exception& failure) {
                if (!was_away)
                    runtime::log_warn("registry not read; keeping the last one",
                                      {{"reason", failure.what()}});
                was_away = true;
            }
            std::unique_lock lock(mutex_);
            loaded_.wait_for(lock, stop, std::chrono::milliseconds(newest_ ? 1000 : 200),
                             [] { return false; });
        }
    }

    void look() const {
        const std::lock_guard one_at_a_time(looking_);
        auto work = session_.begin(Isolation::repeatable_read_read_only);
        const auto version = read_version(*work);
        const bool fresh = version_ == version;
        auto read = fresh ? nullptr : read_registry(*work);
        session_.commit(*work);
        if (fresh) return;
        runtime::log_info("registry loaded", {{"version", version},
                                              {"agencies", read->agencies.all().size()},
                                              {"ruleset", read->rules.version()}});
        runtime::metrics().set("chaiqin_registry_version", static_cast<double>(version));
        version_ = version;
        std::lock_guard lock(mutex_);
        newest_ = std::move(read);
        loaded_.notify_all();
    }

    mutable std::mutex mutex_;
    mutable std::condition_variable_any loaded_;
    mutable domain::RegistryPtr newest_;
    mutable std::mutex looking_;  // guards session_ and version_
    mutable Session session_;
    mutable std::int64_t version_ = -1;
    std::jthread thread_;
};

}  // namespace

std::int64_t read_version(domain::UnitOfWork& work) {
    return query(work, "SELECT version FROM registry.version").int8(0, 0);
}

domain::RegistryPtr read_registry(domain::UnitOfWork& work) {
    auto registry = std::make_shared<domain::Registry>();
    registry->version = read_version(work);
    registry->agencies = read_agencies(work);
    registry->calendar = read_calendar(work);
    registry->leave_types = read_leave_types(work);
    registry->rules = read_rules(work);
    return registry;
}

std::unique_ptr<domain::RegistrySource> make_registry_source(SessionSettings settings) {
    settings.application_name = "registry";
    return std::make_unique<PostgresRegistrySource>(std::move(settings));
}

}  // namespace chaiqin::postgres::registry
