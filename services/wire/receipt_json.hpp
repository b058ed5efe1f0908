#pragma once
// A receipt (報送收據) as its holder gets it and as it is signed. The bytes follow from the receipt
// alone, so it can be given and signed again. Pure.
#include <string>

#include "domain/receipt.hpp"

namespace chaiqin::wire {

std::string receipt_json(const domain::Receipt& receipt);

}  // namespace chaiqin::wire
