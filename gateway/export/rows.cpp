#include "gateway/export/rows.hpp"

#include <algorithm>

#include "domain/calendar.hpp"

namespace chaiqin::gateway {

namespace {

/// Whether one of the names in `wanted` stands in the list `by`.
bool is_asked(std::string_view wanted, std::string_view by) {
    const auto holds = [](std::string_view list, std::string_view name) {
        for (std::size_t begin = 0; begin <= list.size();) {
            const auto end = std::min(list.find(',', begin), list.size());
            if (list.substr(begin, end - begin) == name) return true;
            begin = end + 1;
        }
        return false;
    };
    for (std::size_t begin = 0; begin <= wanted.size();) {
        const auto end = std::min(wanted.find(',', begin), wanted.size());
        if (holds(by, wanted.substr(begin, end - begin))) return true;
        begin = end + 1;
    }
    return false;
}

int usual_width(CellForm form) {
    switch (form) {
        case CellForm::time:
            return 20;
        case CellForm::text:
            return 16;
        case CellForm::agency_name:
            return 30;
        default:
            return 12;
    }
}

std::string agency_name(const domain::Registry& registry, const std::string& code,
                        domain::Day today) {
    const auto* version = registry.agencies.as_of(code, today);
    return version ? version->name : "";
}

Cell cell_of_text(const ListColumn& column, const std::string& text,
                  const domain::Registry& registry, domain::Day today) {
    switch (column.form) {
        case CellForm::word:
            return word_of(column.words, text);
        case CellForm::agency_name:
            return agency_name(registry, text, today);
        default:
            return text;
    }
}

Cell cell_of_number(CellForm form, std::int64_t number) {
    switch (form) {
        case CellForm::number:
            return number;
        case CellForm::place:
            return number + 1;
        case CellForm::day:
            return domain::iso_day(static_cast<domain::Day>(number));
        case CellForm::month:
            return domain::iso_month(static_cast<domain::Month>(number));
        case CellForm::time:
            return time_text(domain::Instant(std::chrono::microseconds(number)));
        default:
            return std::to_string(number);
    }
}

}  // namespace

std::vector<ListColumn> shown_columns(const ExportedList& list, std::string_view by) {
    std::vector<ListColumn> shown;
    for (const auto& column : list.columns)
        if (column.asked_by.empty() || is_asked(column.asked_by, by)) shown.push_back(column);
    return shown;
}

SheetColumn sheet_column(const ListColumn& column) {
    return {std::string(column.heading),
            column.width > 0 ? column.width : usual_width(column.form)};
}

Cell cell_of(const ListColumn& column, const RowMembers& row, const domain::Registry& registry,
             domain::Day today) {
    const auto value = row(column.member);
    if (const auto* text = std::get_if<std::string>(&value))
        return cell_of_text(column, *text, registry, today);
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return cell_of_number(column.form, *number);
    if (const auto* truth = std::get_if<bool>(&value)) return std::string(*truth ? "是" : "否");
    return {};
}

std::string time_text(domain::Instant at) {
    auto text = domain::rfc3339_taipei(at).substr(0, 19);
    text[10] = ' ';
    return text;
}

}  // namespace chaiqin::gateway
