"""`lianxin voice`: the file formats of docs/voting-formats.md, and a sentence with exit code 2 for what is wrong."""

import csv
import json
from pathlib import Path

import pytest

from lianxin.faces.cli.main import main


def written(path: Path, rows: list[list[str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def votes(path: Path) -> str:
    rows = [["voter", "statement", "vote", "at"]]
    for number in range(12):
        for statement, camp in enumerate([1, 1, -1, -1, 1, -1, 1, 1]):
            said = 1 if statement == 0 else camp if number % 2 else -camp
            rows.append([f"p{number}", f"s{statement}", str(said), "2026-05-19T20:00:00+08:00"])
    rows.append(["p0", "s0", "-1", "2026-05-19T19:59:00+08:00"])
    return written(path, rows)


def register(path: Path, *rows: str) -> str:
    return written(path, [["flat", "area", "owners", "voted", "choice"], *(row.split(",") for row in rows)])


def test_opinion_map_is_written_in_the_documented_form(tmp_path):
    out = tmp_path / "out.json"

    code = main(["voice", "opinion-map", votes(tmp_path / "in.csv"), "--groups", "2", "--out", str(out)])

    answer = json.loads(out.read_text(encoding="utf-8"))
    assert code == 0
    assert {answer["groups"][f"p{number}"] for number in range(0, 12, 2)} != {answer["groups"]["p1"]}
    assert set(answer["groups"].values()) == {"1", "2"}
    lamps = answer["statements"]["s0"]
    assert lamps["consensus_agree"] == pytest.approx((7 / 8) ** 2, rel=1e-12)
    assert lamps["groups"]["1"] == {
        "agree": 6,
        "disagree": 0,
        "seen": 6,
        "repness_agree": 1.0,
        "repness_disagree": 1.0,
    }


def test_same_votes_give_the_same_file(tmp_path):
    source = votes(tmp_path / "in.csv")

    for name in ("a", "b"):
        main(["voice", "opinion-map", source, "--out", str(tmp_path / name)])

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["voter", "statement", "vote"]], "no column called at"),
        ([["voter", "statement", "vote", "at"]], "no votes"),
        ([["voter", "statement", "vote", "at"], ["a", "s", "2", "1"]], "line 2: 2 is no vote"),
        ([["voter", "statement", "vote", "at"], ["a", "s", "1", "soon"]], "line 2: soon is no moment"),
        ([["voter", "statement", "vote", "at"], ["", "s", "1", "1"]], "line 2: the voter"),
        ([["voter", "statement", "vote", "at"], ["a", "s", "1", "1"]], "1 voters cannot make 2 groups"),
    ],
)
def test_votes_that_cannot_be_read_are_refused_with_their_line(tmp_path, capsys, rows, words):
    code = main(["voice", "opinion-map", written(tmp_path / "in.csv", rows), "--groups", "2"])

    assert code == 2
    assert words in capsys.readouterr().err


def test_assent_is_recomputed_from_the_register(tmp_path, capsys):
    source = register(
        tmp_path / "in.csv",
        "101,8950,陈阿明;林秀,yes,agree",
        "102,8950,林秀、陈阿明,是,同意",
        "103,12000,王强,proxy:老王,agree",
        "104,12000,李梅,代:老王,反对",
        "105,9000,赵云,no,",
    )

    code = main(["voice", "assent", source])

    answer = json.loads(capsys.readouterr().out)
    assert code == 0
    assert answer["whole"] == {"area": 50900, "heads": 4}
    assert (answer["took_part"]["area"], answer["took_part"]["heads_share"]) == (41900, "3/4")
    assert answer["took_part"]["enough"] is True
    assert (answer["agree"]["area"], answer["agree"]["heads_share"]) == (29900, "2/3")
    assert (answer["ordinary"]["carried"], answer["major"]["carried"]) == (True, False)


def test_assent_leaves_out_what_a_proxy_brings_beyond_the_limit(tmp_path, capsys):
    source = register(tmp_path / "in.csv", *(f"{n},100,owner {n},proxy:老王,agree" for n in range(4)))

    main(["voice", "assent", source, "--proxy-limit", "3"])

    answer = json.loads(capsys.readouterr().out)
    assert [one["flat"] for one in answer["uncounted"]] == ["3"]
    assert answer["took_part"]["heads"] == 3


def test_register_with_wrong_rows_is_not_counted_and_every_row_is_named(tmp_path, capsys):
    source = register(
        tmp_path / "in.csv",
        "1,89.5,a,yes,agree",
        "2,-5,b,yes,agree",
        "3,100,,yes,agree",
        "4,100,d,perhaps,agree",
        "5,100,e,yes,maybe",
        "6,100,f,no,agree",
        "7,100,g,yes,agree",
        "7,100,h,yes,agree",
        *(f"{n},0,x,yes,agree" for n in range(10, 1002)),
    )

    code = main(["voice", "assent", source, "--out", str(tmp_path / "out.json")])

    said = capsys.readouterr().err
    assert code == 2
    assert not (tmp_path / "out.json").exists()
    for words in (
        "line 2: the area of 1 is 89.5",
        "line 3: the area of 2",
        "line 4: flat 3 has no owner",
        "line 5: perhaps",
        "line 6: maybe",
        "line 7: 6 did not vote",
        "line 9: flat 7 stands here a second time",
        "989 more",
    ):
        assert words in said
