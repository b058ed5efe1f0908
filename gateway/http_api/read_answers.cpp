#include "gateway/http_api/read_answers.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>

namespace chaiqin::gateway {

namespace {

/// rapidjson's writer with the few forms that the API has.
class Json {
public:
    template <class Body>
    static std::string object(Body&& body) {
        Json json;
        json.in_object(body);
        return {json.buffer_.GetString(), json.buffer_.GetSize()};
    }
    template <class Body>
    void in_object(Body&& body) {
        writer_.StartObject();
        body(*this);
        writer_.EndObject();
    }
    template <class Rows, class Body>
    void list(const char* name, const Rows& rows, Body&& body) {
        writer_.Key(name);
        writer_.StartArray();
        for (const auto& row : rows) in_object([&](Json& json) { body(json, row); });
        writer_.EndArray();
    }
    template <class Body>
    void object(const char* name, Body&& body) {
        writer_.Key(name);
        in_object(body);
    }
    void null(const char* name) {
        writer_.Key(name);
        writer_.Null();
    }
    void text(const char* name, std::string_view value) {
        writer_.Key(name);
        writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    }
    void text_or_null(const char* name, const std::optional<std::string>& value) {
        value ? text(name, *value) : null(name);
    }
    /// "" means there is none.
    void name_or_null(const char* name, const std::string& value) {
        value.empty() ? null(name) : text(name, value);
    }
    void number(const char* name, std::int64_t value) {
        writer_.Key(name);
        writer_.Int64(value);
    }
    void number(const char* name, const std::optional<std::int64_t>& value) {
        value ? number(name, *value) : null(name);
    }
    void boolean(const char* name, bool value) {
        writer_.Key(name);
        writer_.Bool(value);
    }
    void time(const char* name, domain::Instant value) {
        text(name, domain::rfc3339_taipei(value));
    }
    void time(const char* name, const std::optional<domain::Instant>& value) {
        value ? time(name, *value) : null(name);
    }
    void day(const char* name, domain::Day value) { text(name, domain::iso_day(value)); }
    void day(const char* name, const std::optional<domain::Day>& value) {
        value ? day(name, *value) : null(name);
    }
    void numbers(const char* name, const std::vector<std::uint32_t>& values) {
        writer_.Key(name);
        writer_.StartArray();
        for (const auto value : values) writer_.Uint(value);
        writer_.EndArray();
    }

private:
    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

const char* kind_name(int kind) { return kind == 0 ? "leave" : "overtime"; }

void write_submission(Json& json, const domain::Submission& submission) {
    const auto& receipt = submission.receipt;
    const auto dispositions = submission.dispositions.value_or(domain::Dispositions{});
    const auto state =
        domain::state_text(submission.state, dispositions.counted, dispositions.unmatched);
    json.text("submission_id", receipt.submission_id);
    json.text("agency", receipt.agency);
    json.text("file_name", receipt.file_name);
    json.text("route", receipt.route);
    json.time("received_at", receipt.received_at);
    json.number("size_bytes", receipt.size_bytes);
    json.text("sha256", receipt.sha256);
    json.text("state", domain::state_name(submission.state));
    json.object("state_text", [&](Json& text) {
        text.text("zh", state.zh);
        text.text("en", state.en);
    });
    json.text("next_actor", state.next_actor);
    json.time("counted_at", submission.counted_at);
    json.text_or_null("ruleset", submission.ruleset);
    json.number("record_count", submission.record_count);
    json.number("total", submission.total);
    if (submission.dispositions)
        json.object("dispositions", [&](Json& each) {
            each.number("invalid", dispositions.invalid);
            each.number("unchanged", dispositions.unchanged);
            each.number("stale", dispositions.stale);
            each.number("deletion", dispositions.deletion);
            each.number("superseded", dispositions.superseded);
            each.number("unmatched", dispositions.unmatched);
            each.number("counted", dispositions.counted);
        });
    else
        json.null("dispositions");
    json.number("error_count", submission.error_count);
    json.number("warning_count", submission.warning_count);
}

void write_finding(Json& json, const domain::ListedFinding& listed, bool with_status) {
    const auto& finding = listed.finding;
    json.text("submission_id", listed.submission_id);
    json.text("file_name", listed.file_name);
    json.text("kind", domain::finding_kind_name(finding.kind));
    if (finding.index)
        json.number("index", static_cast<std::int64_t>(*finding.index));
    else
        json.null("index");
    json.text("pointer", finding.pointer);
    json.text_or_null("record_no", finding.record_no);
    json.number("record_seq", finding.record_seq);
    json.text("code", finding.code);
    json.text("severity", domain::severity_name(finding.severity));
    json.text("field", finding.field);
    json.text("field_name", finding.field_name);
    json.text_or_null("value", finding.value);
    json.text_or_null("expected", finding.expected);
    json.text("message", finding.message);
    json.text("message_en", finding.message_en);
    if (!with_status) return;
    json.text("status", listed.status == domain::FindingStatus::fixed ? "FIXED" : "OPEN");
    json.name_or_null("fixed_by", listed.fixed_by);
}

void write_agency(Json& json, const domain::AgencyLine& line) {
    json.text("agency", line.agency);
    json.text("name", line.name);
    json.name_or_null("supervising_agency", line.supervising_agency);
    json.day("abolished_on", line.abolished_on);
}

void write_month(Json& json, const domain::MonthCounts& counts) {
    json.number("month", static_cast<std::int64_t>(counts.month % 12 + 1));
    json.number("leave", counts.leave);
    json.number("overtime", counts.overtime);
    json.number("leave_minutes", counts.leave_minutes);
    json.number("overtime_minutes", counts.overtime_minutes);
}

void write_last_submission(Json& json, const std::optional<domain::Submission>& last) {
    if (!last) {
        for (const auto* name : {"last_submission_id", "last_submitted_at", "route", "state",
                                 "total", "correct", "errors", "warnings"})
            json.null(name);
        return;
    }
    json.text("last_submission_id", last->receipt.submission_id);
    json.time("last_submitted_at", last->receipt.received_at);
    json.text("route", last->receipt.route);
    json.text("state", domain::state_name(last->state));
    json.number("total", last->total);
    const bool judged = last->total && last->invalid;
    json.number("correct", judged ? std::optional(*last->total - *last->invalid) : std::nullopt);
    json.number("errors", last->error_count);
    json.number("warnings", last->warning_count);
}

void write_figures(Json& json, const domain::RateFigures& figures) {
    json.number("obliged", figures.obliged);
    json.number("reported", figures.reported);
    json.number("on_time", figures.on_time);
}

/// The smallest of 7, 30, 90 not below the age.
std::optional<std::int64_t> band_of(std::int64_t age_days) {
    for (const std::int64_t band : {7, 30, 90})
        if (age_days <= band) return band;
    return std::nullopt;
}

}  // namespace

std::string to_json(const domain::Submission& submission) {
    return Json::object([&](Json& json) { write_submission(json, submission); });
}

std::string to_json(const domain::SubmissionsAnswer& answer) {
    return Json::object([&](Json& json) {
        json.list("submissions", answer.submissions, write_submission);
        json.text("next_page_token", answer.next_page_token);
    });
}

std::string to_json(const domain::FindingsAnswer& answer, bool with_status) {
    return Json::object([&](Json& json) {
        json.list("findings", answer.findings, [&](Json& one, const auto& finding) {
            write_finding(one, finding, with_status);
        });
        json.text("next_page_token", answer.next_page_token);
    });
}

std::string to_json(const domain::GroupsAnswer& answer) {
    return Json::object([&](Json& json) {
        json.list("groups", answer.groups, [](Json& one, const domain::FindingGroup& group) {
            one.text("code", group.code);
            one.text("severity", domain::severity_name(group.severity));
            one.text("field", group.field);
            one.text("message", group.message);
            one.number("count", static_cast<std::int64_t>(group.count));
            one.numbers("first", group.first);
        });
    });
}

std::string to_json(const domain::MonthlyAnswer& answer) {
    return Json::object([&](Json& json) {
        json.number("year", static_cast<std::int64_t>(answer.year));
        json.time("updated_at", answer.updated_at);
        json.number("total_agencies", answer.total_agencies);
        json.number("page", static_cast<std::int64_t>(answer.page));
        json.list("agencies", answer.agencies, [](Json& one, const domain::AgencyMonths& agency) {
            write_agency(one, agency.line);
            one.list("months", agency.months, write_month);
        });
        json.object("sum", [&](Json& sum) { sum.list("months", answer.sum, write_month); });
        json.text("next_page_token", answer.next_page_token);
    });
}

std::string to_json(const domain::ByTypeAnswer& answer) {
    return Json::object([&](Json& json) {
        json.list("types", answer.types, [](Json& one, const domain::TypeCounts& type) {
            one.text("kind", kind_name(type.kind));
            // Leave types are written with two digits, overtime types with one, as senders write
            // them.
            const auto digits = std::to_string(type.type);
            one.text("type", type.kind == 0 && digits.size() < 2 ? "0" + digits : digits);
            one.text("name", type.name);
            one.number("records", type.records);
            one.number("minutes", type.minutes);
        });
    });
}

std::string to_json(const domain::SummaryAnswer& answer) {
    return Json::object([&](Json& json) {
        json.time("updated_at", answer.updated_at);
        json.number("total_agencies", answer.total_agencies);
        json.number("page", static_cast<std::int64_t>(answer.page));
        json.list("agencies", answer.agencies, [](Json& one, const domain::SummaryLine& agency) {
            write_agency(one, agency.line);
            write_last_submission(one, agency.last);
        });
        json.text("next_page_token", answer.next_page_token);
    });
}

std::string to_json(const domain::UnmatchedAnswer& answer) {
    return Json::object([&](Json& json) {
        json.number("total", answer.total);
        json.list("unmatched", answer.unmatched,
                  [](Json& one, const domain::UnmatchedRecord& record) {
                      one.text("submission_id", record.submission_id);
                      one.text("agency", record.agency);
                      one.text("kind", kind_name(record.kind));
                      one.number("index", record.index);
                      one.text("record_no", record.record_no);
                      one.number("record_seq", record.record_seq);
                      one.text("person_id", record.person_id);
                      one.day("date", record.date);
                      one.text("reason", record.reason);
                      one.text("mend", record.mend);
                      one.number("age_days", record.age_days);
                      one.number("band", band_of(record.age_days));
                  });
        json.text("next_page_token", answer.next_page_token);
    });
}

std::string to_json(const domain::RatesAnswer& answer) {
    return Json::object([&](Json& json) {
        json.text("month", domain::iso_month(answer.month));
        json.text("authority", answer.authority);
        json.day("deadline", answer.deadline);
        json.object("live", [&](Json& live) { write_figures(live, answer.live); });
        if (!answer.frozen) return json.null("frozen");
        json.object("frozen", [&](Json& frozen) {
            write_figures(frozen, answer.frozen->figures);
            frozen.time("frozen_at", answer.frozen->frozen_at);
            frozen.text("formula", answer.frozen->formula);
            frozen.number("version", static_cast<std::int64_t>(answer.frozen->version));
        });
    });
}

std::string to_json(const domain::RateAgenciesAnswer& answer) {
    return Json::object([&](Json& json) {
        json.list("agencies", answer.agencies, [](Json& one, const domain::RateAgency& agency) {
            one.text("agency", agency.agency);
            one.text("name", agency.name);
            one.text("status", agency.status);
            one.boolean("on_time", agency.on_time);
        });
        json.text("next_page_token", answer.next_page_token);
    });
}

std::string to_json(const domain::AgenciesAnswer& answer) {
    return Json::object([&](Json& json) {
        json.list("agencies", answer.agencies, [](Json& one, const domain::AgencyLine& line) {
            one.text("agency", line.agency);
            one.text("name", line.name);
            one.name_or_null("supervising_agency", line.supervising_agency);
            one.day("established_on", line.established_on);
            one.day("abolished_on", line.abolished_on);
            one.name_or_null("successor", line.successor);
        });
        json.text("next_page_token", answer.next_page_token);
    });
}

std::string to_json(const domain::NoticesAnswer& answer) {
    return Json::object([&](Json& json) {
        json.list("notices", answer.notices, [](Json& one, const domain::Notice& notice) {
            one.number("id", notice.id);
            one.text("kind", notice.kind);
            one.name_or_null("submission_id", notice.submission_id);
            one.text("text", notice.text);
            one.time("created_at", notice.created_at);
            one.time("read_at", notice.read_at);
        });
        json.text("next_page_token", answer.next_page_token);
    });
}

std::string to_json(const domain::Table19Load& load) {
    return Json::object([&](Json& json) {
        json.text("load_id", load.load_id);
        json.number("number", load.number);
        json.text("mode", load.mode);
        json.text("authority", load.authority);
        json.text("state", load.state);
        json.text_or_null("reason", load.reason);
        json.number("rows", load.rows);
        json.number("persons", load.persons);
        json.number("persons_changed", load.persons_changed);
        json.number("persons_kept", load.persons_kept);
        json.number("rejected_count", load.rejected_count);
        json.list("rejected", load.rejected,
                  [](Json& one, const domain::Table19Load::RejectedLine& line) {
                      one.number("line", line.line);
                      one.text("reason", line.reason);
                  });
        json.time("committed_at", load.committed_at);
        json.object("rematch", [&](Json& rematch) {
            rematch.number("persons", load.rematch_persons);
            rematch.number("done", load.rematch_done);
        });
    });
}

std::string to_json(const domain::RuleSet& rules, domain::Month first_month, domain::Day today) {
    std::vector<const domain::Rule*> in_force;
    for (const auto& rule : rules.rules()) {
        const bool begun = !rule.valid_from || *rule.valid_from <= today,
                   ended = rule.valid_to && *rule.valid_to < today;
        if (rule.enabled && begun && !ended) in_force.push_back(&rule);
    }
    return Json::object([&](Json& json) {
        json.text("first_month", domain::iso_month(first_month));
        json.text("ruleset", rules.version());
        json.list("rules", in_force, [](Json& one, const domain::Rule* rule) {
            one.text("code", rule->code);
            one.text("scope", rule->scope);
            one.text("severity", domain::severity_name(rule->severity));
            one.text("field", rule->field);
            one.text("message_zh", rule->message_zh);
            one.text("message_en", rule->message_en);
            one.day("valid_from", rule->valid_from);
            one.day("valid_to", rule->valid_to);
        });
    });
}

}  // namespace chaiqin::gateway
