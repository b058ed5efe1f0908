#include "domain/file_record.hpp"

#include <algorithm>

namespace chaiqin::domain {

namespace {

/// The labels of a FileLine stand in the line itself.
template <typename Line, typename Labels>
NotedLine noted_line(const FileHead& head, std::uint32_t leave_lines, std::size_t position,
                     const Line& line, const Labels& labels) {
    NotedLine noted;
    noted.position = static_cast<std::int32_t>(position);
    noted.index =
        static_cast<std::int32_t>(line.line < leave_lines ? line.line : line.line - leave_lines);
    noted.identity = labels.identity;
    noted.token = line.token;
    noted.day = line.day;
    noted.kind_type = line.kind_type;
    noted.outcome = line.outcome;
    noted.claimed_org = head.orgs[line.claimed_org];
    if (line.org > 0) noted.org = head.orgs[static_cast<std::size_t>(line.org - 1)];
    noted.record_no = labels.record_no;
    noted.record_seq = labels.record_seq;
    noted.person_id = labels.masked_person_id;
    return noted;
}

bool is_before(const NotedLine& a, const NotedLine& b) { return a.position < b.position; }

}  // namespace

NotedLines noted_lines(const MatchedFile& file) {
    const auto& head = file.head;
    NotedLines noted{head.submission_id, head.agency, head.received_at, file.data_month, {}};
    for (std::size_t at = 0; at < file.lines.size(); ++at) {
        const auto& line = file.lines[at];
        if (outcome::is_noted(line.outcome))
            noted.lines.push_back(noted_line(head, file.leave_lines, at, line, line));
    }
    return noted;
}

NotedLines renewed(NotedLines stored, const FileToMatch& file, std::span<const LineLabels> labels) {
    std::erase_if(stored.lines, [&](const NotedLine& noted) {
        const auto position = static_cast<std::uint32_t>(noted.position);
        const auto at = std::lower_bound(
            file.lines.begin(), file.lines.end(), position,
            [](const LineToMatch& line, std::uint32_t value) { return line.position < value; });
        return at != file.lines.end() && at->position == position;
    });
    for (std::size_t at = 0; at < file.lines.size(); ++at) {
        const auto& line = file.lines[at];
        if (outcome::is_noted(line.outcome))
            stored.lines.push_back(
                noted_line(file.head, file.leave_lines, line.position, line, labels[at]));
    }
    std::sort(stored.lines.begin(), stored.lines.end(), is_before);
    return stored;
}

}  // namespace chaiqin::domain
