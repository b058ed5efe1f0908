#include "agency_matcher/config.hpp"

namespace chaiqin::agency_matcher {

Config read_config(int argc, const char* const* argv, runtime::KafkaProblems kafka_problems) {
    Config config;
    runtime::Options options("chaiqin-agency-matcher",
                             "Finds each record's agency in Table 19, keeps the records, counts, "
                             "applies Table 19 loads.");
    runtime::add_common(options, config.common, std::move(kafka_problems));
    options.number("workers", config.workers, "threads that apply batches of files", 1, 12);
    options.read(argc, argv);
    return config;
}

}  // namespace chaiqin::agency_matcher
