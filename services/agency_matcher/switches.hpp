#pragma once
// What a test may switch off to show that it is needed (negative controls). No option of the
// program reaches these.
namespace chaiqin::agency_matcher {

struct Switches {
    bool overlay = true;  ///< a batch sees its own earlier lines
    bool change_no_check =
        true;  ///< a decision by a Table 19 older than the partition has seen is made again
};

}  // namespace chaiqin::agency_matcher
