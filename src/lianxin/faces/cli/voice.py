"""`lianxin voice opinion-map|assent FILE.csv`: results that anybody can work out again from the votes; no database."""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from lianxin.engines import opinions
from lianxin.engines.ballots import assent
from lianxin.faces.cli.csv_files import Unreadable, read_lines

VOTES = {"1": 1, "+1": 1, "1.0": 1, "0": 0, "-0": 0, "0.0": 0, "-1": -1, "-1.0": -1}
YES = {"yes", "y", "true", "1", "是", "已投", "本人", "in person", "voted"}
NO = {"", "no", "n", "false", "0", "否", "未投", "未送达", "not reached"}
PROXY = re.compile(r"^(?:proxy|by proxy|代|代投|委托)\s*[:：]\s*(?P<who>.+)$", re.IGNORECASE)
CHOICES = {
    **dict.fromkeys(("agree", "yes", "for", "1", "同意", "赞成", "是"), assent.Choice.AGREE),
    **dict.fromkeys(("against", "disagree", "no", "oppose", "-1", "不同意", "反对", "否"), assent.Choice.AGAINST),
    **dict.fromkeys(("abstain", "abstained", "0", "弃权", ""), assent.Choice.ABSTAIN),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `voice` takes."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    draw = acts.add_parser("opinion-map", help="find who votes alike and what all share", description=_draw.__doc__)
    draw.add_argument("file", type=Path, help="CSV with the columns voter, statement, vote (1, 0 or -1) and at")
    draw.add_argument("--groups", type=_number, metavar="N", help="how many groups (default: as many as lie apart)")
    draw.add_argument("--out", type=Path, metavar="FILE.json", help="where the answer goes (default: the screen)")
    draw.set_defaults(work=_draw)
    count = acts.add_parser("assent", help="recompute owners' assent by head and area", description=_count.__doc__)
    count.add_argument("file", type=Path, help="CSV with the columns flat, area (in 0.01 m²), owners, voted and choice")
    count.add_argument("--proxy-limit", type=_number, metavar="N", help="for how many flats one proxy may speak")
    count.add_argument("--out", type=Path, metavar="FILE.json", help="where the answer goes (default: the screen)")
    count.set_defaults(work=_count)


def run(options: argparse.Namespace) -> int:
    """Read the file, answer, write; a file that cannot be read or written ends with a sentence and exit code 2."""
    work: Callable[[argparse.Namespace], dict[str, Any]] = options.work
    try:
        _write(options.out, work(options))
    except Unreadable as error:
        print(f"lianxin: {error}", file=sys.stderr)
        return 2
    return 0


def _draw(options: argparse.Namespace) -> dict[str, Any]:
    """Give the group of each voter, and for each statement the consensus over groups and what sets each group apart."""
    lines = read_lines(options.file, wanted=("voter", "statement", "vote", "at"))
    if not lines:
        raise Unreadable(f"{options.file} has no votes.")
    sheet = opinions.keep_latest(_vote(options.file, line, row) for line, row in lines)
    try:
        found = opinions.find_groups(sheet, groups=options.groups)
    except ValueError as error:
        raise Unreadable(f"{options.file}: {error}") from None
    return opinions.in_figures(found.groups, opinions.weigh(sheet, found.groups))


def _vote(path: Path, line: int, row: dict[str, str]) -> opinions.Vote:
    voter, statement, said = row["voter"].strip(), row["statement"].strip(), row["vote"].strip()
    if not voter or not statement:
        raise Unreadable(f"{path}, line {line}: the voter or the statement is missing.")
    if said not in VOTES:
        raise Unreadable(f"{path}, line {line}: {said[:40] or 'nothing'} is no vote. Write 1, 0 or -1.")
    return opinions.Vote(voter, statement, VOTES[said], _moment(path, line, row["at"].strip()))


def _moment(path: Path, line: int, text: str) -> Fraction:
    """Read a moment: seconds since 1970, or a date and time (UTC where it names no zone)."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        pass
    try:
        at = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise Unreadable(
            f"{path}, line {line}: {text[:40] or 'nothing'} is no moment. Write 2026-05-19T20:00:00+08:00, or seconds."
        ) from None
    gone = (at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return Fraction(gone.days * 86400 + gone.seconds) + Fraction(gone.microseconds, 1_000_000)


def _count(options: argparse.Namespace) -> dict[str, Any]:
    """Give who took part and who agrees, by area and by head, and whether an ordinary and a major matter is carried."""
    lines = read_lines(options.file, wanted=("flat", "area", "owners", "voted", "choice"))
    if not lines:
        raise Unreadable(f"{options.file} has no flats.")
    wrong: list[str] = []
    flats: dict[str, assent.Flat] = {}
    for line, row in lines:
        try:
            flat = _flat(row)
            if flat.flat in flats:
                raise ValueError(f"flat {flat.flat} stands here a second time")
            flats[flat.flat] = flat
        except ValueError as error:
            wrong.append(f"line {line}: {error}")
    if wrong:
        more = f" And {len(wrong) - 10} more." if len(wrong) > 10 else ""
        raise Unreadable(f"{options.file} was not counted. " + "; ".join(wrong[:10]) + "." + more)
    return assent.in_figures(assent.count_assent(list(flats.values()), proxy_limit=options.proxy_limit))


def _flat(row: dict[str, str]) -> assent.Flat:
    """Read a row; raises ValueError with what is wrong."""
    name, area = row["flat"].strip(), row["area"].strip()
    if not name:
        raise ValueError("the flat is missing")
    if not area.isascii() or not area.isdecimal() or int(area) == 0:
        raise ValueError(
            f"the area of {name} is {area[:20] or 'missing'}; write whole hundredths of a square metre, 89.5 m² as 8950"
        )
    owners = frozenset(assent.owners_in(row["owners"]))
    if not owners:
        raise ValueError(f"flat {name} has no owner")
    voted, said = row["voted"].strip(), row["choice"].strip().casefold()
    by_proxy = PROXY.match(voted)
    if not by_proxy and voted.casefold() not in YES | NO:
        raise ValueError(f"{voted[:40]} says not whether {name} voted; write yes, no or proxy:NAME")
    if voted.casefold() in NO:
        if said and CHOICES.get(said) is not assent.Choice.ABSTAIN:
            raise ValueError(f"{name} did not vote and has a choice all the same")
        return assent.Flat(name, int(area), owners)
    if said not in CHOICES:
        raise ValueError(f"{said[:40]} is no choice of {name}; write agree, against or abstain")
    return assent.Flat(name, int(area), owners, CHOICES[said], by_proxy["who"].strip() if by_proxy else "")


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return int(text)


def _write(path: Path | None, answer: dict[str, Any]) -> None:
    """Write JSON whole or not at all; to the screen without a path."""
    text = json.dumps(answer, ensure_ascii=False, indent=1) + "\n"
    if path is None:
        sys.stdout.write(text)
        return
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise Unreadable(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
