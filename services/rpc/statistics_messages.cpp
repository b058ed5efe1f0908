// Answers about agencies, counts, rates and Table 19 loads.
#include "rpc/answer_parts.hpp"

namespace chaiqin::rpc {

namespace {

void write_line(const domain::AgencyLine& from, pb::AgencyLine& to) {
    to.set_agency(from.agency);
    to.set_name(from.name);
    to.set_supervising_agency(from.supervising_agency);
    if (from.established_on) to.set_established_on(*from.established_on);
    if (from.abolished_on) to.set_abolished_on(*from.abolished_on);
    to.set_successor(from.successor);
}

domain::AgencyLine read_line(const pb::AgencyLine& from) {
    domain::AgencyLine line{from.agency(), from.name(),  from.supervising_agency(),
                            std::nullopt,  std::nullopt, from.successor()};
    if (from.has_established_on()) line.established_on = from.established_on();
    if (from.has_abolished_on()) line.abolished_on = from.abolished_on();
    return line;
}

void write_month(const domain::MonthCounts& from, pb::MonthCounts& to) {
    to.set_month(from.month);
    to.set_leave(from.leave);
    to.set_overtime(from.overtime);
    to.set_leave_minutes(from.leave_minutes);
    to.set_overtime_minutes(from.overtime_minutes);
}

domain::MonthCounts read_month(const pb::MonthCounts& from) {
    return {from.month(), from.leave(), from.overtime(), from.leave_minutes(),
            from.overtime_minutes()};
}

void write_figures(const domain::RateFigures& from, pb::RateFigures& to) {
    to.set_obliged(from.obliged);
    to.set_reported(from.reported);
    to.set_on_time(from.on_time);
}

domain::RateFigures read_figures(const pb::RateFigures& from) {
    return {from.obliged(), from.reported(), from.on_time()};
}

}  // namespace

void write(const domain::MonthlyAnswer& from, pb::GetMonthlyStatisticsResponse& to) {
    to.set_year(from.year);
    if (from.updated_at) to.set_updated_at_us(us(*from.updated_at));
    to.set_total_agencies(from.total_agencies);
    to.set_page(from.page);
    for (const auto& agency : from.agencies) {
        auto& one = *to.add_agencies();
        write_line(agency.line, *one.mutable_line());
        for (const auto& month : agency.months) write_month(month, *one.add_months());
    }
    for (const auto& month : from.sum) write_month(month, *to.add_sum());
    to.set_next_page_token(from.next_page_token);
    to.set_others(from.others);
}

domain::MonthlyAnswer read(const pb::GetMonthlyStatisticsResponse& from) {
    domain::MonthlyAnswer answer;
    answer.year = from.year();
    if (from.has_updated_at_us()) answer.updated_at = instant(from.updated_at_us());
    answer.total_agencies = from.total_agencies();
    answer.page = from.page();
    for (const auto& one : from.agencies()) {
        auto& agency = answer.agencies.emplace_back();
        agency.line = read_line(one.line());
        for (const auto& month : one.months()) agency.months.push_back(read_month(month));
    }
    for (const auto& month : from.sum()) answer.sum.push_back(read_month(month));
    answer.next_page_token = from.next_page_token();
    answer.others = from.others();
    return answer;
}

void write(const domain::ByTypeAnswer& from, pb::GetStatisticsByTypeResponse& to) {
    for (const auto& type : from.types) {
        auto& one = *to.add_types();
        one.set_kind(type.kind);
        one.set_type(type.type);
        one.set_name(type.name);
        one.set_records(type.records);
        one.set_minutes(type.minutes);
    }
    to.set_others(from.others);
}

domain::ByTypeAnswer read(const pb::GetStatisticsByTypeResponse& from) {
    domain::ByTypeAnswer answer{{}, from.others()};
    for (const auto& one : from.types())
        answer.types.push_back({one.kind(), one.type(), one.name(), one.records(), one.minutes()});
    return answer;
}

void write(const domain::SummaryAnswer& from, pb::GetSummaryResponse& to) {
    if (from.updated_at) to.set_updated_at_us(us(*from.updated_at));
    to.set_total_agencies(from.total_agencies);
    to.set_page(from.page);
    for (const auto& agency : from.agencies) {
        auto& one = *to.add_agencies();
        write_line(agency.line, *one.mutable_line());
        if (agency.last) write_submission(*agency.last, *one.mutable_last());
    }
    to.set_next_page_token(from.next_page_token);
    to.set_others(from.others);
}

domain::SummaryAnswer read(const pb::GetSummaryResponse& from) {
    domain::SummaryAnswer answer;
    if (from.has_updated_at_us()) answer.updated_at = instant(from.updated_at_us());
    answer.total_agencies = from.total_agencies();
    answer.page = from.page();
    for (const auto& one : from.agencies()) {
        auto& agency = answer.agencies.emplace_back();
        agency.line = read_line(one.line());
        if (one.has_last()) agency.last = read_submission(one.last());
    }
    answer.next_page_token = from.next_page_token();
    answer.others = from.others();
    return answer;
}

void write(const domain::UnmatchedAnswer& from, pb::ListUnmatchedResponse& to) {
    to.set_total(from.total);
    for (const auto& record : from.unmatched) {
        auto& one = *to.add_unmatched();
        one.set_submission_id(record.submission_id);
        one.set_agency(record.agency);
        one.set_kind(record.kind);
        one.set_index(record.index);
        one.set_record_no(record.record_no);
        one.set_record_seq(record.record_seq);
        one.set_person_id(record.person_id);
        one.set_date(record.date);
        one.set_reason(record.reason);
        one.set_mend(record.mend);
        one.set_age_days(record.age_days);
    }
    to.set_next_page_token(from.next_page_token);
    to.set_others(from.others);
}

domain::UnmatchedAnswer read(const pb::ListUnmatchedResponse& from) {
    domain::UnmatchedAnswer answer{from.total(), {}, from.next_page_token(), from.others()};
    for (const auto& one : from.unmatched())
        answer.unmatched.push_back({one.submission_id(),
                                    one.agency(),
                                    one.kind(),
                                    one.index(),
                                    one.record_no(),
                                    one.record_seq(),
                                    one.person_id(),
                                    one.date(),
                                    one.reason(),
                                    one.mend(),
                                    one.age_days(),
                                    {}});
    return answer;
}

void write(const domain::RatesAnswer& from, pb::GetReportingRatesResponse& to) {
    to.set_month(from.month);
    to.set_authority(from.authority);
    to.set_deadline(from.deadline);
    write_figures(from.live, *to.mutable_live());
    if (from.frozen) {
        auto& frozen = *to.mutable_frozen();
        write_figures(from.frozen->figures, *frozen.mutable_figures());
        frozen.set_frozen_at_us(us(from.frozen->frozen_at));
        frozen.set_formula(from.frozen->formula);
        frozen.set_version(from.frozen->version);
    }
    to.set_others(from.others);
}

domain::RatesAnswer read(const pb::GetReportingRatesResponse& from) {
    domain::RatesAnswer answer{from.month(),    from.authority(),
                               from.deadline(), read_figures(from.live()),
                               std::nullopt,    from.others()};
    if (from.has_frozen())
        answer.frozen = domain::FrozenRate{read_figures(from.frozen().figures()),
                                           instant(from.frozen().frozen_at_us()),
                                           from.frozen().formula(), from.frozen().version()};
    return answer;
}

void write(const domain::RateAgenciesAnswer& from, pb::ListReportingRateAgenciesResponse& to) {
    for (const auto& agency : from.agencies) {
        auto& one = *to.add_agencies();
        one.set_agency(agency.agency);
        one.set_name(agency.name);
        one.set_status(agency.status);
        one.set_on_time(agency.on_time);
    }
    to.set_next_page_token(from.next_page_token);
    to.set_others(from.others);
}

domain::RateAgenciesAnswer read(const pb::ListReportingRateAgenciesResponse& from) {
    domain::RateAgenciesAnswer answer{{}, from.next_page_token(), from.others()};
    for (const auto& one : from.agencies())
        answer.agencies.push_back({one.agency(), one.name(), one.status(), one.on_time()});
    return answer;
}

void write(const domain::AgenciesAnswer& from, pb::ListAgenciesResponse& to) {
    for (const auto& line : from.agencies) write_line(line, *to.add_agencies());
    to.set_next_page_token(from.next_page_token);
}

domain::AgenciesAnswer read(const pb::ListAgenciesResponse& from) {
    domain::AgenciesAnswer answer{{}, from.next_page_token()};
    for (const auto& line : from.agencies()) answer.agencies.push_back(read_line(line));
    return answer;
}

void write(const domain::Table19LoadAnswer& from, pb::GetTable19LoadResponse& to) {
    const auto& load = from.load;
    to.set_load_id(load.load_id);
    if (load.number) to.set_number(*load.number);
    to.set_mode(load.mode);
    to.set_authority(load.authority);
    to.set_state(load.state);
    if (load.reason) to.set_reason(*load.reason);
    if (load.rows) to.set_rows(*load.rows);
    if (load.persons) to.set_persons(*load.persons);
    if (load.persons_changed) to.set_persons_changed(*load.persons_changed);
    if (load.persons_kept) to.set_persons_kept(*load.persons_kept);
    if (load.rejected_count) to.set_rejected_count(*load.rejected_count);
    for (const auto& line : load.rejected) {
        auto& one = *to.add_rejected();
        one.set_line(line.line);
        one.set_reason(line.reason);
    }
    if (load.committed_at) to.set_committed_at_us(us(*load.committed_at));
    if (load.rematch_persons) to.set_rematch_persons(*load.rematch_persons);
    if (load.rematch_done) to.set_rematch_done(*load.rematch_done);
    to.set_others(from.others);
}

domain::Table19LoadAnswer read(const pb::GetTable19LoadResponse& from) {
    domain::Table19LoadAnswer answer;
    auto& load = answer.load;
    load.load_id = from.load_id();
    if (from.has_number()) load.number = from.number();
    load.mode = from.mode();
    load.authority = from.authority();
    load.state = from.state();
    if (from.has_reason()) load.reason = from.reason();
    if (from.has_rows()) load.rows = from.rows();
    if (from.has_persons()) load.persons = from.persons();
    if (from.has_persons_changed()) load.persons_changed = from.persons_changed();
    if (from.has_persons_kept()) load.persons_kept = from.persons_kept();
    if (from.has_rejected_count()) load.rejected_count = from.rejected_count();
    for (const auto& line : from.rejected()) load.rejected.push_back({line.line(), line.reason()});
    if (from.has_committed_at_us()) load.committed_at = instant(from.committed_at_us());
    if (from.has_rematch_persons()) load.rematch_persons = from.rematch_persons();
    if (from.has_rematch_done()) load.rematch_done = from.rematch_done();
    answer.others = from.others();
    return answer;
}

}  // namespace chaiqin::rpc
