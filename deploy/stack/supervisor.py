"""The supervisor of a stack: started once, asked over its Unix socket."""

import http.client
import os
import signal
import socket
import subprocess
import time
import xmlrpc.client
from pathlib import Path

from parts import SUPERVISED
from progress import Failed, Unusable, wait_for

ALREADY_STARTED, NOT_RUNNING = 60, 70  # faults of its interface
CONFIG_ERROR = 78  # a program that ends so is not started again (program.conf.in)
STOP_WITHIN_S = 30  # a program has 20 s (program.conf.in) before it is killed


class _Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path):
        super().__init__()
        self._path = path

    def make_connection(self, host):
        self._connection = host, _Connection(self._path)
        return self._connection[1]

    def request(self, *arguments, **options):
        """One call, one connection: nothing stays open between calls."""
        try:
            return super().request(*arguments, **options)
        finally:
            self.close()


class Supervisor:
    def __init__(self, layout):
        self.layout = layout
        transport = _Transport(str(layout.socket))
        self.rpc = xmlrpc.client.ServerProxy("http://localhost", transport=transport).supervisor

    def runs(self):
        try:
            return self.rpc.getState()["statename"] == "RUNNING"
        except PermissionError as refused:
            raise Unusable(
                f"the stack in {self.layout.dir} belongs to another user", 4
            ) from refused
        except (OSError, http.client.HTTPException):
            return False

    def start_daemon(self):
        """Starts it, or lets a running one read its configuration again."""
        if self.runs():
            self._reload()
            return
        self.layout.socket.unlink(missing_ok=True)
        log = self.layout.log("supervisord")
        done = subprocess.run(
            [
                "/usr/bin/python3",
                "/usr/bin/supervisord",
                "-c",
                str(self.layout.dir / "supervisord.conf"),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.layout.dir,
            check=False,
        )
        if done.returncode:
            raise Failed(
                "supervisor", (done.stderr or done.stdout).strip()[-400:], log, "read its log"
            )
        wait_for("supervisor", "answering", self.runs, 20, log, "read its log")

    def _reload(self):
        added, changed, removed = self.rpc.reloadConfig()[0]
        for name in [*changed, *removed]:
            self.rpc.stopProcessGroup(name)
            self.rpc.removeProcessGroup(name)
        for name in [*changed, *added]:
            self.rpc.addProcessGroup(name)

    def processes(self):
        """name → what the supervisor knows of it; {} when there is no supervisor."""
        try:
            return {p["name"]: p for p in self.rpc.getAllProcessInfo()}
        except PermissionError as refused:
            raise Unusable(
                f"the stack in {self.layout.dir} belongs to another user", 4
            ) from refused
        except (OSError, http.client.HTTPException):
            return {}

    def start(self, name):
        try:
            self.rpc.startProcess(name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != ALREADY_STARTED:
                raise Failed(
                    name, fault.faultString, self.layout.log(name), f"deploy/part start {name}"
                ) from fault

    def ask_to_stop(self, name):
        """From here on it is not started again by the supervisor."""
        try:
            self.rpc.stopProcess(name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != NOT_RUNNING:
                raise Failed(
                    name, fault.faultString, self.layout.log(name), f"deploy/part stop {name} --now"
                ) from fault

    def stop(self, *names, now=False):
        """Stops parts together; they stay down until started. `now`: SIGKILL, for PostgreSQL
        immediate mode."""
        for name in names:
            pid = self.processes().get(name, {}).get("pid")
            if now and pid:
                self._stop_now(name, pid)
            else:
                self.ask_to_stop(name)
        for name in names:
            wait_for(
                name,
                "stopped",
                lambda name=name: self._has_stopped(name),
                STOP_WITHIN_S,
                self.layout.log(name),
                f"deploy/part stop {name} --now",
            )

    def _stop_now(self, name, pid):
        """The process sleeps while the supervisor learns that its end is wanted: so it neither
        hears the polite signal nor is it started again."""
        signal_process(pid, signal.SIGSTOP)
        self.ask_to_stop(name)
        signal_process(pid, signal.SIGQUIT if name == "postgresql" else signal.SIGKILL)
        signal_process(pid, signal.SIGCONT)

    def _has_stopped(self, name):
        """One that had just died when it was asked comes back (EXITED, then RUNNING), and is asked
        again."""
        process = self.processes().get(name, {})
        state = process.get("statename", "STOPPED")
        if state in ("RUNNING", "STARTING", "BACKOFF"):
            self.ask_to_stop(name)
        return state in ("STOPPED", "FATAL") or has_given_up(process)

    def shut_down(self, *groups):
        """Stops the parts group by group, then the supervisor."""
        if not self.runs():
            return
        known = self.processes()
        for group in groups:
            self.stop(*(name for name in group if name in known))
        pid = self.rpc.getPID()
        self.rpc.shutdown()
        wait_for(
            "supervisor",
            "ended",
            lambda: not is_alive(pid),
            STOP_WITHIN_S,
            self.layout.log("supervisord"),
            f"look at process {pid}",
        )


def has_given_up(process):
    """The program has said that its configuration is wrong, and nobody starts it again."""
    return process.get("statename") == "EXITED" and process["exitstatus"] == CONFIG_ERROR


def started_at(process):
    """The supervisor knows the second alone; a file may be written in the same one."""
    try:
        ticks = int(Path(f"/proc/{process['pid']}/stat").read_text().rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0])
    except OSError:
        return process["start"]
    exact = time.time() - uptime + ticks / os.sysconf("SC_CLK_TCK")
    return min(max(exact, process["start"]), process["start"] + 1)


def signal_process(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has ended by itself


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def end_orphans(layout):
    """Parts whose supervisor was killed: known by their environment, ended by their process id."""
    mark = f"{SUPERVISED}={layout.dir}".encode()
    orphans = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                orphans.append(int(entry.name))
        except OSError:
            continue
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in filter(is_alive, orphans):
            signal_process(pid, number)
        end = time.monotonic() + 15
        while any(map(is_alive, orphans)) and time.monotonic() < end:
            time.sleep(0.1)
    return len(orphans)
