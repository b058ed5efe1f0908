#include "query/readers/readers.hpp"

#include <gtest/gtest.h>

#include "rpc/read_methods.hpp"

namespace chaiqin::query::readers {
namespace {

TEST(Readers, every_method_has_one) {
    for (const auto& read : rpc::read_methods())
        EXPECT_TRUE(reader_of(*read.method)) << read.method->name();
}

}  // namespace
}  // namespace chaiqin::query::readers
