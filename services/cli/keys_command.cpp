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

void add_rotation(CLI::App* keys) {
    auto directory = std::make_shared<std::string>(), id = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    const auto add_options = [&](CLI::App* command) {
        command->add_option("DIR", *directory, "directory of key files")->required();
        command->add_flag("--json", *json, "print JSON");
    };
    auto* add = keys->add_subcommand("add", "make the next sealing key; it seals nothing yet");
    add->footer("Example: chaiqin keys add /etc/chaiqin/keys");
    add_options(add);
    add->callback([directory, json] {
        const auto made = crypto::add_seal_key(*directory);
        if (*json) return say_json({"seal-" + made + ".key"});
        std::cout << "made " << *directory << "/seal-" << made << ".key\n"
                  << "next: copy it to the key directories of all services, then run\n"
                  << "  chaiqin keys use " << *directory << ' ' << made << '\n';
    });
    auto* use = keys->add_subcommand("use", "seal with this key from now on");
    use->footer("Example: chaiqin keys use /etc/chaiqin/keys 2");
    add_options(use);
    use->add_option("ID", *id, "number of the sealing key")->required();
    use->callback([directory, id, json] {
        crypto::use_seal_key(*directory, *id);
        if (*json) return say_json({"seal.current"});
        std::cout << "key " << *id << " seals from now on\n";
    });
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
    add_rotation(keys);
}

}  // namespace chaiqin::cli
