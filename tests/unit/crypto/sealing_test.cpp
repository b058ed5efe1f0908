#include "crypto/sealing.hpp"

#include <gtest/gtest.h>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"

namespace chaiqin::crypto {
namespace {

constexpr std::size_t most = 6u << 20;

Keyring ring_of(std::initializer_list<const char*> ids) {
    Keyring ring;
    for (const char* id : ids) ring.seal[id] = std::string(32, id[0]);
    return ring;
}

class SealedContent : public testing::Test {
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

TEST(Sealing, uses_the_newest_key_and_opens_with_all) {
    const auto old_one = Sealer(ring_of({"9"})).seal("x", "a", "b");
    const Sealer both(ring_of({"9", "10"}));
    EXPECT_EQ(Sealer::key_id(both.seal("x", "a", "b")), "10");
    EXPECT_EQ(both.open(old_one, "a", "b", most), "x");
    EXPECT_THROW((void)Sealer(ring_of({"10"})).open(old_one, "a", "b", most),
                 domain::PermanentFailure);
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
