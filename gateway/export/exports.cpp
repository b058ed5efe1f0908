#include "gateway/export/exports.hpp"

#include <array>
#include <filesystem>
#include <limits>

#include "domain/failure.hpp"
#include "gateway/export/about.hpp"
#include "gateway/export/list_source.hpp"
#include "gateway/export/records_source.hpp"
#include "gateway/export/rows.hpp"
#include "gateway/export/spool_file.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/reading/parameters.hpp"
#include "gateway/reading/reads.hpp"
#include "rpc/read_methods.hpp"

namespace chaiqin::gateway {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t disk_threads = 2, most_disk_jobs = 1'000;
/// The query service gets a little less, so that the reason for a late answer is known here.
constexpr std::chrono::seconds export_within{120}, pages_within{110};
constexpr std::size_t piece_bytes = 256 * 1024;
constexpr std::string_view api = "/api/v1";

struct Format {
    std::string_view name, media_type;
    void (*write)(const Sheet&, const SpoolFile&);
    /// Whether a sheet takes only so many rows.
    bool has_an_end;
};
constexpr std::array formats{
    Format{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx,
           true},
    Format{"ods", "application/vnd.oasis.opendocument.spreadsheet", write_ods, true},
    Format{"csv", "text/csv; charset=utf-8", write_csv, false},
};

const Format* format_of(const std::string& name) {
    for (const auto& format : formats)
        if (format.name == name) return &format;
    return nullptr;
}

struct TooManyRows {};

/// The request without what it says about pages.
std::shared_ptr<const Request> for_all(const Request& request) {
    auto all = std::make_shared<Request>(request);
    std::erase_if(all->query, [](const auto& parameter) {
        return parameter.first == "page" || parameter.first == "page_size" ||
               parameter.first == "page_token";
    });
    return all;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const unsigned char c : text) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
        if (is_plain)
            out += static_cast<char>(c);
        else
            out += {'%', digits[c >> 4U], digits[c & 15U]};
    }
    return out;
}

/// A name for programs that know ASCII only, and the one that people see.
std::string disposition(const ExportedList& list, const Format& format, domain::Day today) {
    auto day = domain::iso_day(today);
    std::erase(day, '-');
    const auto ending = "-" + day + "." + std::string(format.name);
    return "attachment; filename=\"" + std::string(list.file_name) + ending +
           "\"; filename*=UTF-8''" + percent_encoded(std::string(list.caption) + ending);
}

/// Reads on a worker: the io thread never waits for a disk.
class SpooledAnswer final : public ResponseFile {
public:
    SpooledAnswer(SpoolFile file, std::shared_ptr<const void> slot, WorkerPool& disk)
        : slot_(std::move(slot)),
          file_(std::make_shared<const SpoolFile>(std::move(file))),
          bytes_(file_->bytes()),
          disk_(disk) {}

    std::uint64_t bytes() const override { return bytes_; }
    boost::asio::awaitable<std::string_view> next() override {
        auto job = [file = file_, at = at_] { return file->read(at, piece_bytes); };
        auto piece =
            co_await disk_.run(std::move(job), steady_clock::now() + std::chrono::seconds(30));
        piece_ = piece ? std::move(*piece) : std::string();
        at_ += piece_.size();
        co_return piece_;
    }

private:
    std::shared_ptr<const void> slot_;
    std::shared_ptr<const SpoolFile> file_;
    std::uint64_t bytes_, at_ = 0;
    WorkerPool& disk_;
    std::string piece_;
};

}  // namespace

/// One export that is asked for.
struct Exports::Asked {
    const ExportedList& list;
    /// Null: the list is not the query service's.
    const rpc::ReadMethod* read = nullptr;
    BlockingEndpoint as_json;
    std::shared_ptr<const Request> request;

    const Format* format() const { return format_of(request->parameter("format").value_or("")); }
};

/// One export while it is made, on its worker. Rows come from the first page on, which is read
/// before anything is written.
class Exports::Making {
public:
    Making(const ExportParts& parts, const RecordFiles& files, const std::atomic<bool>& is_stopping,
           const Asked& asked)
        : is_stopping_(is_stopping),
          asked_(asked),
          request_(*asked.request),
          format_(*asked.format()),
          most_rows_(format_.has_an_end ? parts.most_rows
                                        : std::numeric_limits<std::int64_t>::max()),
          registry_(parts.registry.current()),
          now_(parts.now()),
          today_(domain::taipei_day(now_)),
          columns_(shown_columns(asked.list, request_.parameter("by").value_or(""))) {
        if (!asked.read) {
            source_ = rules_source(registry_, today_);
            return;
        }
        question_ = question_of(*asked.read, request_);
        if (gives_records(*asked.read)) {
            source_ = records_source(parts.questions, files, request_, *asked.read, *question_,
                                     steady_clock::now() + pages_within);
            return;
        }
        try {
            source_ = pages_source(parts.questions.ask_all({request_.bearer, request_.acting_agency,
                                                            steady_clock::now() + pages_within},
                                                           *asked.read->method, *question_),
                                   asked.list.rows);
        } catch (const rpc::Refused& why) {
            if (why.why != rpc::Refused::Why::not_found || !is_on_its_way()) throw;
            source_ = empty_source();
        }
    }

    /// The answer without the file.
    Response answer() const {
        Response response;
        response.content_type = format_.media_type;
        response.headers.emplace_back("Content-Disposition",
                                      disposition(asked_.list, format_, today_));
        // Every file that leaves is a line, also one of the own agency's data. Only the rules are
        // nobody's.
        if (!asked_.read) return response;
        const auto others = source_->others();
        response.audit = audit_.value_or(
            AuditNote{asked_.read->audit, others.empty() ? request_.acting_agency : others});
        response.audit->object += ", whole as " + std::string(format_.name);
        return response;
    }
    void write(const SpoolFile& file) {
        if (source_->total().value_or(0) > most_rows_) throw TooManyRows();
        Sheet sheet{.name = std::string(asked_.list.caption)};
        for (const auto& column : columns_) sheet.columns.push_back(sheet_column(column));
        sheet.next_row = [this](std::vector<Cell>& cells) { return fill(cells); };
        sheet.about = [this] { return about(); };
        format_.write(sheet, file);
    }

private:
    /// Whether it is of a file that only the gateway knows yet: then its lists are empty.
    bool is_on_its_way() {
        auto as_json = asked_.as_json(request_);
        audit_ = std::move(as_json.audit);
        return as_json.status == 200;
    }
    bool fill(std::vector<Cell>& cells) {
        const auto* row = source_->next();
        if (!row) return false;
        if (is_stopping_) throw domain::TransientFailure("the gateway ends");
        if (++rows_ > most_rows_) throw TooManyRows();
        cells.clear();
        for (const auto& column : columns_)
            cells.push_back(cell_of(column, *row, *registry_, today_));
        return true;
    }
    std::vector<AboutLine> about() const {
        return about_lines({.list = asked_.list,
                            .question = question_.get(),
                            .source = *source_,
                            .request = request_,
                            .registry = *registry_,
                            .now = now_,
                            .rows = rows_});
    }

    const std::atomic<bool>& is_stopping_;
    const Asked& asked_;
    const Request& request_;
    const Format& format_;
    std::int64_t most_rows_, rows_ = 0;
    domain::RegistryPtr registry_;
    domain::Instant now_;
    domain::Day today_;
    std::vector<ListColumn> columns_;
    std::unique_ptr<google::protobuf::Message> question_;
    std::unique_ptr<ListSource> source_;
    std::optional<AuditNote> audit_;
};

Exports::Exports(ExportParts parts)
    : parts_(std::move(parts)),
      files_(parts_.records),
      makers_(row_of(Limit::exports).most_in_all, row_of(Limit::exports).most_in_all),
      disk_(disk_threads, most_disk_jobs) {
    if (parts_.spool_dir.empty()) parts_.spool_dir = std::filesystem::temp_directory_path();
    try {
        const SpoolFile tried(parts_.spool_dir);
    } catch (const domain::TransientFailure& failure) {
        throw domain::ConfigError({"spool_dir " + parts_.spool_dir + ": " + failure.what()});
    }
}

void Exports::join(std::vector<Route>& routes) {
    for (auto& route : routes) {
        if (route.method != "GET" || !route.pattern.starts_with(api)) continue;
        const auto path = std::string_view(route.pattern).substr(api.size());
        const auto* list = exported_list(path);
        const rpc::ReadMethod* read = nullptr;
        for (const auto& one : rpc::read_methods())
            if (one.path == path) read = &one;
        if (!list || (!read && path != "/rules")) continue;
        route.whole_list = [this, list, read, as_json = route.endpoint](
                               const std::shared_ptr<const Request>& request) {
            return answer(
                std::make_shared<const Asked>(Asked{*list, read, as_json, for_all(*request)}));
        };
    }
}

void Exports::stop() {
    is_stopping_ = true;
    makers_.stop();
    disk_.stop();
}

boost::asio::awaitable<Response> Exports::answer(std::shared_ptr<const Asked> asked) {
    if (!asked->format())
        co_return answer_with(Problem::bad_parameter,
                              {{"format：應為 xlsx、ods、csv", "format must be xlsx, ods or csv"}});
    auto held = parts_.records.shares.hold(Limit::exports, holder_of(*asked->request));
    if (const auto* reached = std::get_if<Limited>(&held)) co_return answer_with(*reached);
    auto slot = std::make_shared<AgencyShares::Held>(std::move(std::get<AgencyShares::Held>(held)));
    // The slot goes with the job's end, before the answer is known here.
    auto job = [this, asked, slot = std::move(slot)]() mutable {
        return make(*asked, std::move(slot));
    };
    auto response = co_await makers_.run(std::move(job), steady_clock::now() + export_within);
    if (!response) co_return answer_with(Problem::unavailable);
    co_return std::move(*response);
}

Response Exports::make(const Asked& asked, std::shared_ptr<const void> slot) {
    try {
        Making making(parts_, files_, is_stopping_, asked);
        SpoolFile file(parts_.spool_dir);
        making.write(file);
        auto response = making.answer();
        response.file = std::make_shared<SpooledAnswer>(std::move(file), std::move(slot), disk_);
        return response;
    } catch (const TooManyRows&) {
        return answer_with(Problem::too_many_rows);
    } catch (const rpc::Refused& why) {
        return answer_with(why);
    }
}

}  // namespace chaiqin::gateway
