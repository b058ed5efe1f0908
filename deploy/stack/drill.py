"""Loses PostgreSQL's last minutes, and then all of Kafka, in a stack of its own, and brings
everything back by the steps of docs/operations.md, "Restore". Prints what it proved and how long
that took."""

import argparse
import json
import subprocess
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import backup
import broker
import database
import demo
import demo_report
import story
from command import chaiqin_or_fail
from gateway_client import Gateway
from issuer_client import token
from layout import ROOT, Layout
from progress import Failed, Step, main
from supervisor import Supervisor
from waiting import wait_until_ready

PORT_BASE = 28800
MOMENT = "drill"
FILES, RECORDS, FILES_OF_KAFKA = 120, 12000, 30
FILES_FORGOTTEN = 5
JUDGED_WITHIN_S = 120


class Drill:
    def __init__(self, directory):
        self.layout = Layout(directory)
        self.supervisor = Supervisor(self.layout)
        self.gateway = Gateway(self.layout)
        self.operator = token(self.layout, demo.TOP_AGENCY, ["operator"], ttl_s=demo.TOKEN_S)
        self.last = demo.month_before(date.today())
        self.lines = []

    def proved(self, line):
        self.lines.append("  " + line)

    def files_of(self, month, files, records):
        """Directory, the files, what the generator knows, and who sends them."""
        sizes = {"files": files, "records": records}
        out, truth = demo.make(self.layout, month, sizes, self.last)
        senders = demo.Senders(self.layout, sorted({file["agency"] for file in truth["files"]}))
        return out, truth, senders

    def counted(self, ids, since):
        """Waits for the files and compares everything; seconds from `since` to the last one."""
        demo.wait_for_ends(self.layout, self.gateway, self.operator, ids)
        took = time.monotonic() - since
        self.proved(f"{len(set(ids))} of {len(ids)} accepted files were found again and counted")
        return took

    def compare(self, truth, month):
        equal, sentence = demo_report.compared_with_truth(
            self.gateway, self.operator, truth, month
        )
        if not equal:
            raise Failed("drill", sentence, None, "keep the stack with --keep and look")
        self.proved(sentence)
        self.proved("chaiqin verify: " + demo.verify(self.layout).splitlines()[-1])

    def chaiqin(self, *words):
        return chaiqin_or_fail(self.layout, "postgresql", *words, tries=5)

    def all_ready(self):
        wait_until_ready(self.layout, self.supervisor, *self.layout.services)

    def postgresql_set_back(self):
        out, truth, senders = self.files_of(self.last, FILES, RECORDS)
        third = len(truth["files"]) // 3
        early, later, last = (
            truth["files"][:third],
            truth["files"][third : 2 * third],
            truth["files"][2 * third :],
        )
        with Step("agencies, Table 19 and the first files"):
            demo.load_master_data(self.layout, self.gateway, self.operator, out)
            ids = demo.send(self.gateway, senders, out, early)
            demo.wait_for_ends(self.layout, self.gateway, self.operator, ids)
        with Step("base backup, more files, a moment to come back to, more files"):
            backup.base_backup(self.layout)
            ids += demo.send(self.gateway, senders, out, later[: third // 2])
            backup.name_moment(self.layout, MOMENT)
            moment = time.monotonic()
            ids += demo.send(self.gateway, senders, out, later[third // 2 :])
            time.sleep(2)
        with Step("PostgreSQL is lost, and set back to that moment, while files come in"):
            more = []
            flow = threading.Thread(
                target=lambda: more.extend(demo.send(self.gateway, senders, out, last))
            )
            flow.start()
            time.sleep(0.3)
            self.supervisor.stop("postgresql", now=True)
            lost = time.monotonic()
            backup.set_back(self.layout, MOMENT)
            self.supervisor.start("postgresql")
            wait_until_ready(self.layout, self.supervisor, "postgresql")
            self.chaiqin("recover")
            flow.join()
        with Step("everything is counted"):
            self.all_ready()
            self.lines.append(
                f"PostgreSQL was set back by {lost - moment:.1f} s while files came in:"
            )
            took = self.counted(ids + more, lost)
            self.compare(truth, self.last)
            self.proved(f"from the loss to the last file counted: {took:.1f} s; files lost: 0")

    def judged(self, ids):
        places = ", ".join(f"'{one}'" for one in ids)
        statement = f"SELECT count(*) FROM validation.submission WHERE submission_id IN ({places})"
        end = time.monotonic() + JUDGED_WITHIN_S
        while database.psql(self.layout, statement).stdout.strip() != str(len(ids)):
            if time.monotonic() > end:
                raise Failed("validator", "files are not judged", self.layout.log("validator"))
            time.sleep(0.2)

    def kafka_lost(self):
        month = story.months_before(self.last, 2)[0]
        out, truth, senders = self.files_of(month, FILES_OF_KAFKA, RECORDS // 4)
        matchers = self.layout.processes_of("agency_matcher")
        with Step("files that are judged, and that the matcher has not had"):
            self.supervisor.stop(*matchers)
            ids = demo.send(self.gateway, senders, out, truth["files"])
            self.judged(ids)
        with Step("Kafka loses everything, and the outbox a few of them"):
            self.supervisor.stop("kafka", now=True)
            lost = time.monotonic()
            forgotten = " OR ".join(f"event_id LIKE '{one}/%'" for one in ids[-FILES_FORGOTTEN:])
            database.psql(self.layout, f"DELETE FROM validation.outbox WHERE {forgotten}")
            broker.lose(self.layout)
            self.supervisor.start("kafka")
            wait_until_ready(self.layout, self.supervisor, "kafka")
            self.chaiqin("topics", "apply")
            self.chaiqin("recover")
            for matcher in matchers:
                self.supervisor.start(matcher)
            self.all_ready()
            replayed = json.loads(self.chaiqin("archive", "replay", "--json"))["count"]
        with Step("everything is counted"):
            self.lines.append("Kafka lost everything:")
            self.proved(f"`chaiqin archive replay` sent {replayed} files again")
            took = self.counted(ids, lost)
            self.compare(truth, month)
            self.proved(f"from the loss to the last file counted: {took:.1f} s; files lost: 0")


def body():
    parser = argparse.ArgumentParser(
        prog="deploy/drill", description=__doc__, epilog="example: deploy/drill --keep"
    )
    parser.add_argument("--dir", metavar="DIR", help="of the stack (default: a temporary one)")
    parser.add_argument(
        "--port-base",
        type=int,
        metavar="N",
        default=PORT_BASE,
        help=f"its first port (default {PORT_BASE})",
    )
    parser.add_argument("--keep", action="store_true", help="leave the stack as it is at the end")
    given = parser.parse_args()
    directory = Path(given.dir or tempfile.mkdtemp(prefix="chaiqin-drill-")).resolve()
    if given.dir and Layout(directory).memory is not None:
        parser.error(f"--dir: there is a stack in {directory}; a drill needs one of its own")
    where = ["--dir", str(directory)]
    up = [ROOT / "deploy/up", "--no-demo", "--port-base", str(given.port_base), *where]
    try:
        subprocess.run(up, check=True, stdout=subprocess.DEVNULL)
        drill = Drill(directory)
        drill.postgresql_set_back()
        drill.kafka_lost()
        print("\n".join(drill.lines))
    finally:
        if not given.keep:
            subprocess.run([ROOT / "deploy/down", "--wipe", *where], check=False)


if __name__ == "__main__":
    main(body)
