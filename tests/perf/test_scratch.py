"""A measurement writes its files where --scratch says, and leaves nothing there."""

import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from measure import national  # noqa: E402


class Scratch(unittest.TestCase):
    def places_of(self, scratch):
        """Where a measurement with that --scratch is given a place."""
        places = []
        with mock.patch.object(national, "Country", lambda stack, place, scale, seed: Path(place)):
            measured = national.of_country(
                lambda place, _: places.append((place.is_dir(), place.parent))
            )
            measured(None, SimpleNamespace(scratch=scratch, scale=0.1, seed=3))
        return places

    def test_the_folder_need_not_exist(self):
        with tempfile.TemporaryDirectory() as there:
            wanted = Path(there) / "new" / "deeper"
            self.assertEqual(self.places_of(str(wanted)), [(True, wanted)])
            self.assertEqual(list(wanted.iterdir()), [])

    def test_a_folder_that_exists_is_used_and_without_one_that_of_the_system(self):
        with tempfile.TemporaryDirectory() as there:
            self.assertEqual(self.places_of(there), [(True, Path(there))])
        self.assertEqual(self.places_of(None), [(True, Path(tempfile.gettempdir()))])


if __name__ == "__main__":
    unittest.main(verbosity=2)
