import csv
import hashlib
import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[4] / "data"
MANIFEST = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["files"]


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_a_file_is_the_one_that_the_manifest_names(entry: dict[str, str]) -> None:
    content = (DATA / entry["file"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert all(entry[key] for key in ("what", "source", "date", "licence"))


@pytest.mark.parametrize(
    "entry", [entry for entry in MANIFEST if entry["file"].endswith(".csv")], ids=lambda e: e["file"]
)
def test_a_table_has_as_many_rows_as_the_manifest_says(entry: dict[str, str | int]) -> None:
    with (DATA / str(entry["file"])).open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == entry["rows"]


def test_every_file_is_in_the_manifest_and_in_the_readme() -> None:
    found = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}
    files = found - {"README.md", "manifest.json"}
    readme = (DATA / "README.md").read_text(encoding="utf-8")

    assert files == {entry["file"] for entry in MANIFEST}
    assert [name for name in sorted(files) if f"`{name}`" not in readme] == []


def test_every_measure_of_the_standard_says_where_its_number_comes_from() -> None:
    standard = json.loads((DATA / "centre_standard.json").read_text(encoding="utf-8"))

    groups = {group["code"] for group in standard["groups"]}
    for measure in standard["measures"]:
        assert measure["source"]
        assert measure["basis"] in standard["basis"]
        assert measure["comparison"] in standard["comparisons"]
        assert not measure["scored"] or measure["group"] in groups
    assert {measure["group"] for measure in standard["measures"] if measure["scored"]} == groups
