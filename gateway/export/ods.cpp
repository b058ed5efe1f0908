// ODS: the archive by libzip, the XML by pugixml. libzip asks for the content while it packs it, so
// it is made row by row; each row is a small document of its own.
#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>
#include <pugixml.hpp>

#include "domain/failure.hpp"
#include "gateway/export/sheet.hpp"
#include "gateway/export/spool_file.hpp"

namespace chaiqin::gateway {

namespace {

constexpr const char* media_type = "application/vnd.oasis.opendocument.spreadsheet";
constexpr std::size_t made_at_once = 64 * 1024;
/// The fastest: the content is much repetition.
constexpr int compression_level = 1;
constexpr double cm_per_character = 0.22;
constexpr unsigned plain = pugi::format_raw | pugi::format_no_declaration;

class Printed final : public pugi::xml_writer {
public:
    explicit Printed(std::string& to) : to_(to) {}
    void write(const void* data, std::size_t size) override {
        to_.append(static_cast<const char*>(data), size);
    }

private:
    std::string& to_;
};

std::string printed(const pugi::xml_document& document) {
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    Printed to(text);
    document.save(to, "", plain, pugi::encoding_utf8);
    return text;
}

pugi::xml_node add(pugi::xml_node to, const char* name,
                   std::initializer_list<std::pair<const char*, std::string>> attributes = {}) {
    auto node = to.append_child(name);
    for (const auto& [attribute, value] : attributes)
        node.append_attribute(attribute).set_value(value.c_str());
    return node;
}

pugi::xml_node add_root(pugi::xml_document& document, const char* name) {
    const std::string prefix = "urn:oasis:names:tc:opendocument:xmlns:";
    return add(document, name,
               {{"xmlns:office", prefix + "office:1.0"},
                {"xmlns:table", prefix + "table:1.0"},
                {"xmlns:text", prefix + "text:1.0"},
                {"xmlns:style", prefix + "style:1.0"},
                {"xmlns:fo", prefix + "xsl-fo-compatible:1.0"},
                {"xmlns:number", prefix + "datastyle:1.0"},
                {"xmlns:config", prefix + "config:1.0"},
                {"xmlns:meta", prefix + "meta:1.0"},
                {"office:version", "1.2"}});
}

/// Characters that XML cannot have become U+FFFD.
std::string fit_for_xml(std::string_view text) {
    std::string fit;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool is_noncharacter =
            text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF";
        if ((c < 0x20 && c != '\t' && c != '\n') || is_noncharacter) {
            fit += "\xEF\xBF\xBD";
            if (is_noncharacter) i += 2;
        } else {
            fit += text[i];
        }
    }
    return fit;
}

/// One line of a text: tabs and spaces that a reader would fold are elements.
void add_line(pugi::xml_node cell, std::string_view line) {
    auto paragraph = add(cell, "text:p");
    std::string run;
    const auto end_run = [&] {
        if (!run.empty()) paragraph.append_child(pugi::node_pcdata).set_value(run.c_str());
        run.clear();
    };
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool is_space = line[i] == ' ';
        const bool folds = is_space && (i == 0 || i + 1 == line.size() || line[i - 1] == ' ');
        if (line[i] != '\t' && !folds) {
            run += line[i];
            continue;
        }
        end_run();
        add(paragraph, is_space ? "text:s" : "text:tab");
    }
    end_run();
}

void add_cell(pugi::xml_node row, const Cell& cell, bool is_bold = false) {
    auto node = add(row, "table:table-cell");
    if (const auto* text = std::get_if<std::string>(&cell); text && !text->empty()) {
        node.append_attribute("office:value-type").set_value("string");
        node.append_attribute("table:style-name").set_value(is_bold ? "bold" : "text");
        const auto fit = fit_for_xml(*text);
        for (std::size_t begin = 0; begin <= fit.size();) {
            const auto end = std::min(fit.find('\n', begin), fit.size());
            add_line(node, std::string_view(fit).substr(begin, end - begin));
            begin = end + 1;
        }
    }
    if (const auto* number = std::get_if<std::int64_t>(&cell)) {
        const auto digits = std::to_string(*number);
        node.append_attribute("office:value-type").set_value("float");
        node.append_attribute("office:value").set_value(digits.c_str());
        add(node, "text:p").text().set(digits.c_str());
    }
}

/// content.xml in pieces: what stands before the rows, row after row, what stands behind them.
class Content {
public:
    explicit Content(const Sheet& sheet) : sheet_(sheet) { split(skeleton()); }

    /// Appends some of it; false at the end.
    bool append_to(std::string& text) {
        switch (part_) {
            case Part::head:
                text += head_;
                append_headings(text);
                part_ = Part::rows;
                return true;
            case Part::rows:
                if (sheet_.next_row(cells_)) {
                    append_row(text, [&](pugi::xml_node row) {
                        for (const auto& cell : cells_) add_cell(row, cell);
                    });
                    return true;
                }
                text += between_;
                part_ = Part::about;
                return true;
            case Part::about:
                for (const auto& line : sheet_.about())
                    append_row(text, [&](pugi::xml_node row) {
                        add_cell(row, line.label, true);
                        add_cell(row, line.value);
                    });
                text += tail_;
                part_ = Part::end;
                return true;
            case Part::end:
                break;
        }
        return false;
    }

private:
    enum class Part { head, rows, about, end };

    template <class Fill>
    void append_row(std::string& text, Fill fill) {
        pugi::xml_document document;
        fill(add(document, "table:table-row"));
        Printed to(text);
        document.save(to, "", plain, pugi::encoding_utf8);
    }
    void append_headings(std::string& text) {
        append_row(text, [&](pugi::xml_node row) {
            for (const auto& column : sheet_.columns) add_cell(row, column.heading, true);
        });
    }

    static void add_width(pugi::xml_node styles, const std::string& name, int width) {
        auto style =
            add(styles, "style:style", {{"style:name", name}, {"style:family", "table-column"}});
        add(style, "style:table-column-properties",
            {{"style:column-width", std::to_string(width * cm_per_character) + "cm"}});
    }
    static void add_cell_styles(pugi::xml_node styles) {
        auto as_text = add(styles, "number:text-style", {{"style:name", "as-text"}});
        add(as_text, "number:text-content");
        add(styles, "style:style",
            {{"style:name", "text"},
             {"style:family", "table-cell"},
             {"style:data-style-name", "as-text"}});
        auto bold =
            add(styles, "style:style", {{"style:name", "bold"}, {"style:family", "table-cell"}});
        add(bold, "style:text-properties",
            {{"fo:font-weight", "bold"},
             {"style:font-weight-asian", "bold"},
             {"style:font-weight-complex", "bold"}});
    }
    /// All but the rows, whose place `rows` marks.
    std::string skeleton() const {
        pugi::xml_document document;
        auto root = add_root(document, "office:document-content");
        auto styles = add(root, "office:automatic-styles");
        add_cell_styles(styles);
        auto book = add(add(root, "office:body"), "office:spreadsheet");
        auto list = add(book, "table:table", {{"table:name", sheet_.name}});
        for (std::size_t i = 0; i < sheet_.columns.size(); ++i) {
            const auto name = "column" + std::to_string(i);
            add_width(styles, name, sheet_.columns[i].width);
            add(list, "table:table-column", {{"table:style-name", name}});
        }
        add(list, "rows");
        auto about = add(book, "table:table", {{"table:name", about_sheet_name}});
        add_width(styles, "label", about_label_width);
        add_width(styles, "value", about_value_width);
        add(about, "table:table-column", {{"table:style-name", "label"}});
        add(about, "table:table-column", {{"table:style-name", "value"}});
        add(about, "rows");
        return printed(document);
    }
    void split(const std::string& skeleton) {
        constexpr std::string_view mark = "<rows/>";
        const auto first = skeleton.find(mark), second = skeleton.find(mark, first + 1);
        head_ = skeleton.substr(0, first);
        between_ = skeleton.substr(first + mark.size(), second - first - mark.size());
        tail_ = skeleton.substr(second + mark.size());
    }

    const Sheet& sheet_;
    std::string head_, between_, tail_;
    Part part_ = Part::head;
    std::vector<Cell> cells_;
};

/// The frozen header.
std::string settings(const std::string& sheet) {
    pugi::xml_document document;
    auto root = add_root(document, "office:document-settings");
    auto set = add(add(root, "office:settings"), "config:config-item-set",
                   {{"config:name", "ooo:view-settings"}});
    auto views = add(set, "config:config-item-map-indexed", {{"config:name", "Views"}});
    auto view = add(views, "config:config-item-map-entry");
    const auto item = [](pugi::xml_node to, const char* name, const char* type, const char* value) {
        add(to, "config:config-item", {{"config:name", name}, {"config:type", type}})
            .text()
            .set(value);
    };
    item(view, "ViewId", "string", "view1");
    auto tables = add(view, "config:config-item-map-named", {{"config:name", "Tables"}});
    auto table = add(tables, "config:config-item-map-entry", {{"config:name", sheet}});
    item(table, "VerticalSplitMode", "short", "2");
    item(table, "VerticalSplitPosition", "int", "1");
    item(table, "ActiveSplitRange", "short", "2");
    item(table, "PositionTop", "int", "0");
    item(table, "PositionBottom", "int", "1");
    item(view, "ActiveTable", "string", sheet.c_str());
    return printed(document);
}

std::string manifest() {
    pugi::xml_document document;
    auto root = add(document, "manifest:manifest",
                    {{"xmlns:manifest", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"},
                     {"manifest:version", "1.2"}});
    const std::pair<const char*, const char*> parts[]{{"/", media_type},
                                                      {"content.xml", "text/xml"},
                                                      {"settings.xml", "text/xml"},
                                                      {"meta.xml", "text/xml"}};
    for (const auto& [path, type] : parts)
        add(root, "manifest:file-entry",
            {{"manifest:full-path", path}, {"manifest:media-type", type}});
    return printed(document);
}

std::string meta(const std::string& title) {
    pugi::xml_document document;
    auto root = add_root(document, "office:document-meta");
    auto about = add(root, "office:meta");
    root.append_attribute("xmlns:dc").set_value("http://purl.org/dc/elements/1.1/");
    add(about, "dc:title").text().set(title.c_str());
    add(about, "meta:generator").text().set("chaiqin/" CHAIQIN_VERSION);
    return printed(document);
}

/// Where libzip reads the content from. What a row throws is kept: it must not pass through C.
struct Reading {
    Content content;
    std::string made = {};
    std::size_t taken = 0;
    std::exception_ptr failure = {};

    zip_int64_t read(void* to, zip_uint64_t most) {
        if (taken == made.size()) {
            made.clear();
            taken = 0;
            while (made.size() < made_at_once && content.append_to(made)) continue;
        }
        const auto bytes = std::min<std::size_t>(most, made.size() - taken);
        std::memcpy(to, made.data() + taken, bytes);
        taken += bytes;
        return static_cast<zip_int64_t>(bytes);
    }
};

zip_int64_t read_content(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    auto& reading = *static_cast<Reading*>(state);
    switch (command) {
        case ZIP_SOURCE_SUPPORTS:
            return ZIP_SOURCE_SUPPORTS_READABLE;
        case ZIP_SOURCE_STAT:
            zip_stat_init(static_cast<zip_stat_t*>(data));
            return sizeof(zip_stat_t);
        case ZIP_SOURCE_READ:
            try {
                return reading.read(data, length);
            } catch (...) {
                reading.failure = std::current_exception();
                return -1;
            }
        case ZIP_SOURCE_ERROR: {
            const int codes[2] = {ZIP_ER_READ, EIO};
            std::memcpy(data, codes, sizeof codes);
            return sizeof codes;
        }
        default:
            return 0;
    }
}

/// Where libzip writes the archive to.
struct Writing {
    const SpoolFile& file;
    zip_int64_t at = 0;
    zip_error_t error{};
    std::exception_ptr failure = {};
};

zip_int64_t seek(Writing& writing, void* data, zip_uint64_t length) {
    const auto to = zip_source_seek_compute_offset(
        static_cast<zip_uint64_t>(writing.at), writing.file.bytes(), data, length, &writing.error);
    if (to >= 0) writing.at = to;
    return to >= 0 ? 0 : -1;
}

zip_int64_t write_archive(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    auto& writing = *static_cast<Writing*>(state);
    switch (command) {
        case ZIP_SOURCE_SUPPORTS:
            return ZIP_SOURCE_SUPPORTS_WRITABLE;
        case ZIP_SOURCE_STAT: {
            auto* facts = static_cast<zip_stat_t*>(data);
            zip_stat_init(facts);
            facts->size = writing.file.bytes();
            facts->valid |= ZIP_STAT_SIZE;
            return sizeof(zip_stat_t);
        }
        case ZIP_SOURCE_WRITE:
            try {
                writing.file.write({static_cast<const char*>(data), length},
                                   static_cast<std::uint64_t>(writing.at));
            } catch (...) {
                writing.failure = std::current_exception();
                zip_error_set(&writing.error, ZIP_ER_WRITE, EIO);
                return -1;
            }
            writing.at += static_cast<zip_int64_t>(length);
            return static_cast<zip_int64_t>(length);
        case ZIP_SOURCE_SEEK:
        case ZIP_SOURCE_SEEK_WRITE:
            return seek(writing, data, length);
        case ZIP_SOURCE_TELL:
        case ZIP_SOURCE_TELL_WRITE:
            return writing.at;
        case ZIP_SOURCE_ERROR:
            return zip_error_to_data(&writing.error, data, length);
        default:
            return 0;
    }
}

[[noreturn]] void fail(const char* what) {
    throw domain::TransientFailure(std::string("ods: ") + what);
}

class Archive {
public:
    explicit Archive(Writing& writing) {
        auto* source = zip_source_function_create(write_archive, &writing, nullptr);
        archive_ = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
        if (!archive_) fail("no archive can be made");
    }
    ~Archive() {
        if (archive_) zip_discard(archive_);
    }
    Archive(const Archive&) = delete;

    /// `text` must outlive close().
    void add(const char* name, std::string_view text, bool is_packed = true) {
        add(name, zip_source_buffer(archive_, text.data(), text.size(), 0), is_packed);
    }
    void add(const char* name, Reading& reading) {
        add(name, zip_source_function(archive_, read_content, &reading), true);
    }
    bool close() {
        if (zip_close(archive_) != 0) return false;
        archive_ = nullptr;
        return true;
    }

private:
    void add(const char* name, zip_source_t* source, bool is_packed) {
        const auto at = source ? zip_file_add(archive_, name, source, ZIP_FL_ENC_UTF_8) : -1;
        if (at < 0) fail(zip_strerror(archive_));
        zip_set_file_compression(archive_, static_cast<zip_uint64_t>(at),
                                 is_packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, compression_level);
    }

    zip_t* archive_ = nullptr;
};

}  // namespace

void write_ods(const Sheet& sheet, const SpoolFile& file) {
    Writing writing{.file = file};
    Reading reading{.content = Content(sheet)};
    const auto described = settings(sheet.name), parts = manifest(), title = meta(sheet.name);
    Archive archive(writing);
    archive.add("mimetype", media_type, false);
    archive.add("META-INF/manifest.xml", parts);
    archive.add("content.xml", reading);
    archive.add("settings.xml", described);
    archive.add("meta.xml", title);
    if (archive.close()) return;
    if (reading.failure) std::rethrow_exception(reading.failure);
    if (writing.failure) std::rethrow_exception(writing.failure);
    fail("the archive cannot be written");
}

}  // namespace chaiqin::gateway
