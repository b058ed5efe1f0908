#include "gateway/export/spool_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "domain/failure.hpp"

namespace chaiqin::gateway {

namespace {

[[noreturn]] void fail(const char* what) {
    throw domain::TransientFailure(std::string("spool file: ") + what + ": " +
                                   std::strerror(errno));
}

/// For file systems that know no files without a name.
int unlinked(const std::string& directory) {
    auto path = directory + "/chaiqin-export-XXXXXX";
    const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
    if (descriptor >= 0) ::unlink(path.c_str());
    return descriptor;
}

}  // namespace

SpoolFile::SpoolFile(const std::string& directory) : directory_(directory) {
    descriptor_ = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT))
        descriptor_ = unlinked(directory);
    if (descriptor_ < 0) fail("cannot be opened");
}

SpoolFile::SpoolFile(SpoolFile&& other) noexcept
    : directory_(std::move(other.directory_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

SpoolFile::~SpoolFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::string SpoolFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

std::uint64_t SpoolFile::bytes() const {
    struct stat facts {};
    if (::fstat(descriptor_, &facts) != 0) fail("has no length");
    return static_cast<std::uint64_t>(facts.st_size);
}

void SpoolFile::write(std::string_view text, std::uint64_t at) const {
    while (!text.empty()) {
        const auto bytes = ::pwrite(descriptor_, text.data(), text.size(), static_cast<off_t>(at));
        if (bytes < 0 && errno == EINTR) continue;
        if (bytes <= 0) fail("cannot be written");
        text.remove_prefix(static_cast<std::size_t>(bytes));
        at += static_cast<std::uint64_t>(bytes);
    }
}

std::string SpoolFile::read(std::uint64_t at, std::size_t most) const {
    std::string piece(most, '\0');
    ssize_t bytes = -1;
    do bytes = ::pread(descriptor_, piece.data(), most, static_cast<off_t>(at));
    while (bytes < 0 && errno == EINTR);
    piece.resize(bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
    return piece;
}

}  // namespace chaiqin::gateway
