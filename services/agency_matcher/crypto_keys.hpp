#pragma once
// CareerKeys over the key files of a directory.
#include "agency_matcher/career_load.hpp"

namespace chaiqin::agency_matcher {

/// Throws ConfigError when a key file is missing or unfit.
CareerKeys crypto_keys(const std::string& directory);

}  // namespace chaiqin::agency_matcher
