#include "query/refusals.hpp"

#include "rpc/questions.hpp"

namespace chaiqin::query {

using rpc::Refused;
using Why = rpc::Refused::Why;

void refuse_token() {
    throw Refused(Why::bad_token, "請重新登入取得憑證後再試",
                  "The access token is missing or not valid; log in again");
}

void refuse_acting_agency() {
    throw Refused(Why::forbidden, "X-Acting-Agency 須為本機關或兼辦機關",
                  "X-Acting-Agency must be your own agency or one that you act for");
}

void refuse_without_role() {
    throw Refused(Why::forbidden, "所需角色請洽機關管理者",
                  "None of your roles may read this; ask your agency's administrator");
}

void refuse_unknown(std::string_view zh, std::string_view en) {
    throw Refused(Why::not_found, std::string(zh), std::string(en));
}

void refuse_bad(std::string_view zh, std::string_view en) {
    throw Refused(Why::bad_request, std::string(zh), std::string(en));
}

void refuse_page_token() {
    refuse_bad("page_token：不屬於此清單與查詢條件，請由第一頁重新查詢",
               "page_token does not belong to this list and its filters; begin again at the "
               "first page");
}

}  // namespace chaiqin::query
