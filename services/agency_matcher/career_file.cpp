#include "agency_matcher/career_file.hpp"

#include <algorithm>
#include <charconv>

#include "checking/reading/person_id.hpp"

namespace chaiqin::agency_matcher {

namespace {

using State = domain::StagedRow::State;

const wire::CsvColumns columns_of_table19{
    .needed = {"person_id", "seq", "org_code", "post_kind", "start_date", "end_date"},
    .others = {"org_name", "unit_name", "title_code", "title_name", "personnel_category",
               "change_reason", "updated_at"},
    .unknown_allowed = true};

bool is_blank(std::string_view text) { return wire::trimmed(text).empty(); }

std::optional<int> number_of(std::string_view text) {
    int value = 0;
    if (text.empty() || text.size() > 4 || text.front() < '0' || text.front() > '9')
        return std::nullopt;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string blank(std::string_view column) { return "欄位 " + std::string(column) + " 不得為空白"; }

}  // namespace

void RejectedRows::add(std::int64_t line, std::string reason) {
    ++count_;
    rows_.push_back({line, std::move(reason)});
    if (rows_.size() >= 2 * most_rejected_listed) cut();
}

void RejectedRows::cut() {
    std::sort(rows_.begin(), rows_.end(),
              [](const auto& a, const auto& b) { return a.line < b.line; });
    if (rows_.size() > most_rejected_listed) rows_.resize(most_rejected_listed);
}

std::vector<domain::RejectedRow> RejectedRows::first() {
    cut();
    return rows_;
}

CareerFile::CareerFile(const domain::AgencyRegistry& agencies, std::string authority,
                       TokenOf token_of, OnRow on_row, RejectedRows& rejected)
    : agencies_(agencies),
      authority_(std::move(authority)),
      token_of_(std::move(token_of)),
      on_row_(std::move(on_row)),
      rejected_(rejected),
      table_(columns_of_table19, [this](const wire::CsvHeader& header, const wire::CsvRow& row) {
          take(header, row);
      }) {}

std::string CareerFile::problem() const {
    const auto& fault = table_.fault();
    return fault ? fault->zh() : "";
}

void CareerFile::find_columns(const wire::CsvHeader& header) {
    if (columns_.person_id) return;
    columns_ = {header.column("person_id"),
                header.column("seq"),
                header.column("org_code"),
                header.column("post_kind"),
                header.column("start_date"),
                header.column("end_date"),
                {}};
    for (std::size_t at = 0; at < header.size(); ++at)
        if (at != columns_.person_id && at != columns_.seq &&
            columns_of_table19.knows(header.name(at)))
            columns_.others.push_back(at);
}

void CareerFile::take(const wire::CsvHeader& header, const wire::CsvRow& row) {
    find_columns(header);
    ++rows_;
    auto judged = judge(row);
    domain::StagedRow staged;
    if (const auto* rejected = std::get_if<Rejected>(&judged)) {
        rejected_.add(static_cast<std::int64_t>(row.line), rejected->reason);
        const auto id = row.field(columns_.person_id);
        if (row.shape == wire::CsvRow::Shape::too_long || !checking::is_person_id(id)) return;
        staged.state = rejected->state;
    } else {
        staged = std::get<domain::StagedRow>(std::move(judged));
    }
    staged.line = static_cast<std::int64_t>(row.line);
    staged.token = token_of_(row.field(columns_.person_id));
    on_row_(std::move(staged));
}

CareerFile::Judged CareerFile::judge(const wire::CsvRow& row) const {
    if (!row.whole()) return Rejected{std::string(wire::shape_zh(row.shape))};
    const auto person_id = row.field(columns_.person_id), seq = row.field(columns_.seq);
    if (is_blank(person_id)) return Rejected{blank("person_id")};
    if (!checking::is_person_id(person_id)) return Rejected{"身分證統一編號錯誤"};
    if (is_blank(seq)) return Rejected{blank("seq")};
    const auto number = number_of(seq);
    if (!number) return Rejected{"seq 須為 1 至 9999 之整數"};
    if (*number > 0) return judge_post(row, static_cast<std::int16_t>(*number));
    const bool filled =
        std::any_of(columns_.others.begin(), columns_.others.end(),
                    [&](std::size_t column) { return !is_blank(row.field(column)); });
    if (filled) return Rejected{"seq 為 0 之資料列不得有其他欄位", State::rejected_removal};
    domain::StagedRow staged;
    staged.state = State::removes_person;
    return staged;
}

CareerFile::Judged CareerFile::judge_post(const wire::CsvRow& row, std::int16_t seq) const {
    const auto org = row.field(columns_.org_code), kind = row.field(columns_.post_kind),
               start = row.field(columns_.start_date), end = row.field(columns_.end_date);
    if (is_blank(org)) return Rejected{blank("org_code")};
    if (is_blank(kind)) return Rejected{blank("post_kind")};
    if (is_blank(start)) return Rejected{blank("start_date")};
    const auto kind_number = number_of(kind);
    if (kind.size() != 1 || !kind_number || !domain::post_kind_of(*kind_number))
        return Rejected{"post_kind 須為 1、2、3、4、5 或 9"};
    const auto start_day = domain::parse_roc_day(start);
    if (!start_day) return Rejected{"start_date 日期錯誤"};
    auto end_day = std::optional(domain::open_end);
    if (!is_blank(end)) end_day = domain::parse_roc_day(end);
    if (!end_day) return Rejected{"end_date 日期錯誤"};
    if (*end_day < *start_day) return Rejected{"end_date 早於 start_date"};
    if (!agencies_.knows(org)) return Rejected{"org_code 機關代碼不存在"};
    if (!agencies_.within(org, authority_, *start_day))
        return Rejected{"org_code 於 start_date 不屬於該主管機關"};
    domain::StagedRow staged;
    staged.seq = seq;
    staged.post_kind = static_cast<std::int16_t>(*kind_number);
    staged.org = org;
    staged.start = *start_day;
    staged.end = *end_day;
    return staged;
}

SettledPerson settle_person(std::span<const domain::StagedRow> rows, RejectedRows& rejected) {
    SettledPerson person;
    const bool has_posts = std::any_of(rows.begin(), rows.end(), [](const auto& row) {
        return row.state == State::good || row.state == State::rejected;
    });
    std::vector<const domain::StagedRow*> good;
    for (const auto& row : rows) {
        if (row.state == State::good) good.push_back(&row);
        if (row.state != State::removes_person) continue;
        if (has_posts) {
            rejected.add(row.line, "seq 為 0 之資料列不得與同一人之其他資料列並存");
        } else if (person.loads) {
            rejected.add(row.line, "同一人之 seq 重複");
        } else {
            person.loads = true;
        }
    }
    std::stable_sort(good.begin(), good.end(),
                     [](const auto* a, const auto* b) { return a->seq < b->seq; });
    for (const auto* row : good) {
        if (!person.posts.empty() && person.posts.back().seq == row->seq) {
            rejected.add(row->line, "同一人之 seq 重複");
            continue;
        }
        person.loads = true;
        person.posts.push_back({row->seq, row->post_kind, row->org, row->start, row->end});
    }
    return person;
}

}  // namespace chaiqin::agency_matcher
