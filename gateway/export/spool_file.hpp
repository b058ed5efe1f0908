#pragma once
// A file without a name in the spool directory: it is gone as soon as nobody holds it, also when
// the process dies. Moves; closed by its destructor.
#include <cstdint>
#include <string>
#include <string_view>

namespace chaiqin::gateway {

class SpoolFile {
public:
    /// TransientFailure if the directory takes no file.
    explicit SpoolFile(const std::string& directory);
    SpoolFile(SpoolFile&& other) noexcept;
    SpoolFile& operator=(SpoolFile&&) = delete;
    ~SpoolFile();

    int descriptor() const { return descriptor_; }
    const std::string& directory() const { return directory_; }
    /// A path by which a library opens it again, while it is held.
    std::string path() const;
    std::uint64_t bytes() const;
    /// All of `text` at that place. TransientFailure: the disk is full.
    void write(std::string_view text, std::uint64_t at) const;
    /// At most `most` bytes from that place; "" if it cannot be read.
    std::string read(std::uint64_t at, std::size_t most) const;

private:
    std::string directory_;
    int descriptor_ = -1;
};

}  // namespace chaiqin::gateway
