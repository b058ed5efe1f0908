// A form of any bytes, in any pieces: no crash, the same parts whatever the pieces, and everything
// passed on was in it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "gateway/ingest/file_name.hpp"
#include "gateway/ingest/multipart.hpp"

namespace {

using namespace chaiqin::gateway;

[[noreturn]] void fail(const char* sentence) {
    std::fprintf(stderr, "%s\n", sentence);
    std::abort();
}

class Recorder final : public PartSink {
public:
    bool begin_part(PartHead head) override {
        const auto name = cleaned_file_name(head.file_name.value_or(""));
        if (name.size() > 4 * 255) fail("a file name is longer than it may be");
        seen_ += "\nPART " + head.name + " " + name + ":";
        is_open_ = true;
        return ++parts_ <= 10;
    }
    bool part_bytes(std::string_view bytes) override {
        if (!is_open_) fail("content outside a part");
        seen_ += bytes;
        content_ += bytes.size();
        return true;
    }
    bool end_part() override {
        if (!is_open_) fail("a part ended twice");
        is_open_ = false;
        return true;
    }
    const std::string& seen() const { return seen_; }
    std::size_t content() const { return content_; }

private:
    std::string seen_;
    std::size_t content_ = 0, parts_ = 0;
    bool is_open_ = false;
};

struct Outcome {
    MultipartState state;
    std::string seen;
};

Outcome parse(std::string_view boundary, std::string_view body, std::size_t piece) {
    Recorder recorder;
    MultipartParser parser(boundary, recorder);
    while (!body.empty()) {
        parser.feed(body.substr(0, piece));
        body.remove_prefix(std::min(piece, body.size()));
    }
    return {parser.state(), recorder.seen()};
}

}  // namespace

/// The first line is the Content-Type, the rest the body; without a good boundary "b" is taken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto line_end = std::min(input.find('\n'), input.size());
    const auto boundary = boundary_of(input.substr(0, line_end)).value_or("b");
    const auto body = input.substr(std::min(line_end + 1, input.size()));
    const auto whole = parse(boundary, body, body.size() + 1);
    for (const std::size_t piece : {1, 3, 64}) {
        const auto pieces = parse(boundary, body, piece);
        if (pieces.state != whole.state) fail("pieces change how it ends");
        // Content of a part that never ends may be held back by up to a boundary's length.
        const bool is_complete =
            whole.state == MultipartState::closed || whole.state == MultipartState::stopped;
        if (is_complete && pieces.seen != whole.seen) fail("pieces change what is seen");
    }
    return 0;
}
