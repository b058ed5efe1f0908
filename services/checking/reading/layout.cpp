#include "checking/reading/layout.hpp"

#include <algorithm>
#include <deque>

#include "checking/reading/json_cursor.hpp"
#include "checking/reading/seen_texts.hpp"
#include "checking/reading/text.hpp"

namespace chaiqin::checking {

namespace {

/// The keys that an object has shown so far; small ones are compared one by one.
class SeenKeys {
public:
    explicit SeenKeys(SeededHash hash) : large_(hash) {}
    void clear() {
        small_.clear();
        if (!large_.empty()) large_.clear();
    }
    /// False: the key was there already. The view must stay valid.
    bool insert(std::string_view key) {
        if (small_.size() < most_small) {
            if (std::find(small_.begin(), small_.end(), key) != small_.end()) return false;
            small_.push_back(key);
            return true;
        }
        if (large_.empty()) {
            for (const auto& held : small_) large_.repeats(held, 1);
        }
        return !large_.repeats(key, 1);
    }

private:
    static constexpr std::size_t most_small = 32;
    std::vector<std::string_view> small_;
    SeenTexts large_;
};

struct Level {
    explicit Level(SeededHash hash) : keys(hash) {}
    bool is_object = false;
    /// Of the element, in an array.
    std::uint32_t index = 0;
    /// Of the member, in an object.
    std::string_view key;
    SeenKeys keys;
    /// This array is one of the two.
    Elements* elements = nullptr;
};

using Kind = SyntaxFault::Kind;

class LayoutScan {
public:
    LayoutScan(std::string_view bytes, SeededHash hash)
        : bytes_(bytes), cursor_(bytes), levels_(deepest_level, Level(hash)) {}

    ScannedFile run() {
        cursor_.skip_space();
        file_.layout.root_is_object = cursor_.peek() == '{';
        while (read_value() && !done_) continue;
        return std::move(file_);
    }

private:
    // Each leaves the cursor at the next value, or sets done_; false: there is a fault.
    bool read_value() {
        const char c = cursor_.peek();
        if (c == '{' || c == '[') return open(c == '{');
        JsonValue ignored;
        return cursor_.read_scalar(ignored) ? after_value() : fault(Kind::no_json);
    }

    bool open(bool is_object) {
        if (depth_ == deepest_level) return fault(Kind::too_deep);
        auto& level = levels_[depth_++];
        level.is_object = is_object;
        level.index = 0;
        level.keys.clear();
        level.elements = is_object ? nullptr : elements_opened();
        cursor_.take(is_object ? '{' : '[');
        cursor_.skip_space();
        if (cursor_.take(is_object ? '}' : ']')) {
            --depth_;
            return after_value();
        }
        if (is_object) return read_key();
        note_element();
        return true;
    }

    bool read_key() {
        auto& level = levels_[depth_ - 1];
        const auto at = cursor_.at();
        std::string_view key;
        if (!cursor_.read_string(key)) return fault(Kind::no_json);
        const bool is_view =
            key.data() >= bytes_.data() && key.data() < bytes_.data() + bytes_.size();
        level.key = is_view || key.empty() ? key : std::string_view(unescaped_.emplace_back(key));
        if (!level.keys.insert(level.key)) return fault(Kind::repeated_key);
        if (depth_ == 1) file_.layout.members.push_back(static_cast<std::uint32_t>(at));
        cursor_.skip_space();
        if (!cursor_.take(':')) return fault(Kind::no_json);
        cursor_.skip_space();
        return true;
    }

    bool after_value() {
        while (depth_ > 0) {
            auto& level = levels_[depth_ - 1];
            cursor_.skip_space();
            if (cursor_.take(',')) {
                cursor_.skip_space();
                if (level.is_object) return read_key();
                ++level.index;
                note_element();
                return true;
            }
            if (!cursor_.take(level.is_object ? '}' : ']')) return fault(Kind::no_json);
            --depth_;
        }
        cursor_.skip_space();
        done_ = true;
        return cursor_.at_end() || fault(Kind::no_json);
    }

    Elements* elements_opened() {
        if (depth_ != 2 || !levels_[0].is_object) return nullptr;
        const auto key = levels_[0].key;
        if (key != leave_records_key && key != overtime_records_key) return nullptr;
        auto& elements = file_.layout.of(key == leave_records_key ? domain::RecordKind::leave
                                                                  : domain::RecordKind::overtime);
        elements.is_array = true;
        return &elements;
    }

    void note_element() {
        auto* elements = levels_[depth_ - 1].elements;
        if (elements == nullptr) return;
        // Beyond the limit the file is refused (F10): counting is enough.
        if (elements->count++ < most_records)
            elements->at.push_back(static_cast<std::uint32_t>(cursor_.at()));
    }

    bool fault(Kind kind) {
        SyntaxFault fault{kind, cursor_.at(), {}, {}};
        if (kind == Kind::repeated_key) {
            for (std::size_t i = 0; i < depth_; ++i) {
                const auto& level = levels_[i];
                fault.pointer += "/" + (level.is_object ? pointer_token(shown_key(level.key))
                                                        : std::to_string(level.index));
            }
            fault.key = shown_key(levels_[depth_ - 1].key);
        }
        file_.fault = std::move(fault);
        return false;
    }

    std::string_view bytes_;
    JsonCursor cursor_;
    ScannedFile file_;
    std::vector<Level> levels_;
    std::size_t depth_ = 0;
    bool done_ = false;
    std::deque<std::string> unescaped_;
};

}  // namespace

ScannedFile scan_layout(std::string_view bytes, SeededHash hash) {
    return LayoutScan(bytes, hash).run();
}

LinePosition line_position(std::string_view bytes, std::size_t at) {
    const auto before = bytes.substr(0, at);
    LinePosition position;
    position.line += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const auto line_start = before.rfind('\n');
    position.code_point +=
        code_points(line_start == std::string_view::npos ? before : before.substr(line_start + 1));
    return position;
}

}  // namespace chaiqin::checking
