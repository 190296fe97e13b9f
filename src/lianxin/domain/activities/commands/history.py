"""Taking over what took place before: past dates with the names of those who came, as the single commands note them.

A district that kept sheets and lists before it had this program brings a year at once. Each row that `sign_up`,
`check_in`, `note_hours` and `finish_occurrence` would have left is written, many at a time; nothing is counted that
has no name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands.history_rows import Writer
from lianxin.domain.activities.models import Attendance, Occurrence, SignUp
from lianxin.domain.activities.rules.contents import Content, problems_of
from lianxin.domain.people.models import Organisation, Person
from lianxin.domain.places.models import Room, ServiceCategory, Venue
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing

CAME, MISSED, WAITED, LEFT, WALKED_IN = "came", "missed", "waited", "left", "walked_in"
FATES = frozenset({CAME, MISSED, WAITED, LEFT, WALKED_IN})
STATES = frozenset({Occurrence.State.HELD, Occurrence.State.NOT_HELD, Occurrence.State.CANCELLED})


class Opinion(NamedTuple):
    """What somebody said afterwards."""

    face: int
    words: str = ""
    met_need: bool | None = None
    how: str = "self"


class PastPerson(NamedTuple):
    """A resident at a past date and what became of their place; `is_on_shift` of those who did its voluntary work."""

    person: UUID
    fate: str = CAME
    signed_how: str = SignUp.How.STAFF
    signed_at: datetime | None = None
    came_how: str = Attendance.How.NAME
    came_at: datetime | None = None
    reason: str = ""
    opinion: Opinion | None = None
    is_on_shift: bool = False
    is_reporting_in: bool = False


class PastCrowd(NamedTuple):
    """A crowd in the open air, counted without names."""

    at: datetime
    people: int
    how: str


@dataclass(frozen=True, slots=True)
class PastShift:
    """The voluntary work of a date, over its whole time."""

    role: str
    most: int
    least: int = 1
    what: str = ""
    team: UUID | None = None


@dataclass(frozen=True, slots=True)
class PastDate:
    """One date with everybody on record."""

    starts_at: datetime
    ends_at: datetime
    state: str = Occurrence.State.HELD
    reason: str = ""
    venue: UUID | None = None
    room: UUID | None = None
    place: str = ""
    takes_sign_ups: bool = True
    size: int | None = None
    published_at: datetime | None = None
    people: Sequence[PastPerson] = ()
    shift: PastShift | None = None
    crowd: PastCrowd | None = None


@dataclass(frozen=True, slots=True)
class PastActivity:
    """An activity with dates that are over; one taken over before under the same `id` gets these dates on top."""

    content: Content
    dates: Sequence[PastDate]
    id: UUID | None = None
    recurrence: Mapping[str, object] = field(default_factory=dict)
    is_sample: bool = False


@command("activities.take_in_history")
def take_in_history(
    *,
    actor: Actor,
    community: UUID,
    activities: Sequence[PastActivity],
    points_from: date | None = None,
    at: datetime,
) -> int:
    """Take over past activities of a community, all of them or none; gives how many people came.

    What was done from `points_from` on is offered for points in one go, as a check-in does; earlier days earn nothing.
    Raises Invalid for what is not over or cannot be, and Missing for who or what is not on record.
    """
    policy.require(policy.may_plan(actor, community))
    for activity in activities:
        _check(activity, community, at)
    with scope.everything():
        people = _people(activities)
        codes = _require_references(activities, community)
        writer = Writer(actor=actor, community=community, at=at, people=people, codes=codes)
        known = writer.knows({one.id for one in activities if one.id is not None})
        for activity in activities:
            writer.add(activity, known.get(activity.id) if activity.id else None)
        came = writer.write(points_from=points_from)
    act().note(
        reason=_("%(activities)d activities, %(came)d people came") % {"activities": len(activities), "came": came},
        community_id=community,
    )
    return came


def _check(activity: PastActivity, community: UUID, at: datetime) -> None:
    problems: dict[str, list[str]] = {}
    for name, sentence in problems_of(activity.content):
        problems.setdefault(name, []).append(sentence)
    if activity.content.community != community:
        problems["community"] = [_("Activities of one community are taken over at a time.")]
    if not activity.dates:
        problems["dates"] = [_("“%(title)s” has no dates.") % {"title": activity.content.title}]
    for one in activity.dates:
        sentence = _why_wrong(one, at)
        if sentence:
            said = {"title": activity.content.title, "on": local_day(one.starts_at).isoformat(), "why": sentence}
            problems.setdefault("dates", []).append(_("“%(title)s” on %(on)s: %(why)s") % said)
    if problems:
        raise Invalid(fields=problems)


def _why_wrong(one: PastDate, at: datetime) -> str:
    if one.state not in STATES:
        return _("it was held, not held or called off.")
    if one.ends_at <= one.starts_at:
        return _("the end must lie after the start.")
    if one.ends_at > at and one.state != Occurrence.State.CANCELLED:
        return _("it is not over yet.")
    came = sum(person.fate in (CAME, WALKED_IN) for person in one.people)
    if (one.state == Occurrence.State.HELD) != bool(came or one.crowd):
        return _("it was held when somebody is on record as having come, and only then.")
    if any(person.fate not in FATES for person in one.people):
        return _("what became of somebody's place is not clear.")
    if len({person.person for person in one.people}) < len(one.people):
        return _("somebody is named twice.")
    places = sum(person.fate in (CAME, MISSED) and not person.is_on_shift for person in one.people)
    if one.size is not None and places > one.size:
        return _("more people had a place than it had places.")
    on_shift = sum(person.is_on_shift for person in one.people)
    if on_shift and (one.shift is None or on_shift > one.shift.most):
        return _("more people did a shift than it was for.")
    return ""


def _people(activities: Iterable[PastActivity]) -> dict[UUID, tuple[UUID | None, date | None]]:
    """Give household and birthday of everybody who is named; raises Missing."""
    wanted = {person.person for activity in activities for one in activity.dates for person in one.people}
    found: dict[UUID, tuple[UUID | None, date | None]] = {}
    names = sorted(wanted)
    for start in range(0, len(names), 900):
        rows = Person.objects.filter(pk__in=names[start : start + 900]).exclude(state=Person.State.ERASED)
        found |= {pk: (home, birth_on) for pk, home, birth_on in rows.values_list("pk", "household", "birth_on")}
    if len(found) < len(wanted):
        raise Missing(_("Somebody who is named is not on record."))
    return found


def _require_references(activities: Iterable[PastActivity], community: UUID) -> dict[UUID, str]:
    """Give the codes of the categories; raises Missing where a place or an organisation is not on record."""
    rows = list(activities)
    codes = dict(ServiceCategory.objects.values_list("pk", "code"))
    dates = [one for activity in rows for one in activity.dates]
    wanted = (
        (Venue.objects.filter(community=community), {one.venue for one in dates if one.venue}),
        (Room.objects.filter(community=community), {one.room for one in dates if one.room}),
        (Organisation.objects.all(), {pk for activity in rows for pk, _role in activity.content.organisers}),
    )
    for there, named in wanted:
        if named and there.filter(pk__in=named).count() < len(named):
            raise Missing(_("A place or an organisation that is named is not on record here."))
    if any(activity.content.category not in codes for activity in rows):
        raise Missing(_("A category that is named is not on record."))
    return codes
