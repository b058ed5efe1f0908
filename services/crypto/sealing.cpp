#include "crypto/sealing.hpp"

#include <lz4frame.h>
#include <openssl/evp.h>

#include <memory>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"

namespace chaiqin::crypto {

namespace {

constexpr std::string_view magic = "CQ";
constexpr char without_facts = '1', with_facts = '2';
constexpr std::size_t before_key_id = magic.size() + 2, nonce_size = 12, tag_size = 16;
/// So often the directory is looked at, however many contents name a key that is missing.
constexpr std::chrono::milliseconds looks_every{500};

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

unsigned char* bytes(char* from) { return reinterpret_cast<unsigned char*>(from); }
const unsigned char* bytes(const char* from) {
    return reinterpret_cast<const unsigned char*>(from);
}

std::string associated(std::string_view owner, std::string_view id) {
    std::string text(owner);
    text += '\0';
    text += id;
    return text;
}

/// With facts it is a digest, which holds no zero byte: a content with facts and one without never
/// pass as each other, whatever owner and id somebody claims.
std::string associated(std::string_view owner, std::string_view id, std::string_view facts) {
    return sha256_hex(associated(owner, id) + '\0' + std::string(facts));
}

/// Two bytes, the higher one first.
void append_size(std::string& out, std::size_t size) {
    out += static_cast<char>(size >> 8 & 255);
    out += static_cast<char>(size & 255);
}

std::size_t size_at(std::string_view bytes) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8 |
           static_cast<unsigned char>(bytes[1]);
}

struct Layout {
    std::string key_id;
    std::optional<std::string_view> facts;
    std::string_view nonce, ciphertext, tag;
};

Layout layout_of(std::string_view sealed) {
    const auto need = [&](std::size_t bytes) {
        if (sealed.size() < bytes)
            throw domain::PermanentFailure("sealed content is not in our layout");
    };
    const auto take = [&](std::size_t bytes) {
        need(bytes);
        const auto taken = sealed.substr(0, bytes);
        sealed.remove_prefix(bytes);
        return taken;
    };
    Layout layout;
    const auto begin = take(before_key_id);
    const char version = begin[magic.size()];
    if (!begin.starts_with(magic) || (version != without_facts && version != with_facts))
        throw domain::PermanentFailure("sealed content is not in our layout");
    layout.key_id = take(static_cast<unsigned char>(begin.back()));
    if (!can_be_key_id(layout.key_id))
        throw domain::PermanentFailure("sealed content is not in our layout");
    if (version == with_facts) layout.facts = take(size_at(take(2)));
    layout.nonce = take(nonce_size);
    need(tag_size);
    layout.ciphertext = take(sealed.size() - tag_size);
    layout.tag = sealed;
    return layout;
}

/// What comes before the nonce.
std::string head_of(char version, const std::string& key_id) {
    std::string out(magic);
    out += version;
    out += static_cast<char>(key_id.size());
    out += key_id;
    return out;
}

std::string compress(std::string_view plain) {
    LZ4F_preferences_t preferences{};
    preferences.frameInfo.contentSize = plain.size();
    std::string out(LZ4F_compressFrameBound(plain.size(), &preferences), '\0');
    const auto size =
        LZ4F_compressFrame(out.data(), out.size(), plain.data(), plain.size(), &preferences);
    if (LZ4F_isError(size))
        domain::broken_invariant("LZ4 refuses to compress into a buffer of its own bound");
    out.resize(size);
    return out;
}

std::string decompress(std::string_view packed, std::size_t most) {
    LZ4F_dctx* raw = nullptr;
    LZ4F_createDecompressionContext(&raw, LZ4F_VERSION);
    const std::unique_ptr<LZ4F_dctx, decltype(&LZ4F_freeDecompressionContext)> context(
        raw, LZ4F_freeDecompressionContext);
    LZ4F_frameInfo_t info{};
    std::size_t used = packed.size();
    if (LZ4F_isError(LZ4F_getFrameInfo(raw, &info, packed.data(), &used)))
        throw domain::PermanentFailure("sealed content does not decompress");
    if (info.contentSize > most)
        throw domain::PermanentFailure("sealed content is larger than allowed");
    std::string out(info.contentSize, '\0');
    std::size_t in_size = packed.size() - used, out_size = out.size();
    const auto left =
        LZ4F_decompress(raw, out.data(), &out_size, packed.data() + used, &in_size, nullptr);
    if (LZ4F_isError(left) || left != 0 || out_size != out.size())
        throw domain::PermanentFailure("sealed content does not decompress");
    return out;
}

/// The head, then the nonce and what comes after it.
std::string sealed_with(std::string head, std::string_view plain, const std::string& key,
                        std::string_view data) {
    const auto packed = compress(plain);
    auto out = std::move(head);
    const auto nonce = random_bytes(nonce_size);
    out += nonce;
    const auto start = out.size();
    out.resize(start + packed.size() + tag_size);
    Cipher context(EVP_CIPHER_CTX_new());
    int size = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key.data()),
                       bytes(nonce.data()));
    EVP_EncryptUpdate(context.get(), nullptr, &size, bytes(data.data()),
                      static_cast<int>(data.size()));
    EVP_EncryptUpdate(context.get(), bytes(out.data() + start), &size, bytes(packed.data()),
                      static_cast<int>(packed.size()));
    EVP_EncryptFinal_ex(context.get(), nullptr, &size);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size,
                        out.data() + start + packed.size());
    return out;
}

}  // namespace

std::string Sealer::key_id(std::string_view sealed) { return layout_of(sealed).key_id; }

Sealer::Sealer(const Keyring& ring)
    : directory_(ring.directory), keys_(ring.seal), current_(ring.current_seal) {
    if (current_.empty() && !keys_.empty()) current_ = keys_.rbegin()->first;
}

/// The lock is held.
void Sealer::read_keys_again() const {
    const auto now = std::chrono::steady_clock::now();
    if (directory_.empty() || now - keys_read_ < looks_every) return;
    keys_read_ = now;
    keys_.merge(seal_keys_in(directory_));
}

std::pair<std::string, std::string> Sealer::current_key() const {
    const std::lock_guard lock(mutex_);
    if (keys_.empty()) domain::broken_invariant("sealing without a key");
    const auto now = std::chrono::steady_clock::now();
    if (!directory_.empty() && now - current_read_ >= looks_every) {
        current_read_ = now;
        const auto named = current_seal_in(directory_);
        if (!named.empty() && !keys_.contains(named)) read_keys_again();
        if (keys_.contains(named)) current_ = named;
    }
    return {current_, keys_.at(current_)};
}

std::string Sealer::key_with(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    if (!keys_.contains(id)) read_keys_again();
    if (const auto key = keys_.find(id); key != keys_.end()) return key->second;
    throw domain::DeploymentFailure(
        domain::waiting_for::seal_key,
        "content is sealed with key " + id + ", which is not in the key directory",
        "put seal-" + id + ".key into keys_dir of this process, with mode 0400");
}

std::string Sealer::seal(std::string_view plain, std::string_view owner,
                         std::string_view id) const {
    const auto [current, key] = current_key();
    return sealed_with(head_of(without_facts, current), plain, key, associated(owner, id));
}

std::string Sealer::seal_with_facts(std::string_view plain, std::string_view owner,
                                    std::string_view id, std::string_view facts) const {
    if (facts.size() > 0xffff) domain::broken_invariant("facts of a seal are longer than 65,535");
    const auto [current, key] = current_key();
    auto head = head_of(with_facts, current);
    append_size(head, facts.size());
    head += facts;
    return sealed_with(std::move(head), plain, key, associated(owner, id, facts));
}

std::string Sealer::open(std::string_view sealed, std::string_view owner, std::string_view id,
                         std::size_t most) const {
    return open_with_facts(sealed, owner, id, most).content;
}

OpenedContent Sealer::open_with_facts(std::string_view sealed, std::string_view owner,
                                      std::string_view id, std::size_t most) const {
    const auto layout = layout_of(sealed);
    const auto key = key_with(layout.key_id);
    std::string packed(layout.ciphertext.size(), '\0');
    const auto data = layout.facts ? associated(owner, id, *layout.facts) : associated(owner, id);
    Cipher context(EVP_CIPHER_CTX_new());
    int size = 0;
    std::string tag(layout.tag);
    EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key.data()),
                       bytes(layout.nonce.data()));
    EVP_DecryptUpdate(context.get(), nullptr, &size, bytes(data.data()),
                      static_cast<int>(data.size()));
    EVP_DecryptUpdate(context.get(), bytes(packed.data()), &size, bytes(layout.ciphertext.data()),
                      static_cast<int>(layout.ciphertext.size()));
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data());
    if (EVP_DecryptFinal_ex(context.get(), nullptr, &size) != 1)
        throw domain::PermanentFailure(
            "sealed content is damaged or belongs to another agency or submission");
    OpenedContent opened{decompress(packed, most), std::nullopt};
    if (layout.facts) opened.facts = *layout.facts;
    return opened;
}

std::string pack_file(std::string_view masked_name, std::string_view content) {
    std::string out;
    out.reserve(2 + masked_name.size() + content.size());
    append_size(out, masked_name.size());
    out += masked_name;
    out += content;
    return out;
}

PackedFile unpack_file(std::string_view packed) {
    if (packed.size() < 2) throw domain::PermanentFailure("packed file without a name");
    const std::size_t size = size_at(packed);
    if (packed.size() < 2 + size) throw domain::PermanentFailure("packed file is cut");
    return {packed.substr(2, size), packed.substr(2 + size)};
}

}  // namespace chaiqin::crypto
