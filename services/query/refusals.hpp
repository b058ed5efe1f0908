#pragma once
// Why questions are refused, in both languages. Each throws rpc::Refused. A text has no full stop:
// the gateway puts it into a sentence that says what to do next.
#include <string_view>

namespace chaiqin::query {

[[noreturn]] void refuse_token();
[[noreturn]] void refuse_acting_agency();
[[noreturn]] void refuse_without_role();
/// `zh` and `en`: "查無此報送", "there is no such submission".
[[noreturn]] void refuse_unknown(std::string_view zh, std::string_view en);
[[noreturn]] void refuse_bad(std::string_view zh, std::string_view en);
[[noreturn]] void refuse_page_token();

}  // namespace chaiqin::query
