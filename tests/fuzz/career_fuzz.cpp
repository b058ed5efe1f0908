// A Table 19 upload of any bytes, in any pieces: no crash, the same rows and the same fault, every
// row is good or rejected once, memory stays bounded.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "agency_matcher/career_file.hpp"
#include "support/matching_builders.hpp"

namespace {

using namespace chaiqin;

[[noreturn]] void fail(const char* sentence) {
    std::fprintf(stderr, "%s\n", sentence);
    std::abort();
}

struct Read {
    std::int64_t rows = 0, good = 0, known_bad = 0, rejected = 0;
    std::string problem;
    bool operator==(const Read&) const = default;
};

Read read(std::string_view bytes, std::size_t piece) {
    static const auto registry = testing::small_registry();
    Read result;
    agency_matcher::RejectedRows rejected;
    agency_matcher::CareerFile file(
        registry->agencies, testing::north,
        [](std::string_view id) { return std::hash<std::string_view>()(id); },
        [&](domain::StagedRow line) {
            const bool bad = line.state == domain::StagedRow::State::rejected ||
                             line.state == domain::StagedRow::State::rejected_removal;
            (bad ? result.known_bad : result.good) += 1;
            if (line.state == domain::StagedRow::State::good &&
                (line.seq < 1 || line.seq > 9999 || line.end < line.start))
                fail("a good line that is not");
        },
        rejected);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
        file.feed(bytes.substr(0, piece));
    file.finish();
    result.rows = file.rows();
    result.rejected = rejected.count();
    result.problem = file.problem();
    if (result.rows > 0 && result.problem.find("缺少欄位") != std::string::npos)
        fail("rows under a header that is none");
    if (result.problem.empty() && result.rows != result.good + result.rejected)
        fail("a row is neither good nor rejected");
    if (rejected.first().size() > agency_matcher::most_rejected_listed)
        fail("too many rejected lines are listed");
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (read(bytes, 1) != read(bytes, bytes.size() + 1)) fail("pieces matter");
    return 0;
}
