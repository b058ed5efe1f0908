#include "postgres/registry/registry_reader.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>

#include "domain/failure.hpp"
#include "postgres/binary.hpp"
#include "postgres/registry/reader.sql.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/waits.hpp"

namespace chaiqin::postgres::registry {

namespace {

[[noreturn]] void refuse(const std::string& sentence) {
    throw domain::DeploymentFailure(
        domain::waiting_for::registry, sentence,
        "load the table anew: `chaiqin migrate`, or the administration of the portal");
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> all;
    for (std::string word; in >> word;) all.push_back(word);
    return all;
}

/// The rows of schemas/registry/settings.csv; the default where a database is older than a row.
domain::DeadlineRule read_deadline_rule(domain::UnitOfWork& work) {
    if (!query(work, sql::has_settings).only().boolean("stands")) return {};
    std::map<std::string, std::string> values{{"deadline_day", "20"}, {"deadline_moves", "1"}};
    for (const auto row : query(work, sql::read_settings))
        values[row.string("name")] = row.string("value");
    const auto rule = domain::parse_deadline_rule(values["deadline_day"], values["deadline_moves"]);
    if (!rule) refuse("registry.setting: deadline_day must be 1 to 28");
    return *rule;
}

domain::OfficeCalendar read_calendar(domain::UnitOfWork& work) {
    domain::Day first = 0;
    std::vector<bool> off;
    for (const auto row : query(work, sql::read_calendar)) {
        const auto day = row.day("day");
        if (off.empty()) first = day;
        if (day != first + static_cast<domain::Day>(off.size()))
            refuse("registry.calendar_day has a gap before " + domain::iso_day(day));
        off.push_back(row.boolean("day_off"));
    }
    return domain::OfficeCalendar(first, std::move(off), read_deadline_rule(work));
}

std::optional<int> number_or_none(const Row& row, const char* column) {
    const auto number = row.optional_int8(column);
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

domain::LeaveTypes read_leave_types(domain::UnitOfWork& work) {
    std::vector<domain::LeaveType> types;
    for (const auto row : query(work, sql::read_leave_types)) {
        domain::LeaveType t;
        t.code = row.int4("code");
        t.name = row.string("name");
        t.valid_from = row.optional_day("valid_from");
        t.valid_to = row.optional_day("valid_to");
        t.calendar_basis = row.text("day_basis") == "calendar";
        t.sub_types = words(row.string("sub_types"));
        t.needs_sub_type = row.boolean("needs_sub_type");
        t.needs_event_date = row.boolean("needs_event_date");
        const auto location = row.string("needs_location");
        t.needs_location = location == "1";
        if (location != "0" && location != "1") t.location_sub_types = words(location);
        t.window_before_days = number_or_none(row, "window_before_days");
        t.window_after_days = number_or_none(row, "window_after_days");
        types.push_back(std::move(t));
    }
    return domain::LeaveTypes(std::move(types));
}

domain::RuleSet read_rules(domain::UnitOfWork& work) {
    std::vector<domain::Rule> rules;
    for (const auto row : query(work, sql::read_rules)) {
        domain::Rule r;
        r.code = row.string("code");
        r.scope = row.string("scope");
        r.severity =
            row.text("severity") == "error" ? domain::Severity::error : domain::Severity::warning;
        r.needs = row.string("needs");
        r.service = row.string("service");
        r.note = row.string("note");
        r.enabled = row.boolean("enabled");
        r.valid_from = row.optional_day("valid_from");
        r.valid_to = row.optional_day("valid_to");
        r.field = row.string("field");
        r.message_zh = row.string("message_zh");
        r.message_en = row.string("message_en");
        rules.push_back(std::move(r));
    }
    return domain::RuleSet(query(work, sql::read_ruleset).only().string("ruleset"),
                           std::move(rules));
}

class PostgresRegistrySource final : public domain::RegistrySource {
public:
    PostgresRegistrySource(SessionSettings settings, std::chrono::milliseconds first_within)
        : first_until_(std::chrono::steady_clock::now() + first_within),
          session_(std::move(settings)) {
        thread_ = std::jthread([this](std::stop_token stop) { follow(stop); });
    }

    domain::RegistryPtr current() const override {
        std::unique_lock lock(mutex_);
        loaded_.wait_until(lock, first_until_, [&] { return newest_ || refused_; });
        if (newest_) return newest_;
        if (refused_) throw domain::DeploymentFailure(*refused_);
        throw domain::TransientFailure("the registry could not be read");
    }

    domain::RegistryPtr newest() const override {
        look(refused_version_);
        return current();
    }

private:
    void follow(const std::stop_token& stop) {
        bool was_away = false;
        while (!stop.stop_requested()) {
            try {
                look(none);
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

    /// Reads the registry if its version is another one than the last good one. What cannot be used
    /// is noted, and the last good one stands in. A `passed_over` version is not even read.
    void look(std::int64_t passed_over) const {
        const std::lock_guard one_at_a_time(looking_);
        auto version = none;
        try {
            auto work = session_.begin(Isolation::repeatable_read_read_only);
            version = read_version(*work);
            if (version == passed_over) return;
            auto read = version_ == version ? nullptr : read_registry(*work);
            session_.commit(*work);
            if (read && read->rules.version().empty()) refuse("the registry has no rules yet");
            if (read) take(version, std::move(read));
            accept();
        } catch (const domain::DeploymentFailure& failure) {
            refuse_version(version, failure);
        } catch (const domain::PermanentFailure& failure) {
            refuse_version(version, {domain::waiting_for::registry, failure.what(),
                                     "load the table anew that the sentence names"});
        }
    }

    void take(std::int64_t version, domain::RegistryPtr read) const {
        runtime::log_info("registry loaded", {{"version", version},
                                              {"agencies", read->agencies.all().size()},
                                              {"ruleset", read->rules.version()}});
        runtime::metrics().set("chaiqin_registry_version", static_cast<double>(version));
        version_ = version;
        const std::lock_guard lock(mutex_);
        newest_ = std::move(read);
        refused_.reset();
        loaded_.notify_all();
    }

    void accept() const {
        if (!is_refused_) return;
        wait_.end();
        is_refused_ = false;
        refused_version_ = none;
        runtime::metrics().set("chaiqin_registry_refused", 0);
    }

    void refuse_version(std::int64_t version, const domain::DeploymentFailure& failure) const {
        if (version_ == none)
            wait_.begin(failure);
        else if (!is_refused_ || refused_version_ != version)
            runtime::log_error(
                "the registry cannot be used; the last good one stands in",
                {{"version", version}, {"what", failure.what()}, {"mend", failure.mend}});
        is_refused_ = true;
        refused_version_ = version;
        runtime::metrics().set("chaiqin_registry_refused", 1);
        const std::lock_guard lock(mutex_);
        refused_.emplace(failure);
        loaded_.notify_all();
    }

    const std::chrono::steady_clock::time_point first_until_;
    mutable std::mutex mutex_;
    mutable std::condition_variable_any loaded_;
    mutable domain::RegistryPtr newest_;
    /// Why the newest one cannot be used.
    mutable std::optional<domain::DeploymentFailure> refused_;
    mutable std::mutex looking_;  // guards all that follows, but not refused_version_
    mutable Session session_;
    /// Of newest_, and of the one that cannot be used.
    static constexpr std::int64_t none = -1;
    mutable std::int64_t version_ = none;
    mutable std::atomic<std::int64_t> refused_version_{none};
    mutable bool is_refused_ = false;
    /// As long as there was no good one.
    mutable runtime::Wait wait_;
    std::jthread thread_;
};

}  // namespace

std::int64_t read_version(domain::UnitOfWork& work) {
    const auto rows = query(work, sql::read_version);
    if (rows.empty()) refuse("registry.version is empty");
    return rows.only().int8("version");
}

domain::AgencyRegistry read_agencies(domain::UnitOfWork& work) {
    domain::AgencyRegistry::Versions versions;
    for (const auto row : query(work, sql::read_agencies)) {
        domain::AgencyVersion v;
        v.effective_on = row.day("effective_on");
        v.name = row.string("name");
        v.supervising_agency = row.string("supervising_org_code");
        v.established_on = row.optional_day("established_on");
        v.abolished_on = row.optional_day("abolished_on");
        v.successor = row.string("successor_org_code");
        v.exempt_from = row.optional_day("exempt_from");
        v.exempt_to = row.optional_day("exempt_to");
        v.contact_email = row.string("contact_email");
        versions[row.string("org_code")].push_back(std::move(v));
    }
    return domain::AgencyRegistry(std::move(versions));
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

std::unique_ptr<domain::RegistrySource> make_registry_source(
    SessionSettings settings, std::chrono::milliseconds first_within) {
    settings.application_name = "registry";
    return std::make_unique<PostgresRegistrySource>(std::move(settings), first_within);
}

}  // namespace chaiqin::postgres::registry
