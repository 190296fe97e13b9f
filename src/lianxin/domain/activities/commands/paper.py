"""Sheets of paper: what was signed by hand is typed back, each row once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import found
from lianxin.domain.activities.commands.arriving import Came, Guest, Outcome
from lianxin.domain.activities.commands.attendance import note
from lianxin.domain.activities.models import Attendance, SignUp
from lianxin.domain.activities.rules.sheets import MOST_LINES, TypedLine, read_typed
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing

How = Attendance.How


@dataclass(frozen=True, slots=True)
class SheetEntered:
    """What became of a typed sheet: who came anew, who was on record before, and the lines that could not be taken."""

    new: int
    known: int
    problems: tuple[tuple[str, str], ...]


@command("activities.enter_sheet")
def enter_sheet(*, actor: Actor, occurrence: UUID, text: str, at: datetime) -> SheetEntered:
    """Take in what was typed from a sheet: codes of rows, and names of those who wrote themselves down.

    What is right is entered, the other lines come back with a sentence; typed again, nothing is counted twice.
    """
    with scope.everything():
        row = found.occurrence(occurrence)
        if not policy.may_run(actor, row.community_id, row.venue_id):
            raise Missing
        live = SignUp.objects.filter(occurrence=row)
        by_number = dict(live.values_list("place_no", "pk"))
        lines = read_typed(row.pk, text, known=list(by_number))
        if not lines:
            raise Invalid(fields={"text": [_("Type the codes of the rows that are signed.")]})
        if len(lines) > MOST_LINES:
            raise Invalid(fields={"text": [_("At most %(most)d rows at once.") % {"most": MOST_LINES}]})
        right = [line for line in lines if not line.problem]
        here = _on_record_by_name(row.pk)
        fresh = [line for line in right if line.place_no is not None or line.phone or line.name not in here]
        came = [_came(line, by_number, row.starts_at) for line in fresh]
        outcomes = note(actor=actor, occurrence=row.pk, came=came, at=at)
    return _told(lines, fresh, outcomes, len(right) - len(fresh))


def _on_record_by_name(occurrence: UUID) -> set[str]:
    """Guests known by nothing but a name: typed again, the same name is the same guest."""
    guests = Attendance.objects.filter(occurrence=occurrence, undone_at=None, guest_digest="", person=None)
    return set(guests.filter(how=How.PAPER).values_list("guest_name", flat=True))


def _came(line: TypedLine, by_number: dict[int, UUID], came_at: datetime) -> Came:
    if line.place_no is not None:
        return Came(how=How.PAPER, came_at=came_at, sign_up=by_number[line.place_no])
    return Came(how=How.PAPER, came_at=came_at, guest=Guest(line.name, line.phone))


def _told(
    lines: Sequence[TypedLine], fresh: Sequence[TypedLine], outcomes: Sequence[Outcome], known: int
) -> SheetEntered:
    problems = [(line.text, line.problem) for line in lines if line.problem]
    new = 0
    for line, outcome in zip(fresh, outcomes, strict=True):
        if outcome.refusal is not None:
            sentences = [str(one) for field in outcome.refusal.fields.values() for one in field]
            problems.append((line.text, " ".join(sentences) or str(outcome.refusal.detail)))
        elif outcome.is_new:
            new += 1
        else:
            known += 1
    return SheetEntered(new, known, tuple(problems))
