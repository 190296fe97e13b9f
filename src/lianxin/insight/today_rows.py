"""The rows that today's numbers count, and how each is told without names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianxin.domain.activities.models import Occurrence, Shift
from lianxin.domain.needs.models import Need, Visit
from lianxin.domain.places.models import Milestone
from lianxin.domain.places.rules import upgrades
from lianxin.domain.resources.models import Offer, OfferCategory
from lianxin.domain.voice.models import Case, Commitment, ReceptionDay
from lianxin.domain.voice.rules import states
from lianxin.platform import scope
from lianxin.platform.clock import local_day, local_moment

SHIFT_DAYS = 7
MISSED_DAYS = 30
ONE_DAY = timedelta(days=1)


class Words(NamedTuple):
    """How a record is told: a number within its community where it has one, and some words."""

    number: int | None
    text: Any


def running(at: datetime) -> QuerySet[Occurrence]:
    """Give the dates that are on at this moment."""
    return Occurrence.objects.filter(state=Occurrence.State.PUBLISHED, starts_at__lte=at, ends_at__gt=at)


def coming(at: datetime) -> QuerySet[Occurrence]:
    """Give the dates that begin later today."""
    end = local_moment(local_day(at) + ONE_DAY)
    return Occurrence.objects.filter(state=Occurrence.State.PUBLISHED, starts_at__gt=at, starts_at__lt=end)


def held(at: datetime) -> QuerySet[Occurrence]:
    """Give the dates of today that were held."""
    today = local_day(at)
    return Occurrence.objects.filter(
        state=Occurrence.State.HELD,
        starts_at__gte=local_moment(today),
        starts_at__lt=local_moment(today + ONE_DAY),
    )


def receptions(at: datetime) -> QuerySet[ReceptionDay]:
    """Give today's reception days, those held and those to come."""
    return ReceptionDay.objects.filter(
        held_on=local_day(at), state__in=[ReceptionDay.State.PLANNED, ReceptionDay.State.HELD]
    )


def cases_late(at: datetime) -> QuerySet[Case]:
    """Give the cases that the house still works on after their deadline."""
    return Case.objects.filter(ended_at=None, due_at__lt=at, state__in=states.LIVE)


def milestones_late(at: datetime) -> QuerySet[Milestone]:
    """Give the milestones of running upgrades whose day is over."""
    return Milestone.objects.filter(done_on=None, due_on__lt=local_day(at), upgrade__state__in=upgrades.RUNNING)


def commitments_late(at: datetime) -> QuerySet[Commitment]:
    """Give the promises that are not kept by their day."""
    return Commitment.objects.filter(state=Commitment.State.OPEN, due_by__lt=local_day(at))


def receptions_missed(at: datetime) -> QuerySet[ReceptionDay]:
    """Give the reception days of the last 30 days that were missed, or that passed and nobody closed."""
    today = local_day(at)
    days = ReceptionDay.objects.filter(held_on__gte=today - timedelta(days=MISSED_DAYS), held_on__lt=today)
    return days.filter(state__in=[ReceptionDay.State.MISSED, ReceptionDay.State.PLANNED])


def visits_late(at: datetime) -> QuerySet[Visit]:
    """Give the planned visits whose day is over."""
    return Visit.objects.filter(state=Visit.State.PLANNED, due_on__lt=local_day(at))


def dates_unfinished(at: datetime) -> QuerySet[Occurrence]:
    """Give the dates that ended before today and of which nobody has said whether they were held."""
    return Occurrence.objects.filter(state=Occurrence.State.PUBLISHED, ends_at__lt=local_moment(local_day(at)))


def shifts_short(at: datetime) -> QuerySet[Shift]:
    """Give the open shifts of the next 7 days that have fewer volunteers than they need."""
    until = local_moment(local_day(at) + timedelta(days=SHIFT_DAYS))
    return Shift.objects.filter(state=Shift.State.OPEN, starts_at__gte=at, starts_at__lt=until, taken__lt=F("least"))


def needs_without_offer(at: datetime) -> QuerySet[Need]:
    """Give the open needs of whose category nobody offers anything that reaches their community today."""
    today = local_day(at)
    reach = Offer.Reach
    # Whoever offers to the whole district or subdistrict may be on the list of another community.
    with scope.everything():
        offers = OfferCategory.objects.filter(
            Q(offer__until_on=None) | Q(offer__until_on__gte=today),
            Q(offer__community=OuterRef("community"))
            | Q(offer__reach=reach.DISTRICT)
            | Q(
                offer__reach__in=[reach.SUBDISTRICT, reach.RADIUS],
                offer__community__parent=OuterRef("community__parent"),
            ),
            category=OuterRef("category"),
            offer__state=Offer.State.ACTIVE,
            offer__from_on__lte=today,
        )
    return Need.objects.filter(~Exists(offers), state=Need.State.OPEN)


def _occurrence(row: Occurrence) -> Words:
    return Words(None, row.title or row.activity.title)


def _numbered(row: Any, text: Any) -> Words:
    return Words(row.number, text)


def _case(row: Case) -> Words:
    # The title is for those who work on it: only what it is about leaves the community's desk.
    return _numbered(row, row.get_subject_display())


def _reception(row: ReceptionDay) -> Words:
    return Words(None, row.series.title)


# code, group, label, meaning, rows, the field that says when, words, joins, the field that names its page
KINDS: Sequence[tuple[Any, ...]] = (
    (
        "running",
        "on",
        _("On now"),
        _("Dates of activities that have begun and not ended."),
        running,
        "starts_at",
        _occurrence,
        ("activity",),
    ),
    (
        "coming",
        "on",
        _("Later today"),
        _("Dates of activities that begin later today."),
        coming,
        "starts_at",
        _occurrence,
        ("activity",),
    ),
    (
        "held",
        "on",
        _("Held today"),
        _("Dates of today that the office has closed as held."),
        held,
        "starts_at",
        _occurrence,
        ("activity",),
    ),
    (
        "receptions",
        "on",
        _("Reception days today"),
        _("Days on which a leader hears residents, those held and those to come today."),
        receptions,
        "starts_at",
        _reception,
        ("series",),
    ),
    (
        "cases_late",
        "late",
        _("Cases past their day"),
        _("Cases that the office still works on after their deadline. What a case says stays with the community."),
        cases_late,
        "due_at",
        _case,
    ),
    (
        "milestones_late",
        "late",
        _("Milestones of upgrades"),
        _("Milestones of running upgrades whose day is over."),
        milestones_late,
        "due_on",
        lambda row: Words(None, f"{row.upgrade.title} · {row.name}"),
        ("upgrade",),
        "upgrade_id",
    ),
    (
        "commitments_late",
        "late",
        _("Promises not kept yet"),
        _("Promises given in meetings, to cases and on reception days that are open after their day."),
        commitments_late,
        "due_by",
        lambda row: _numbered(row, _("promise")),
    ),
    (
        "receptions_missed",
        "late",
        _("Reception days missed"),
        _("Reception days of the last 30 days that were missed, or that passed and nobody has closed."),
        receptions_missed,
        "held_on",
        _reception,
        ("series",),
    ),
    (
        "visits_late",
        "late",
        _("Visits past their day"),
        _("Planned visits to households whose day is over. Addresses stay with the community."),
        visits_late,
        "due_on",
        lambda row: Words(None, row.get_reason_display()),
    ),
    (
        "dates_unfinished",
        "late",
        _("Dates not closed"),
        _("Dates that ended before today and of which nobody has said whether they were held."),
        dates_unfinished,
        "ends_at",
        _occurrence,
        ("activity",),
    ),
    (
        "shifts_short",
        "missing",
        _("Shifts without enough volunteers"),
        _("Open shifts of the next 7 days that have fewer volunteers than they need at least."),
        shifts_short,
        "starts_at",
        lambda row: Words(None, row.role),
    ),
    (
        "needs_without_offer",
        "missing",
        _("Needs without an offer"),
        _("Open needs of whose category nobody offers anything that reaches their community today."),
        needs_without_offer,
        "first_heard_on",
        lambda row: _numbered(row, row.title),
    ),
)
