"""Which person ids and agency codes belong to whom.

Several tests, generated worlds and the demo share one store. Each of them has persons and agencies
that no other has, so that none finds rows that it did not send. Every range stands here;
`tests/support/test_owned.py` holds them apart.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path

LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # in the order of the values 10 to 35
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CITIZEN, RESIDENT = "12", "89"  # the second character of an id
_STARTED = int(time.time())
OPERATOR = "Z00000001A"  # agency of the operator's token; its role decides, not its code


def in_base_36(number, length):
    if not 0 <= number < 36**length:
        raise ValueError(f"{number} has more than {length} digits")
    return "".join(DIGITS[number // 36**power % 36] for power in reversed(range(length)))


def person_id(letter, second, number):
    """A made-up id with a right check digit; `number` has seven digits."""
    code = 10 + LETTERS.index(letter)
    digits = f"{second}{number:07d}"
    total = code // 10 + code % 10 * 9 + sum(int(d) * w for d, w in zip(digits, range(8, 0, -1)))
    return f"{letter}{digits}{(10 - total % 10) % 10}"


@dataclass(frozen=True)
class Persons:
    """The ids with one of `letters`, then one of `seconds`, then a number in `numbers`, counted
    through."""

    letters: str
    seconds: str
    numbers: range

    def __len__(self):
        return len(self.letters) * len(self.seconds) * len(self.numbers)

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(f"person {index} of {len(self)}")
        rest, number = divmod(index, len(self.numbers))
        letter, second = divmod(rest, len(self.seconds))
        return person_id(self.letters[letter], self.seconds[second], self.numbers[number])

    def of_this_run(self, count):
        """Ids that no earlier run of this program had."""
        first = _STARTED % (len(self) // count) * count
        return [self[first + i] for i in range(count)]

    def meets(self, other):
        return bool(
            set(self.letters) & set(other.letters)
            and set(self.seconds) & set(other.seconds)
            and range(
                max(self.numbers[0], other.numbers[0]), min(self.numbers[-1], other.numbers[-1]) + 1
            )
        )


@dataclass(frozen=True)
class Agencies:
    """The codes that begin with `prefix` and end with a letter."""

    prefix: str

    def __getitem__(self, index):
        return f"{self.prefix}{in_base_36(index, 9 - len(self.prefix))}A"

    def of_this_run(self, count):
        """Codes that no earlier run of this program had."""
        run = in_base_36(_STARTED, 8 - len(self.prefix))
        return [f"{self.prefix}{run}{in_base_36(i, 1)}A" for i in range(count)]

    def meets(self, other):
        return self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix)


@dataclass(frozen=True)
class World:
    """Of a world that chaiqin-generate makes: the numbers of its agencies and of its persons."""

    agencies: range
    persons: range

    def options(self):
        return ["--first-agency", str(self.agencies[0]), "--first-person", str(self.persons[0])]

    def meets(self, other):
        return any(
            range(max(a[0], b[0]), min(a[-1], b[-1]) + 1)
            for a, b in ((self.agencies, other.agencies), (self.persons, other.persons))
        )


# chaiqin-generate spreads its persons over all letters and both digits of citizens: 52 to each
# seven-digit number.
GENERATED_PERSONS = Persons(LETTERS, CITIZEN, range(1_000_000))
GENERATED_AGENCIES = Agencies("Z0")  # Z, eight digits, A
WORLDS = {
    "demo": World(range(1, 100), range(1_000, 10_000)),  # of deploy/up
    "month": World(range(1_000, 2_000), range(100_000, 500_000)),
    "chaos": World(range(2_000, 3_000), range(700_000, 2_000_000)),
    "country": World(range(100_000, 200_000), range(3_000_000, 6_000_000)),
}
_PEOPLE = Path(__file__).resolve().parents[3] / "deploy" / "oidc" / "people.json"
# Who can log in at the local issuer, by their `sub`. Their agencies are those of the demo.
PEOPLE = {person["sub"]: person for person in json.loads(_PEOPLE.read_text(encoding="utf-8"))}
STRANGERS = range(
    6_000_000, 9_000_000
)  # persons of the country's agencies whom only Table 19 knows

_HAND_MADE = range(1_000_000, 10_000_000)


def _block(place):
    return Persons("T", "1", range(1_000_000 + place * 1_000, 1_001_000 + place * 1_000))


PERSONS = {
    "sequences": Persons(LETTERS, RESIDENT, range(10_000_000)),
    "model": _block(0),
    "sending": _block(1),
    "revisions": _block(2),
    "hostile": _block(3),
    "commands": _block(4),
    "openapi": _block(5),
    "documented": _block(6),
    "checks": _block(7),
    "reading": _block(8),
    "records": _block(9),
    "upload": _block(10),
    "one_file": _block(11),
    "login": _block(12),
    "exports": _block(13),
    "feed": _block(17),
    "examples": _block(18),
    "fair_shares": _block(19),
    "webhooks": _block(16),
    "waiting": _block(20),
    "authorisation": _block(40),
    "hostile text": _block(41),
    "restore": _block(42),
    "two-gateways": _block(43),
    "privacy": Persons("Q", "1", _HAND_MADE),
    "records, new": Persons("U", "12", _HAND_MADE),
    "master_data": Persons("ABCDEFGHJKLMN", "12", _HAND_MADE),
    "rates": Persons("VW", "12", _HAND_MADE),
}
AGENCIES = {
    "hand-made": Agencies(
        "ZT"
    ),  # shared by the tests on a MadeStack, each of which has persons of its own
    "sequences": Agencies("ZP"),
    "nobody": Agencies("ZQ"),  # never registered
    "master_data": Agencies("ZU"),
    "master_data, deep": Agencies("ZV"),
    "master_data, rejected": Agencies("ZW"),
    "rates": Agencies("ZX"),
    "waiting": Agencies("ZR"),
    "hostile text": Agencies("ZY"),
}
