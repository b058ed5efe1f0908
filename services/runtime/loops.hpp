#pragma once
// Two stage loops of one process: the matcher's files and its Table 19. The first runs in the
// caller's thread, the others beside it; when one fails, all drain and its exception is thrown.
#include <functional>
#include <initializer_list>

#include "runtime/stage_loop.hpp"

namespace chaiqin::runtime {

/// Until `stopping` answers true or a loop fails. Throws what the first failing loop threw.
void run_together(std::initializer_list<StageLoop*> loops, const std::function<bool()>& stopping);

}  // namespace chaiqin::runtime
