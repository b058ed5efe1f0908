// The part of the service that adds up: counts, summary, reporting rates.
#include <algorithm>

#include "query/service.hpp"

namespace chaiqin::query {

namespace {

using Why = domain::Refused::Why;
using identity::Right;

constexpr domain::Month first_month_ever = 1 * 12, last_month_ever = 9999 * 12 + 11;
constexpr int most_months = 1200;
constexpr std::size_t most_known_sums = 256;
constexpr std::array<std::string_view, 4> overtime_names{"", "一般", "專案", "季節性週期性"};

/// Which agencies a search reaches in each of some months, by the hierarchy of the month's last
/// day; a month that has not ended goes by today's.
struct Reach {
    domain::Month first = 0;
    std::vector<std::shared_ptr<const AgencyMask>> months;
    AgencyMask any;
};

domain::Day hierarchy_day(domain::Month month, domain::Day today) {
    return std::min(domain::last_day(month), today);
}

/// One mask a stretch of days without a change of the registry.
template <class Make>
std::vector<std::shared_ptr<const AgencyMask>> masks_by_month(const Sight& sight,
                                                              domain::Month first, int months,
                                                              Make make) {
    std::vector<std::shared_ptr<const AgencyMask>> masks;
    domain::Day previous = 0;
    for (int i = 0; i < months; ++i) {
        const auto day = hierarchy_day(first + i, sight.today());
        const bool same = !masks.empty() && sight.index().same_versions(previous, day);
        masks.push_back(same ? masks.back() : std::make_shared<const AgencyMask>(make(day, i)));
        previous = day;
    }
    return masks;
}

AgencyMask united(const std::vector<std::shared_ptr<const AgencyMask>>& masks, std::size_t size) {
    AgencyMask any(size, 0);
    const AgencyMask* last = nullptr;
    for (const auto& mask : masks) {
        if (mask.get() == last) continue;
        last = mask.get();
        for (std::size_t i = 0; i < size; ++i) any[i] |= (*mask)[i];
    }
    return any;
}

Reach reach(const Sight& sight, const std::string& q, domain::Month first, int months) {
    const auto& index = sight.index();
    Reach found;
    found.first = first;
    found.months = masks_by_month(sight, first, months, [&](domain::Day day, int) {
        return index.in_scope(sight.scope(), day);
    });
    found.any = united(found.months, index.size());
    if (q.empty()) return found;
    std::vector<domain::Day> days{sight.today()};
    for (int i = 0; i < months; ++i)
        if (const auto day = hierarchy_day(first + i, sight.today());
            !index.same_versions(days.back(), day))
            days.push_back(day);
    auto hits = index.named(q, days);
    for (std::size_t i = 0; i < hits.size(); ++i) hits[i] &= found.any[i];
    const auto visible = found.months;
    found.months = masks_by_month(sight, first, months, [&](domain::Day day, int i) {
        auto mask = index.below(hits, day);
        for (std::size_t agency = 0; agency < mask.size(); ++agency)
            mask[agency] &= (*visible[static_cast<std::size_t>(i)])[agency];
        return mask;
    });
    found.any = united(found.months, index.size());
    return found;
}

/// For each agency the unbroken stretches of months in which it is reached.
domain::CountedIn counted_in(const Reach& reach, const AgencyIndex& index) {
    domain::CountedIn counted{
        true, reach.first, reach.first + static_cast<domain::Month>(reach.months.size()) - 1, {}};
    for (const auto& mask : reach.months)
        counted.all = counted.all && std::find(mask->begin(), mask->end(), 0) == mask->end();
    if (counted.all) return counted;
    for (std::size_t agency = 0; agency < index.size(); ++agency) {
        if (!reach.any[agency]) continue;
        bool open = false;
        for (std::size_t i = 0; i < reach.months.size(); ++i) {
            const auto month = reach.first + static_cast<domain::Month>(i);
            const bool in = (*reach.months[i])[agency];
            if (in && !open) counted.spans.push_back({index.code(agency), month, month});
            if (in && open) counted.spans.back().last = month;
            open = in;
        }
    }
    return counted;
}

std::string type_name(const domain::LeaveTypes& leave_types, int kind, int type) {
    if (kind == 0) {
        const auto* row = leave_types.latest(type);
        return row ? row->name : std::to_string(type);
    }
    return type >= 1 && type < static_cast<int>(overtime_names.size())
               ? std::string(overtime_names[static_cast<std::size_t>(type)])
               : std::to_string(type);
}

/// What the sums rest on beside the counts: the registry, the day, the question and who may ask it.
std::string sum_name(const Sight& sight, int year, const std::string& q) {
    ListFilters name("monthly sum");
    name.add(sight.index().registry().version)
        .add(sight.today())
        .add(year)
        .add(q)
        .add(sight.scope().everything ? 1 : 0);
    for (const auto& root : sight.scope().roots) name.add(root);
    return name.text();
}

std::vector<std::string> codes(const std::vector<std::size_t>& agencies, const AgencyIndex& index) {
    std::vector<std::string> all;
    for (const auto i : agencies) all.push_back(index.code(i));
    return all;
}

std::vector<std::string> codes(const AgencyMask& mask, const AgencyIndex& index) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i]) all.push_back(index.code(i));
    return all;
}

}  // namespace

domain::MonthlyRows Service::monthly_rows(const std::vector<std::string>& agencies,
                                          domain::Month first,
                                          const std::function<domain::CountedIn()>& summed,
                                          const std::string& name, domain::Until until) {
    std::optional<KnownSum> known;
    {
        std::lock_guard lock(mutex_);
        if (const auto found = sums_.find(name); found != sums_.end()) known = found->second;
    }
    if (known) {
        auto rows = parts_.store->monthly(agencies, first, {}, until);
        if (rows.updated_at == known->updated_at) {
            rows.sum = known->months;
            return rows;
        }
    }
    auto rows = parts_.store->monthly(agencies, first, summed(), until);
    std::lock_guard lock(mutex_);
    if (sums_.size() >= most_known_sums) sums_.clear();
    if (rows.updated_at) sums_[name] = {*rows.updated_at, rows.sum};
    return rows;
}

domain::MonthlyAnswer Service::monthly(const rpc::Asker& asker,
                                       const domain::MonthlyQuestion& question) {
    const auto sight = look(asker, Right::read_statistics);
    if (question.year < 1 || question.year > 9999)
        throw domain::Refused(Why::bad_request, "year is no year");
    const auto& index = sight.index();
    const auto first = static_cast<domain::Month>(question.year * 12);
    const auto found = reach(sight, question.q, first, 12);
    ListFilters filters("monthly");
    filters.add(question.year).add(question.q);
    const auto page = page_of(found.any, index, question.page, filters);
    const auto rows = monthly_rows(
        codes(page.agencies, index), first, [&] { return counted_in(found, index); },
        sum_name(sight, question.year, question.q), asker.deadline);
    domain::MonthlyAnswer answer;
    answer.year = question.year;
    answer.updated_at = rows.updated_at;
    answer.total_agencies = page.total;
    answer.page = page.page;
    const auto shown_day = hierarchy_day(first + 11, sight.today());
    for (const auto i : page.agencies) answer.agencies.push_back({index.line(i, shown_day), {}});
    for (const auto& [agency, counts] : rows.counts) {
        const auto at = std::lower_bound(
            answer.agencies.begin(), answer.agencies.end(), agency,
            [](const auto& one, const std::string& code) { return one.line.agency < code; });
        if (at != answer.agencies.end() && at->line.agency == agency) at->months.push_back(counts);
    }
    answer.sum = rows.sum;
    answer.next_page_token = page.next_page_token;
    answer.others = sight.others(found.any);
    return answer;
}

domain::ByTypeAnswer Service::by_type(const rpc::Asker& asker,
                                      const domain::ByTypeQuestion& question) {
    const auto sight = look(asker, Right::read_statistics);
    if (question.from > question.to || question.from < first_month_ever ||
        question.to > last_month_ever)
        throw domain::Refused(Why::bad_request, "from and to are no months, or from is after to");
    if (question.to - question.from >= most_months)
        throw domain::Refused(Why::bad_request, "from and to are too far apart");
    const auto found = reach(sight, question.q, question.from, question.to - question.from + 1);
    domain::ByTypeAnswer answer{
        parts_.store->by_type(counted_in(found, sight.index()), asker.deadline),
        sight.others(found.any)};
    for (auto& type : answer.types)
        type.name = type_name(sight.index().registry().leave_types, type.kind, type.type);
    return answer;
}

domain::SummaryAnswer Service::summary(const rpc::Asker& asker,
                                       const domain::SummaryQuestion& question) {
    const auto sight = look(asker, Right::read_statistics);
    const auto& index = sight.index();
    const auto found = reach(sight, question.q, domain::month_of(sight.today()), 1);
    ListFilters filters("summary");
    filters.add(question.q);
    const auto page = page_of(found.any, index, question.page, filters);
    auto rows = parts_.store->summary(codes(page.agencies, index), asker.deadline);
    domain::SummaryAnswer answer;
    answer.updated_at = rows.updated_at;
    answer.total_agencies = page.total;
    answer.page = page.page;
    for (const auto i : page.agencies) {
        domain::SummaryLine line{index.line(i, sight.today()), std::nullopt};
        const auto last = std::find_if(rows.last.begin(), rows.last.end(), [&](const auto& one) {
            return one.receipt.agency == line.line.agency;
        });
        if (last != rows.last.end()) line.last = std::move(*last);
        answer.agencies.push_back(std::move(line));
    }
    answer.next_page_token = page.next_page_token;
    answer.others = sight.others(found.any);
    return answer;
}

Service::Authority Service::authority(const Sight& sight, domain::Month month,
                                      const std::string& wanted) const {
    if (month < first_month_ever || month > last_month_ever)
        throw domain::Refused(Why::bad_request, "month is no month");
    Authority authority;
    authority.code = wanted.empty() ? sight.caller().agency : wanted;
    const auto& index = sight.index();
    const auto at = index.find(authority.code);
    if (!at || !sight.covers(authority.code))
        throw domain::Refused(Why::not_found, "no such authority");
    AgencyMask root(index.size(), 0);
    root[*at] = 1;
    authority.agencies = index.below(root, domain::last_day(month));
    authority.deadline = index.registry().calendar.deadline(month);
    authority.deadline_end = domain::taipei_midnight(authority.deadline + 1);
    return authority;
}

domain::RatesAnswer Service::rates(const rpc::Asker& asker, const domain::RatesQuestion& question) {
    const auto sight = look(asker, Right::read_rates);
    const auto of = authority(sight, question.month, question.authority);
    const auto rows = parts_.store->rates(question.month, of.deadline_end, of.code,
                                          codes(of.agencies, sight.index()), asker.deadline);
    return {question.month, of.code,     of.deadline,
            rows.live,      rows.frozen, sight.others(of.agencies)};
}

domain::RateAgenciesAnswer Service::rate_agencies(const rpc::Asker& asker,
                                                  const domain::RateAgenciesQuestion& question) {
    const auto sight = look(asker, Right::read_rates);
    const auto of = authority(sight, question.month, question.authority);
    ListFilters filters("rate agencies");
    filters.add(question.month).add(of.code).add(question.status);
    const auto key = page_key(question.page, filters);
    const auto behind = key && !key->empty() ? key->front() : "";
    const auto& index = sight.index();
    domain::RateAgenciesAnswer answer;
    answer.agencies = parts_.store->rate_agencies(
        question.month, of.deadline_end, sight.now() >= of.deadline_end, codes(of.agencies, index),
        question.status, behind, question.page.size + 1, asker.deadline);
    if (answer.agencies.size() > static_cast<std::size_t>(question.page.size)) {
        answer.agencies.resize(static_cast<std::size_t>(question.page.size));
        answer.next_page_token = make_page_token(filters, {answer.agencies.back().agency});
    }
    for (auto& agency : answer.agencies)
        if (const auto i = index.find(agency.agency))
            agency.name = index.line(*i, domain::last_day(question.month)).name;
    answer.others = sight.others(of.agencies);
    return answer;
}

}  // namespace chaiqin::query
