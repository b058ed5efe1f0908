#include "query/service.hpp"

#include <algorithm>

#include "query/keys.hpp"

namespace chaiqin::query {

namespace {

using Why = domain::Refused::Why;
using identity::Right;

constexpr int longest_history_days = 400;

[[noreturn]] void no_such_submission() {
    throw domain::Refused(Why::not_found, "no such submission");
}

/// The same day a month earlier (the month's last if it has no such day).
domain::Day month_before(domain::Day day) {
    const auto month = domain::month_of(day);
    return std::min(domain::first_day(month - 1) + (day - domain::first_day(month)),
                    domain::last_day(month - 1));
}

/// One row more than a page shows tells whether there is a next one.
template <class Row>
bool cut_to_page(std::vector<Row>& rows, int size) {
    const bool more = rows.size() > static_cast<std::size_t>(size);
    if (more) rows.resize(static_cast<std::size_t>(size));
    return more;
}

domain::SubmissionKey key_of(const domain::Submission& submission) {
    return {submission.receipt.received_at, submission.receipt.submission_id};
}

}  // namespace

std::shared_ptr<const AgencyIndex> Service::index(domain::Until until) {
    const auto registry = parts_.store->registry(until);
    std::lock_guard lock(mutex_);
    if (!index_ || &index_->registry() != registry.get())
        index_ = std::make_shared<const AgencyIndex>(registry);
    return index_;
}

Sight Service::look(const rpc::Asker& asker, Right right) {
    const auto caller = parts_.verify(asker.bearer);
    if (!caller) throw domain::Refused(Why::bad_token, "the access token is missing or not valid");
    const auto acting = identity::acting_agency(*caller, asker.acting_agency);
    if (!acting)
        throw domain::Refused(Why::forbidden,
                              "the agency acted for is neither the own nor a delegated one");
    if (!identity::may(*caller, right))
        throw domain::Refused(Why::forbidden, "none of the caller's roles may read this");
    return Sight(*caller, *acting, index(asker.deadline), parts_.now(), right);
}

domain::Receipt Service::visible_receipt(const Sight& sight, const std::string& submission_id,
                                         domain::Until until) {
    const auto id = canonical_uuid(submission_id);
    if (id.empty()) no_such_submission();
    const auto receipt = parts_.store->receipt(id, until);
    if (!receipt || !sight.covers(receipt->agency)) no_such_submission();
    return *receipt;
}

domain::SubmissionAnswer Service::submission(const rpc::Asker& asker,
                                             const std::string& submission_id) {
    const auto sight = look(asker, Right::read_submissions);
    const auto id = canonical_uuid(submission_id);
    if (id.empty()) no_such_submission();
    const auto found = parts_.store->submission(id, asker.deadline);
    if (!found || !sight.covers(found->receipt.agency)) no_such_submission();
    return {*found, sight.others("submission " + id, found->receipt.agency)};
}

domain::SubmissionsAnswer Service::submissions(const rpc::Asker& asker,
                                               const domain::SubmissionsQuestion& question) {
    const auto sight = look(asker, Right::read_submissions);
    const auto to =
        question.to.value_or(std::max(sight.today(), question.from.value_or(sight.today())));
    const auto from = question.from.value_or(month_before(to));
    if (from > to) throw domain::Refused(Why::bad_request, "from is after to");
    if (to - from + 1 > longest_history_days)
        throw domain::Refused(Why::bad_request, "from and to are at most 400 days apart");
    const auto set = sight.agencies(question.agency);
    ListFilters filters("submissions");
    // Without dates the window moves with the day; a token goes on in any window that it lies in.
    filters.add(question.agency)
        .add(question.from ? *question.from : 0)
        .add(question.to ? *question.to : 0);
    const auto key = page_key(question.page, filters);
    const auto behind = key ? std::optional(submission_key(*key)) : std::nullopt;
    domain::SubmissionsAnswer answer;
    answer.submissions = parts_.store->submissions(set, domain::taipei_midnight(from),
                                                   domain::taipei_midnight(to + 1), behind,
                                                   question.page.size + 1, asker.deadline);
    if (cut_to_page(answer.submissions, question.page.size))
        answer.next_page_token = make_page_token(filters, texts(key_of(answer.submissions.back())));
    answer.others = sight.others(set);
    return answer;
}

domain::FindingsAnswer Service::findings(const rpc::Asker& asker,
                                         const domain::FindingsQuestion& question) {
    const auto sight = look(asker, Right::read_submissions);
    const auto receipt = visible_receipt(sight, question.submission_id, asker.deadline);
    ListFilters filters("findings");
    filters.add(receipt.submission_id)
        .add(question.severity ? domain::severity_name(*question.severity) : "")
        .add(question.code);
    const auto key = page_key(question.page, filters);
    const auto behind = key ? std::optional(finding_key(*key)) : std::nullopt;
    auto rows = parts_.store->findings(receipt.submission_id, {question.severity, question.code},
                                       behind, question.page.size + 1, asker.deadline);
    domain::FindingsAnswer answer;
    if (cut_to_page(rows, question.page.size))
        answer.next_page_token = make_page_token(filters, texts(rows.back().key.finding));
    const bool shows_values = sight.shows_values(receipt.agency);
    for (auto& row : rows) {
        row.listed.file_name = receipt.file_name;
        if (!shows_values)
            row.listed.finding = without_values(row.listed.finding, sight.index().registry().rules);
        answer.findings.push_back(std::move(row.listed));
    }
    answer.others = sight.others("findings of submission " + receipt.submission_id, receipt.agency);
    return answer;
}

domain::GroupsAnswer Service::groups(const rpc::Asker& asker, const std::string& submission_id) {
    const auto sight = look(asker, Right::read_submissions);
    const auto receipt = visible_receipt(sight, submission_id, asker.deadline);
    domain::GroupsAnswer answer{
        parts_.store->groups(receipt.submission_id, asker.deadline),
        sight.others("findings of submission " + receipt.submission_id, receipt.agency)};
    if (!sight.shows_values(receipt.agency))
        for (auto& group : answer.groups)
            group.message = message_without_values(group.code, group.message, group.code == "S04",
                                                   sight.index().registry().rules);
    return answer;
}

domain::FindingsAnswer Service::finding_history(const rpc::Asker& asker,
                                                const domain::FindingHistoryQuestion& question) {
    const auto sight = look(asker, Right::read_submissions);
    if (question.from && question.to && *question.from > *question.to)
        throw domain::Refused(Why::bad_request, "from is after to");
    const auto set = sight.agencies(question.agency);
    ListFilters filters("finding history");
    filters.add(question.agency).add(question.from.value_or(0)).add(question.to.value_or(0));
    filters.add(question.status ? static_cast<int>(*question.status) + 1 : 0);
    const auto key = page_key(question.page, filters);
    const auto behind = key ? std::optional(history_key(*key)) : std::nullopt;
    domain::ReadStore::HistoryFilter filter;
    if (question.from) filter.from = domain::taipei_midnight(*question.from);
    if (question.to) filter.before = domain::taipei_midnight(*question.to + 1);
    filter.status = question.status;
    auto rows =
        parts_.store->finding_history(set, filter, behind, question.page.size + 1, asker.deadline);
    domain::FindingsAnswer answer;
    if (cut_to_page(rows, question.page.size))
        answer.next_page_token = make_page_token(filters, texts(rows.back().key));
    for (auto& row : rows) {
        if (!sight.shows_values(row.agency))
            row.listed.finding = without_values(row.listed.finding, sight.index().registry().rules);
        answer.findings.push_back(std::move(row.listed));
    }
    answer.others = sight.others(set);
    return answer;
}

domain::UnmatchedAnswer Service::unmatched(const rpc::Asker& asker,
                                           const domain::UnmatchedQuestion& question) {
    const auto sight = look(asker, Right::read_unmatched);
    const auto set = sight.agencies(question.agency);
    ListFilters filters("unmatched");
    filters.add(question.agency).add(question.reason);
    const auto key = page_key(question.page, filters);
    const auto behind = key ? std::optional(unmatched_key(*key)) : std::nullopt;
    auto rows = parts_.store->unmatched(set, question.reason, behind, question.page.size + 1,
                                        asker.deadline);
    domain::UnmatchedAnswer answer{rows.total, std::move(rows.records), "", sight.others(set)};
    if (cut_to_page(answer.unmatched, question.page.size)) {
        const auto& last = answer.unmatched.back();
        answer.next_page_token = make_page_token(
            filters, texts(domain::UnmatchedKey{
                         {last.received_at, last.submission_id}, last.kind, last.index}));
    }
    for (auto& record : answer.unmatched)
        record.age_days = std::max(0, sight.today() - domain::taipei_day(record.received_at));
    return answer;
}

domain::NoticesAnswer Service::notices(const rpc::Asker& asker,
                                       const domain::NoticesQuestion& question) {
    const auto sight = look(asker, Right::read_submissions);
    const auto set = sight.agencies("");
    const ListFilters filters("notices");
    const auto key = page_key(question.page, filters);
    const auto below = key ? number_key(*key) : std::numeric_limits<std::int64_t>::max();
    domain::NoticesAnswer answer;
    answer.notices = parts_.store->notices(set, below, question.page.size + 1, asker.deadline);
    if (cut_to_page(answer.notices, question.page.size))
        answer.next_page_token =
            make_page_token(filters, {std::to_string(answer.notices.back().id)});
    answer.others = sight.others(set);
    return answer;
}

domain::Table19LoadAnswer Service::table19_load(const rpc::Asker& asker,
                                                const std::string& load_id) {
    const auto sight = look(asker, Right::read_table19_loads);
    const auto id = canonical_uuid(load_id);
    const auto load = id.empty() ? std::nullopt : parts_.store->table19_load(id, asker.deadline);
    if (!load || !sight.covers(load->authority))
        throw domain::Refused(Why::not_found, "no such load");
    return {*load, sight.others("table19 load " + id, load->authority)};
}

domain::AgenciesAnswer Service::agencies(const rpc::Asker& asker,
                                         const domain::AgenciesQuestion& question) {
    const auto sight = look(asker, Right::read_agencies);
    const auto& index = sight.index();
    const domain::Day days[]{sight.today()};
    const auto mask = question.q.empty()
                          ? AgencyMask(index.size(), 1)
                          : index.below(index.named(question.q, days), sight.today());
    ListFilters filters("agencies");
    filters.add(question.q);
    const auto page = page_of(mask, index, question.page, filters);
    domain::AgenciesAnswer answer{{}, page.next_page_token};
    for (const auto i : page.agencies) answer.agencies.push_back(index.line(i, sight.today()));
    return answer;
}

}  // namespace chaiqin::query
