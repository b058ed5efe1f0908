"""The personnel office of a fault run: Table 19 loads with changed persons in mid-stream, one after
the other, each told to the independent model once it is loaded. Its last act brings back what the
generator made.
"""

import csv
import http.client
import io
import queue
import threading
import time
from random import Random

PATIENCE_S = 300
CHANGED_OF_A_LOAD = 0.08  # of an authority's persons


class Careers:
    def __init__(self, stack, month, seed):
        self.stack, self.month, self.random = stack, month, Random(seed)
        self.operator = stack.operator()
        self.generated = {
            path.stem.split("-")[1]: path.read_text(encoding="utf-8")
            for path in sorted(month.directory.glob("table19-*.csv"))
        }
        self.loads, self.troubles = [], []
        self._asked = queue.Queue()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self):
        self._thread.start()

    def ask_for(self, what):
        self._asked.put(what)

    def finish(self):
        self._asked.put(None)
        self._thread.join()
        assert not self.troubles, self.troubles

    def _work(self):
        try:
            while what := self._asked.get():
                authority = self.random.choice(sorted(self.generated))
                if what == "snapshot":
                    self._load(authority, self.generated[authority], "snapshot")
                else:
                    self._load(authority, self._changed(authority), "changes")
        except Exception as trouble:  # noqa: BLE001 - reported by the run's own thread
            self.troubles.append(trouble)

    def bring_back(self):
        for authority, text in self.generated.items():
            self._load(authority, text, "snapshot")

    def _changed(self, authority):
        """Some persons in other posts: moved to another agency, gone in mid-month, or without any
        row."""
        rows = list(csv.DictReader(io.StringIO(self.generated[authority])))
        orgs = sorted({row["org_code"] for row in rows})
        persons = sorted({row["person_id"] for row in rows})
        chosen = set(self.random.sample(persons, max(1, int(len(persons) * CHANGED_OF_A_LOAD))))
        to_org = {person: self.random.choice(orgs) for person in sorted(chosen)}
        fate = {
            person: self.random.choice(["moved", "ended", "removed"]) for person in sorted(chosen)
        }
        year, month = self.month.truth["month"].split("-")
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        for person in sorted(person for person in chosen if fate[person] == "removed"):
            writer.writerow({"person_id": person, "seq": "0"})
        for row in rows:
            how = fate.get(row["person_id"], "removed")
            if how == "moved":
                writer.writerow({**row, "org_code": to_org[row["person_id"]]})
            elif how == "ended":
                end = f"{int(year) - 1911:03d}{month}15"
                writer.writerow({**row, "end_date": row["end_date"] or max(end, row["start_date"])})
        return out.getvalue()

    def _load(self, authority, text, mode):
        load_id = self._accepted(authority, text, mode)
        end, load = time.monotonic() + PATIENCE_S, None
        while time.monotonic() < end:
            load = self._read(load_id)
            if load and load["state"] != "RECEIVED":
                break
            time.sleep(0.3)
        assert load and load["state"] == "LOADED" and load["rejected_count"] == 0, load
        path = self.month.directory / f"load-{len(self.loads)}.csv"
        path.write_text(text, encoding="utf-8")
        self.month.table19.load(authority, path)
        self.loads.append(load_id)

    def _accepted(self, authority, text, mode):
        """As a machine client does: the load again until it is durable. A repeat changes
        nothing."""
        end, said = time.monotonic() + PATIENCE_S, None
        while time.monotonic() < end:
            try:
                answer = self.stack.call(
                    "POST",
                    f"/api/v1/table19/loads?mode={mode}&authority={authority}&force=true",
                    self.operator,
                    text.encode(),
                    {"Content-Type": "text/csv"},
                )
                if answer.status == 202:
                    return answer.json["load_id"]
                said = (answer.status, answer.body[:300])
                assert answer.status in (503, 429, 408), said
            except (OSError, http.client.HTTPException) as failure:
                said = failure
            time.sleep(0.3)
        raise AssertionError(f"the load of {authority} was not taken: {said}")

    def _read(self, load_id):
        try:
            answer = self.stack.get(f"/api/v1/table19/loads/{load_id}", self.operator)
        except (OSError, http.client.HTTPException):
            return None
        assert answer.status in (200, 503), (answer.status, answer.body[:300])
        return answer.json if answer.status == 200 else None

    def rematched(self):
        """Whether every load's changed persons have been matched again."""
        for load_id in self.loads[-1:]:
            load = self._read(load_id)
            if not load or load["rematch"]["done"] < load["rematch"]["persons"]:
                return False
        return True
