#include "crypto/sealing.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <thread>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "support/scratch_directory.hpp"

namespace chaiqin::crypto {
namespace {

constexpr std::size_t most = 6u << 20;
/// After the magic bytes and the length of the id.
constexpr std::size_t key_id_at = 4;

Keyring ring_of(std::initializer_list<const char*> ids) {
    Keyring ring;
    for (const char* id : ids) ring.seal[id] = std::string(32, id[0]);
    return ring;
}

class SealedContent : public ::testing::Test {
protected:
    const Sealer sealer_{ring_of({"1"})};
    const std::string plain_ = "{\"格式\":1}" + std::string(10'000, 'x');
    const std::string sealed_ = sealer_.seal(plain_, "Z00000001A", "id");
};

TEST_F(SealedContent, opens_again_for_its_owner) {
    EXPECT_EQ(sealer_.open(sealed_, "Z00000001A", "id", most), plain_);
    EXPECT_LT(sealed_.size(), 500u);
    EXPECT_EQ(sealed_.find("格式"), std::string::npos);
    EXPECT_EQ(Sealer::key_id(sealed_), "1");
}

TEST_F(SealedContent, never_looks_the_same_twice) {
    EXPECT_NE(sealer_.seal(plain_, "Z00000001A", "id"), sealed_);
}

TEST_F(SealedContent, does_not_pass_as_anothers) {
    EXPECT_THROW((void)sealer_.open(sealed_, "Z00000002A", "id", most), domain::PermanentFailure);
    EXPECT_THROW((void)sealer_.open(sealed_, "Z00000001A", "other", most),
                 domain::PermanentFailure);
    // Owner and id do not run into each other.
    EXPECT_THROW((void)sealer_.open(sealed_, "Z00000001Ai", "d", most), domain::PermanentFailure);
}

TEST_F(SealedContent, does_not_open_with_any_bit_changed) {
    for (std::size_t i = 0; i < sealed_.size(); ++i) {
        auto damaged = sealed_;
        damaged[i] = static_cast<char>(damaged[i] ^ 1 << (i % 8));
        if (i == key_id_at && crypto::can_be_key_id(damaged.substr(i, 1)))
            EXPECT_THROW((void)sealer_.open(damaged, "Z00000001A", "id", most),
                         domain::DeploymentFailure);
        else
            EXPECT_THROW((void)sealer_.open(damaged, "Z00000001A", "id", most),
                         domain::PermanentFailure)
                << i;
    }
}

TEST_F(SealedContent, does_not_open_when_cut_or_longer) {
    for (std::size_t size = 0; size < sealed_.size(); ++size)
        EXPECT_THROW((void)sealer_.open(sealed_.substr(0, size), "Z00000001A", "id", most),
                     domain::PermanentFailure)
            << size;
    EXPECT_THROW((void)sealer_.open(sealed_ + "x", "Z00000001A", "id", most),
                 domain::PermanentFailure);
}

TEST_F(SealedContent, opens_only_up_to_the_bound) {
    EXPECT_EQ(sealer_.open(sealed_, "Z00000001A", "id", plain_.size()), plain_);
    EXPECT_THROW((void)sealer_.open(sealed_, "Z00000001A", "id", plain_.size() - 1),
                 domain::PermanentFailure);
}

TEST(SealedFacts, come_back_as_they_were_and_cannot_be_changed) {
    const Sealer sealer(ring_of({"1"}));
    const auto sealed = sealer.seal_with_facts("content", "a", "b", "attempt=1");
    const auto opened = sealer.open_with_facts(sealed, "a", "b", most);
    EXPECT_EQ(opened.content, "content");
    EXPECT_EQ(opened.facts, "attempt=1");
    EXPECT_EQ(sealer.open(sealed, "a", "b", most), "content") << "who needs no facts";
    auto forged = sealed;
    forged.replace(forged.find("attempt=1"), 9, "attempt=2");
    EXPECT_THROW((void)sealer.open(forged, "a", "b", most), domain::PermanentFailure);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto damaged = sealed;
        damaged[i] = static_cast<char>(damaged[i] ^ 1 << (i % 8));
        EXPECT_ANY_THROW((void)sealer.open(damaged, "a", "b", most)) << i;
        EXPECT_THROW((void)sealer.open(sealed.substr(0, i), "a", "b", most),
                     domain::PermanentFailure);
    }
}

// Sealed by the release before there were facts.
TEST(SealedFacts, are_absent_in_what_was_sealed_without_them) {
    const Sealer sealer(ring_of({"1"}));
    const auto older = sealer.seal("content", "a", "b");
    EXPECT_TRUE(older.starts_with("CQ1"));
    EXPECT_EQ(sealer.open_with_facts(older, "a", "b", most).facts, std::nullopt);
}

TEST(SealedFacts, cannot_be_taken_off_by_another_version_of_the_layout) {
    const Sealer sealer(ring_of({"1"}));
    const std::string facts = "attempt=1";
    const auto sealed = sealer.seal_with_facts("content", "a", "b", facts);
    std::string stripped = sealed;
    stripped[2] = '1';
    stripped.erase(5, 2 + facts.size());
    EXPECT_THROW((void)sealer.open(stripped, "a", "b", most), domain::PermanentFailure);
    const auto other_id = std::string("b") + '\0' + facts;
    EXPECT_THROW((void)sealer.open(stripped, "a", other_id, most), domain::PermanentFailure);
}

TEST(Sealing, uses_the_newest_key_and_opens_with_all) {
    const auto old_one = Sealer(ring_of({"9"})).seal("x", "a", "b");
    const Sealer both(ring_of({"9", "10"}));
    EXPECT_EQ(Sealer::key_id(both.seal("x", "a", "b")), "10");
    EXPECT_EQ(both.open(old_one, "a", "b", most), "x");
    EXPECT_THROW((void)Sealer(ring_of({"10"})).open(old_one, "a", "b", most),
                 domain::DeploymentFailure);
}

/// Two key directories, as two hosts have them, that begin with the same key.
struct Rotation : ::testing::Test {
    const testing::ScratchDirectory directory;
    const std::string gateway = directory / "gateway", validator = directory / "validator";
    Rotation() {
        make_keys(gateway);
        std::filesystem::copy(gateway, validator);
    }
    static Sealer sealer(const std::string& directory) {
        return Sealer(load_keys(directory, {KeyUse::seal}));
    }
    void give_to_validator(const std::string& file) const {
        std::filesystem::copy(gateway + "/" + file, validator + "/" + file);
    }
    static bool eventually(const std::function<bool()>& holds) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!holds() && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return holds();
    }
};

TEST_F(Rotation, seals_with_an_added_key_only_when_it_is_made_current) {
    const auto running = sealer(gateway);
    EXPECT_EQ(add_seal_key(gateway), "2");
    EXPECT_EQ(Sealer::key_id(sealer(gateway).seal("x", "a", "b")), "1") << "started in between";
    EXPECT_EQ(Sealer::key_id(running.seal("x", "a", "b")), "1");
    use_seal_key(gateway, "2");
    EXPECT_TRUE(eventually([&] { return Sealer::key_id(running.seal("x", "a", "b")) == "2"; }));
    EXPECT_THROW(use_seal_key(gateway, "3"), domain::ConfigError);
    EXPECT_EQ(add_seal_key(gateway), "3");
    EXPECT_EQ(Sealer::key_id(sealer(gateway).seal("x", "a", "b")), "2");
}

TEST_F(Rotation, meets_a_key_that_is_put_into_the_directory_later) {
    const auto opens = sealer(validator);
    add_seal_key(gateway);
    use_seal_key(gateway, "2");
    const auto sealed = sealer(gateway).seal("x", "a", "b");
    EXPECT_THROW((void)opens.open(sealed, "a", "b", most), domain::DeploymentFailure);
    give_to_validator("seal-2.key");
    EXPECT_TRUE(eventually([&] {
        try {
            return opens.open(sealed, "a", "b", most) == "x";
        } catch (const domain::DeploymentFailure&) {
            return false;
        }
    }));
}

TEST_F(Rotation, does_not_start_with_a_current_key_that_is_missing) {
    add_seal_key(gateway);
    use_seal_key(gateway, "2");
    give_to_validator("seal.current");
    EXPECT_THROW((void)sealer(validator), domain::ConfigError);
}

TEST(Sealing, takes_nothing_and_what_does_not_compress) {
    const Sealer sealer(ring_of({"1"}));
    EXPECT_EQ(sealer.open(sealer.seal("", "a", "b"), "a", "b", most), "");
    const auto noise = random_bytes(5u << 20);
    const auto sealed = sealer.seal(noise, "a", "b");
    EXPECT_EQ(sealer.open(sealed, "a", "b", most), noise);
    EXPECT_LT(sealed.size(), most);
}

TEST(PackedFile, keeps_name_and_content_apart) {
    const auto packed = pack_file("報送.json", std::string_view("{\0}", 3));
    const auto [name, content] = unpack_file(packed);
    EXPECT_EQ(name, "報送.json");
    EXPECT_EQ(content, std::string_view("{\0}", 3));
    EXPECT_THROW((void)unpack_file(packed.substr(0, 5)), domain::PermanentFailure);
    EXPECT_THROW((void)unpack_file("x"), domain::PermanentFailure);
}

}  // namespace
}  // namespace chaiqin::crypto
