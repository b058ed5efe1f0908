#pragma once
// What a message becomes when it is sent again, from a quarantine or from the archive: to the topic
// and partition it came from, as the next attempt where it is an attempt at a file (events of other
// kinds keep their id). Its seal and its MAC are made anew for that, but only where those of the
// message itself were good: what somebody else wrote to the broker stays what it is. Pure but for
// the keys.
#include <string>

#include "crypto/sealing.hpp"
#include "runtime/ports.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::cli {

struct Replay {
    runtime::OutgoingMessage message;
    int attempt = 1;
};
Replay replay_of(const runtime::Message& was);

/// Of a received file.
Replay replay_of_file(const runtime::Message& was, const crypto::Sealer& sealer);

/// Needs the sealing keys for a received file, and the key of events where the topic carries a MAC.
/// `vouched_for`: the operator knows who wrote it, for example before there were MACs. ConfigError:
/// its MAC is not good. DeploymentFailure: the key is not in `keys_dir`.
Replay replay_with_keys(const runtime::Message& was, const std::string& keys_dir, bool vouched_for);

/// Sends it and waits until the broker has it. TransientFailure if it does not take it.
void send(runtime::Producer& producer, runtime::OutgoingMessage message);

}  // namespace chaiqin::cli
