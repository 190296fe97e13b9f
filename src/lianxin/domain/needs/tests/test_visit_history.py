"""Visits of earlier times, taken over from a book: each counted once, nothing owed, and what is wrong is named."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lianxin.domain.needs.commands.visit_history import PastPromise, PastVisit, take_in
from lianxin.domain.needs.models import Visit, VisitPromise
from lianxin.domain.needs.queries import visit_checks
from lianxin.platform import facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.models import Duty

from .factories import AT, DAY, Place, make_place
from .visit_factories import differences, worker_of

pytestmark = pytest.mark.django_db
BEGAN = AT - 400 * DAY
ENDED = BEGAN + timedelta(minutes=30)
KEPT = PastPromise("联系师傅来看厨房的灯", "师傅周三来修好了", ENDED + 2 * DAY, due_on=ENDED.date() + 3 * DAY)


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def visit(place: Place, number: int = 0, **more: Any) -> PastVisit:
    """A visit of last year to a home, at which somebody was met."""
    return replace(PastVisit(place.homes[number].pk, BEGAN, ENDED, note="精神不错"), **more)


def test_book_of_visits_counts_once_and_nothing_is_owed(place: Place) -> None:
    worker = worker_of(place)
    visits = [
        visit(place, promises=(KEPT,), worker=worker.account),
        visit(place, 1, outcome="refused", note="", reason="alone"),
        visit(place, 2, outcome="absent", note=""),
    ]

    made = take_in(actor=place.keeper, community=place.community.pk, visits=visits, at=AT)

    span = (date(2025, 1, 1), date(2026, 1, 1))
    with scope.everything():
        rows = Visit.objects.in_bulk(made)
        assert [rows[pk].state for pk in made] == ["done", "refused", "absent"]
        assert rows[made[0]].note.reveal() == "精神不错"
        promise = VisitPromise.objects.get()
        assert (promise.visit_id, promise.state, promise.ended_by) == (made[0], "kept", worker.account)
        assert facts.figure("visits_done", from_on=span[0], until_on=span[1]) == 1
        assert visit_checks.visits_done(Window(*span)) == 1
        assert not Duty.objects.filter(closed_at=None).exists()
    assert differences() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"ended_at": BEGAN - DAY},
        {"started_at": AT + DAY, "ended_at": AT + 2 * DAY},
        {"outcome": "planned"},
        {"reason": "tea"},
        {"outcome": "refused"},
        {"note": "x" * 2001},
        {"promises": (replace(KEPT, ended_at=BEGAN),)},
        {"promises": (replace(KEPT, state="open"),)},
        {"promises": (replace(KEPT, state="dropped", result=""),)},
    ],
)
def test_a_visit_that_cannot_be_is_named_and_nothing_is_kept(place: Place, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as told:
        take_in(
            actor=place.keeper,
            community=place.community.pk,
            visits=[visit(place, 1), visit(place, **wrong)],
            at=AT,
        )

    assert "2" in str(told.value.fields["visits"])
    with scope.everything():
        assert not Visit.objects.exists()


def test_only_visits_to_ones_own_community_are_taken_over(place: Place) -> None:
    with pytest.raises(NotAllowed):
        take_in(actor=place.resident(), community=place.community.pk, visits=[visit(place)], at=AT)
    with pytest.raises(Invalid), scope.everything():
        take_in(
            actor=worker_of(Place(place.elsewhere, place.community, (), place.keeper)),
            community=place.elsewhere.pk,
            visits=[visit(place)],
            at=AT,
        )
