"""A generated month: made by the product's seeded generator, sent as machine clients would, known
to the model."""

import csv
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import model, owned
from .stack import ROOT


class Month:
    def __init__(
        self,
        directory,
        month,
        seed=1,
        agencies=30,
        persons=600,
        files=60,
        records=6000,
        scale=None,
        world=owned.WORLDS["month"],
    ):
        self.directory = Path(directory)
        sizes = (
            ["--scale", str(scale)]
            if scale
            else [
                "--agencies",
                str(agencies),
                "--persons",
                str(persons),
                "--files",
                str(files),
                "--records",
                str(records),
            ]
        )
        subprocess.run(
            [
                str(ROOT / "build/release/bin/chaiqin-generate"),
                "--out",
                str(directory),
                "--month",
                month,
                "--seed",
                str(seed),
                *sizes,
                *world.options(),
                "--calendar",
                str(ROOT / "schemas/registry/office-calendar.json"),
            ],
            check=True,
            capture_output=True,
        )
        self.truth = json.loads((self.directory / "truth.json").read_text())
        self.files = self.truth["files"]
        self.table19 = model.Table19()
        with open(self.directory / "agencies.csv", encoding="utf-8", newline="") as handle:
            self.agencies = {row["org_code"] for row in csv.DictReader(handle)}

    def load_master_data(self, stack):
        operator = stack.operator()
        result = stack.load_registry(self.directory / "agencies.csv", operator)
        assert result["rejected_count"] == 0, result
        for path in sorted(self.directory.glob("table19-*.csv")):
            authority = path.stem.split("-")[1]
            load = stack.load_table19(authority, path, operator, force=True)
            assert load["state"] == "LOADED" and load["rejected_count"] == 0, load
            self.table19.load(authority, path)

    def tokens(self, stack):
        with ThreadPoolExecutor(4) as pool:
            agencies = sorted({f["agency"] for f in self.files})
            return dict(zip(agencies, pool.map(stack.token, agencies)))

    def read(self, file):
        return (self.directory / file["path"]).read_bytes()

    def send(self, stack, files, tokens, threads=4):
        """Submission ids in the order of `files`; a client repeats with its key until it has a
        receipt."""

        def one(file):
            return stack.submit_until_accepted(
                tokens[file["agency"]], self.read(file), Path(file["path"]).name
            )

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, files))

    def invalid_lines(self, stack, submission_id, token):
        findings = stack.pages(
            f"/api/v1/submissions/{submission_id}/findings?severity=error", token, "findings"
        )
        return {(f["kind"], f["index"]) for f in findings}

    def expected(self, stack, sent, tokens):
        """The model's counts over (file, submission id) pairs; INVALID lines as the findings name
        them, and they must be as many as the generator made."""
        store = model.Store()
        for file, submission_id in sent:
            invalid = self.invalid_lines(stack, submission_id, tokens[file["agency"]])
            assert len(invalid) == file["invalid"], (file, sorted(invalid))
            store.take(json.loads(self.read(file)), invalid)
        return model.monthly(store, self.table19)

    def truth_counts(self):
        counts = {}
        for cell in self.truth["counts"]:
            sums = counts.setdefault((cell["agency"], cell["month"], cell["kind"]), [0, 0])
            sums[0] += cell["records"]
            sums[1] += cell["minutes"]
        return counts
