#include "gateway/http/problems.hpp"

#include <algorithm>
#include <array>

namespace chaiqin::gateway {

namespace {

using P = Problem;

constexpr std::array catalogue = std::to_array<ProblemText>({
    {P::header_too_large, 431, "too_large", "請求標頭過大", "The request header is too large",
     "請縮短網址或標頭後再送。", "Shorten the URL or the headers and send the request again."},
    {P::not_http, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "不是合法的 HTTP/1.1 請求，請檢查用戶端程式。",
     "This is no valid HTTP/1.1 request; check the client program."},
    {P::bad_target, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "網址須為 UTF-8 之百分號編碼路徑，請更正後再送。",
     "The URL must be a percent-encoded path in UTF-8; correct it and send the request again."},
    {P::repeated_header, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "標頭 {} 不得重複，請只送一次。", "The header {} may stand only once; send it once."},
    {P::unknown_transfer_coding, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "Transfer-Encoding 僅支援 chunked，請更正後再送。",
     "Transfer-Encoding may only be chunked; correct it and send the request again."},
    {P::body_too_slow, 408, "timeout", "傳送逾時", "The request took too long to arrive",
     "連線過慢或中斷，請於網路穩定後重送。",
     "The connection is too slow or was interrupted; send again over a steady network."},
    {P::body_too_large, 413, "too_large", "請求內容過大", "The request body is too large",
     "請減少單次上傳的檔案或大小。", "Send fewer or smaller files in one request."},
    {P::bad_chunks, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "內容的 chunked 編碼不正確，請檢查用戶端程式。",
     "The chunked coding of the body is wrong; check the client program."},
    {P::unknown_path, 404, "not_found", "查無此資源", "There is nothing at this address",
     "請核對網址與介面說明（openapi.yaml）。",
     "Compare the URL with the description of the interface (openapi.yaml)."},
    {P::other_method, 405, "method_not_allowed", "不支援此 HTTP 方法",
     "This address does not take this HTTP method", "此網址支援：{}。", "This address takes: {}."},
    {P::unavailable, 503, "unavailable", "服務暫時無法使用", "The service is unavailable for now",
     "請依 Retry-After 所示秒數後再試。", "Try again after the seconds that Retry-After says."},
    {P::connections_full, 503, "unavailable", "服務暫時無法使用",
     "The service is unavailable for now", "平臺之連線已滿，請依 Retry-After 所示秒數後再試。",
     "The platform has as many connections as it takes; try again after the seconds that "
     "Retry-After says."},

    {P::invalid_token, 401, "invalid_token", "權杖無效或已過期",
     "The access token is missing, invalid or has expired", "請重新取得存取權杖後再試。",
     "Obtain a new access token and try again."},
    {P::token_cannot_be_verified, 503, "unavailable", "暫時無法驗證權杖",
     "The access token cannot be verified for now", "請依 Retry-After 所示秒數後再試。",
     "Try again after the seconds that Retry-After says."},
    {P::other_acting_agency, 403, "forbidden", "不得代理此機關", "You may not act for this agency",
     "X-Acting-Agency 須為本機關或兼辦機關。",
     "X-Acting-Agency must name your own agency or one that is delegated to you."},
    {P::csrf, 403, "csrf", "此要求並非由本平臺頁面發出",
     "This request was not made by a page of this platform",
     "以登入狀態呼叫時，須由本平臺頁面發出，並以 X-Acting-Agency 指明作業機關。請由入口網操作，"
     "或改用存取權杖。",
     "A call with a login must come from a page of this platform and name the agency acted for in "
     "X-Acting-Agency. Use the portal, or call with an access token."},
    {P::session_over, 401, "invalid_token", "尚未登入或登入已逾時",
     "Nobody is logged in, or the session is over", "請重新登入。", "Log in again."},
    {P::acting_agencies_differ, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "X-Acting-Agency 與 acting 所指機關不同，請擇一。",
     "X-Acting-Agency and acting name different agencies; send one of them."},
    {P::bad_logout_token, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "logout_token 無效、逾時或已使用。",
     "The logout_token is not valid, too old or was used before."},
    {P::no_agency_in_token, 403, "forbidden", "權杖未載明機關", "The access token names no agency",
     "請向機關管理者申請機關身分。",
     "Ask your agency's administrator to be assigned to an agency."},
    {P::right_missing, 403, "forbidden", "無此權限", "You have no right to do this",
     "請向機關管理者申請所需角色。", "Ask your agency's administrator for the role that it needs."},

    {P::rate_limited, 429, "rate_limited", "已達機關使用上限", "Your agency has reached a limit",
     "每個機關{}，目前已達上限。請{}，並依 Retry-After 所示秒數後再試。",
     "An agency {}; this limit is reached. Please {}, and try again after the seconds that "
     "Retry-After says."},
    {P::address_too_often, 429, "rate_limited", "要求過於頻繁", "Too many requests",
     "同一網路位址{}，目前已達上限。請減少要求，並依 Retry-After 所示秒數後再試。",
     "An address {}; this limit is reached. Please ask less often, and try again after the seconds "
     "that Retry-After says."},
    {P::bad_idempotency_key, 400, "bad_request", "Idempotency-Key 格式不正確",
     "The Idempotency-Key is malformed", "須為 1 至 64 個英數字或 _ . : - 字元。",
     "It must have 1 to 64 characters out of letters, digits and _ . : -"},
    {P::compressed_files, 415, "unsupported_media_type", "不支援的內容格式",
     "The content has a format that is not supported", "請勿壓縮內容（Content-Encoding）。",
     "Send the content without compression (Content-Encoding)."},
    {P::no_media_type_of_files, 415, "unsupported_media_type", "不支援的內容格式",
     "The content has a format that is not supported",
     "請使用 application/json 或 multipart/form-data。",
     "Send it as application/json or multipart/form-data."},
    {P::bad_file_name, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "X-File-Name 須為百分號編碼之 UTF-8，且不得含控制字元。",
     "X-File-Name must be percent-encoded UTF-8 without control characters."},
    {P::bad_boundary, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "Content-Type 須帶一個 1 至 70 字元的 boundary。",
     "Content-Type must have one boundary of 1 to 70 characters."},
    {P::other_form_field, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "表單欄位名稱須為 file。", "Each field of the form must have the name file."},
    {P::form_without_files, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "表單內沒有檔案，欄位名稱須為 file。",
     "The form has no file; send each as a field with the name file."},
    {P::form_unfinished, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "表單內容不完整，缺少結尾分隔線，請重送。",
     "The form is incomplete, its last boundary is missing; send it again."},
    {P::form_begins_without_boundary, 400, "bad_request", "請求格式不正確",
     "The request is malformed",
     "表單內容不合 multipart/form-data 格式：開頭沒有分隔線，請檢查用戶端程式。",
     "The form is no multipart/form-data: no boundary at its begin; check the client program."},
    {P::text_after_boundary, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "表單內容不合 multipart/form-data 格式：分隔線後有其他文字，請檢查用戶端程式。",
     "The form is no multipart/form-data: text after a boundary; check the client program."},
    {P::long_part_header, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "表單內容不合 multipart/form-data 格式：欄位標頭過長，請縮短檔名或標頭。",
     "The form is no multipart/form-data: a field's header is too long; shorten the file name or "
     "the header."},
    {P::part_without_disposition, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "表單內容不合 multipart/form-data 格式：欄位缺少正確的 "
     "Content-Disposition，請檢查用戶端程式。",
     "The form is no multipart/form-data: a field has no proper Content-Disposition; check the "
     "client program."},
    {P::encoded_part, 415, "unsupported_media_type", "不支援的內容格式",
     "The content has a format that is not supported",
     "表單中的檔案請直接送出原始位元組：不得有 Content-Encoding，Content-Transfer-Encoding 僅接受 "
     "7bit、8bit、binary。",
     "Send the file in the form as it is: without Content-Encoding, and with no other "
     "Content-Transfer-Encoding than 7bit, 8bit or binary."},
    {P::not_a_json_file, 415, "F01", "檔案格式錯誤-僅接受 JSON 檔", "not a .json file",
     "檔名須以 .json 結尾，請改存為 JSON 檔後再送。",
     "The file's name must end in .json; save it as a JSON file and send it again."},
    {P::file_too_large, 413, "F02", "檔案大小超過 5MB 上限", "file over 5 MB",
     "請分成數檔，每檔不超過 5,242,880 位元組。",
     "Divide it into files of at most 5,242,880 bytes each."},
    {P::too_many_files, 413, "F03", "一次上傳不可超過 10 個檔案", "over 10 files",
     "本次全部未收，請分次上傳，每次至多 10 個檔案。",
     "No file was accepted; send at most 10 files in one request."},
    {P::empty_file, 422, "F04", "檔案無內容", "empty file", "請確認匯出程式已寫入資料後再送。",
     "Make sure that the exporting program has written its data, and send the file again."},
    {P::file_not_utf8, 422, "F05", "檔案編碼錯誤-須為 UTF-8", "not UTF-8",
     "請將檔案另存為 UTF-8 編碼後再送。", "Save the file in UTF-8 and send it again."},
    {P::idempotency_conflict, 422, "idempotency_conflict", "同一 Idempotency-Key 已用於其他內容",
     "The same Idempotency-Key was used for other content",
     "內容不同的檔案請使用新的 Idempotency-Key。",
     "Use a new Idempotency-Key for a file with other content."},
    {P::not_all_files_accepted, 503, "unavailable", "暫時無法收件",
     "Not all files could be accepted",
     "unavailable 之檔案未收件，unknown 之檔案請以同一 Idempotency-Key 重送確認。",
     "Files that are unavailable were not accepted: send them again. For files that are unknown, "
     "send them again with the same Idempotency-Key."},
    {P::checks_busy, 503, "unavailable", "檢核忙碌中", "Too many checks are under way",
     "請依 Retry-After 所示秒數後再試。", "Try again after the seconds that Retry-After says."},

    {P::no_csv, 415, "unsupported_media_type", "不支援的內容格式",
     "The content has a format that is not supported",
     "請以 Content-Type: text/csv 傳送，且勿壓縮。",
     "Send it with Content-Type: text/csv and without compression."},
    {P::bad_table19_parameters, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "須有 mode=snapshot 或 changes、authority=機關代碼，force 僅可為 true 或 false。",
     "It needs mode=snapshot or changes and authority=AGENCY; force may only be true or false."},
    {P::unknown_authority, 404, "not_found", "查無此機關", "There is no such agency",
     "請核對 authority 之機關代碼。", "Check the agency code in authority."},
    {P::force_not_allowed, 403, "forbidden", "無此權限", "You have no right to do this",
     "僅系統管理者得以 force=true 強制載入，請移除 force 後再送。",
     "Only an operator may load with force=true; send the request without force."},
    {P::too_many_uploads, 503, "unavailable", "服務暫時無法使用",
     "The service is unavailable for now", "目前上傳檔案過多，請稍後再試。",
     "Too many uploads are under way; try again later."},
    {P::empty_csv, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "CSV 無內容，第一列須為欄名。",
     "The CSV is empty; its first line must hold the column names."},
    {P::load_not_entered, 503, "unavailable", "服務暫時無法使用",
     "The service is unavailable for now", "檔案已收但無法登錄，請重送（重複載入無妨）。",
     "The file arrived but could not be entered; send it again (a repeated load does no harm)."},
    {P::bad_confirm, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "confirm 僅可為 true 或 false。", "confirm may only be true or false."},
    {P::bad_csv, 400, "bad_request", "CSV 無法讀取，未變更任何資料",
     "The CSV cannot be read; nothing was changed", "{}。", "{}."},
    {P::registry_load_unknown, 503, "unavailable", "服務暫時無法使用",
     "The service is unavailable for now", "載入結果未知，請稍後查詢機關清單。",
     "Whether the load was applied is unknown; look at the list of agencies later."},
    {P::confirmation_needed, 409, "confirmation_needed", "變動超過 1% 之機關，尚未套用",
     "More than 1 % of the agencies would change; nothing was applied",
     "請核對筆數後以 confirm=true 重送。", "Check the counts and send it again with confirm=true."},

    {P::no_receipt_jws, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "請求內容須為 JSON 物件，並有 receipt_jws。",
     "The body must be a JSON object with the member receipt_jws."},
    {P::no_json, 415, "unsupported_media_type", "不支援的內容格式",
     "The content has a format that is not supported",
     "請以 Content-Type: application/json 傳送，且勿壓縮。",
     "Send it with Content-Type: application/json and without compression."},
    {P::bad_member, 400, "bad_request", "請求內容不正確", "The body is wrong", "{}。", "{}."},
    {P::no_form, 415, "unsupported_media_type", "不支援的內容格式",
     "The content has a format that is not supported", "請以 multipart/form-data 傳送。",
     "Send it as multipart/form-data."},
    {P::attachment_type, 415, "unsupported_media_type", "不支援的附件格式",
     "The attachment has a format that is not supported",
     "附件須為 pdf、odt、ods、odp、docx、xlsx、pptx、json、csv、txt、zip、png 或 "
     "jpg，內容須與副檔名相符，文字檔須為 UTF-8。",
     "It must be a pdf, odt, ods, odp, docx, xlsx, pptx, json, csv, txt, zip, png or jpg file by "
     "its name and its content; text must be UTF-8."},
    {P::attachment_too_large, 413, "too_large", "附件過大", "The attachment is too large",
     "每個附件不得超過 20,971,520 位元組。", "An attachment may have at most 20,971,520 bytes."},
    {P::not_one_attachment, 400, "bad_request", "請求格式不正確", "The request is malformed",
     "每次請傳送一個附件，欄位名稱須為 file。",
     "Send one attachment at a time, as a field with the name file."},
    {P::attachments_full, 409, "limit_reached", "附件已達上限", "There can be no more attachments",
     "每則公告最多 10 個附件，請先移除一個。",
     "An announcement has at most 10 attachments; remove one first."},
    {P::webhooks_full, 409, "limit_reached", "Webhook 已達上限", "There can be no more webhooks",
     "每個機關最多 5 個 Webhook，請先刪除一個。",
     "An agency has at most 5 webhooks; remove one first."},
    {P::too_many_rows, 422, "too_many_rows", "資料筆數超過檔案上限",
     "The list is too long for the file",
     "XLSX 與 ODS 至多 1,048,575 列，請縮小查詢範圍，或改用 CSV。",
     "XLSX and ODS hold at most 1,048,575 rows; narrow the query, or take CSV."},
    {P::exports_busy, 429, "rate_limited", "匯出進行中", "An export is under way",
     "平臺同時匯出之檔案已達上限，請依 Retry-After 所示秒數後再試。",
     "As many exports as the platform makes at once are under way; try again after the seconds "
     "that "
     "Retry-After says."},

    {P::nothing_found, 404, "not_found", "查無資料", "Nothing was found",
     "{}，請核對代碼，或確認有權查看。", "{}; check the id, and that you may see it."},
    {P::bad_parameter, 400, "bad_request", "查詢條件不正確", "A query parameter is wrong", "{}。",
     "{}."},
});

constexpr bool stand_in_order() {
    for (std::size_t i = 0; i < catalogue.size(); ++i)
        if (catalogue[i].problem != static_cast<Problem>(i)) return false;
    return catalogue.back().problem == Problem::bad_parameter;
}
static_assert(stand_in_order(), "the rows stand in the order of the enumeration, none is missing");

std::string filled(std::string_view text, const ProblemWords& words,
                   std::string ProblemWord::*language) {
    std::string out;
    for (const auto& word : words) {
        const auto at = text.find("{}");
        if (at == std::string_view::npos) break;
        out.append(text.substr(0, at)).append(word.*language);
        text.remove_prefix(at + 2);
    }
    return out.append(text);
}

/// The members of a problem, without the braces around them.
void write_members(wire::JsonWriter& json, const ProblemText& text, const ProblemWords& words) {
    json.member("type", "urn:chaiqin:problem:" + std::string(text.code))
        .member("title", text.title)
        .member("title_en", text.title_en)
        .member("status", text.status)
        .member("code", text.code)
        .member("detail", filled(text.detail, words, &ProblemWord::zh))
        .member("detail_en", filled(text.detail_en, words, &ProblemWord::en));
}

}  // namespace

std::span<const ProblemText> problem_catalogue() { return catalogue; }

const ProblemText& text_of(Problem problem) {
    return catalogue.at(static_cast<std::size_t>(problem));
}

Response answer_with(Problem problem, const ProblemWords& words,
                     const std::function<void(wire::JsonWriter&)>& more) {
    const auto& text = text_of(problem);
    wire::JsonWriter json;
    json.begin_object();
    write_members(json, text, words);
    if (more) more(json);
    json.end_object();
    Response response;
    response.status = text.status;
    response.content_type = "application/problem+json";
    response.body = json.take();
    if (text.status == 503 || text.status == 429) response.headers.emplace_back("Retry-After", "2");
    if (text.status == 401)
        response.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return response;
}

void write_problem(wire::JsonWriter& json, Problem problem) {
    json.begin_object();
    write_members(json, text_of(problem), {});
    json.end_object();
}

}  // namespace chaiqin::gateway
