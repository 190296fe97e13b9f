"""Made-up people: names of the Teochew area, ID numbers and telephone numbers that belong to nobody."""

from __future__ import annotations

import json
from array import array
from bisect import bisect
from datetime import date
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from lianxin.engines.identity import resident_id_check_character

# Longhu is younger than many who live there: their numbers begin with the counties of their birth.
LOCAL_REGIONS = ("440507", "440511", "440515")
OLD_REGIONS = ("440521", "440524", "440520", "440522", "440523", "440527", "440502")
OTHER_REGIONS = ("445221", "445281", "441424", "421123", "362421", "430426", "522121", "511621")
DISTRICT_SINCE = 1991
# Sequence numbers that offices seldom give out: 800 to 999 (even: women, odd: men).
SEQUENCE_FROM, SEQUENCE_COUNT = 800, 100
# No operator has been given 154, as far as is published.
PHONE_PREFIX = "154"
FIRST_DAY = date(1900, 1, 1).toordinal()


class Names:
    """Draws names by age and sex, and ID numbers without repeating one."""

    def __init__(self, data_dir: Path) -> None:
        data: dict[str, Any] = json.loads((data_dir / "sample_names.json").read_text(encoding="utf-8"))
        self.addresses: dict[str, list[str]] = data["addresses"]
        self.organisations: dict[str, Any] = data["organisations"]
        self._surnames = [name for name, _weight in data["surnames"]]
        self._up_to = list(accumulate(weight for _name, weight in data["surnames"]))
        self._given: dict[str, list[dict[str, Any]]] = {"M": [], "F": []}
        for row in data["given"]:
            self._given[row["sex"]].append(row)
        self._used = array("B", bytes(2 * 60_000))

    def surname(self, dice: Random) -> str:
        """Draw a surname by its weight."""
        return self._surnames[bisect(self._up_to, dice.random() * self._up_to[-1])]

    def given(self, dice: Random, sex: str, born_in: int) -> str:
        """Draw a given name of the time."""
        rows = self._given[sex.upper()]
        row = next((row for row in rows if born_in <= row["born_to"]), rows[-1])
        second = dice.choice(row["second"])
        if dice.random() * 100 < row["single_percent"]:
            return second
        first = dice.choice(row["first"])
        return first + second if first != second else first + dice.choice(row["second"])

    def id_number(self, dice: Random, birth_on: date, sex: str, *, from_elsewhere: bool) -> str:
        """Give an ID number that nobody here has yet; its sequence says that it is made up."""
        place = 2 * (birth_on.toordinal() - FIRST_DAY) + (sex == "m")
        taken = self._used[place]
        self._used[place] = (taken + 1) % 256
        regions: tuple[str, ...]
        if from_elsewhere:
            regions = OTHER_REGIONS
        else:
            regions = LOCAL_REGIONS if birth_on.year >= DISTRICT_SINCE else OLD_REGIONS
        # The turn of the region follows the counter too, so that a full hundred goes on in the next region.
        region = regions[
            (dice.randrange(len(regions)) if taken < SEQUENCE_COUNT else taken // SEQUENCE_COUNT) % len(regions)
        ]
        sequence = SEQUENCE_FROM + 2 * (taken % SEQUENCE_COUNT) + (sex == "m")
        body = f"{region}{birth_on:%Y%m%d}{sequence}"
        return body + resident_id_check_character(body)


def phone_number(dice: Random) -> str:
    """Give a mobile number of a pool that no operator uses."""
    return f"{PHONE_PREFIX}{dice.randrange(10**8):08d}"
