#pragma once
// docs/metrics.md as the table of metrics makes it. `chaiqin metrics` prints it, and a unit test
// compares it with the document in the tree. Pure; no threads.
#include <string>

namespace chaiqin::runtime {

/// The whole document, in Markdown.
std::string metrics_document();

}  // namespace chaiqin::runtime
