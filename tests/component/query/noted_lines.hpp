#pragma once
// Lines of which Table 19 has something to say, as the matcher's table holds them.
#include <string>

#include "component/query/query_under_test.hpp"

namespace chaiqin::testing {

/// How a noted line stands (V0006).
inline constexpr int no_person = 8, before_first = 9, matched_elsewhere = 16, shown = 256;

/// A noted leave line.
struct NotedLine {
    int file;
    int index;
    int outcome;
    std::string org = "";
    std::string agency = "Z00000011A";
};

/// Noted of a file that has a receipt.
inline void note_line(QueryUnderTest& q, const NotedLine& line) {
    q.database.run(
        "INSERT INTO matching.noted (submission_id, agency, received_at, data_month, position,"
        " index, identity, token, day, kind_type, outcome, claimed_org, org, record_no,"
        " record_seq, person_id)"
        " SELECT submission_id, $2, received_at, 24321, '{0}', ARRAY[$3::int], '{77}', '{5}',"
        " '{20731}', '{16}', ARRAY[$4::smallint], '{Z00000011A}', ARRAY[$5::text], '{L9}',"
        " '{1}', '{A12*****89}' FROM intake.receipt WHERE submission_id = $1"
        " ON CONFLICT (submission_id) DO UPDATE SET position = noted.position ||"
        " EXCLUDED.position, index = noted.index || EXCLUDED.index, identity = noted.identity"
        " || EXCLUDED.identity, token = noted.token || EXCLUDED.token, day = noted.day ||"
        " EXCLUDED.day, kind_type = noted.kind_type || EXCLUDED.kind_type, outcome ="
        " noted.outcome || EXCLUDED.outcome, claimed_org = noted.claimed_org ||"
        " EXCLUDED.claimed_org, org = noted.org || EXCLUDED.org, record_no = noted.record_no ||"
        " EXCLUDED.record_no, record_seq = noted.record_seq || EXCLUDED.record_seq, person_id ="
        " noted.person_id || EXCLUDED.person_id",
        QueryUnderTest::id_of(line.file), line.agency, line.index, line.outcome, line.org);
}

}  // namespace chaiqin::testing
