#include "gateway/export/records_source.hpp"

#include <rapidjson/document.h>

#include <map>

#include "chaiqin/query/v1/query.pb.h"
#include "checking/record/table.hpp"
#include "gateway/export/record_columns.hpp"
#include "gateway/reading/enum_names.hpp"

namespace chaiqin::gateway {

namespace {

using domain::RecordKind;
namespace pb = query::v1;

RecordKind kind_of(const pb::Record& record) {
    return record.kind() == pb::FINDING_KIND_OVERTIME ? RecordKind::overtime : RecordKind::leave;
}

/// A record's values by the Chinese names of its keys.
std::map<std::string, Value, std::less<>> values_of(checking::ShownFile& file,
                                                    const pb::Record& record) {
    wire::JsonWriter json;
    file.write_values(json, kind_of(record), record.index());
    rapidjson::Document document;
    document.Parse<rapidjson::kParseNumbersAsStringsFlag>(json.take().c_str());
    std::map<std::string, Value, std::less<>> values;
    if (!document.IsObject()) return values;
    for (const auto& field : checking::table_of(kind_of(record)).fields) {
        const auto found =
            document.FindMember(rapidjson::StringRef(field.key.data(), field.key.size()));
        if (found == document.MemberEnd() || found->value.IsNull()) continue;
        if (found->value.IsBool())
            values[std::string(field.name)] =
                std::string(found->value.GetBool() ? "true" : "false");
        else
            values[std::string(field.name)] =
                std::string(found->value.GetString(), found->value.GetStringLength());
    }
    return values;
}

std::string messages_of(const pb::Record& record) {
    std::string all;
    for (const auto& finding : record.findings())
        all += (all.empty() ? "" : "；") + finding.code() + " " + finding.message();
    return all;
}

class RecordsSource final : public ListSource {
public:
    RecordsSource(std::unique_ptr<rpc::Pages> pages, const RecordFiles& files,
                  const Request& request, std::unique_ptr<OpenedFile> file, std::string object)
        : pages_(std::move(pages)),
          files_(files),
          request_(request),
          file_(std::move(file)),
          object_(std::move(object)) {
        turn();
    }

    const RowMembers* next() override {
        while (page_ && at_ == records().size()) turn();
        if (!page_) return nullptr;
        record_ = &records().Get(at_++);
        open_file_of(*record_);
        values_ = file_->shown ? values_of(*file_->shown, *record_)
                               : std::map<std::string, Value, std::less<>>();
        return &members_;
    }
    std::string others() const override { return object_ + " of " + request_.acting_agency; }

private:
    using Records = google::protobuf::RepeatedPtrField<pb::Record>;
    const Records& records() const {
        if (const auto* one = dynamic_cast<const pb::ListRecordsResponse*>(page_.get()))
            return one->records();
        return dynamic_cast<const pb::ListFindingRecordsResponse&>(*page_).records();
    }
    void turn() {
        page_ = pages_ ? pages_->next() : nullptr;
        at_ = 0;
    }
    /// Records of one file follow each other. A list of one submission has its file already.
    void open_file_of(const pb::Record& record) {
        if (file_ && (record.submission_id().empty() || record.submission_id() == file_of_)) return;
        file_.reset();  // never two at a time
        file_ = files_.open(record.submission_id(), request_);
        file_of_ = record.submission_id();
    }

    Value member(std::string_view name) const {
        if (name == "kind")
            return std::string(
                enum_name(*pb::FindingKind_descriptor()->FindValueByNumber(record_->kind())));
        if (name == "index") return std::int64_t{record_->index()};
        if (name == "messages") return messages_of(*record_);
        const auto found = values_.find(name.substr(record_value.size()));
        return found == values_.end() ? Value() : found->second;
    }

    std::unique_ptr<rpc::Pages> pages_;
    const RecordFiles& files_;
    const Request& request_;
    std::unique_ptr<OpenedFile> file_;
    std::string object_, file_of_;
    std::unique_ptr<google::protobuf::Message> page_;
    int at_ = 0;
    const pb::Record* record_ = nullptr;
    std::map<std::string, Value, std::less<>> values_;
    RowMembers members_ = [this](std::string_view name) { return member(name); };
};

}  // namespace

bool gives_records(const rpc::ReadMethod& read) {
    return &read == &rpc::read_with<pb::ListRecordsResponse>() ||
           &read == &rpc::read_with<pb::ListFindingRecordsResponse>();
}

std::unique_ptr<ListSource> records_source(rpc::Questions& questions, const RecordFiles& files,
                                           const Request& request, const rpc::ReadMethod& read,
                                           google::protobuf::Message& question,
                                           std::chrono::steady_clock::time_point deadline) {
    const rpc::Asker asker{request.bearer, request.acting_agency, deadline};
    auto* of_one = dynamic_cast<pb::ListRecordsRequest*>(&question);
    if (!of_one)
        return std::make_unique<RecordsSource>(questions.ask_all(asker, *read.method, question),
                                               files, request, nullptr, "findings");
    auto file = files.open(of_one->submission_id(), request);
    std::unique_ptr<rpc::Pages> pages;
    if (file->shown) {
        of_one->set_leave_count(file->shown->count(RecordKind::leave));
        of_one->set_overtime_count(file->shown->count(RecordKind::overtime));
        pages = questions.ask_all(asker, *read.method, question);
    }
    return std::make_unique<RecordsSource>(std::move(pages), files, request, std::move(file),
                                           "submission " + of_one->submission_id());
}

}  // namespace chaiqin::gateway
