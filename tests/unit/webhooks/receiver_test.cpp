#include "webhooks/receiver.hpp"

#include <gtest/gtest.h>

#include "webhooks/socket_address.hpp"

namespace chaiqin::webhooks {
namespace {

using domain::IpAddress;

bool is_taken(const std::string& url, bool allow_loopback = false) {
    return std::holds_alternative<Receiver>(parse_receiver(url, allow_loopback));
}

/// A resolver that says what it is told and counts how often it is asked.
struct Names {
    std::vector<IpAddress> addresses;
    int asked = 0;
    Resolve resolve() {
        return [this](const std::string&, std::chrono::milliseconds) {
            ++asked;
            return addresses;
        };
    }
};

TEST(Receiver, an_https_address_of_a_public_host_is_taken) {
    for (const auto* url :
         {"https://hooks.agency.gov.tw", "https://hooks.agency.gov.tw/a/b?c=d%20e",
          "https://hooks.agency.gov.tw:443/", "https://hooks.agency.gov.tw:8443/in",
          "https://8.8.8.8/", "https://[2606:4700:4700::1111]:1024/", "HTTPS://HOOKS.example/x"})
        EXPECT_TRUE(is_taken(url)) << url;
    const auto receiver = std::get<Receiver>(parse_receiver("https://Hooks.Example:8443/x", false));
    EXPECT_EQ(receiver.host, "hooks.example");
    EXPECT_EQ(receiver.port, 8443);
    EXPECT_FALSE(receiver.names_loopback);
}

TEST(Receiver, other_forms_are_refused) {
    for (const auto* url : {"",
                            "hooks.agency.gov.tw",
                            "//hooks.agency.gov.tw/",
                            "http://hooks.agency.gov.tw/",
                            "ftp://hooks.agency.gov.tw/",
                            "file:///etc/passwd",
                            "gopher://a:1024/",
                            "https://",
                            "https:///x",
                            "https://user@a.example/",
                            "https://user:word@a.example/",
                            "https://@a.example/",
                            "https://a.example/#part",
                            "https://a.example#",
                            "https://a.example:80/",
                            "https://a.example:22/",
                            "https://a.example:1023/",
                            "https://a.example:0/",
                            "https://a.example:65536/",
                            "https://a.example:x/",
                            "https://a .example/",
                            "https://a.example/ x",
                            "https://a.example\\@b.example/",
                            "https://a.example./",
                            "https://機關.tw/",
                            "https://a%2eexample/",
                            "https://[fe80::1%25eth0]/",
                            "https://a.example/\x01",
                            "javascript:alert(1)"})
        EXPECT_FALSE(is_taken(url)) << url;
    EXPECT_FALSE(is_taken("https://a.example/" + std::string(2'000, 'a')));
}

TEST(Receiver, an_address_that_is_not_public_is_refused_however_it_is_written) {
    for (const auto* url : {"https://127.0.0.1/",
                            "https://127.1/",
                            "https://2130706433/",
                            "https://0x7f000001/",
                            "https://0177.0.0.1/",
                            "https://10.0.0.1/",
                            "https://192.168.1.1:8443/",
                            "https://169.254.169.254/latest/meta-data",
                            "https://0.0.0.0/",
                            "https://0/",
                            "https://[::1]/",
                            "https://[::]/",
                            "https://[::ffff:127.0.0.1]/",
                            "https://[::ffff:7f00:1]/",
                            "https://[fe80::1]/",
                            "https://[fd00::1]/",
                            "https://[64:ff9b::7f00:1]/",
                            "https://[2002:7f00:1::]/",
                            "https://localhost/",
                            "https://LOCALHOST:8443/"})
        EXPECT_FALSE(is_taken(url)) << url;
}

TEST(Receiver, with_loopback_allowed_only_what_names_this_machine_is_taken_too) {
    for (const auto* url :
         {"http://127.0.0.1:8080/x", "https://127.0.0.1:8443/", "http://127.9.9.9:2000/",
          "http://[::1]:2000/", "http://localhost:2000/", "https://localhost/"})
        EXPECT_TRUE(is_taken(url, true)) << url;
    for (const auto* url :
         {"http://hooks.agency.gov.tw/", "http://8.8.8.8:8080/", "http://10.0.0.1:8080/",
          "https://10.0.0.1/", "https://192.168.0.1/", "http://[::ffff:127.0.0.1]:2000/",
          "http://0.0.0.0:2000/", "http://[::]:2000/", "http://127.0.0.1/", "http://localhost:80/",
          "http://localhost.example:2000/"})
        EXPECT_FALSE(is_taken(url, true)) << url;
}

TEST(Receiver, all_addresses_of_a_host_are_judged) {
    const auto good = parse_address("8.8.8.8").value(), bad = parse_address("10.0.0.1").value();
    Names names{{good}};
    EXPECT_EQ(receiver_judge(false, names.resolve())("https://a.example/"), std::nullopt);
    EXPECT_EQ(names.asked, 1);
    names.addresses = {good, bad};
    EXPECT_NE(receiver_judge(false, names.resolve())("https://a.example/"), std::nullopt);
    names.addresses = {parse_address("127.0.0.1").value()};
    EXPECT_NE(receiver_judge(true, names.resolve())("https://a.example/"), std::nullopt)
        << "a name that leads to this machine does not name it";
    EXPECT_EQ(receiver_judge(true, names.resolve())("http://localhost:2000/"), std::nullopt);
    names.addresses = {};
    EXPECT_EQ(receiver_judge(false, names.resolve())("https://a.example/"), std::nullopt)
        << "judged again when something is sent";
}

TEST(Receiver, the_resolver_of_the_system_knows_this_machine) {
    const auto found = system_resolver()("localhost", std::chrono::milliseconds(5'000));
    ASSERT_FALSE(found.empty());
    for (const auto& address : found) EXPECT_TRUE(domain::is_loopback(address));
}

}  // namespace
}  // namespace chaiqin::webhooks
