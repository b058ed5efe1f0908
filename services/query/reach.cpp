#include "query/reach.hpp"

#include <algorithm>

namespace chaiqin::query {

domain::Day hierarchy_day(domain::Month month, domain::Day today) {
    return std::min(domain::last_day(month), today);
}

namespace {

/// One mask per stretch of days without a change of the registry.
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

}  // namespace

Reach reach(const Sight& sight, const std::string& q, domain::Month first, int months) {
    const auto& index = sight.index();
    Reach found;
    found.first = first;
    found.months = masks_by_month(sight, first, months, [&](domain::Day day, int) {
        return index.in_scope(sight.scope(), day);
    });
    found.visible = found.months;
    found.any = united(found.months, index.size());
    if (q.empty()) return found;
    std::vector<domain::Day> days{sight.today()};
    for (int i = 0; i < months; ++i)
        if (const auto day = hierarchy_day(first + i, sight.today());
            !index.same_versions(days.back(), day))
            days.push_back(day);
    auto hits = index.named(q, days);
    for (std::size_t i = 0; i < hits.size(); ++i) hits[i] &= found.any[i];
    found.months = masks_by_month(sight, first, months, [&](domain::Day day, int i) {
        auto mask = index.below(hits, day);
        for (std::size_t agency = 0; agency < mask.size(); ++agency)
            mask[agency] &= (*found.visible[static_cast<std::size_t>(i)])[agency];
        return mask;
    });
    found.any = united(found.months, index.size());
    return found;
}

CountedIn counted_in(const Reach& reach, const AgencyIndex& index) {
    CountedIn counted{
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

void add_counted_in(postgres::Params& params, const CountedIn& counted) {
    params.add(counted.all)
        .add(static_cast<std::int32_t>(counted.first))
        .add(static_cast<std::int32_t>(counted.last))
        .add_column(counted.spans, &AgencySpan::agency)
        .add_column(counted.spans, &AgencySpan::first)
        .add_column(counted.spans, &AgencySpan::last);
}

}  // namespace chaiqin::query
