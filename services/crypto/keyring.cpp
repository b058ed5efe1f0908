#include "crypto/keyring.hpp"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"

namespace chaiqin::crypto {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_bytes = 32;

/// Of a use that has one key.
const char* secret_file(KeyUse use) {
    if (use == KeyUse::token) return "token.key";
    return use == KeyUse::hash ? "hash.key" : "intake.key";
}

/// Reads key files and collects what is wrong with them.
class KeyFiles {
public:
    explicit KeyFiles(fs::path directory) : directory_(std::move(directory)) {}

    std::string read(const std::string& name) {
        const auto path = directory_ / name;
        struct stat status {};
        if (stat(path.c_str(), &status) != 0) {
            problem(name, "is missing; run `chaiqin keys make`");
            return {};
        }
        if ((status.st_mode & 07777) != 0400) {
            problem(name, "must have mode 0400 (read by its owner, nothing else)");
            return {};
        }
        std::ifstream in(path, std::ios::binary);
        std::ostringstream bytes;
        bytes << in.rdbuf();
        if (!in) problem(name, "cannot be read");
        return bytes.str();
    }

    std::string read_secret(const std::string& name) {
        const auto problems_before = problems.size();
        auto key = read(name);
        if (problems.size() == problems_before && key.size() != key_bytes)
            problem(name, "must hold 32 bytes");
        return key;
    }

    /// Ids of the files <prefix><id><suffix>.
    std::vector<std::string> ids(const std::string& prefix, const std::string& suffix) {
        std::vector<std::string> found;
        std::error_code failure;
        for (const auto& entry : fs::directory_iterator(directory_, failure)) {
            const auto name = entry.path().filename().string();
            if (name.size() <= prefix.size() + suffix.size() || !name.starts_with(prefix) ||
                !name.ends_with(suffix))
                continue;
            found.push_back(
                name.substr(prefix.size(), name.size() - prefix.size() - suffix.size()));
            if (found.back().size() > 255) problem(name, "has too long an id");
        }
        if (found.empty()) problem(prefix + "*" + suffix, "is missing; run `chaiqin keys make`");
        return found;
    }

    std::vector<std::string> problems;

private:
    void problem(const std::string& name, const char* what) {
        problems.push_back("keys_dir: key file " + (directory_ / name).string() + " " + what);
    }
    fs::path directory_;
};

[[noreturn]] void cannot_write(const fs::path& path) {
    throw domain::TransientFailure("cannot write " + path.string() + ": " + std::strerror(errno));
}

/// Whole or not at all, also when two make keys at once.
void write_key_file(const fs::path& path, const std::string& bytes) {
    auto draft = path.string() + ".XXXXXX";
    const int file = mkstemp(draft.data());
    if (file < 0) cannot_write(path);
    const bool written =
        write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
        fchmod(file, 0400) == 0 && fsync(file) == 0;
    close(file);
    const bool placed = written && link(draft.c_str(), path.c_str()) == 0;
    const int why = errno;
    unlink(draft.c_str());
    errno = why;
    if (!placed) cannot_write(path);
}

std::string make_ec_pem() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory, &data);
    std::string pem(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    EVP_PKEY_free(key);
    return pem;
}

}  // namespace

Keyring load_keys(const std::string& directory, std::vector<KeyUse> uses,
                  const std::vector<KeyUse>& if_there) {
    if (directory.empty())
        throw domain::ConfigError({"keys_dir: is needed (directory of key files)"});
    Keyring ring;
    KeyFiles files(directory);
    std::copy_if(if_there.begin(), if_there.end(), std::back_inserter(uses),
                 [&](KeyUse use) { return fs::exists(fs::path(directory) / secret_file(use)); });
    for (const auto use : uses) {
        switch (use) {
            case KeyUse::seal:
                for (const auto& id : files.ids("seal-", ".key"))
                    ring.seal[id] = files.read_secret("seal-" + id + ".key");
                break;
            case KeyUse::receipt:
                for (const auto& id : files.ids("receipt-", ".pem"))
                    ring.receipt[id] = files.read("receipt-" + id + ".pem");
                break;
            case KeyUse::token:
                ring.token = files.read_secret(secret_file(use));
                break;
            case KeyUse::hash:
                ring.hash = files.read_secret(secret_file(use));
                break;
            case KeyUse::intake:
                ring.intake = files.read_secret(secret_file(use));
                break;
        }
    }
    if (!files.problems.empty()) throw domain::ConfigError(std::move(files.problems));
    return ring;
}

std::vector<std::string> make_keys(const std::string& directory) {
    std::error_code failure;
    fs::create_directories(directory, failure);
    if (!failure) fs::permissions(directory, fs::perms::owner_all, failure);
    if (failure)
        throw domain::TransientFailure("cannot make " + directory + ": " + failure.message());
    std::vector<std::string> made;
    const auto have = [&](const std::string& prefix, const std::string& suffix) {
        return std::any_of(fs::directory_iterator(directory), fs::directory_iterator(),
                           [&](const auto& entry) {
                               const auto name = entry.path().filename().string();
                               return name.starts_with(prefix) && name.ends_with(suffix);
                           });
    };
    const auto make = [&](const std::string& name, const std::string& bytes) {
        write_key_file(fs::path(directory) / name, bytes);
        made.push_back(name);
    };
    if (!have("seal-", ".key")) make("seal-1.key", random_bytes(key_bytes));
    for (const char* name : {"token.key", "hash.key", "intake.key"})
        if (!fs::exists(fs::path(directory) / name)) make(name, random_bytes(key_bytes));
    if (!have("receipt-", ".pem")) make("receipt-1.pem", make_ec_pem());
    return made;
}

}  // namespace chaiqin::crypto
