"""The supervisor of a stack: started once, asked over its Unix socket."""
import http.client
import os
import signal
import socket
import subprocess
import time
import xmlrpc.client

from progress import Failed


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

    def make_connection(self, _host):
        return _Connection(self._path)


class Supervisor:
    def __init__(self, layout):
        self.layout = layout
        self.rpc = xmlrpc.client.ServerProxy("http://localhost", transport=_Transport(str(layout.socket))).supervisor

    def runs(self):
        try:
            return self.rpc.getState()["statename"] == "RUNNING"
        except (OSError, http.client.HTTPException):
            return False

    def start_daemon(self):
        """Starts it, or lets a running one read the configuration again."""
        if self.runs():
            added, changed, removed = self.rpc.reloadConfig()[0]
            for name in [*changed, *removed]:
                self.rpc.stopProcessGroup(name)
                self.rpc.removeProcessGroup(name)
            for name in [*changed, *added]:
                self.rpc.addProcessGroup(name)
            return
        self.layout.socket.unlink(missing_ok=True)
        subprocess.run(["/usr/bin/python3", "/usr/bin/supervisord", "-c", str(self.layout.dir / "supervisord.conf")], check=True,
                       stdin=subprocess.DEVNULL, cwd=self.layout.dir)
        for _ in range(100):
            if self.runs():
                return
            time.sleep(0.05)
        raise Failed("supervisor", "did not start", self.layout.logs / "supervisord.log", "read its log")

    def processes(self):
        try:
            return {p["name"]: p for p in self.rpc.getAllProcessInfo()}
        except (OSError, http.client.HTTPException):
            return {}

    def start(self, name):
        try:
            self.rpc.startProcess(name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != 60:  # already started
                raise Failed(name, fault.faultString, self.layout.logs / f"{name}.log", f"deploy/part start {name}") from fault

    def stop(self, name, now=False):
        """Stays down until started. `now`: SIGKILL, for PostgreSQL immediate mode."""
        if now and (pid := self.processes().get(name, {}).get("pid")):
            os.kill(pid, signal.SIGQUIT if name == "postgresql" else signal.SIGKILL)
        try:
            self.rpc.stopProcess(name, True)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != 70:  # not running
                raise Failed(name, fault.faultString, self.layout.logs / f"{name}.log", f"deploy/part stop {name} --now") from fault

    def shut_down(self):
        pid_file = self.layout.dir / "supervisord.pid"
        pid = int(pid_file.read_text()) if pid_file.exists() else None
        if not self.runs():
            return
        for group in (("gateway",), ("validator", "agency_matcher", "statistics_aggregator", "notification", "query"), None):
            for name in group or [n for n in self.processes()]:
                if name in self.processes():
                    try:
                        self.rpc.stopProcess(name, group == ("gateway",) or group is None)
                    except xmlrpc.client.Fault:
                        pass
        self.rpc.shutdown()
        for _ in range(600):
            if not self.runs() and (pid is None or not os.path.exists(f"/proc/{pid}")):
                return
            time.sleep(0.05)
        raise Failed("supervisor", "did not end within 30 s", self.layout.logs / "supervisord.log", f"look at process {pid}")
