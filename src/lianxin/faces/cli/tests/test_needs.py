"""`lianxin needs`: files in, files out, and a sentence with exit code 2 for what cannot be read."""

import csv
from pathlib import Path

import pytest

from lianxin.faces.cli.main import main

SAID = ["楼下路灯不亮，晚上出去怕摔", "", "阿公想剃头，行不去店里", "巷子里黑漆漆，没路灯"]


def written(path: Path, rows: list[list[str]], *, encoding: str = "utf-8") -> str:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_each_wish_gets_its_categories_in_its_place(tmp_path, encoding):
    source = written(tmp_path / "in.csv", [["来源", " Text"], *(["网格", said] for said in SAID)], encoding=encoding)

    code = main(["needs", "classify", source, "--out", str(tmp_path / "out.csv")])

    rows = read(tmp_path / "out.csv")
    assert code == 0
    assert list(rows[0]) == [
        "text", *(f"category_{n}" for n in range(1, 6)), *(f"score_{n}" for n in range(1, 6)), "sure",
    ]  # fmt: skip
    assert [row["text"] for row in rows] == SAID
    assert [row["category_1"] for row in rows] == ["E05", "", "D01", "E05"]
    assert [row["sure"] for row in rows] == ["true", "false", "true", "true"]
    assert all(1 >= float(row["score_1"]) >= float(row["score_5"]) >= 0 for row in rows if row["score_1"])


def test_near_repeats_are_named_by_id_with_the_words_they_share(tmp_path, capsys):
    source = written(
        tmp_path / "in.csv",
        [["id", "text", "category"], ["a", SAID[0], "公共设施维护"], ["b", SAID[2], ""], ["", SAID[3], "e05"]],
    )

    code = main(["needs", "similar", source, "--k", "2"])

    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert code == 0
    assert [(row["id"], row["category"], row["near_1"], row["near_2"]) for row in rows] == [
        ("a", "E05", "3", ""),
        ("b", "D01", "", ""),
        ("3", "E05", "a", ""),
    ]
    assert "路灯" in rows[0]["shared_1"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no column called text"),
        ("内容\n路灯不亮\n".encode(), "no column called text; its first line has: 内容"),
        (b"text,text\na,b\n", "column text more than once"),
        ('text\n"路灯\n'.encode(), "line 2: the table is damaged"),
        ("text,id\n路灯,不亮,1\n".encode(), "line 2: more cells than columns"),
        (b"text\n\xff\xff\xff\n", "no text in UTF-8 or GB18030"),
        (b"text\na\x00b\n", "no text in UTF-8 or GB18030"),
        (b"PK\x03\x04rest", "Save it as CSV"),
    ],
    ids=["empty", "no text", "twice", "quote", "cells", "bytes", "nul", "workbook"],
)
def test_a_file_that_cannot_be_read_ends_with_a_sentence_and_writes_nothing(tmp_path, capsys, content, sentence):
    (tmp_path / "in.csv").write_bytes(content)

    code = main(["needs", "classify", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv")])

    assert code == 2
    assert sentence in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_what_is_not_there_and_what_cannot_be_written_are_told(tmp_path, capsys):
    source = written(tmp_path / "in.csv", [["text"], ["想理发"]])

    codes = [
        main(["needs", "classify", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out.csv")]),
        main(["needs", "similar", source, "--out", str(tmp_path / "no" / "folder.csv")]),
    ]

    said = capsys.readouterr().err
    assert codes == [2, 2]
    assert "cannot be read" in said
    assert "cannot be written" in said


@pytest.mark.parametrize("k", ["0", "-1", "51", "five"])
def test_a_count_out_of_range_is_wrong_usage(tmp_path, capsys, k):
    with pytest.raises(SystemExit) as end:
        main(["needs", "similar", str(tmp_path / "in.csv"), "--k", k])

    assert end.value.code == 2
    assert "is not a number from 1 to 50" in capsys.readouterr().err
