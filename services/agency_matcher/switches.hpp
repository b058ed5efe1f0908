#pragma once
// What a test may switch off to show that it is needed (negative controls). No option of the
// program reaches these.
namespace chaiqin::agency_matcher {

struct Switches {
    /// A batch sees its own earlier lines.
    bool overlay = true;
    /// A decision by a Table 19 older than the partition has seen is made again.
    bool change_no_check = true;
};

}  // namespace chaiqin::agency_matcher
