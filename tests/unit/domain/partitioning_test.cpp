#include "domain/partitioning.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace chaiqin::domain {
namespace {

TEST(Murmur2, is_that_of_kafkas_java_client) {
    // org.apache.kafka.common.utils.UtilsTest
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("21")), -973932308);
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("foobar")), -790332482);
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("a-little-bit-long-string")), -985981536);
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("a-little-bit-longer-string")), -1486304829);
    EXPECT_EQ(
        static_cast<std::int32_t>(murmur2("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8")),
        -58897971);
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("abc")), 479470107);
}

TEST(Partition, is_the_slot_modulo_the_partitions_and_all_are_used) {
    std::set<int> slots, partitions;
    for (int i = 0; i < 8000; ++i) {
        const auto agency = "Z" + std::to_string(10000000 + i) + "A";
        EXPECT_EQ(partition_of(agency), slot_of(agency) % agency_partition_count);
        slots.insert(slot_of(agency));
        partitions.insert(partition_of(agency));
    }
    EXPECT_EQ(slots.size(), 48u);
    EXPECT_EQ(*slots.begin(), 0);
    EXPECT_EQ(partitions.size(), static_cast<std::size_t>(agency_partition_count));
    EXPECT_EQ(slot_count % agency_partition_count, 0) << "records are stored by slot";
}

}  // namespace
}  // namespace chaiqin::domain
