#include "gateway/http_api/comparing.hpp"

#include <algorithm>

#include "chaiqin/query/v1/query.pb.h"
#include "checking/record/shown_file.hpp"
#include "domain/comparison.hpp"
#include "rpc/read_methods.hpp"

namespace chaiqin::gateway {

namespace {

namespace pb = query::v1;
using domain::RecordKind;

std::vector<domain::StoredHead> heads_of(const pb::FindHeadsResponse& found) {
    std::vector<domain::StoredHead> heads;
    heads.reserve(static_cast<std::size_t>(found.heads_size()));
    for (const auto& head : found.heads())
        heads.push_back(
            {head.identity(), {head.revision(), head.deletion(), head.token(), head.content()}});
    return heads;
}

void write_line(wire::JsonWriter& json, std::uint32_t number, std::uint32_t leave_lines,
                checking::ShownFile& file) {
    const bool is_leave = number < leave_lines;
    const auto index = is_leave ? number : number - leave_lines;
    const auto label = file.label(is_leave ? RecordKind::leave : RecordKind::overtime, index);
    json.begin_object()
        .member("kind", is_leave ? "leave" : "overtime")
        .member("index", index)
        .member("record_no", label.record_no)
        .member("record_seq", label.record_seq)
        .end_object();
}

std::string to_json(const domain::Comparison& comparison, std::uint32_t leave_lines,
                    checking::ShownFile& file) {
    wire::JsonWriter json;
    json.begin_object();
    for (std::size_t i = 0; i < comparison.of.size(); ++i)
        json.member(domain::compared_names[i], comparison.of[i].count);
    json.key("first").begin_object();
    for (std::size_t i = 0; i < comparison.of.size(); ++i) {
        json.key(domain::compared_names[i]).begin_array();
        for (const auto number : comparison.of[i].first)
            write_line(json, number, leave_lines, file);
        json.end_array();
    }
    json.end_object().end_object();
    return json.take();
}

}  // namespace

std::string Comparing::comparison(const rpc::Asker& asker, std::string_view bytes,
                                  const checking::CheckResult& result) const {
    pb::FindHeadsRequest question;
    for (const auto& line : result.lines) question.add_identities(line.identity);
    // Asked of a file without lines, too: whether the answer is 503 does not depend on the file.
    const auto found =
        questions_.ask(asker, *rpc::read_with<pb::FindHeadsResponse>().method, question);
    auto file = checking::ShownFile::open(bytes);
    if (result.rejected || !file) return "null";
    const auto heads = heads_of(dynamic_cast<const pb::FindHeadsResponse&>(*found));
    return to_json(domain::compare(result.lines, result.leave_lines + result.overtime_lines, heads),
                   result.leave_lines, *file);
}

}  // namespace chaiqin::gateway
