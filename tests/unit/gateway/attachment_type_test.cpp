// What may be attached to an announcement: the name says which kind, the content must be of it.
#include "gateway/announcements/attachment_type.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace chaiqin::gateway {
namespace {

using namespace std::string_literals;

std::string little_endian(std::size_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i, value >>= 8) text += static_cast<char>(value & 255U);
    return text;
}

/// A ZIP archive whose entries are stored as they are.
std::string archive(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string bytes, directory;
    for (const auto& [name, content] : entries) {
        const auto sizes = little_endian(content.size(), 4) + little_endian(content.size(), 4);
        const auto names = little_endian(name.size(), 2) + little_endian(0, 2);
        directory += "PK\1\2"s + std::string(16, '\0') + sizes + names + std::string(10, '\0') +
                     little_endian(bytes.size(), 4) + name;
        bytes += "PK\3\4"s + std::string(14, '\0') + sizes + names + name + content;
    }
    const auto count = little_endian(entries.size(), 2);
    return bytes + directory + "PK\5\6"s + std::string(4, '\0') + count + count +
           little_endian(directory.size(), 4) + little_endian(bytes.size(), 4) + "\0\0"s;
}

TEST(AttachmentType, is_told_by_name_and_content) {
    const auto opendocument = [](const std::string& kind) {
        return archive(
            {{"mimetype", "application/vnd.oasis.opendocument." + kind}, {"content.xml", "<a/>"}});
    };
    const auto office = [](const std::string& folder) {
        return archive({{"[Content_Types].xml", "<a/>"}, {folder + "/main.xml", "<a/>"}});
    };
    const std::vector<std::tuple<std::string, std::string, std::string>> good = {
        {"a.pdf", "%PDF-1.7\n", "application/pdf"},
        {"a.odt", opendocument("text"), "application/vnd.oasis.opendocument.text"},
        {"a.ods", opendocument("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"},
        {"a.odp", opendocument("presentation"), "application/vnd.oasis.opendocument.presentation"},
        {"a.docx", office("word"),
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"a.xlsx", office("xl"),
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"a.pptx", office("ppt"),
         "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
        {"a.json", "\xef\xbb\xbf{\"a\":[1]}", "application/json"},
        {"手冊.CSV", "代碼,名稱\r\n", "text/csv"},
        {"a.txt", "差勤\n", "text/plain"},
        {"a.zip", archive({{"a", "b"}}), "application/zip"},
        {"a.png", "\x89PNG\r\n\x1a\n...", "image/png"},
        {"a.jpg", "\xff\xd8\xff\xe0...", "image/jpeg"}};
    for (const auto& [name, content, type] : good) {
        EXPECT_EQ(attachment_type(name, content), type) << name;
        for (const auto& [other, unused, other_type] : good) {
            if (other == name || other == "a.zip") continue;
            EXPECT_NE(attachment_type(other, content), type) << name << " as " << other;
        }
    }
}

TEST(AttachmentType, anything_else_is_refused) {
    const auto zip = archive({{"a", "b"}});
    for (const auto& [name, content] : std::vector<std::pair<std::string, std::string>>{
             {"a.exe", "MZ"},
             {"a.html", "<p>"},
             {"a.svg", "<svg/>"},
             {"a", "text"},
             {".txt", "text"},
             {"", "text"},
             {"a.txt", ""},
             {"a.txt", "a\0b"s},
             {"a.txt", "\xff\xfe"},
             {"a.csv", "\xa4\xa4\xa4\xe5"},
             {"a.json", "{\"a\":}"},
             {"a.json", "{} {}"},
             {"a.pdf", " %PDF-1.7"},
             {"a.png", "\x89PNG"},
             {"a.zip", zip.substr(0, zip.size() - 1)},
             {"a.zip", "MZ" + zip},
             {"a.zip", "PK\3\4"},
             {"a.odt", archive({})},
             {"a.docx", archive({{"word/document.xml", "<a/>"}})}})
        EXPECT_FALSE(attachment_type(name, content)) << name << ' ' << content;
}

}  // namespace
}  // namespace chaiqin::gateway
