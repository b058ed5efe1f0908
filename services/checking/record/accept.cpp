#include "checking/record/accept.hpp"

#include <rapidjson/reader.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "checking/envelope/envelope.hpp"
#include "checking/envelope/table.hpp"
#include "checking/reading/seen_texts.hpp"
#include "checking/record/table.hpp"

namespace chaiqin::checking {

namespace {

constexpr bool belongs_to_identity(std::size_t index) {
    return index == key::record_no || index == key::record_seq;
}

/// All keys but those of the identity, which are looked at before.
template <const auto& Fields, std::size_t... I>
bool all_sound(const RecordFacts& facts, std::index_sequence<I...>) {
    return ((belongs_to_identity(I) || is_sound(Fields[I], facts.values[I], facts)) && ...);
}

template <const auto& Checks, std::size_t... I>
bool any_broken(const RecordFacts& facts, const World& world, const RuleBook& rules,
                std::index_sequence<I...>) {
    return ((rules.runs(Checks[I].code) && Checks[I].broken(facts, world)) || ...);
}

/// A key that may be absent and is holds nothing, not what the record before had.
template <const auto& Fields, std::size_t... I>
void clear_absent(RecordFacts& facts, KeySet seen, std::index_sequence<I...>) {
    const auto clear = [&](std::size_t index) {
        if (!seen.holds(index)) facts.values[index] = JsonValue{};
        return true;
    };
    (void)((Fields[I].required || clear(I)) && ...);
}

/// Every check of the table, on a record that has every required key and a sound identity.
template <const auto& Fields, const auto& Checks>
bool is_good(const RecordFacts& facts, const World& world, const RuleBook& rules) {
    return all_sound<Fields>(facts, std::make_index_sequence<Fields.size()>{}) &&
           !any_broken<Checks>(facts, world, rules, std::make_index_sequence<Checks.size()>{});
}

bool identity_is_sound(const RecordFacts& facts) {
    const auto& fields = common_fields;
    return is_sound(fields[key::record_no], facts.values[key::record_no], facts) &&
           is_sound(fields[key::record_seq], facts.values[key::record_seq], facts);
}

/// Equality of a listed key (6 to 16 characters, as all are) without a call.
inline bool same_key(std::string_view listed, std::string_view key) {
    const auto word = [](const char* at) {
        std::uint64_t value;
        std::memcpy(&value, at, sizeof value);
        return value;
    };
    if (listed.size() != key.size()) return false;
    if (listed.size() < sizeof(std::uint64_t)) return listed == key;
    const auto last = listed.size() - sizeof(std::uint64_t);
    return word(listed.data()) == word(key.data()) &&
           word(listed.data() + last) == word(key.data() + last);
}
static_assert(std::all_of(leave::fields.begin(), leave::fields.end(),
                          [](const auto& f) { return f.key.size() <= 16; }));
static_assert(std::all_of(overtime::fields.begin(), overtime::fields.end(),
                          [](const auto& f) { return f.key.size() <= 16; }));

/// Which key of a record comes next: mostly the one that followed last time.
class KeyFinder {
public:
    explicit KeyFinder(std::span<const RecordField> fields) : fields_(fields) {
        for (std::size_t i = 0; i < follows_.size(); ++i)
            follows_[i] = static_cast<std::uint8_t>(i);
    }
    static constexpr int unlisted = -1;

    void start() { last_ = 0; }
    int find(std::string_view key) {
        auto& guess = follows_[last_];
        if (guess >= fields_.size() || !same_key(fields_[guess].key, key)) {
            const auto found = search(key);
            if (found == unlisted) return unlisted;
            guess = static_cast<std::uint8_t>(found);
        }
        last_ = guess + std::size_t{1};
        return guess;
    }

private:
    int search(std::string_view key) const {
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (fields_[i].key == key) return static_cast<int>(i);
        }
        return unlisted;
    }

    std::span<const RecordField> fields_;
    /// [0] for the first key, [i + 1] for the one after key i.
    std::array<std::uint8_t, KeySet::most_keys + 1> follows_{};
    std::size_t last_ = 0;
};

/// RapidJSON's events turned into values; false from any of them ends the pass without a verdict.
class AcceptingReader {
public:
    AcceptingReader(std::string_view original, std::string& buffer, World& world,
                    const RuleBook& rules, SeededHash hash, LineWriters* writers, bool sender_known)
        : original_(original),
          stream_(buffer.data()),
          world_(world),
          rules_(rules),
          writers_(writers),
          sender_known_(sender_known),
          identities_{SeenTexts(hash), SeenTexts(hash)} {}

    Acceptance run() {
        rapidjson::Reader reader;
        const auto parsed =
            reader.Parse<rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag>(stream_,
                                                                                       *this);
        result_.complete = !parsed.IsError();
        return std::move(result_);
    }

    bool Null() { return scalar(ValueType::null); }
    bool Bool(bool truth) {
        if (region_ == Region::record && current_ >= 0) current_value().truth = truth;
        return scalar(ValueType::boolean);
    }
    bool Int(int value) { return integer(value); }
    bool Uint(unsigned value) { return integer(value); }
    bool Int64(std::int64_t value) { return integer(value); }
    bool Uint64(std::uint64_t value) {
        constexpr auto greatest = std::numeric_limits<std::int64_t>::max();
        return integer(value > static_cast<std::uint64_t>(greatest)
                           ? greatest
                           : static_cast<std::int64_t>(value));
    }
    bool Double(double) { return scalar(ValueType::number); }
    bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
    bool String(const char* text, rapidjson::SizeType length, bool) {
        if (region_ == Region::record && current_ >= 0)
            current_value().text = std::string_view(text, length);
        return scalar(ValueType::string);
    }

    bool Key(const char* text, rapidjson::SizeType length, bool) {
        const std::string_view key(text, length);
        if (region_ == Region::record) return record_key(key);
        if (region_ == Region::root) return root_key(key, text);
        result_.has_unlisted_keys = true;
        return true;
    }

    bool StartObject() {
        if (++depth_ > deepest_level) return false;
        switch (region_) {
            case Region::outside:
                region_ = Region::root;
                result_.layout.root_is_object = true;
                return true;
            case Region::array:
                region_ = Region::record;
                start_record();
                return true;
            case Region::record:
                nested(ValueType::object);
                [[fallthrough]];
            default:
                enter_foreign();
                return true;
        }
    }

    bool EndObject(rapidjson::SizeType) {
        --depth_;
        if (region_ == Region::record) {
            finish_record();
            region_ = Region::array;
        } else if (region_ == Region::foreign) {
            leave_foreign();
        }
        return true;
    }

    bool StartArray() {
        if (++depth_ > deepest_level) return false;
        if (region_ == Region::root && array_kind_) {
            region_ = Region::array;
            start_array();
            return true;
        }
        if (region_ == Region::array) add_doubt(next_index(), std::nullopt, std::nullopt);
        if (region_ == Region::record) nested(ValueType::array);
        enter_foreign();
        return true;
    }

    bool EndArray(rapidjson::SizeType) {
        --depth_;
        if (region_ == Region::array)
            region_ = Region::root;
        else if (region_ == Region::foreign)
            leave_foreign();
        return true;
    }

private:
    /// Where in the text the reader is. `array` is one of the two arrays, `record` an object in it,
    /// `foreign` a value that no check reads, or anything below one.
    enum class Region : std::uint8_t { outside, root, array, record, foreign };

    JsonValue& current_value() { return facts_.values[static_cast<std::size_t>(current_)]; }

    bool scalar(ValueType type) {
        if (region_ == Region::record)
            nested(type);
        else if (region_ == Region::array)
            add_doubt(next_index(), std::nullopt, std::nullopt);
        return true;
    }
    bool integer(std::int64_t value) {
        if (region_ == Region::record && current_ >= 0) current_value().integer = value;
        return scalar(ValueType::integer);
    }
    void nested(ValueType type) {
        if (current_ >= 0) current_value().type = type;
    }

    void enter_foreign() {
        if (region_ != Region::foreign) {
            foreign_from_ = region_;
            foreign_depth_ = depth_;
        }
        region_ = Region::foreign;
    }
    void leave_foreign() {
        if (depth_ < foreign_depth_) region_ = foreign_from_;
    }

    bool root_key(std::string_view key, const char* text) {
        // The text stands where it stood in the file: in-situ parsing only ever shortens it.
        const auto offset = static_cast<std::size_t>(text - stream_.head_) - 1;
        result_.layout.members.push_back(static_cast<std::uint32_t>(offset));
        array_kind_.reset();
        if (key == leave_records_key) array_kind_ = RecordKind::leave;
        if (key == overtime_records_key) array_kind_ = RecordKind::overtime;
        for (std::size_t i = 0; i < envelope_fields.size(); ++i) {
            if (envelope_fields[i].key != key) continue;
            const bool repeated = root_seen_.holds(i);
            root_seen_.add(i);
            return !repeated;
        }
        result_.has_unlisted_keys = true;
        return true;
    }

    bool record_key(std::string_view key) {
        current_ = finder().find(key);
        if (current_ < 0) {
            result_.has_unlisted_keys = record_has_unlisted_ = true;
            return true;
        }
        const auto index = static_cast<std::size_t>(current_);
        const bool repeated = seen_.holds(index);
        seen_.add(index);
        return !repeated;
    }

    void start_array() {
        auto& elements = result_.layout.of(*array_kind_);
        elements.is_array = true;
        facts_.kind = *array_kind_;
        if (sender_known_ || result_.sender_came_late) return;
        const Envelope envelope(original_, result_.layout.members);
        result_.sender_came_late = !envelope.tells_sender();
        if (result_.sender_came_late) return;
        world_.sender = envelope.sender(world_, rules_);
        sender_known_ = true;
    }

    std::uint32_t next_index() { return result_.layout.of(facts_.kind).count++; }
    KeyFinder& finder() { return facts_.kind == RecordKind::leave ? leave_keys_ : overtime_keys_; }

    void start_record() {
        record_at_ = static_cast<std::uint32_t>(stream_.Tell());
        index_ = next_index();
        seen_ = {};
        record_has_unlisted_ = false;
        finder().start();
    }

    void finish_record() {
        if (!sender_known_ || index_ >= most_records) return;
        const bool is_leave = facts_.kind == RecordKind::leave;
        constexpr auto leave_keys = required_keys_of(leave::fields),
                       overtime_keys = required_keys_of(overtime::fields);
        const auto required = is_leave ? leave_keys : overtime_keys;
        const bool has_identity =
            seen_.holds_all({key::record_no, key::record_seq}) && identity_is_sound(facts_);
        const bool repeats =
            has_identity && identities_[is_leave ? 0 : 1].repeats(facts_.text(key::record_no),
                                                                  facts_.integer(key::record_seq));
        const bool good = has_identity && !repeats && seen_.holds_all(required) &&
                          !record_has_unlisted_ && is_good_record();
        if (!good)
            add_doubt(index_, record_at_, repeats);
        else if (writers_ != nullptr)
            writers_->of(facts_.kind).append(index_, facts_);
    }

    bool is_good_record() {
        if (facts_.values[key::action].type != ValueType::string || facts_.text(key::action) != "A")
            return false;
        if (facts_.kind == RecordKind::leave) {
            clear_absent<leave::fields>(facts_, seen_,
                                        std::make_index_sequence<leave::fields.size()>{});
            derive_leave(facts_, world_.registry.leave_types);
            return is_good<leave::fields, leave::checks>(facts_, world_, rules_);
        }
        clear_absent<overtime::fields>(facts_, seen_,
                                       std::make_index_sequence<overtime::fields.size()>{});
        derive_overtime(facts_);
        return is_good<overtime::fields, overtime::checks>(facts_, world_, rules_);
    }

    void add_doubt(std::uint32_t index, std::optional<std::uint32_t> at,
                   std::optional<bool> repeats) {
        if (!sender_known_ || index >= most_records) return;
        auto& doubt =
            result_.of(facts_.kind)
                .emplace_back(Doubt{.index = index, .at = at, .identity_repeats = repeats});
        if (writers_ != nullptr) doubt.reserved_line = writers_->of(facts_.kind).reserve(index);
    }

    std::string_view original_;
    rapidjson::InsituStringStream stream_;
    World& world_;
    const RuleBook& rules_;
    LineWriters* writers_;
    bool sender_known_;
    Acceptance result_;
    std::array<SeenTexts, 2> identities_;
    KeyFinder leave_keys_{leave::fields}, overtime_keys_{overtime::fields};
    RecordFacts facts_;
    Region region_ = Region::outside, foreign_from_ = Region::outside;
    std::size_t depth_ = 0, foreign_depth_ = 0;
    std::optional<RecordKind> array_kind_;
    KeySet root_seen_, seen_;
    std::uint32_t record_at_ = 0, index_ = 0;
    int current_ = KeyFinder::unlisted;
    bool record_has_unlisted_ = false;
};

}  // namespace

Acceptance accept(std::string_view bytes, World& world, const RuleBook& rules, SeededHash hash,
                  LineWriters* writers, bool sender_known) {
    std::string buffer(bytes);
    return AcceptingReader(bytes, buffer, world, rules, hash, writers, sender_known).run();
}

}  // namespace chaiqin::checking
