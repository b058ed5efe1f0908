"""PostgreSQL, Kafka, issuer and mail sink: made once, started, waited for."""
import json
import os
import pwd
import socket
import subprocess
import urllib.error
import urllib.request

from layout import BUILD, ROLES
from parts import POSTGRES_BIN, kafka_jars
from progress import Failed, Step, wait_for


def port_open(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def http_ok(url):
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _as_postgres():
    """How to run a program as the cluster's user, which is never root."""
    if os.getuid():
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def make_cluster(layout):
    if (layout.postgres / "PG_VERSION").exists():
        return
    with Step("making the PostgreSQL cluster"):
        layout.postgres.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.getuid():
            user = pwd.getpwnam("postgres")
            os.chown(layout.postgres, user.pw_uid, user.pw_gid)
            link = layout.dir / "postgres"
            link.unlink(missing_ok=True)
            link.symlink_to(layout.postgres)
        done = subprocess.run([f"{POSTGRES_BIN}/initdb", "-D", str(layout.postgres), "-U", "chaiqin", "--pwfile=/dev/stdin", "-A", "scram-sha-256",
                               "--locale=C.UTF-8", "-E", "UTF8"], input=layout.secrets()["owner"], text=True, capture_output=True, **_as_postgres())
        if done.returncode:
            raise Failed("postgresql", "initdb: " + done.stderr.strip()[-400:], None, "deploy/down --wipe, then deploy/up")
        with open(layout.postgres / "postgresql.conf", "a") as handle:
            handle.write(f"""
# chaiqin: a private cluster on loopback TCP alone
listen_addresses = '127.0.0.1'
port = {layout.port('postgresql', 'postgres')}
unix_socket_directories = ''
max_connections = 120
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = lz4
default_toast_compression = lz4
shared_buffers = 1GB
work_mem = 32MB
maintenance_work_mem = 256MB
effective_cache_size = 8GB
max_wal_size = 8GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off
""")


def psql(layout, sql, database="chaiqin", check=True):
    environment = {**os.environ, "PGPASSWORD": layout.secrets()["owner"], "PGCONNECT_TIMEOUT": "3"}
    done = subprocess.run([f"{POSTGRES_BIN}/psql", "-h", "127.0.0.1", "-p", str(layout.port("postgresql", "postgres")), "-U", "chaiqin", "-d", database,
                           "-qAt", "-v", "ON_ERROR_STOP=1", "-f", "-"], input=sql, text=True, capture_output=True, env=environment)
    if check and done.returncode:
        raise Failed("postgresql", done.stderr.strip()[-400:], layout.logs / "postgresql.log", "deploy/status")
    return done


def make_database(layout):
    if not psql(layout, "SELECT 1 FROM pg_database WHERE datname = 'chaiqin'", "postgres").stdout.strip():
        psql(layout, "CREATE DATABASE chaiqin", "postgres")


def set_passwords(layout):
    """After the migrations have made the roles."""
    secrets = layout.secrets()
    psql(layout, "".join(f"ALTER ROLE {role} PASSWORD '{secrets[role]}';\n" for role in ROLES))


def format_kafka(layout):
    if (layout.kafka / "data" / "meta.properties").exists():
        return
    classpath = f"{kafka_jars()}/*"
    done = subprocess.run(["java", "-XX:TieredStopAtLevel=1", "-cp", classpath, "kafka.tools.StorageTool", "format", "-t", "Y2hhaXFpbi1sb2NhbC0wMQ",
                           "-c", str(layout.kafka / "server.properties")], capture_output=True, text=True)
    if done.returncode:
        raise Failed("kafka", (done.stdout + done.stderr).strip()[-400:], None, "deploy/down --wipe, then deploy/up")


def wait_for_all(layout):
    logs = layout.logs
    wait_for("postgresql", "answering", lambda: psql(layout, "SELECT 1", "postgres", check=False).returncode == 0, 60, logs / "postgresql.log", "deploy/status")
    if layout.own_issuer:
        wait_for("issuer", "answering", lambda: http_ok(layout.issuer_url + "/.well-known/openid-configuration"), 30, logs / "issuer.log", "deploy/part restart issuer")
    wait_for("smtp", "listening", lambda: port_open(layout.port("smtp", "smtp")), 30, logs / "smtp.log", "deploy/part restart smtp")
    wait_for("kafka", "listening", lambda: port_open(layout.port("kafka", "broker")), 60, logs / "kafka.log", "deploy/part restart kafka")


def chaiqin(layout, *arguments, timeout=300):
    environment = {**os.environ, "CHAIQIN_CONFIG": str(layout.config / "chaiqin.conf")}
    return subprocess.run([str(BUILD / "bin" / "chaiqin"), *arguments], capture_output=True, text=True, timeout=timeout, env=environment)


def chaiqin_or_fail(layout, part, *arguments, tries=1):
    for left in range(tries - 1, -1, -1):
        done = chaiqin(layout, *arguments)
        if done.returncode == 0:
            return done.stdout
        if not left or done.returncode not in (3, 75):
            raise Failed(part, f"chaiqin {' '.join(arguments)}: {done.stderr.strip()[-600:] or done.stdout.strip()[-600:]}", layout.logs / f"{part}.log", "deploy/status")
    return ""


def readiness(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError, json.JSONDecodeError):
        return False
