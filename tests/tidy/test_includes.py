"""The direction of #include, and which folder may see which library's headers
(docs/architecture.md, CONTRIBUTING.md)."""

import re
import sys
import unittest

from tree import ROOT, files, includes, name

sys.path.insert(0, str(ROOT / "deploy" / "stack"))
from layout import SERVICES  # noqa: E402

# folder → the folders it may include besides its own; main.cpp and the commands of cli join
# everything.
PURE = {"domain"}
SERVICE = {"domain", "wire", "checking", "crypto", "identity", "rpc", "runtime"}
MAY_INCLUDE = {
    "domain": set(),
    "wire": PURE,
    "checking": {"wire", "domain"},
    "crypto": PURE,
    "identity": PURE,
    "runtime": PURE,
    "rpc": {"identity", "domain"},
    "kafka": {"runtime", "domain"},
    "postgres": {"runtime", "domain"},
    "smtp": {"runtime", "domain"},
    "webhooks": PURE,
    **{name: SERVICE for name in SERVICES},
    "query": SERVICE | {"postgres"},
    "cli": SERVICE | {"kafka", "postgres", "smtp"},
}
# Generated code and who may include it. Answers of the query service keep their one shape from its
# readers to the gateway's JSON (ADR 0013).
GENERATED = {"chaiqin/event/": {"wire"}, "chaiqin/query/": {"rpc", "query", "gateway"}}
# Heavy or foreign headers: the folders whose .cpp files may include them; never in a header.
ADAPTERS = {
    "librdkafka/": {"kafka"},
    "pqxx/": {"postgres"},
    "grpc": {"rpc", "query"},
    "prometheus/": {"runtime"},
    "spdlog/": {"runtime"},
    "CLI/": {"runtime", "cli"},
    "cjose/": {"crypto", "identity"},
    "jansson.h": {"crypto", "identity"},
    "curl/": {"smtp", "webhooks", "identity", "cli"},
    "openssl/": {"crypto", "identity"},
    "sodium.h": {"crypto"},
    "lz4": {"crypto", "wire"},
    "rapidjson/writer": {"wire", "runtime", "gateway", "cli"},
    "rapidjson/": {"checking", "wire", "gateway", "cli", "identity", "kafka", "runtime"},
    "libpq-fe.h": {"postgres"},
    "xlsxwriter.h": {"gateway"},
    "zip.h": {"gateway"},
    "pugixml.hpp": {"gateway"},
}
HEAVY = (
    "librdkafka/", "pqxx/", "libpq-fe.h", "grpc", "rapidjson/", "spdlog/",
    "xlsxwriter.h", "zip.h", "pugixml.hpp",
)
# Rooms of the gateway: room → what it may include of the other rooms, whole rooms or single
# headers. Only the files that join the rooms (gateway.cpp, main.cpp) stand outside of them.
GATEWAY_ROOMS = {
    "http": set(), "work": set(), "auth": {"http", "login"},
    "login": {"http", "work"}, "pages": {"http"},
    "ingest": {
        *("work", "http/big5.hpp", "http/body.hpp"),
        *("http/header_value.hpp", "http/target.hpp"),
    },
    "reading": {"http", "ingest/pending_receipts.hpp"},
    "export": {"http", "work", "reading"},
    "http_api": {"http", "work", "auth", "ingest"},
    "webhooks": {"http", "work"},
    "announcements": {
        *("http", "work", "ingest/file_name.hpp", "ingest/multipart.hpp"),
        "ingest/uploaded_file.hpp",
    },
}
# What the .cpp files of one adapter share; nobody else includes them.
PRIVATE_HEADERS = {"kafka/client.hpp", "postgres/pq.hpp"}
NOT_IN_DOMAIN = {
    "clock": r"(system|steady)_clock::now",
    "environment": r"getenv",
    "randomness": r"<random>|\brand\(",
    "output": r"std::c(err|out|log)|\bf?printf\(",
}


def folder(path):
    parts = name(path).split("/")
    return "gateway" if parts[0] == "gateway" else parts[1]


def short_name(path):
    """As it is written in an #include."""
    return name(path).removeprefix("services/")


def joins_everything(path):
    return path.name == "main.cpp"


class Includes(unittest.TestCase):
    def test_every_folder_includes_only_what_its_place_allows(self):
        wrong = []
        for path in files(".cpp", ".hpp"):
            own = folder(path)
            for number, target, quoted in includes(path):
                other = target.split("/")[0]
                if not quoted or other == own or other not in MAY_INCLUDE or joins_everything(path):
                    continue
                if other not in MAY_INCLUDE[own]:
                    wrong.append(f"{name(path)}:{number}: {own} may not include {target}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_no_service_includes_another_service(self):
        for path in files(".cpp", ".hpp"):
            for number, target, quoted in includes(path):
                other = target.split("/")[0]
                if quoted and folder(path) in SERVICES and other in SERVICES:
                    self.assertEqual(other, folder(path), f"{name(path)}:{number}: {target}")

    def test_the_rooms_of_the_gateway_include_each_other_in_one_direction(self):
        wrong = []
        for path in files(".cpp", ".hpp", under=("gateway",)):
            parts = name(path).split("/")
            if len(parts) == 2:
                continue
            own = parts[1]
            self.assertIn(own, GATEWAY_ROOMS, f"{name(path)}: a room that the table does not know")
            for number, target, quoted in includes(path):
                if not quoted or not target.startswith("gateway/"):
                    continue
                other = target.removeprefix("gateway/")
                if not {other, other.split("/")[0]} & (GATEWAY_ROOMS[own] | {own}):
                    wrong.append(f"{name(path)}:{number}: {own} may not include {target}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_generated_code_stops_where_it_may(self):
        for path in files(".cpp", ".hpp"):
            for number, target, _ in includes(path):
                for prefix, owners in GENERATED.items():
                    if target.startswith(prefix):
                        self.assertIn(folder(path), owners, f"{name(path)}:{number}: {target}")

    def test_library_headers_stand_in_the_cpp_files_of_their_adapter(self):
        wrong = []
        for path in files(".cpp", ".hpp"):
            for number, target, quoted in includes(path):
                for prefix, owners in ADAPTERS.items():
                    if quoted or not target.startswith(prefix):
                        continue
                    if folder(path) not in owners:
                        wrong.append(
                            f"{name(path)}:{number}: {target} belongs to"
                            f" {', '.join(sorted(owners))}"
                        )
                    elif (
                        path.suffix == ".hpp"
                        and prefix in HEAVY
                        and short_name(path) not in PRIVATE_HEADERS
                    ):
                        wrong.append(f"{name(path)}:{number}: {target} in a header")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_an_adapters_private_header_is_included_by_its_cpp_files_alone(self):
        for path in files(".cpp", ".hpp"):
            for number, target, quoted in includes(path):
                if quoted and target in PRIVATE_HEADERS and short_name(path) not in PRIVATE_HEADERS:
                    place = f"{name(path)}:{number}: {target}"
                    self.assertEqual(
                        (folder(path), path.suffix), (target.split("/")[0], ".cpp"), place
                    )

    def test_domain_knows_no_clock_no_environment_no_randomness_and_writes_nothing(self):
        for path in files(".cpp", ".hpp", under=("services/domain",)):
            if path.name == "failure.cpp":  # the sentence of an abort
                continue
            text = path.read_text()
            for what, pattern in NOT_IN_DOMAIN.items():
                found = re.search(pattern, text)
                self.assertIsNone(found, f"{name(path)}: {what}: {found and found[0]}")


if __name__ == "__main__":
    unittest.main()
