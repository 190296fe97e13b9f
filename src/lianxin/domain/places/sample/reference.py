"""Divisions, calendar, categories and standard: the sample's, and a real district's at `lianxin init`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid
from lianxin.platform.sample import Plan
from lianxin.platform.workcalendar import load_published_days

from ..commands.division_history import load_division_history, read_longhu
from ..commands.divisions import add_division_alias
from ..commands.reference_data import load_reference_data, read_categories
from ..commands.standards import load_standard
from ..models import Division, Level
from ..rules.divisions import COMMUNITY, level_of
from ..rules.history import History

FIRST_DAY = date(2023, 7, 1)
# Communities of which the reports of the district speak, the two 金洲 among them: the first ones of a small sample.
NAMED = (
    "440507004020",  # 翠英
    "440507005008",  # 金洲居委会
    "440507009207",  # 金洲村委会
    "440507010208",  # 大衙村
    "440507003009",  # 金涛
    "440507013004",  # 津海
    "440507004013",  # 东和
    "440507001003",  # 金珠
)


@command("places.load_tables")
def load_tables(*, actor: Actor, data_dir: Path, at: datetime) -> None:
    """Enter what every district starts with: calendar, categories, kinds of rooms and amenities, the standard."""
    load_published_days(actor=actor, data_dir=data_dir, at=at)
    load_reference_data(actor=actor, categories=read_categories(data_dir), at=at)
    data = json.loads((data_dir / "centre_standard.json").read_text(encoding="utf-8"))
    load_standard(actor=actor, data=data, at=at)


def build_reference(plan: Plan) -> None:
    """Build the tree of 2019 with everything that changed since, and the tables of kinds."""
    if plan.today < FIRST_DAY:
        raise Invalid(f"The sample district begins on {FIRST_DAY}: choose --today on or after that day.")
    history = read_longhu(plan.data_dir)
    chosen = choose_codes(history, plan.communities)
    system = Actor.system(via="cli")
    if plan.communities is not None:
        history = keep_communities(history, chosen)
    load_division_history(actor=system, history=history, at=plan.at)
    load_tables(actor=system, data_dir=plan.data_dir, at=plan.at)
    found = Division.objects.filter(level=Level.COMMUNITY, ended_on=None).select_related("parent").order_by("code")
    plan.notes["communities"] = list(found)
    plan.notes["district"] = Division.objects.get(level=Level.DISTRICT, ended_on=None)
    for division in found:
        if division.code == "440507004024":  # 香域水岸: nobody says the whole name
            add_division_alias(actor=system, division=division.pk, name="香域社区", on=date(2022, 3, 1), at=plan.at)


def above(division: Division) -> Division:
    """Give the subdistrict of a community, which is always there."""
    assert division.parent is not None
    return division.parent


def choose_codes(history: History, count: int | None) -> tuple[str, ...]:
    """Give the codes of the communities of a sample of this size: the named ones first, then spread over the list."""
    every = [row.code for row in history.final_rows if level_of(row.code) == COMMUNITY]
    if count is None:
        return tuple(every)
    if not 1 <= count <= len(every):
        raise Invalid(f"The district has 1 to {len(every)} communities, not {count}.")
    rest = [code for code in every if code not in NAMED]
    more = max(0, count - len(NAMED))
    spread = [rest[number * len(rest) // more] for number in range(more)]
    return (*NAMED[:count], *spread)


def keep_communities(history: History, codes: Sequence[str]) -> History:
    """Cut a history down to some communities and what lies above them, then and now."""
    kept = set(codes)
    upper = {row.parent_code for row in history.final_rows if row.code in kept}
    origins = {step.from_code for step in history.cut_out if step.code in upper}
    continued = tuple(s for s in history.continued if s.code in upper or s.from_code in origins)
    upper |= {step.code for step in continued} | origins
    upper |= {step.from_code for step in continued}
    cut_out = tuple(step for step in history.cut_out if step.code in upper)
    recodes = tuple(change for change in history.recodes if change.new_code in kept)
    first_codes = kept | {change.old_code for change in recodes}

    def keeps(code: str) -> bool:
        if level_of(code) == COMMUNITY:
            return code in first_codes
        return level_of(code) != "subdistrict" or code in upper

    return replace(
        history,
        first_rows=tuple(row for row in history.first_rows if keeps(row.code)),
        continued=continued,
        cut_out=cut_out,
        recodes=recodes,
        renames=tuple(change for change in history.renames if change.code in kept),
        created=tuple(change for change in history.created if change.code in kept),
        final_rows=tuple(row for row in history.final_rows if keeps(row.code) and row.code not in _old(recodes)),
    )


def _old(recodes: Sequence[object]) -> set[str]:
    return {change.old_code for change in recodes}  # type: ignore[attr-defined]
