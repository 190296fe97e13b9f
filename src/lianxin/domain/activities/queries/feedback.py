"""What those who came thought of it: summed up, in their words without names, and who could still be asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Attendance, Feedback, Occurrence, OccurrencePicture
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.rules.faces import OWN_WITHIN, Opinion, opinion
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.domain.people.rules.persons import ELDER_FROM, years_before
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing

ACTS_FOR = "sign_up"
MOST_WORDS = 200
MOST_CALLED = 100


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """What somebody said, without who it was."""

    id: UUID
    face: int
    words: str
    met_need: bool | None
    how: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class CallRow:
    """Somebody who came and may be asked by phone: elders and those without a phone of their own first."""

    attendance: UUID
    person: UUID
    masked_name: str
    is_elder: bool
    no_phone: bool
    prefers_teochew: bool


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """Feedback of one date."""

    opinion: Opinion
    lines: list[FeedbackLine]
    to_call: list[CallRow]


def find_feedback(*, actor: Actor, occurrence: UUID, known: Occurrence | None = None) -> FeedbackView:
    """Give the feedback of a date and who may be asked by phone; five queries. Raises Missing.

    `known` is the date where it was read a moment ago.
    """
    with scope.everything():
        row = known or Occurrence.objects.filter(pk=occurrence).first()
        runs = row is not None and policy.may_run(actor, row.community_id, row.venue_id)
        if row is None or not (runs or policy.may_read(actor, row.community_id)):
            raise Missing
        live = Feedback.objects.filter(occurrence=row, attendance__undone_at=None)
        lines = live.exclude(words="", met_need=None).order_by("-given_at", "-pk")[:MOST_WORDS]
        said = [FeedbackLine(one.pk, one.face, one.words, one.met_need, one.how, one.given_at) for one in lines]
        return FeedbackView(_opinion(Attendance.objects.filter(occurrence=row)), said, _to_call(row) if runs else [])


def opinion_of_series(*, actor: Actor, activity: UUID) -> Opinion:
    """Sum up the feedback of all dates of an activity."""
    with scope.within(actor.communities):
        return _opinion(Attendance.objects.filter(occurrence__activity=activity))


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """A date to which somebody came, and what was said about it."""

    attendance: UUID
    occurrence: UUID
    community: UUID
    title: str
    starts_at: datetime
    name: str
    is_self: bool
    face: int | None
    words: str
    met_need: bool | None
    may_say: bool


def list_own_visits(*, actor: Actor, at: datetime, limit: int = 30) -> list[OwnVisit]:
    """List the dates of the last weeks to which a resident and the household came, newest first."""
    if actor.person is None:
        return []
    with scope.everything():
        rows = _visits().filter(_own(actor, at), came_at__gt=at - OWN_WITHIN)
        return [_visit(one, actor, at) for one in rows.order_by("-came_at", "pk")[:limit]]


def find_own_visit(*, actor: Actor, attendance: UUID, at: datetime) -> OwnVisit:
    """Give one date to which the actor or the household came; raises Missing."""
    if actor.person is None:
        raise Missing
    with scope.everything():
        row = _visits().filter(_own(actor, at), pk=attendance).first()
    if row is None:
        raise Missing
    return _visit(row, actor, at)


def find_visit_of_ticket(*, token: str, at: datetime) -> OwnVisit:
    """Give the date to which the holder of a ticket came; raises Missing."""
    word = tokens.read_token(token)
    if not word:
        raise Missing
    with scope.everything():
        row = _visits().filter(sign_up__token_digest=tokens.token_digest(word)).first()
    if row is None:
        raise Missing
    return _visit(row, None, at)


def may_say_by_ticket(*, token: str, at: datetime) -> bool:
    """Tell whether the holder of a ticket came and can still say how it was; one query."""
    try:
        return find_visit_of_ticket(token=token, at=at).may_say
    except Missing:
        return False


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture of a date, as the office sees it."""

    id: UUID
    file: UUID
    caption: str
    consent_note: str
    is_public: bool
    added_at: datetime


def list_pictures(*, occurrence: UUID, public_only: bool = True) -> list[PictureRow]:
    """List the pictures of a date, those for everybody unless asked otherwise; the page asks who may."""
    with scope.everything():
        rows = OccurrencePicture.objects.filter(occurrence=occurrence, removed_at=None)
        if public_only:
            rows = rows.filter(is_public=True, occurrence__state__in=["published", "held"])
        return [
            PictureRow(one.pk, one.file_id, one.caption, one.consent_note, one.is_public, one.added_at)
            for one in rows.order_by("added_at", "pk")
        ]


def find_picture(*, actor: Actor | None, picture: UUID) -> OccurrencePicture:
    """Give a picture: a public one to everybody (`actor` None), any to who runs the date or reads it."""
    with scope.everything():
        row = OccurrencePicture.objects.filter(pk=picture, removed_at=None).select_related("occurrence").first()
    if row is None:
        raise Missing
    if row.is_public and row.occurrence.state in ("published", "held"):
        return row
    if actor is None or not (
        policy.may_run(actor, row.community_id, row.occurrence.venue_id) or policy.may_read(actor, row.community_id)
    ):
        raise Missing
    return row


def _opinion(came: QuerySet[Attendance]) -> Opinion:
    live = came.filter(undone_at=None)
    given = Feedback.objects.filter(attendance__in=live.order_by().values("pk")).order_by()
    faces: dict[int, int] = {}
    met: dict[bool | None, int] = {}
    for face, met_need, count in given.values_list("face", "met_need").annotate(n=Count("pk")):
        faces[face] = faces.get(face, 0) + count
        met[met_need] = met.get(met_need, 0) + count
    return opinion(live.count(), faces, met)


def _to_call(row: Occurrence) -> list[CallRow]:
    asked = Feedback.objects.filter(occurrence=row).order_by().values("attendance")
    born_before = years_before(local_day(row.starts_at), ELDER_FROM)
    silent = Attendance.objects.filter(occurrence=row, undone_at=None, person__state=Person.State.LIVING)
    silent = silent.exclude(pk__in=asked).filter(Q(person__birth_on__lte=born_before) | Q(person__no_phone=True))
    return [
        CallRow(
            one.pk,
            one.person.pk,
            mask_name(one.person.name),
            is_elder=one.person.birth_on is not None and one.person.birth_on <= born_before,
            no_phone=one.person.no_phone,
            prefers_teochew=one.person.prefers_teochew,
        )
        for one in silent.select_related("person").order_by("person__birth_on", "pk")[:MOST_CALLED]
        if one.person is not None
    ]


def _visits() -> QuerySet[Attendance]:
    return Attendance.objects.filter(undone_at=None).select_related("occurrence__activity", "person", "feedback")


def _own(actor: Actor, at: datetime) -> Q:
    if actor.person is None:
        return Q(pk__in=[])
    home = Person.objects.filter(pk=actor.person, state=Person.State.LIVING, household__isnull=False).values(
        "household"
    )
    acts_for = [one.person for one in list_principals(actor=actor, on=local_day(at)) if one.may(ACTS_FOR)]
    # Persons first: what they came to is then found by its index, however much there is.
    mine = Person.objects.filter(Q(pk__in=[actor.person, *acts_for]) | Q(household__in=home))
    return Q(person__in=mine.order_by().values("pk"))


def _visit(row: Attendance, actor: Actor | None, at: datetime) -> OwnVisit:
    said = getattr(row, "feedback", None)
    date = row.occurrence
    return OwnVisit(
        attendance=row.pk,
        occurrence=date.pk,
        community=date.community_id,
        title=date.title or date.activity.title,
        starts_at=date.starts_at,
        name=row.person.name if row.person else row.guest_name,
        is_self=actor is None or row.person_id == actor.person,
        face=said.face if said else None,
        words=said.words if said else "",
        met_need=said.met_need if said else None,
        may_say=at <= date.ends_at + OWN_WITHIN,
    )
