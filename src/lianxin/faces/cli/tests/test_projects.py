"""`lianxin projects match`: a file in, a file out, no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.matching_districts import weekly_district
from lianxin.faces.cli.main import main


def given(tmp_path: Path) -> Path:
    path = tmp_path / "in.json"
    path.write_text(json.dumps(weekly_district(1, communities=6, needs=30, offers=12)), encoding="utf-8")
    return path


def test_a_file_is_matched_without_a_database(tmp_path, capsys) -> None:
    source, out = given(tmp_path), tmp_path / "out.json"

    code = main(["projects", "match", "--input", str(source), "--out", str(out)])

    written = json.loads(out.read_text(encoding="utf-8"))
    assert code == 0
    assert written["kind"] == "weekly"
    assert written["proposals"]
    assert "of 30 people" in capsys.readouterr().out


def test_the_command_line_chooses_the_kind(tmp_path) -> None:
    source, out = given(tmp_path), tmp_path / "out.json"

    main(["projects", "match", "--input", str(source), "--out", str(out), "--kind", "monthly", "--seconds", "0"])

    assert json.loads(out.read_text(encoding="utf-8"))["kind"] == "monthly"


def test_matching_wakes_neither_django_nor_a_second_solver(tmp_path) -> None:
    program = (
        "import sys; from lianxin.faces.cli.main import main; code = main(sys.argv[1:]);"
        "print(code, sorted({'django.db', 'highspy', 'pandas'} & set(sys.modules)))"
    )
    out = str(tmp_path / "out.json")

    ran = subprocess.run(
        [sys.executable, "-c", program, "projects", "match", "--input", str(given(tmp_path)), "--out", out],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert ran.stdout.splitlines()[-1] == "0 []"


@pytest.mark.parametrize("text", ["{", '{"format": "lianxin-matching", "version": 1, "kind": "weekly"}'])
def test_a_bad_file_is_told_in_sentences_and_nothing_is_written(tmp_path, capsys, text: str) -> None:
    source, out = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(text, encoding="utf-8")

    code = main(["projects", "match", "--input", str(source), "--out", str(out)])

    assert code == 1
    assert "cannot be matched" in capsys.readouterr().err
    assert not out.exists()


def test_a_missing_file_is_told(tmp_path, capsys) -> None:
    code = main(["projects", "match", "--input", str(tmp_path / "none.json"), "--out", "-"])

    assert code == 1
    assert "none.json cannot be read" in capsys.readouterr().err
