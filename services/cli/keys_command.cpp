#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "crypto/keyring.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace {

void say_json(const std::vector<std::string>& made) {
    wire::JsonWriter out;
    out.begin_object();
    out.member("made", made);
    out.end_object();
    std::cout << out.take() << '\n';
}

}  // namespace

void add_keys_command(Root root) {
    auto* keys = root.app.add_subcommand("keys", "key files of the platform");
    keys->require_subcommand(1);
    auto* make = keys->add_subcommand("make", "make the key files that are missing (mode 0400)");
    make->footer("Example: chaiqin keys make /etc/chaiqin/keys");
    auto directory = std::make_shared<std::string>();
    make->add_option("DIR", *directory, "directory of key files")->required();
    auto json = std::make_shared<bool>(false);
    make->add_flag("--json", *json, "print JSON");
    make->callback([directory, json] {
        const auto made = crypto::make_keys(*directory);
        if (*json) return say_json(made);
        for (const auto& name : made) std::cout << "made " << *directory << '/' << name << '\n';
        if (made.empty()) std::cout << "all keys are there\n";
    });
}

}  // namespace chaiqin::cli
