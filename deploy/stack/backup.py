"""A base backup of a stack's PostgreSQL, and the way back to a named moment after it.

In production the WAL goes to an archive on another machine; here the stopped cluster's own pg_wal
serves as the archive."""

import shutil
import subprocess

from database import as_database_user, give, psql
from parts import POSTGRES_BIN
from progress import Failed


def _beside(layout, name):
    return layout.postgres.resolve().with_name(f"{layout.postgres.resolve().name}-{name}")


def base_backup(layout):
    """Replaces an earlier one."""
    place = _beside(layout, "backup")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    give(place)
    done = subprocess.run(
        [
            POSTGRES_BIN / "pg_basebackup",
            "--pgdata",
            place,
            "--checkpoint=fast",
            "--wal-method=stream",
            f"--dbname=host=127.0.0.1 port={layout.port('postgresql', 'postgres')} user=chaiqin",
        ],
        env={"PGPASSWORD": layout.secrets()["owner"], "PATH": "/usr/bin:/bin"},
        text=True,
        capture_output=True,
        check=False,
        **as_database_user(),
    )
    if done.returncode:
        raise Failed("postgresql", "pg_basebackup: " + done.stderr.strip()[-400:], None, "read it")


def name_moment(layout, name):
    """A moment to come back to."""
    done = psql(layout, f"SELECT pg_create_restore_point('{name}')")
    if done.returncode:
        raise Failed("postgresql", done.stderr.strip()[-400:], None, "deploy/status")


def set_back(layout, name):
    """PostgreSQL is stopped. Once it is started it recovers to that moment."""
    data, backup, old = layout.postgres.resolve(), _beside(layout, "backup"), _beside(layout, "old")
    shutil.rmtree(old, ignore_errors=True)
    data.rename(old)
    shutil.copytree(backup, data, symlinks=True)
    with open(data / "postgresql.auto.conf", "a", encoding="utf-8") as settings:
        settings.write(
            f"restore_command = 'cp \"{old}/pg_wal/%f\" \"%p\"'\n"
            f"recovery_target_name = '{name}'\n"
            "recovery_target_action = 'promote'\n"
        )
    (data / "recovery.signal").touch()
    for path in (data, *data.rglob("*")):
        if not path.is_symlink():
            give(path)
    data.chmod(0o700)
