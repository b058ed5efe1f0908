#include "domain/file_record.hpp"

#include <algorithm>
#include <iterator>

namespace chaiqin::domain {

namespace {

NotedLine noted_line(const FileRecord& record, std::size_t at) {
    NotedLine line;
    line.position = record.position_of(at);
    const auto number = record.line[at];
    line.index = static_cast<std::int32_t>(
        number < record.leave_lines ? number : number - record.leave_lines);
    line.identity = record.identity[at];
    line.token = record.token[at];
    line.day = record.day[at];
    line.kind_type = record.kind_type[at];
    line.outcome = record.outcome[at];
    line.claimed_org = record.orgs[record.claimed_org[at]];
    if (record.org[at] > 0) line.org = record.orgs[static_cast<std::size_t>(record.org[at] - 1)];
    line.record_no = record.record_no[at];
    line.record_seq = record.record_seq[at];
    line.person_id = record.masked_person_id[at];
    return line;
}

}  // namespace

NotedLines noted_lines(const FileRecord& record, Month data_month) {
    NotedLines noted{record.submission_id, record.agency, record.received_at, data_month, {}};
    for (std::size_t at = 0; at < record.outcome.size(); ++at)
        if (outcome::is_noted(record.outcome[at])) noted.lines.push_back(noted_line(record, at));
    return noted;
}

void renew_noted_lines(NotedLines& stored, const FileRecord& record) {
    const auto by_position = [](const NotedLine& a, const NotedLine& b) {
        return a.position < b.position;
    };
    std::erase_if(stored.lines, [&](const NotedLine& line) {
        return std::binary_search(record.position.begin(), record.position.end(),
                                  static_cast<std::uint32_t>(line.position));
    });
    auto renewed = noted_lines(record, stored.data_month).lines;
    stored.lines.insert(stored.lines.end(), std::make_move_iterator(renewed.begin()),
                        std::make_move_iterator(renewed.end()));
    std::sort(stored.lines.begin(), stored.lines.end(), by_position);
}

}  // namespace chaiqin::domain
