"""Kafka's log directory of a stack."""

import shutil
import subprocess

from parts import KAFKA_JARS
from progress import Failed

CLUSTER_ID = "Y2hhaXFpbi1sb2NhbC0wMQ"  # of the local broker; any 22 characters of base64


def format_log(layout):
    """Nothing if it is there."""
    if (layout.kafka / "data" / "meta.properties").exists():
        return
    done = subprocess.run(
        [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            f"{KAFKA_JARS}/*",
            "kafka.tools.StorageTool",
            "format",
            "-t",
            CLUSTER_ID,
            "-c",
            layout.kafka / "server.properties",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(
            "kafka",
            (done.stdout + done.stderr).strip()[-400:],
            None,
            "deploy/down --wipe, then deploy/up",
        )


def lose(layout):
    """Kafka is stopped. It starts with nothing, as after all replicas were lost."""
    shutil.rmtree(layout.kafka / "data", ignore_errors=True)
    format_log(layout)
