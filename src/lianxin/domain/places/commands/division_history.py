"""Build a district's tree from its first year and let everything that changed since happen on its day."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from lianxin.platform.actors import Actor
from lianxin.platform.commands import command

from .. import policy
from ..models import Division
from ..rules.history import (
    History,
    RecordedChange,
    UnreadableDivisions,
    derive_history,
    read_recodes,
    read_rows,
)
from .division_changes import move_divisions, recode_division, recode_divisions, rename_division
from .division_splits import NewPart, split_division
from .divisions import load_divisions

FIRST_ON = date(2019, 1, 1)
REFORM_ON = date(2020, 1, 1)


def read_longhu(data_dir: Path) -> History:
    """Read the files about Longhu that the program ships, and derive the tree of 2019 and what changed since."""
    return derive_history(
        final_rows=read_rows(_lines(data_dir / "longhu_divisions.csv")),
        former_upper=read_rows(_lines(data_dir / "longhu_towns_2019.csv")),
        recodes=read_recodes(_lines(data_dir / "longhu_recode_2019_2020.csv"), "code_2019", "code_2020"),
        changes=tuple(
            RecordedChange(line["code"], line["kind"], date.fromisoformat(line["on"]), line["former_name"])
            for line in _lines(data_dir / "longhu_changes.csv")
        ),
        first_on=FIRST_ON,
        reform_on=REFORM_ON,
    )


def _lines(path: Path) -> list[dict[str, str]]:
    """Read a CSV file that the program ships."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise UnreadableDivisions(f"the file {path.name} is missing in {path.parent}") from error


@command("places.load_division_history")
def load_division_history(*, actor: Actor, history: History, at: datetime, key: UUID | None = None) -> list[Division]:
    """Create the first tree of a district, then rename, split, move, recode and create as its history says."""
    policy.require(policy.may_change_divisions(actor))
    load_divisions(actor=actor, rows=history.first_rows, on=history.first_on, at=at)
    living = {division.code: division for division in Division.objects.filter(ended_on__isnull=True)}
    _reform(history, living, actor=actor, at=at)
    final = {row.code: row for row in history.final_rows}
    for change in sorted(history.created, key=lambda change: (change.on, change.code)):
        load_divisions(actor=actor, rows=[final[change.code]], on=change.on, at=at)
    return list(Division.objects.filter(ended_on__isnull=True))


def _reform(history: History, living: dict[str, Division], *, actor: Actor, at: datetime) -> None:
    """Do what happened on the day of the reform: the upper divisions first, then the communities."""
    on = history.reform_on
    final = {row.code: row for row in history.final_rows}
    old_code = {change.new_code: change.old_code for change in history.recodes}
    for step in history.continued:
        division = living[step.from_code]
        recode_division(actor=actor, division=division.pk, code=step.code, on=on, at=at)
        rename_division(actor=actor, division=division.pk, official_name=final[step.code].name, on=on, at=at)
        living[step.code] = division
    for step in history.cut_out:
        origin = living[step.from_code]
        children = frozenset(
            living[old_code.get(row.code, row.code)].pk
            for row in history.final_rows
            if row.parent_code == step.code and old_code.get(row.code, row.code) in living
        )
        part = NewPart(final[step.code].name, step.code, children)
        living[step.code] = split_division(actor=actor, division=origin.pk, parts=[part], on=on, at=at)[0]
    parents = {living[change.old_code].pk: living[final[change.new_code].parent_code].pk for change in history.recodes}
    move_divisions(actor=actor, parents=parents, on=on, at=at)
    codes = {living[change.old_code].pk: change.new_code for change in history.recodes}
    recode_divisions(actor=actor, codes=codes, on=on, at=at)
    for change in history.renames:
        division = living[old_code.get(change.code, change.code)]
        rename_division(actor=actor, division=division.pk, official_name=final[change.code].name, on=change.on, at=at)
