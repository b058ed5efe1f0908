#include "crypto/keyring.hpp"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
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
constexpr char current_seal_file[] = "seal.current";

std::string seal_file(const std::string& id) { return "seal-" + id + ".key"; }

/// Of a use that has one key.
const char* secret_file(KeyUse use) {
    if (use == KeyUse::token) return "token.key";
    if (use == KeyUse::events) return "events.key";
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
            if (!can_be_key_id(found.back()))
                problem(name, "needs an id of up to 64 letters, digits, - and _");
        }
        if (found.empty()) problem(prefix + "*" + suffix, "is missing; run `chaiqin keys make`");
        return found;
    }

    /// The id in seal.current; "" if there is no such file.
    std::string read_current_seal() {
        if (!fs::exists(directory_ / current_seal_file)) return {};
        auto id = read(current_seal_file);
        while (!id.empty() && (id.back() == '\n' || id.back() == '\r')) id.pop_back();
        return id;
    }

    void problem(const std::string& name, const char* what) {
        problems.push_back("keys_dir: key file " + (directory_ / name).string() + " " + what);
    }

    std::vector<std::string> problems;

private:
    fs::path directory_;
};

[[noreturn]] void cannot_write(const fs::path& path) {
    throw domain::TransientFailure("cannot write " + path.string() + ": " + std::strerror(errno));
}

enum class IfThere { keep, replace };

/// Whole or not at all, also when two make keys at once.
void write_key_file(const fs::path& path, const std::string& bytes,
                    IfThere if_there = IfThere::keep) {
    auto draft = path.string() + ".XXXXXX";
    const int file = mkstemp(draft.data());
    if (file < 0) cannot_write(path);
    const bool written =
        write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
        fchmod(file, 0400) == 0 && fsync(file) == 0;
    close(file);
    const auto place = if_there == IfThere::keep ? link : rename;
    const bool placed = written && place(draft.c_str(), path.c_str()) == 0;
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
    ring.directory = directory;
    KeyFiles files(directory);
    std::copy_if(if_there.begin(), if_there.end(), std::back_inserter(uses),
                 [&](KeyUse use) { return fs::exists(fs::path(directory) / secret_file(use)); });
    for (const auto use : uses) {
        switch (use) {
            case KeyUse::seal:
                for (const auto& id : files.ids("seal-", ".key"))
                    ring.seal[id] = files.read_secret(seal_file(id));
                ring.current_seal = files.read_current_seal();
                if (!ring.current_seal.empty() && !ring.seal.contains(ring.current_seal))
                    files.problem(current_seal_file, "names a key that is missing");
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
            case KeyUse::events:
                ring.events = files.read_secret(secret_file(use));
                break;
        }
    }
    if (!files.problems.empty()) throw domain::ConfigError(std::move(files.problems));
    return ring;
}

bool can_be_key_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

KeysById seal_keys_in(const std::string& directory) {
    KeysById keys;
    KeyFiles files(directory);
    for (const auto& id : files.ids("seal-", ".key")) {
        const auto key = files.read_secret(seal_file(id));
        if (key.size() == key_bytes) keys[id] = key;
    }
    return keys;
}

std::string secret_in(const std::string& directory, KeyUse use) {
    KeyFiles files(directory);
    auto key = files.read_secret(secret_file(use));
    return files.problems.empty() ? key : std::string();
}

std::string current_seal_in(const std::string& directory) {
    return KeyFiles(directory).read_current_seal();
}

std::string add_seal_key(const std::string& directory) {
    const auto ring = load_keys(directory, {KeyUse::seal});
    const auto& highest = ring.seal.rbegin()->first;
    // What seals now shall go on until `keys use`, also in a process that starts in between.
    if (ring.current_seal.empty()) use_seal_key(directory, highest);
    int number = 0;
    std::from_chars(highest.data(), highest.data() + highest.size(), number);
    const auto id = std::to_string(number + 1);
    write_key_file(fs::path(directory) / seal_file(id), random_bytes(key_bytes));
    return id;
}

void use_seal_key(const std::string& directory, const std::string& id) {
    if (!load_keys(directory, {KeyUse::seal}).seal.contains(id))
        throw domain::ConfigError({"there is no " + seal_file(id) + " in " + directory});
    write_key_file(fs::path(directory) / current_seal_file, id + "\n", IfThere::replace);
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
    for (const char* name : {"token.key", "hash.key", "intake.key", "events.key"})
        if (!fs::exists(fs::path(directory) / name)) make(name, random_bytes(key_bytes));
    if (!have("receipt-", ".pem")) make("receipt-1.pem", make_ec_pem());
    return made;
}

}  // namespace chaiqin::crypto
