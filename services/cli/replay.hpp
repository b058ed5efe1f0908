#pragma once
// What a quarantined message becomes when it is sent again: to the topic and partition it came
// from, as the next attempt where it is an attempt at a file (events of other kinds keep their id).
// Pure.
#include "runtime/stage.hpp"

namespace chaiqin::cli {

struct Replay {
    runtime::OutgoingMessage message;
    int attempt = 1;
};
Replay replay_of(const runtime::Message& quarantined);

}  // namespace chaiqin::cli
