"""The relays of a stack with --test-links do what they say: a fault run rests on them."""

import json
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from contextlib import suppress
from pathlib import Path

from tree import ROOT


def free_ports(count):
    """Ports that nobody listens on just now."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def echo(server):
    """Answers every connection with what it says, until the server is closed."""

    def one(connection):
        with connection, suppress(ConnectionError):
            while piece := connection.recv(4096):
                connection.sendall(piece)

    try:
        while True:
            threading.Thread(target=one, args=(server.accept()[0],), daemon=True).start()
    except OSError:
        pass


class Links(unittest.TestCase):
    def setUp(self):
        self.echo = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=echo, args=(self.echo,), daemon=True).start()
        self.control, self.way, other = free_ports(3)
        target = self.echo.getsockname()[1]
        self.scratch = tempfile.TemporaryDirectory()
        config = Path(self.scratch.name) / "links.json"
        config.write_text(
            json.dumps(
                {
                    "control": self.control,
                    "links": [
                        {"from": "a", "to": "b", "listen": self.way, "target": target},
                        {"from": "c", "to": "b", "listen": other, "target": target},
                    ],
                }
            )
        )
        self.other = other
        self.relay = subprocess.Popen(["/usr/bin/python3", ROOT / "deploy/stack/links.py", config])
        self.addCleanup(self.end)
        self.wait_for_control()

    def end(self):
        self.relay.kill()
        self.relay.wait()
        self.echo.close()
        self.scratch.cleanup()

    def wait_for_control(self):
        end = time.monotonic() + 20
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.control), timeout=5).close()
            except OSError:
                self.assertLess(time.monotonic(), end, "the relay does not start")
                time.sleep(0.05)

    def tell(self, words):
        with socket.create_connection(("127.0.0.1", self.control), timeout=5) as control:
            control.sendall(words.encode() + b"\n")
            return control.makefile().readline().strip()

    def connect(self, port=None):
        return socket.create_connection(("127.0.0.1", port or self.way), timeout=5)

    def says(self, connection, words=b"hello"):
        connection.sendall(words)
        return connection.recv(100)

    def test_bytes_pass_both_ways(self):
        with self.connect() as connection:
            self.assertEqual(self.says(connection), b"hello")

    def test_a_cut_link_resets_and_refuses_while_others_go_on(self):
        with self.connect() as connection, self.connect(self.other) as beside:
            self.assertEqual(self.says(connection), b"hello")
            self.assertEqual(self.tell("cut a b"), "ok")
            with self.assertRaises(ConnectionError):
                while self.says(connection):
                    pass
            with self.assertRaises(ConnectionRefusedError):
                self.connect()
            self.assertEqual(self.says(beside), b"hello")
        self.assertEqual(self.tell("heal a b"), "ok")
        with self.connect() as connection:
            self.assertEqual(self.says(connection), b"hello")

    def test_a_stalled_link_is_silent_and_delivers_when_it_heals(self):
        with self.connect() as connection:
            self.assertEqual(self.says(connection), b"hello")
            self.assertEqual(self.tell("stall a b"), "ok")
            connection.sendall(b"later")
            with self.connect() as fresh:  # taken, but nobody answers
                fresh.sendall(b"too")
                connection.settimeout(0.5)
                with self.assertRaises(TimeoutError):
                    connection.recv(100)
                self.assertEqual(self.tell("heal a b"), "ok")
                connection.settimeout(5)
                self.assertEqual((connection.recv(100), fresh.recv(100)), (b"later", b"too"))

    def test_a_reset_ends_connections_once(self):
        with self.connect() as connection:
            self.assertEqual(self.says(connection), b"hello")
            self.assertEqual(self.tell("reset a b"), "ok")
            with self.assertRaises(ConnectionError):
                while self.says(connection):
                    pass
        with self.connect() as connection:
            self.assertEqual(self.says(connection), b"hello")

    def test_resets_and_cuts_meet_connections_that_are_just_ending(self):
        for number in range(200):
            several = [self.connect() for _ in range(5)]
            for connection in several:
                connection.sendall(b"x")
                connection.close()
            self.assertEqual(self.tell("reset a b" if number % 2 else "cut a b"), "ok")
            self.assertEqual(self.tell("heal a b"), "ok")

    def test_unknown_links_and_words_are_told(self):
        self.assertEqual(self.tell("cut a c"), "no link from a to c")
        self.assertIn("cut|stall|heal|reset", self.tell("break a b"))


if __name__ == "__main__":
    unittest.main()
