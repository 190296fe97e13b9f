"""What a phone takes along: the worker's planned visits with households, last time's record and open promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.needs.models import Visit, VisitPromise
from lianxin.domain.needs.queries.surveys import forms_for_visits
from lianxin.domain.needs.queries.visit_homes import VisitHome, homes_of
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.sensitive import Unreadable

AHEAD = timedelta(days=14)
MOST = 200
State = Visit.State
RECORDED = (State.DONE, State.ABSENT, State.REFUSED)


def to_take_along(*, actor: Actor, on: date) -> list[Visit]:
    """Give the visits planned for this worker that are due by two weeks from now, soonest first."""
    rows = Visit.objects.filter(worker=actor.account, state=State.PLANNED, due_on__lte=on + AHEAD)
    return list(rows.order_by("due_on", "pk")[:MOST])


def package(*, visits: Sequence[Visit], on: date) -> dict[str, Any]:
    """Give these visits as a phone keeps them, with the questionnaires they need."""
    homes = homes_of([row.household_id for row in visits], on=on, masked=False)
    here = [row for row in visits if row.household_id in homes]
    last, owed = last_records(list(homes)), open_promises(list(homes))
    surveys = {row.survey_id for row in here if row.survey_id}
    forms = _forms(surveys)
    return {
        "visits": [_visit(row, homes[row.household_id], last, owed, set(forms)) for row in here],
        "forms": forms,
    }


def last_records(households: Sequence[UUID]) -> dict[UUID, Visit]:
    """Give the last recorded visit of each household."""
    found: dict[UUID, Visit] = {}
    rows = Visit.objects.filter(household__in=households, state__in=RECORDED)
    for row in rows.order_by("-ended_at", "-pk"):
        found.setdefault(row.household_id, row)
    return found


def open_promises(households: Sequence[UUID]) -> dict[UUID, list[VisitPromise]]:
    """Give what was promised to each household and is still owed, oldest first."""
    found: dict[UUID, list[VisitPromise]] = {}
    rows = VisitPromise.objects.filter(household__in=households, state=VisitPromise.State.OPEN)
    for row in rows.order_by("made_at", "pk"):
        found.setdefault(row.household_id, []).append(row)
    return found


def note_of(row: Visit) -> str:
    """Give what was noted at a visit; nothing where it can no longer be read."""
    try:
        return row.note.reveal() if row.note is not None else ""
    except Unreadable:
        return ""


def reason_in_words(row: Visit) -> str:
    """Say why a household is visited."""
    return " · ".join(filter(None, (str(row.get_reason_display()), row.reason_words)))


def _visit(
    row: Visit, home: VisitHome, last: dict[UUID, Visit], owed: dict[UUID, list[VisitPromise]], surveys: set[str]
) -> dict[str, Any]:
    before = last.get(row.household_id)
    survey = str(row.survey_id) if row.survey_id else None
    return {
        "id": str(row.pk),
        "version": row.version,
        "household": {
            "id": str(home.id),
            "label": home.number,
            "address": home.address,
            "flags": list(home.flags),
            "members": [{"name": one.name, "age": one.age, "flags": list(one.flags)} for one in home.members],
        },
        "reason": row.reason,
        "reason_words": reason_in_words(row),
        "due_on": row.due_on.isoformat(),
        "last": None
        if before is None or before.ended_at is None
        else {
            "on": local_day(before.ended_at).isoformat(),
            "outcome": before.state,
            "outcome_words": str(before.get_state_display()),
            "note": note_of(before),
        },
        "promises": [
            {
                "id": str(one.pk),
                "words": one.words,
                "due_on": one.due_on.isoformat() if one.due_on else None,
                "made_on": local_day(one.made_at).isoformat(),
            }
            for one in owed.get(row.household_id, [])
        ],
        # A questionnaire that was closed meanwhile is not asked any more; the visit is made all the same.
        "survey": survey if survey in surveys else None,
    }


def _forms(surveys: set[UUID]) -> dict[str, Any]:
    if not surveys:
        return {}
    return {
        str(survey): {"version": str(one.version), "title": one.title, "form": one.form}
        for survey, one in forms_for_visits(surveys).items()
    }
