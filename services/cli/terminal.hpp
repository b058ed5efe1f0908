#pragma once
// What the command writes on a terminal. Texts of files, servers and messages must neither steer
// it nor look like lines of ours: whoever prints one calls printable(), and main's GuardedStreams
// catch what was forgotten. An escape has the form of JSON's, so JSON stays the same JSON.
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace chaiqin::cli {

/// A text from outside for a line of ours: control characters (line ends, too), line separators and
/// characters that turn the direction of writing as \u009b, bytes that are not UTF-8 as U+FFFD.
std::string printable(std::string_view text);

/// While it lives, std::cout and std::cerr write everything in this way but line ends and tabs,
/// and, on std::cerr, the carriage returns of a progress line. One at a time.
class GuardedStreams {
public:
    GuardedStreams();
    ~GuardedStreams();
    GuardedStreams(const GuardedStreams&) = delete;

private:
    struct Guard;
    std::unique_ptr<Guard> out_, err_;
};

}  // namespace chaiqin::cli
