#include "crypto/keyring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "domain/failure.hpp"
#include "support/scratch_directory.hpp"

namespace chaiqin::crypto {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class KeyFilesOnDisk : public ::testing::Test {
protected:
    void write(const std::string& name, const std::string& bytes, mode_t mode = 0400) {
        fs::remove(directory_ / name);
        std::ofstream(directory_ / name, std::ios::binary) << bytes;
        chmod((directory_ / name).c_str(), mode);
    }
    std::vector<std::string> problems(const std::vector<KeyUse>& uses) {
        try {
            load_keys(directory_.string(), uses);
        } catch (const domain::ConfigError& failure) {
            return failure.problems;
        }
        return {};
    }
    mode_t mode_of(const std::string& name) {
        struct stat status {};
        stat((directory_ / name).c_str(), &status);
        return status.st_mode & 07777;
    }

    const testing::ScratchDirectory scratch_;
    const fs::path& directory_ = scratch_.path();
    const std::vector<KeyUse> all_{KeyUse::seal, KeyUse::token, KeyUse::hash, KeyUse::intake,
                                   KeyUse::receipt};
};

TEST_F(KeyFilesOnDisk, are_made_once_with_mode_0400_and_can_be_loaded) {
    const auto keys = directory_ / "new";
    EXPECT_THAT(make_keys(keys.string()), ElementsAre("seal-1.key", "token.key", "hash.key",
                                                      "intake.key", "events.key", "receipt-1.pem"));
    EXPECT_EQ(mode_of("new/seal-1.key"), 0400u);
    EXPECT_EQ(mode_of("new/receipt-1.pem"), 0400u);
    EXPECT_EQ(mode_of("new"), 0700u);
    const auto ring = load_keys(keys.string(), all_);
    EXPECT_TRUE(make_keys(keys.string()).empty());
    EXPECT_EQ(load_keys(keys.string(), all_).token, ring.token);
    EXPECT_EQ(ring.token.size(), 32u);
    EXPECT_NE(ring.token, ring.hash);
}

TEST_F(KeyFilesOnDisk, that_others_could_use_are_refused) {
    make_keys(directory_.string());
    for (const mode_t mode : {0600u, 0440u, 0404u, 0500u, 0444u}) {
        chmod((directory_ / "token.key").c_str(), mode);
        EXPECT_THAT(problems({KeyUse::token}),
                    ElementsAre(HasSubstr("token.key must have mode 0400")))
            << mode;
    }
}

TEST_F(KeyFilesOnDisk, are_all_named_that_are_wrong) {
    write("token.key", "short");
    write("hash.key", std::string(32, 'h'), 0644);
    write("seal-1.key", "");
    EXPECT_THAT(problems(all_), ElementsAre(HasSubstr("seal-1.key must hold 32 bytes"),
                                            HasSubstr("token.key must hold 32 bytes"),
                                            HasSubstr("hash.key must have mode 0400"),
                                            HasSubstr("intake.key is missing"),
                                            HasSubstr("receipt-*.pem is missing")));
    EXPECT_THROW((void)load_keys("", all_), domain::ConfigError);
}

TEST_F(KeyFilesOnDisk, are_read_only_for_the_uses_asked_for) {
    write("token.key", std::string(32, 't'));
    EXPECT_EQ(load_keys(directory_.string(), {KeyUse::token}).token, std::string(32, 't'));
}

TEST_F(KeyFilesOnDisk, of_later_ids_come_last) {
    for (const char* id : {"10", "9", "2"})
        write("seal-" + std::string(id) + ".key", std::string(32, id[0]));
    const auto ring = load_keys(directory_.string(), {KeyUse::seal});
    EXPECT_EQ(ring.seal.rbegin()->first, "10");
    EXPECT_EQ(ring.seal.size(), 3u);
}

TEST_F(KeyFilesOnDisk, that_stand_are_left_alone_when_others_are_made) {
    write("seal-7.key", std::string(32, 's'));
    EXPECT_THAT(make_keys(directory_.string()),
                ElementsAre("token.key", "hash.key", "intake.key", "events.key", "receipt-1.pem"));
    EXPECT_EQ(load_keys(directory_.string(), all_).seal.rbegin()->first, "7");
}

}  // namespace
}  // namespace chaiqin::crypto
