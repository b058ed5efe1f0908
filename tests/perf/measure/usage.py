"""What a stretch of work costs: CPU-seconds and peak memory of every process of the stack, WAL
bytes, wall time."""

import os
import statistics
import subprocess
from pathlib import Path

from layout import Layout

TICKS = os.sysconf("SC_CLK_TCK")


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def say(name, values, unit="ms"):
    print(
        f"  {name:34} median {statistics.median(values):8.1f}  p99 {percentile(values, 0.99):8.1f} "
        f" range {min(values):.1f}–{max(values):.1f} {unit}  n={len(values)}",
        flush=True,
    )


def sql(stack, statement):
    """One value, asked as the owner of the database."""
    done = subprocess.run(
        [
            "/usr/lib/postgresql/15/bin/psql",
            Layout(stack.directory).conninfo("owner"),
            "-qAtc",
            statement,
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def peak_mib(pid):
    try:
        line = next(
            x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmHWM")
        )
        return int(line.split()[1]) // 1024
    except (OSError, StopIteration):
        return 0


def processes(stack):
    return [(p["name"], p["pid"]) for p in stack.status()["parts"] if p["pid"]]


class Usage:
    """From its making to `report`. Peaks are of this stretch alone; a process that started in it
    counts whole."""

    def __init__(self, stack):
        self.stack, self.before = stack, {}
        for _, pid in processes(stack):
            for one in self._family(pid):
                self._forget_peak(one)
            self.before[pid] = self._cpu(pid)
        self.wal = sql(stack, "SELECT pg_current_wal_lsn()")

    @staticmethod
    def _forget_peak(pid):
        try:
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        except OSError:
            pass  # ended, or not ours: its peak is then that of its life

    @staticmethod
    def _family(pid):
        """The process and its children, as PostgreSQL has them."""
        pids = [pid]
        try:
            for task in (Path("/proc") / str(pid) / "task").iterdir():
                pids += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            pass
        return pids

    def _cpu(self, pid):
        """Its own, its children's that live and its children's that ended."""
        total = 0
        for one in self._family(pid):
            try:
                fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
                total += (
                    int(fields[11])
                    + int(fields[12])
                    + (int(fields[13]) + int(fields[14]) if one == pid else 0)
                )
            except OSError:
                pass
        return total / TICKS

    def report(self):
        """Prints a line a process; returns the CPU-seconds of all."""
        total = 0
        for name, pid in processes(self.stack):
            used = self._cpu(pid) - self.before.get(pid, 0)
            total += used
            print(f"    {name:24} {used:7.2f} CPU-s   peak {peak_mib(pid):5d} MiB")
        wal = int(
            sql(self.stack, f"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '{self.wal}')::bigint")
        )
        print(f"    {'all parts':24} {total:7.2f} CPU-s   WAL {wal / 1e6:.0f} MB", flush=True)
        return total
