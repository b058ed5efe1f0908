#include "domain/global_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace chaiqin::domain {
namespace {

IpAddress address(const std::string& text) {
    IpAddress made;
    made.is_v6 = text.find(':') != std::string::npos;
    if (inet_pton(made.is_v6 ? AF_INET6 : AF_INET, text.c_str(), made.bytes.data()) != 1)
        throw std::logic_error("no address: " + text);
    return made;
}

TEST(GlobalAddress, public_hosts_may_be_reached) {
    for (const auto* text : {"1.1.1.1",
                             "8.8.8.8",
                             "9.255.255.255",
                             "11.0.0.0",
                             "100.63.255.255",
                             "100.128.0.0",
                             "126.255.255.255",
                             "128.0.0.1",
                             "169.253.255.255",
                             "169.255.0.0",
                             "172.15.255.255",
                             "172.32.0.0",
                             "192.0.1.0",
                             "192.0.3.0",
                             "192.31.196.1",
                             "192.52.193.1",
                             "192.167.255.255",
                             "192.169.0.0",
                             "192.175.48.1",
                             "198.17.255.255",
                             "198.20.0.0",
                             "203.0.112.255",
                             "203.0.114.0",
                             "210.69.0.1",
                             "223.255.255.255",
                             "2001:200::1",
                             "2001:4860:4860::8888",
                             "2404:6800:4008::1",
                             "2606:4700:4700::1111",
                             "2620:4f:8000::1",
                             "2a00:1450::1",
                             "3ffe::1"})
        EXPECT_TRUE(is_global(address(text))) << text;
}

TEST(GlobalAddress, special_ipv4_is_refused) {
    for (const auto* text : {"0.0.0.0",        "0.1.2.3",         "10.0.0.1",     "10.255.255.255",
                             "100.64.0.1",     "100.127.255.255", "127.0.0.1",    "127.255.0.1",
                             "169.254.0.1",    "169.254.169.254", "172.16.0.1",   "172.31.255.255",
                             "192.0.0.1",      "192.0.0.9",       "192.0.0.10",   "192.0.0.170",
                             "192.0.2.1",      "192.88.99.1",     "192.168.0.1",  "192.168.255.255",
                             "198.18.0.1",     "198.19.255.255",  "198.51.100.7", "203.0.113.7",
                             "224.0.0.1",      "239.255.255.255", "240.0.0.1",    "255.255.255.254",
                             "255.255.255.255"})
        EXPECT_FALSE(is_global(address(text))) << text;
}

TEST(GlobalAddress, special_ipv6_is_refused) {
    for (const auto* text :
         {"::",          "::1",           "::2",          "::8.8.8.8",  "64:ff9b:1::8.8.8.8",
          "100::1",      "100:0:0:1::1",  "2001::1",      "2001:1::1",  "2001:2::1",
          "2001:3::1",   "2001:4:112::1", "2001:10::1",   "2001:20::1", "2001:30::1",
          "2001:db8::1", "3fff::1",       "3fff:fff::1",  "4000::1",    "5f00::1",
          "8000::1",     "fc00::1",       "fd12:3456::1", "fe80::1",    "fec0::1",
          "ff02::1",     "ff0e::1"})
        EXPECT_FALSE(is_global(address(text))) << text;
}

TEST(GlobalAddress, a_form_that_carries_ipv4_is_judged_by_the_inner_address) {
    for (const auto* text :
         {"::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:0:808:808:0:0:f7f7:f7f7"})
        EXPECT_TRUE(is_global(address(text))) << text;
    for (const auto* text :
         {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::127.0.0.1",
          "64:ff9b::192.168.1.1", "2002:7f00:1::1", "2002:a00:1::1", "2002:c0a8:101::1",
          // Teredo: an inner 127.0.0.1, then a server 10.0.0.1
          "2001:0:808:808:0:0:80ff:fffe", "2001:0:a00:1:0:0:f7f7:f7f7"})
        EXPECT_FALSE(is_global(address(text))) << text;
}

TEST(GlobalAddress, loopback_is_just_the_machine_itself) {
    for (const auto* text : {"127.0.0.1", "127.255.255.255", "::1"})
        EXPECT_TRUE(is_loopback(address(text))) << text;
    for (const auto* text :
         {"128.0.0.1", "10.0.0.1", "::ffff:127.0.0.1", "::", "64:ff9b::7f00:1", "2002:7f00:1::1"})
        EXPECT_FALSE(is_loopback(address(text))) << text;
}

TEST(GlobalAddress, this_machine_is_named_in_few_ways) {
    for (const auto* host : {"localhost", "127.0.0.1", "127.9.8.7", "[::1]", "::1"})
        EXPECT_TRUE(is_this_machine(host)) << host;
    for (const auto* host : {"", "127.0.0.1.example", "localhost.example", "10.0.0.1", "127.a",
                             "[::ffff:127.0.0.1]", "[::2]"})
        EXPECT_FALSE(is_this_machine(host)) << host;
}

}  // namespace
}  // namespace chaiqin::domain
