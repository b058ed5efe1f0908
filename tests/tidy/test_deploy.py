"""The commands of the local stack: they parse, they refuse, and every committed configuration is a
good one."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest.mock import Mock, patch

from tree import ROOT, files

sys.path.insert(0, str(ROOT / "deploy" / "stack"))
import clock  # noqa: E402
import issuer_client  # noqa: E402
import parts  # noqa: E402
import layout as stack_layout  # noqa: E402
import status  # noqa: E402
import supervisor  # noqa: E402
import up  # noqa: E402
import waiting  # noqa: E402
from layout import LINKS, MOST_PROCESSES, SCALED, SERVICES, Layout  # noqa: E402

COMMANDS = ("up", "down", "status", "part", "token", "clock", "link", "drill")
PROGRAMS = Path(os.environ.get("CHAIQIN_PROGRAMS", ROOT / "build" / "release" / "bin"))


def command(name, *arguments):
    return subprocess.run(
        [ROOT / "deploy" / name, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Commands(unittest.TestCase):
    def test_shell_scripts_parse(self):
        for script in [
            *(ROOT / "deploy" / name for name in COMMANDS),
            ROOT / "deploy/setup.sh",
            ROOT / "tests/run",
            ROOT / ".ci/run",
        ]:
            done = subprocess.run(
                ["bash", "-n", script], capture_output=True, text=True, check=False
            )
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_python_files_parse(self):
        for path in files(".py", under=("deploy", "tests")):
            compile(path.read_text(), str(path), "exec")

    def test_every_command_explains_itself_with_an_example(self):
        for name in COMMANDS:
            done = command(name, "--help")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("example", done.stdout, name)

    def test_wrong_usage_is_2_and_no_stack_is_3(self):
        with tempfile.TemporaryDirectory() as nothing:
            self.assertEqual(command("status", "--dir", nothing).returncode, 3)
            self.assertEqual(command("part", "stop", "gateway", "--dir", nothing).returncode, 3)
            self.assertEqual(command("token", "Z00000001A", "--dir", nothing).returncode, 3)
            self.assertEqual(command("down", "--dir", nothing).returncode, 0)
        self.assertEqual(command("part", "break", "gateway").returncode, 2)
        self.assertEqual(command("token", "Z00000001A", "--role", "king").returncode, 2)
        self.assertEqual(command("up", "--jwks", "keys.json").returncode, 2)


class Configuration(unittest.TestCase):
    def layout(self, directory, **memory):
        layout = Layout(directory)
        layout.remember(port_base=8800, **memory)
        parts.write_service_configs(layout)
        parts.write_kafka_config(layout)
        parts.write_supervisor_config(layout)
        return layout

    def test_every_service_takes_the_configuration_that_the_stack_renders(self):
        for memory in (
            {},
            {"test_clock": True},
            {"test_links": True},
            {"issuer": "https://sso.example/"},
        ):
            with self.subTest(memory), tempfile.TemporaryDirectory() as scratch:
                layout = self.layout(scratch, **memory)
                for name in SERVICES:
                    done = subprocess.run(
                        [
                            PROGRAMS / parts.program_name(name),
                            "--config",
                            layout.config / f"{name}.conf",
                            "--check-config",
                        ],
                        capture_output=True,
                        text=True,
                        timeout=30,
                        check=False,
                    )
                    self.assertEqual(done.returncode, 0, f"{name}: {done.stdout}{done.stderr}")

    def test_secrets_are_for_the_owner_alone_and_stay(self):
        with tempfile.TemporaryDirectory() as scratch:
            layout = self.layout(scratch)
            secrets = layout.secrets()
            self.assertEqual(len(set(secrets.values())), len(SERVICES) + 4)
            for path in (layout.dir / "secrets.json", layout.config / "gateway.conf"):
                self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)
            self.assertEqual(Layout(scratch).secrets(), secrets)

    def test_a_seventh_service_in_several_processes_has_ports_of_its_own(self):
        more = {
            "SERVICES": (*SERVICES, "seventh"),
            "SCALED": (*SCALED, "seventh"),
            "LINKS": {
                **LINKS,
                ("seventh", "kafka"): "broker",
                ("seventh", "postgresql"): "postgres",
            },
            "_PORTS": {**stack_layout._PORTS, "seventh": {}},
        }
        with tempfile.TemporaryDirectory() as scratch, patch.multiple(stack_layout, **more):
            first = Layout(scratch)
            first.remember(port_base=8800, test_links=True, stage_processes=MOST_PROCESSES)
            ports = [port for _, port in first.all_ports]
            self.assertEqual(len(ports), len(set(ports)))
            first.remember(test_links=False, stage_processes=1)
            self.assertLess(max(port for _, port in first.all_ports), 8816)

    def test_two_port_bases_that_are_far_enough_apart_share_no_port(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            first, second = self.layout(one), self.layout(other)
            second.remember(port_base=8816)
            ports = [port for layout in (first, second) for _, port in layout.all_ports]
            self.assertEqual(len(ports), len(set(ports)))

    def test_a_stack_with_relays_and_all_processes_has_no_port_twice(self):
        with tempfile.TemporaryDirectory() as scratch:
            layout = self.layout(scratch, test_links=True, stage_processes=MOST_PROCESSES)
            ports = [port for _, port in layout.all_ports]
            self.assertEqual(len(ports), len(set(ports)))


class Supervision(unittest.TestCase):
    """On a supervisor that tells what this test says."""

    ended = {"statename": "EXITED", "exitstatus": 78, "spawnerr": "", "pid": 0, "start": 100}
    crashed = {**ended, "exitstatus": 70}

    def test_a_program_that_ends_with_78_is_not_started_again(self):
        program = (ROOT / "deploy/supervisor/program.conf.in").read_text()
        self.assertIn("autorestart=unexpected\nexitcodes=78\n", program)
        self.assertTrue(supervisor.has_given_up(self.ended))
        self.assertFalse(supervisor.has_given_up(self.crashed))
        self.assertFalse(supervisor.has_given_up({**self.ended, "statename": "RUNNING"}))
        self.assertFalse(supervisor.has_given_up({}))

    def test_a_start_fails_at_once_when_the_program_has_given_up(self):
        told = Mock(processes=lambda: {"validator": self.ended})
        self.assertIn("78", waiting._Endings(told, "validator").why())
        told.processes = lambda: {"validator": self.crashed}
        self.assertIsNone(waiting._Endings(told, "validator").why(), "it is started again")

    def test_the_status_quotes_what_a_program_said_that_has_given_up(self):
        with tempfile.TemporaryDirectory() as directory:
            log = Path(directory) / "validator.log"
            log.write_text('{"message":"x"}\nchaiqin-validator: brokers: is needed\n')
            self.assertEqual(
                status.said_last(log, "validator", self.ended),
                ["given up: it ended with 78", "chaiqin-validator: brokers: is needed"],
            )
            self.assertEqual(len(status.said_last(log, "validator", self.crashed)), 2)

    def test_a_part_is_outdated_only_by_a_file_that_is_newer_than_its_start(self):
        """The supervisor knows the second of a start alone: a file that was written in that second
        before the start once made a repeated deploy/up restart PostgreSQL."""
        with tempfile.NamedTemporaryFile() as before:
            time.sleep(0.05)
            with subprocess.Popen(["/usr/bin/sleep", "30"]) as process:
                try:
                    told = Mock()
                    told.processes.return_value = {
                        "postgresql": {"pid": process.pid, "start": int(time.time())}
                    }
                    made_of = {"postgresql": [Path(before.name)]}
                    self.assertEqual(list(up.outdated(told, made_of)), [])
                    time.sleep(0.05)
                    os.utime(before.name)
                    self.assertEqual(list(up.outdated(told, made_of)), ["postgresql"])
                finally:
                    process.terminate()


class Words(unittest.TestCase):
    def test_the_clock_takes_times_durations_and_real(self):
        self.assertEqual(clock.offset_us("real", 10, 5), 0)
        self.assertEqual(clock.offset_us("+1d2h", 10, 5), 26 * 3_600_000_000 + 5)
        self.assertEqual(clock.offset_us("1970-01-01T08:00:01+08:00", 400_000, 5), 600_000)
        for wrong in ("tomorrow", "2026-11-20", "+", "+5", "2026-11-20T10:00:00"):
            with self.assertRaises(ValueError, msg=wrong):
                clock.offset_us(wrong, 0, 0)

    def test_a_token_holds_for_a_time_with_a_unit(self):
        self.assertEqual(
            [issuer_client.seconds_of(text) for text in ("90s", "5m", "2h")], [90, 300, 7200]
        )
        for wrong in ("5", "0s", "8d", "-5m", "5 m"):
            with self.assertRaises(argparse.ArgumentTypeError, msg=wrong):
                issuer_client.seconds_of(wrong)

    def test_the_proxy_says_what_the_gateway_says(self):
        problems = (ROOT / "gateway/http/problems.cpp").read_text()
        begin = problems.index("{P::unavailable,")
        said = problems[begin : problems.index("},", begin)]
        away = dict(parts.GATEWAY_AWAY)
        self.assertEqual(away.pop("type"), "urn:chaiqin:problem:" + away["code"])
        for name, text in away.items():
            self.assertIn(str(text), said, name)


if __name__ == "__main__":
    unittest.main()
