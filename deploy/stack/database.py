"""The private PostgreSQL cluster of a stack: made once, its settings written at every start, its
roles' passwords."""

import os
import pwd
import subprocess
import tempfile

from layout import SERVICES, write
from parts import POSTGRES_BIN, postgres_user, rendered
from progress import Failed, Step


def as_database_user():
    """Arguments that make subprocess run a program as the cluster's user."""
    if not postgres_user():
        return {}
    user = pwd.getpwnam(postgres_user())
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def give(path):
    if postgres_user():
        user = pwd.getpwnam(postgres_user())
        os.chown(path, user.pw_uid, user.pw_gid)


def _can_enter(directory):
    return (
        subprocess.run(
            ["/usr/bin/test", "-x", str(directory)], check=False, **as_database_user()
        ).returncode
        == 0
    )


def _make_directory(layout):
    """In the state directory, or outside with a link where the database's user cannot enter
    that."""
    if _can_enter(layout.dir):
        layout.postgres.mkdir(mode=0o700, exist_ok=True)
    else:
        layout.outside_postgres.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        layout.outside_postgres.mkdir(mode=0o700, exist_ok=True)
        layout.postgres.unlink(missing_ok=True)
        layout.postgres.symlink_to(layout.outside_postgres)
    give(layout.postgres.resolve())


def _initdb(layout):
    with tempfile.NamedTemporaryFile("w") as password:  # mode 0600, and it is gone afterwards
        password.write(layout.secrets()["owner"])
        password.flush()
        give(password.name)
        return subprocess.run(
            [
                POSTGRES_BIN / "initdb",
                "-D",
                layout.postgres.resolve(),
                "-U",
                "chaiqin",
                f"--pwfile={password.name}",
                "-A",
                "scram-sha-256",
                "--locale=C.UTF-8",
                "-E",
                "UTF8",
                "--data-checksums",
            ],
            text=True,
            capture_output=True,
            check=False,
            **as_database_user(),
        )


def make_cluster(layout):
    if not (layout.postgres / "PG_VERSION").exists():
        with Step("making the PostgreSQL cluster"):
            _make_directory(layout)
            done = _initdb(layout)
            if done.returncode:
                raise Failed(
                    "postgresql",
                    "initdb: " + done.stderr.strip()[-400:],
                    None,
                    "deploy/down --wipe, then deploy/up",
                )
    settings = layout.postgres.resolve() / "chaiqin.conf"
    write(
        settings,
        rendered(
            "postgres/postgresql.conf.in",
            postgres_port=layout.port("postgresql", "postgres"),
            postgres_sockets=layout.postgres_sockets,
        ),
    )
    give(settings)
    main = settings.with_name("postgresql.conf")
    if "chaiqin.conf" not in main.read_text():
        with open(main, "a", encoding="utf-8") as handle:
            handle.write("\ninclude = 'chaiqin.conf'\n")


def psql(layout, sql, database="chaiqin"):
    environment = {**os.environ, "PGPASSWORD": layout.secrets()["owner"], "PGCONNECT_TIMEOUT": "3"}
    return subprocess.run(
        [
            POSTGRES_BIN / "psql",
            "-h",
            "127.0.0.1",
            "-p",
            str(layout.port("postgresql", "postgres")),
            "-U",
            "chaiqin",
            "-d",
            database,
            "-qAtX",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            "-",
        ],
        input=sql,
        text=True,
        capture_output=True,
        env=environment,
        check=False,
    )


def answers(layout):
    return psql(layout, "SELECT 1", "postgres").returncode == 0


def _sql(layout, sql, database="chaiqin"):
    done = psql(layout, sql, database)
    if done.returncode:
        raise Failed(
            "postgresql", done.stderr.strip()[-400:], layout.log("postgresql"), "deploy/status"
        )
    return done.stdout.strip()


def make_database(layout):
    if not _sql(layout, "SELECT 1 FROM pg_database WHERE datname = 'chaiqin'", "postgres"):
        _sql(layout, "CREATE DATABASE chaiqin", "postgres")


def set_passwords(layout):
    """After the migrations have made the roles."""
    secrets = layout.secrets()
    _sql(layout, "".join(f"ALTER ROLE {role} PASSWORD '{secrets[role]}';\n" for role in SERVICES))
