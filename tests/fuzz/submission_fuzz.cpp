// The file parser and both passes on any bytes: no crash, no disagreement, every text fit to be
// stored.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "unit/checking/sample_file.hpp"

namespace {

using namespace chaiqin::checking;

[[noreturn]] void fail(const char* sentence) {
    std::fprintf(stderr, "%s\n", sentence);
    std::abort();
}

void expect_storable(const CheckResult& result) {
    for (const auto& listed : result.findings) {
        const auto& finding = listed.finding;
        for (const auto& text :
             {finding.pointer, finding.field, finding.field_name, finding.value.value_or(""),
              finding.record_no.value_or(""), finding.message}) {
            if (text.find('\0') != std::string::npos) fail("a text holds U+0000");
        }
    }
    if (result.lines.size() + result.invalid_lines != result.record_count && !result.rejected) {
        fail("a line is neither good nor invalid");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    auto request = test::request_of(bytes);
    test::PlainHasher hasher;
    request.hasher = &hasher;
    const auto both = check_file(request);
    if (test::told(both) != test::told(check_file_by_explaining(request)))
        fail("the passes disagree");
    expect_storable(both);
    return 0;
}
