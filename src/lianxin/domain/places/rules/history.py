"""Turns today's list of divisions and its recorded changes into the tree of an earlier year and what happened since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from .divisions import COMMUNITY, SUBDISTRICT, clean_code, clean_name, is_code, level_of, parent_code_of


class UnreadableDivisions(ValueError):
    """A file of divisions says something that cannot be; the text names the line."""


@dataclass(frozen=True)
class DivisionRow:
    """One division as a list has it."""

    code: str
    name: str
    parent_code: str


@dataclass(frozen=True)
class CodeChange:
    """One division that got another code on the day of a reform."""

    name: str
    old_code: str
    new_code: str


@dataclass(frozen=True)
class RecordedChange:
    """A change that the lists show: `created` on a day, or `renamed` on a day from `former_name`."""

    code: str
    kind: str
    on: date
    former_name: str = ""


@dataclass(frozen=True)
class UpperSplit:
    """A division above the communities that kept its identity under a new name or code, or was cut out of another."""

    code: str
    from_code: str
    kept_identity: bool


@dataclass(frozen=True)
class History:
    """The first tree, the reform day with what changed on it, and what was created later."""

    first_on: date
    first_rows: tuple[DivisionRow, ...]
    reform_on: date
    continued: tuple[UpperSplit, ...]
    cut_out: tuple[UpperSplit, ...]
    recodes: tuple[CodeChange, ...]
    renames: tuple[RecordedChange, ...]
    created: tuple[RecordedChange, ...]
    final_rows: tuple[DivisionRow, ...]


def read_rows(lines: Iterable[Mapping[str, str]]) -> tuple[DivisionRow, ...]:
    """Read a list of divisions with columns code, name and parent_code, parents before children."""
    rows = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=2):
        code, name = clean_code(line.get("code") or ""), clean_name(line.get("name") or "")
        parent_code = clean_code(line.get("parent_code") or "")
        if not is_code(code):
            raise UnreadableDivisions(f"line {number}, column code: {code!r} is not a 12-digit code")
        if not name:
            raise UnreadableDivisions(f"line {number}, column name: the name is missing")
        if parent_code and not is_code(parent_code):
            raise UnreadableDivisions(f"line {number}, column parent_code: {parent_code!r} is not a 12-digit code")
        if code in seen:
            raise UnreadableDivisions(f"line {number}, column code: {code} stands in the file twice")
        seen.add(code)
        rows.append(DivisionRow(code, name, parent_code))
    order = {level: number for number, level in enumerate(("province", "city", "district", SUBDISTRICT, COMMUNITY))}
    return tuple(sorted(rows, key=lambda row: (order[level_of(row.code)], row.code)))


def read_recodes(lines: Iterable[Mapping[str, str]], old: str, new: str) -> tuple[CodeChange, ...]:
    """Read which divisions changed their code, from the columns `old` to `new`."""
    changes = []
    for number, line in enumerate(lines, start=2):
        change = CodeChange(
            clean_name(line.get("name") or ""), clean_code(line.get(old) or ""), clean_code(line.get(new) or "")
        )
        for column, code in ((old, change.old_code), (new, change.new_code)):
            if not is_code(code):
                raise UnreadableDivisions(f"line {number}, column {column}: {code!r} is not a 12-digit code")
        changes.append(change)
    return tuple(changes)


def derive_history(
    *,
    final_rows: tuple[DivisionRow, ...],
    former_upper: tuple[DivisionRow, ...],
    recodes: tuple[CodeChange, ...],
    changes: tuple[RecordedChange, ...],
    first_on: date,
    reform_on: date,
) -> History:
    """Work back from today's list to the tree before the reform, where a community's old parent is in its old code."""
    old_code = {change.new_code: change.old_code for change in recodes}
    created = tuple(change for change in changes if change.kind == "created")
    renames = tuple(change for change in changes if change.kind == "renamed")
    later = {change.code for change in created}
    former_name = {change.code: change.former_name for change in renames}

    first: list[DivisionRow] = []
    old_parents: dict[str, set[str]] = {}
    for row in final_rows:
        if row.code in later or level_of(row.code) != COMMUNITY:
            continue
        before = replace(row, name=former_name.get(row.code, row.name))
        if row.code in old_code:
            before = replace(before, code=old_code[row.code], parent_code=parent_code_of(old_code[row.code]))
        old_parents.setdefault(row.parent_code, set()).add(before.parent_code)
        first.append(before)

    held_before = {row.parent_code for row in first}
    upper = [row for row in final_rows if level_of(row.code) != COMMUNITY]
    continuing = [row for row in upper if level_of(row.code) != SUBDISTRICT or row.code in held_before]
    new_upper = [row for row in upper if level_of(row.code) == SUBDISTRICT and row.code not in held_before]
    continued, cut_out = _origins(new_upper, former_upper, old_parents)
    return History(
        first_on=first_on,
        first_rows=(*continuing, *former_upper, *sorted(first, key=lambda row: row.code)),
        reform_on=reform_on,
        continued=continued,
        cut_out=cut_out,
        recodes=recodes,
        renames=renames,
        created=created,
        final_rows=final_rows,
    )


def _origins(
    new_upper: list[DivisionRow], former_upper: tuple[DivisionRow, ...], old_parents: Mapping[str, set[str]]
) -> tuple[tuple[UpperSplit, ...], tuple[UpperSplit, ...]]:
    """Tell which new subdistrict goes on as a former town (same bare name) and from which one each other was cut."""
    former_by_name = {row.name.removesuffix("镇"): row.code for row in former_upper}
    continued, cut_out = [], []
    for row in new_upper:
        origin = former_by_name.get(row.name.removesuffix("街道"))
        if origin:
            continued.append(UpperSplit(row.code, origin, kept_identity=True))
            continue
        origins = old_parents.get(row.code, set())
        if len(origins) != 1:
            raise UnreadableDivisions(f"{row.name} {row.code} has no single division it was cut out of: {origins}")
        cut_out.append(UpperSplit(row.code, next(iter(origins)), kept_identity=False))
    return tuple(continued), tuple(cut_out)
