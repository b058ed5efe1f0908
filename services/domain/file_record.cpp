#include "domain/file_record.hpp"

namespace chaiqin::domain {

NotedLines noted_lines(const FileRecord& record, Month data_month) {
    NotedLines noted{record.submission_id, record.agency, record.received_at, data_month, {}};
    for (std::size_t at = 0; at < record.outcome.size(); ++at) {
        if (!outcome::is_noted(record.outcome[at])) continue;
        NotedLine line;
        line.position = static_cast<std::int32_t>(at);
        const auto number = record.line[at];
        line.index = static_cast<std::int32_t>(
            number < record.leave_lines ? number : number - record.leave_lines);
        line.identity = record.identity[at];
        line.token = record.token[at];
        line.day = record.day[at];
        line.kind_type = record.kind_type[at];
        line.outcome = record.outcome[at];
        line.claimed_org = record.orgs[record.claimed_org[at]];
        if (record.org[at] > 0)
            line.org = record.orgs[static_cast<std::size_t>(record.org[at] - 1)];
        line.record_no = record.record_no[at];
        line.record_seq = record.record_seq[at];
        line.person_id = record.masked_person_id[at];
        noted.lines.push_back(std::move(line));
    }
    return noted;
}

}  // namespace chaiqin::domain
