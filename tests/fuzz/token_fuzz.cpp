// A token or a JWK Set of any bytes: no crash, and nobody is let in, for no input is signed by the
// issuer.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "domain/failure.hpp"
#include "identity/jwks.hpp"
#include "identity/token_verifier.hpp"

namespace {

using namespace chaiqin;

/// Public halves of the example keys of RFC 7515 and 7517; no input is signed by this issuer.
constexpr const char* keys =
    R"({"keys":[{"kty":"EC","crv":"P-256","kid":"e",)"
    R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},)"
    R"({"kty":"RSA","kid":"r","e":"AQAB","n":")"
    R"(0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1)"
    R"(L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4)"
    R"(QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbO)"
    R"(pbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csF)"
    R"(Cur-kEgU8awapJzKnqDKgw"}]})";

const identity::TokenVerifier& verifier() {
    static const identity::TokenVerifier one = [] {
        const auto path =
            std::filesystem::temp_directory_path() / ("fuzz-jwks-" + std::to_string(getpid()));
        std::ofstream(path) << keys;
        return identity::TokenVerifier({.issuer = "https://issuer.example", .jwks_file = path});
    }();
    return one;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (verifier().verify(input)) {
        std::fprintf(stderr, "a token that nobody signed was taken\n");
        std::abort();
    }
    (void)identity::parse_jwks(input);
    return 0;
}
