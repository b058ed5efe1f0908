#include <gtest/gtest.h>

#include "domain/validated_file.hpp"

namespace chaiqin::domain {
namespace {

TEST(KindType, stands_in_one_number_and_comes_back) {
    EXPECT_EQ((KindType{RecordKind::leave, 16}.packed()), 16);
    EXPECT_EQ((KindType{RecordKind::overtime, 3}.packed()), 256 + 3);
    for (const auto kind : {RecordKind::leave, RecordKind::overtime})
        for (const int type : {0, 1, 99, 255}) {
            const KindType both{kind, static_cast<std::uint8_t>(type)};
            EXPECT_EQ(KindType::of(both.packed()).kind, kind);
            EXPECT_EQ(KindType::of(both.packed()).type, type);
        }
}

}  // namespace
}  // namespace chaiqin::domain
