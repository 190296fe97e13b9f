"""Reading a unit's list of new staff: each wrong cell is named with its row and column, and nothing is half taken."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.rules import login, roles

# Headings as they are printed in the template, with the other spellings that arrive in practice.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "name"),
    "login_name": ("登录名", "用户名", "账号", "login name"),
    "role": ("角色", "岗位", "role"),
    "unit": ("单位", "村(社区)", "社区", "unit"),
}
INVITABLE = ("community_staff", "subdistrict_staff", "district_staff")
MOST_ROWS = 500


@dataclass(frozen=True)
class StaffRow:
    """One person to invite."""

    display_name: str
    login_name: str
    role: str
    division: UUID | None
    venue: UUID | None = None
    organisation: UUID | None = None


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in one cell; rows count from 1 as the spreadsheet shows them, 0 stands for the whole sheet."""

    row: int
    column: str
    sentence: str


def _clean(value: Any) -> str:
    return "" if value is None else unicodedata.normalize("NFKC", str(value)).strip()


def _columns(heading: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, cell in enumerate(heading):
        text = _clean(cell).lower().rstrip("*")
        for field, spellings in HEADINGS.items():
            if text in map(_clean, spellings):
                found.setdefault(field, position)
    return found


def read_staff_rows(
    sheet: Iterable[Sequence[Any]],
    *,
    divisions: Mapping[str, Sequence[UUID]],
    role_names: Mapping[str, str],
    taken: frozenset[str],
) -> tuple[list[StaffRow], list[CellProblem]]:
    """Give the rows of a sheet whose first row holds the headings, and everything that is wrong with them.

    `divisions` maps a unit's name to the divisions that have it, `role_names` a role as written to its code, and
    `taken` holds the login names in use.
    """
    lines = [list(line) for line in sheet]
    columns = _columns(lines[0]) if lines else {}
    missing = [HEADINGS[field][0] for field in HEADINGS if field not in columns]
    if missing:
        return [], [CellProblem(1, "", _("The first row must have the columns %s.") % "、".join(missing))]
    rows: list[StaffRow] = []
    problems: list[CellProblem] = []
    filled = [(number, line) for number, line in enumerate(lines[1:], start=2) if any(map(_clean, line))]
    if len(filled) > MOST_ROWS:
        return [], [CellProblem(0, "", _("At most %s people in one list; please split it.") % MOST_ROWS)]

    def cell(line: list[Any], field: str) -> str:
        position = columns[field]
        return _clean(line[position]) if position < len(line) else ""

    names = Counter(login.normalise_login_name(cell(line, "login_name")) for _number, line in filled)
    for number, line in filled:
        row, wrong = _read(
            number, {field: cell(line, field) for field in HEADINGS}, divisions=divisions, role_names=role_names
        )
        if row.login_name in taken:
            wrong.append(CellProblem(number, "login_name", _("The login name %s is already in use.") % row.login_name))
        elif names[row.login_name] > 1:
            wrong.append(CellProblem(number, "login_name", _("%s is in this list twice.") % row.login_name))
        problems.extend(wrong)
        if not wrong:
            rows.append(row)
    if not filled:
        problems.append(CellProblem(0, "", _("The list is empty: there is nobody below the headings.")))
    return rows, problems


def _read(
    number: int, cells: Mapping[str, str], *, divisions: Mapping[str, Sequence[UUID]], role_names: Mapping[str, str]
) -> tuple[StaffRow, list[CellProblem]]:
    wrong: list[CellProblem] = []
    name = cells["name"]
    if not 1 <= len(name) <= 64:
        wrong.append(CellProblem(number, "name", _("The name is missing or longer than 64 characters.")))
    login_name = login.normalise_login_name(cells["login_name"])
    if not login.is_login_name(login_name):
        wrong.append(
            CellProblem(number, "login_name", _("A login name has 2 to 64 letters, digits or the signs . _ - @"))
        )
    role = role_names.get(cells["role"].lower(), "")
    if role not in INVITABLE:
        wrong.append(CellProblem(number, "role", _("“%s” is not a role of staff.") % cells["role"]))
    found = divisions.get(cells["unit"], ())
    if role in roles.CODES_BY_REACH[roles.DIVISION] and len(found) != 1:
        sentence = (
            _("There are several units called %s; please write the 12-digit code.")
            if found
            else _("There is no unit called “%s”.")
        )
        wrong.append(CellProblem(number, "unit", sentence % cells["unit"]))
    division = found[0] if len(found) == 1 and role in roles.CODES_BY_REACH[roles.DIVISION] else None
    return StaffRow(name, login_name, role, division), wrong
