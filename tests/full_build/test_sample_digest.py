"""One seed and one day give one district: the same digest in another process, with other keys, on another database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lianxin.platform import fingerprint
from tests.support import district

ROOT = Path(__file__).resolve().parents[2]
OTHER_HASHES = "4711"


def lianxin(folder: Path, *arguments: str) -> str:
    """Run the program beside this one: its own files and keys, on SQLite; gives what it printed."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LIANXIN_", "DJANGO_", "PYTEST_"))
    }
    environment |= {
        "LIANXIN_VAR_DIR": str(folder),
        "LIANXIN_DATABASE_URL": f"sqlite:///{folder}/beside.sqlite3",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONHASHSEED": OTHER_HASHES,
    }
    done = subprocess.run(
        [sys.executable, "-m", "lianxin", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.full_build
def test_the_same_district_is_built_elsewhere(
    small_district_with_points: district.SmallDistrict, tmp_path: Path
) -> None:
    whole, prints = fingerprint.of_district()

    lianxin(
        tmp_path,
        *("demo", "--whole", "--seed", str(district.SEED), "--today", str(small_district_with_points.today)),
        *("--communities", str(district.COMMUNITIES), "--residents", str(district.RESIDENTS)),
    )
    beside: dict[str, Any] = json.loads(lianxin(tmp_path, "verify", "--digest", "--json"))

    assert {one.table: one.digest for one in prints} == {
        name: told["digest"] for name, told in beside["tables"].items()
    }
    assert beside["digest"] == whole
    assert {one.table: one.rows for one in prints if one.table == "people.Person"} == {
        "people.Person": district.RESIDENTS
    }


def test_another_word_is_another_digest(small_district: district.SmallDistrict) -> None:
    before, _prints = fingerprint.of_district()
    small_district.cuiying.__class__.objects.filter(pk=small_district.cuiying.pk).update(short_name="翠英新村")

    after, _prints = fingerprint.of_district()

    assert after != before
