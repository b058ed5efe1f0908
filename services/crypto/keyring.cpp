#include "crypto/keyring.hpp"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"

namespace chaiqin::crypto {

namespace {

namespace fs = std::filesystem;

std::string read_key_file(const fs::path& path, std::vector<std::string>& problems) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        problems.push_back("key file " + path.string() + " is missing; run `chaiqin keys make`");
        return {};
    }
    if (status.st_mode & 077) {
        problems.push_back("key file " + path.string() + " can be read by others; its mode must be 0400");
        return {};
    }
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (!in) problems.push_back("key file " + path.string() + " cannot be read");
    return bytes.str();
}

void need_size(const fs::path& path, const std::string& key, std::vector<std::string>& problems) {
    if (!key.empty() && key.size() != 32) problems.push_back("key file " + path.string() + " must hold 32 bytes");
}

std::map<std::string, std::string> read_family(const std::string& directory, const std::string& prefix, const std::string& suffix, std::vector<std::string>& problems) {
    std::map<std::string, std::string> keys;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(directory, failure)) {
        const auto name = entry.path().filename().string();
        if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
        keys[name.substr(prefix.size(), name.size() - prefix.size() - suffix.size())] = read_key_file(entry.path(), problems);
    }
    if (keys.empty()) problems.push_back("no key file " + directory + "/" + prefix + "*" + suffix + "; run `chaiqin keys make`");
    return keys;
}

void write_key_file(const fs::path& path, const std::string& bytes) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0400);
    if (file < 0) throw domain::TransientFailure("cannot write " + path.string());
    const bool written = write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && fsync(file) == 0;
    close(file);
    if (!written) throw domain::TransientFailure("cannot write " + path.string());
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

Keyring load_keys(const std::string& directory, const std::vector<KeyUse>& uses) {
    Keyring ring;
    std::vector<std::string> problems;
    if (directory.empty()) throw domain::ConfigError({"keys_dir: is needed (directory of key files)"});
    const auto single = [&](const char* name) {
        const fs::path path = fs::path(directory) / name;
        auto key = read_key_file(path, problems);
        need_size(path, key, problems);
        return key;
    };
    for (const auto use : uses) switch (use) {
            case KeyUse::seal:
                ring.seal = read_family(directory, "seal-", ".key", problems);
                for (const auto& [id, key] : ring.seal) need_size(fs::path(directory) / ("seal-" + id + ".key"), key, problems);
                break;
            case KeyUse::receipt: ring.receipt = read_family(directory, "receipt-", ".pem", problems); break;
            case KeyUse::token: ring.token = single("token.key"); break;
            case KeyUse::hash: ring.hash = single("hash.key"); break;
            case KeyUse::intake: ring.intake = single("intake.key"); break;
        }
    if (!problems.empty()) throw domain::ConfigError(std::move(problems));
    return ring;
}

std::vector<std::string> make_keys(const std::string& directory) {
    std::vector<std::string> made;
    fs::create_directories(directory);
    fs::permissions(directory, fs::perms::owner_all);
    const auto have = [&](const std::string& prefix) {
        return std::any_of(fs::directory_iterator(directory), fs::directory_iterator(), [&](const auto& e) { return e.path().filename().string().starts_with(prefix); });
    };
    const auto make = [&](const std::string& name, const std::string& bytes) {
        write_key_file(fs::path(directory) / name, bytes);
        made.push_back(name);
    };
    if (!have("seal-")) make("seal-1.key", random_bytes(32));
    for (const char* name : {"token.key", "hash.key", "intake.key"})
        if (!have(name)) make(name, random_bytes(32));
    if (!have("receipt-")) make("receipt-1.pem", make_ec_pem());
    return made;
}

}  // namespace chaiqin::crypto
