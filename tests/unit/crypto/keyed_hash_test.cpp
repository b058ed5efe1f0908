#include "crypto/keyed_hash.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <regex>
#include <thread>

#include "crypto/digest.hpp"

namespace chaiqin::crypto {
namespace {

Keyring ring_of(char c) {
    Keyring ring;
    ring.token = std::string(32, c);
    ring.hash = std::string(32, static_cast<char>(c + 1));
    ring.intake = std::string(32, static_cast<char>(c + 2));
    return ring;
}

TEST(Digest, agrees_with_published_vectors) {
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),  // RFC 4231, case 2
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
    EXPECT_EQ(base64url("a"), "YQ");
    Sha256 pieces;
    pieces.add("a");
    pieces.add("bc");
    EXPECT_EQ(pieces.hex_digest(), sha256_hex("abc"));
}

TEST(PersonToken, is_the_truncated_hmac_of_the_id) {
    const auto ring = ring_of('k');
    const PersonTokens tokens(ring);
    for (const char* id : {"A123456789", "A800000014", ""}) {
        std::uint64_t expected;
        std::memcpy(&expected, hmac_sha256(ring.token, id).data(), sizeof expected);
        EXPECT_EQ(tokens.token(id), expected);
    }
    EXPECT_NE(PersonTokens(ring_of('l')).token("A123456789"), tokens.token("A123456789"));
}

TEST(PersonToken, is_the_same_in_every_thread) {
    const PersonTokens tokens(ring_of('k'));
    const auto expected = tokens.token("A123456789");
    std::vector<std::jthread> threads;
    std::atomic<int> wrong = 0;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 2000; ++i) {
                (void)tokens.token(std::to_string(i));
                wrong += tokens.token("A123456789") != expected;
            }
        });
    threads.clear();
    EXPECT_EQ(wrong, 0);
}

TEST(KeyedHash, differs_by_key_purpose_and_content) {
    const KeyedHash identity(ring_of('k'), "identity");
    EXPECT_EQ(identity.hash("x"), KeyedHash(ring_of('k'), "identity").hash("x"));
    EXPECT_NE(identity.hash("x"), identity.hash("y"));
    EXPECT_NE(identity.hash("x"), KeyedHash(ring_of('k'), "content").hash("x"));
    EXPECT_NE(identity.hash("x"), KeyedHash(ring_of('l'), "identity").hash("x"));
}

TEST(HeaderHash, hides_the_text_and_keeps_purposes_apart) {
    const auto ring = ring_of('k');
    EXPECT_EQ(header_hash(ring, "sub", "clerk").size(), 32u);
    EXPECT_EQ(header_hash(ring, "sub", "clerk"), header_hash(ring, "sub", "clerk"));
    EXPECT_NE(header_hash(ring, "sub", "clerk"), header_hash(ring, "key", "clerk"));
    EXPECT_NE(header_hash(ring, "ab", "c"), header_hash(ring, "a", "bc"));
}

TEST(SubmissionId, is_a_uuid_of_version_8_made_from_agency_key_and_content) {
    const auto ring = ring_of('k');
    const auto id = submission_id(ring, "Z00000001A", "key-1", "aa");
    EXPECT_TRUE(std::regex_match(
        id, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
        << id;
    EXPECT_EQ(submission_id(ring, "Z00000001A", "key-1", "aa"), id);
    EXPECT_NE(submission_id(ring, "Z00000002A", "key-1", "aa"), id);
    EXPECT_NE(submission_id(ring, "Z00000001A", "key-2", "aa"), id);
    EXPECT_NE(submission_id(ring, "Z00000001A", "key-1", "bb"), id);
}

TEST(SubmissionId, without_a_key_is_another_each_time) {
    const auto ring = ring_of('k');
    const auto id = submission_id(ring, "Z00000001A", "", "aa");
    EXPECT_EQ(id[14], '8');
    EXPECT_NE(submission_id(ring, "Z00000001A", "", "aa"), id);
    EXPECT_EQ(random_uuid()[14], '4');
}

}  // namespace
}  // namespace chaiqin::crypto
