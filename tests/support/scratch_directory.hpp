#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace chaiqin::testing {

/// A new directory of one test; it goes with the test. Tests run side by side, each in a process
/// of its own, so a name of one's own choice under TempDir() would meet another test's.
class ScratchDirectory {
public:
    ScratchDirectory() {
        auto pattern = (std::filesystem::temp_directory_path() / "chaiqin-test-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
        path_ = pattern;
    }
    ~ScratchDirectory() { std::filesystem::remove_all(path_); }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::filesystem::path& name) const {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

}  // namespace chaiqin::testing
