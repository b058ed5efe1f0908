// What the command writes on a terminal: texts from outside never steer it, JSON stays JSON.
#include "cli/terminal.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <sstream>

namespace chaiqin::cli {
namespace {

TEST(Printable, shows_what_would_steer_a_terminal) {
    EXPECT_EQ(printable("差勤 2026-1, ok ~"), "差勤 2026-1, ok ~");
    EXPECT_EQ(printable("a\x1b[2J\n\r\tb\x7f"), "a\\u001b[2J\\u000a\\u000d\\u0009b\\u007f");
    EXPECT_EQ(printable("\xc2\x9b"
                        "31m\xc2\x80\xc2\x9f\xc2\xa0"),
              "\\u009b31m\\u0080\\u009f\xc2\xa0");
    EXPECT_EQ(printable("\u202egnp\u2066\u2069\u200e\u200f\u061c\u2028"),
              "\\u202egnp\\u2066\\u2069\\u200e\\u200f\\u061c\\u2028");
    EXPECT_EQ(printable("𠮷\u2030\u2065"), "𠮷\u2030\u2065");
    EXPECT_EQ(printable(std::string_view("\0", 1)), "\\u0000");
}

TEST(Printable, replaces_bytes_that_are_no_utf8) {
    for (const std::string bad :
         {"\x9b", "\xff", "\xe5\xb7", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80"}) {
        const auto shown = printable(bad);
        std::string wanted;
        for (std::size_t i = 0; i < bad.size(); ++i) wanted += "\xef\xbf\xbd";
        EXPECT_EQ(shown, wanted) << bad;
    }
    EXPECT_EQ(printable("\xe5\x1b\x41"), "\xef\xbf\xbd\\u001b\x41");
}

/// What goes through std::cout and std::cerr while `write` runs, from a guarded process.
std::pair<std::string, std::string> guarded(const std::function<void()>& write) {
    std::ostringstream out, err;
    auto* const cout = std::cout.rdbuf(out.rdbuf());
    auto* const cerr = std::cerr.rdbuf(err.rdbuf());
    {
        const GuardedStreams guard;
        write();
    }
    std::cout.rdbuf(cout);
    std::cerr.rdbuf(cerr);
    return {out.str(), err.str()};
}

TEST(GuardedStreams, let_no_forgotten_text_through) {
    const auto [out, err] = guarded([] {
        std::cout << "one\ttwo\n"
                  << "\x1b[2J" << 5 << "\r\u202e" << std::flush;
        std::cerr << "\r50 %" << '\x07' << "\xc2\x9b";
    });
    EXPECT_EQ(out, "one\ttwo\n\\u001b[2J5\\u000d\\u202e");
    EXPECT_EQ(err, "\r50 %\\u0007\\u009b");
}

TEST(GuardedStreams, keep_a_character_that_is_written_in_pieces) {
    const auto [out, err] = guarded([] {
        for (const char c : std::string("{\"值\":\"\xc2\x9b\"}\n")) std::cout << c;
        std::cout << "\xe5";
    });
    EXPECT_EQ(out, "{\"值\":\"\\u009b\"}\n\xef\xbf\xbd");
}

}  // namespace
}  // namespace chaiqin::cli
