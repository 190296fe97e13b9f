"""Reading matters: the office's list, one matter, its sides, what residents may read of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, DateTimeField, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.staff import list_roster
from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Case, CaseLink, Commitment, Matter, Meeting, OpinionMap, Party, Vote
from lianxin.domain.voice.rules import commitments as promises
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.audit import TimelineEntry
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Unreadable

GOING_ON = (Matter.State.OPEN, Matter.State.AGREED, Matter.State.SUSPENDED)
PUBLIC_AT_MOST = 100


def list_matters(
    *,
    actor: Actor,
    state: str = "going_on",
    subject: str = "",
    words: str = "",
    communities: Iterable[UUID] | None = None,
) -> QuerySet[Matter]:
    """Give the matters in scope with how many meetings were closed and promises are open, the latest first."""
    rows = Matter.objects.select_related("community").order_by("-opened_at", "-pk")
    if not policy.may_read_any(actor):
        return rows.none()
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    if state == "going_on":
        rows = rows.filter(state__in=GOING_ON)
    elif state and state != "all":
        rows = rows.filter(state=state)
    if subject:
        rows = rows.filter(subject=subject)
    if words.strip():
        rows = rows.filter(Q(title__contains=words.strip()) | Q(summary__contains=words.strip()))
    return rows.annotate(
        closed_meetings=_counted(Meeting.objects.filter(state=Meeting.State.CLOSED)),
        open_promises=_counted(Commitment.objects.filter(state__in=promises.LIVE)),
        next_at=Subquery(
            Meeting.objects.filter(matter=OuterRef("pk"), state=Meeting.State.PLANNED)
            .order_by()
            .values("matter")
            .annotate(first=Min("starts_at"))
            .values("first"),
            output_field=DateTimeField(),
        ),
    )


def find_matter(*, actor: Actor, matter: UUID) -> Matter:
    """Give one matter that the actor may read; raises Missing."""
    row = Matter.objects.select_related("community").filter(pk=matter).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def list_parties(matter: UUID) -> list[Party]:
    """Give the sides of a matter, those that left last."""
    rows = Party.objects.filter(matter=matter).select_related("organisation")
    return list(rows.order_by(F("left_on").asc(nulls_first=True), "joined_on", "pk"))


def find_party(*, actor: Actor, party: UUID) -> Party:
    """Give one side of a matter that the actor may read; raises Missing."""
    row = Party.objects.select_related("matter", "community").filter(pk=party).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def phone_of(row: Party) -> str:
    """Give the number under which a side's speaker is called, for who calls meetings."""
    try:
        return row.speaker_phone.reveal() if row.speaker_phone is not None else ""
    except Unreadable:
        return ""


def origins_of(matter: UUID) -> list[Case]:
    """Give the cases that led to a matter, the oldest first."""
    linked = CaseLink.objects.filter(kind=CaseLink.Kind.MATTER, record_id=matter).values("case")
    return list(Case.objects.filter(pk__in=linked).order_by("opened_at", "pk"))


def list_workers(*, actor: Actor, community: UUID, on: date) -> list[tuple[UUID, str]]:
    """Give who works in a community and may see to a commitment, by name."""
    if not policy.may_keep(actor, community):
        return []
    found: dict[UUID, str] = {}
    for line in list_roster(on=on, communities=frozenset({community})):
        if line.role in policy.KEEPERS and line.state == Account.State.ACTIVE:
            found.setdefault(line.account, line.display_name or line.login_name)
    return sorted(found.items(), key=lambda one: one[1])


def timeline_of(*, actor: Actor, kind: str, record: UUID) -> list[TimelineEntry]:
    """Give what happened to a record of deliberation, for who may read it."""
    return audit.entries_for(kind, record) if policy.may_read_any(actor) else []


def list_public(community: UUID) -> list[Matter]:
    """Give the matters of a community whose stories residents may read, those going on first, then the latest."""
    with scope.everything():
        rows = Matter.objects.filter(community=community, is_public=True)
        return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-opened_at", "-pk")[:PUBLIC_AT_MOST])


def list_asked(matter: UUID, *, at: datetime) -> tuple[list[OpinionMap], list[Vote]]:
    """Give the public opinion maps and votes of a matter that can be answered now."""
    with scope.everything():
        maps = OpinionMap.objects.filter(matter=matter, is_public=True, state=OpinionMap.State.OPEN)
        votes = Vote.objects.filter(matter=matter, is_public=True, state=Vote.State.OPEN)
        return (
            list(maps.exclude(closes_at__lte=at).order_by("opened_at", "pk")),
            list(votes.exclude(closes_at__lt=at).order_by("opens_at", "pk")),
        )


def find_public(*, community: UUID, matter: UUID) -> Matter:
    """Give a matter whose story residents may read; raises Missing."""
    with scope.everything():
        row = Matter.objects.select_related("community").filter(pk=matter, community=community, is_public=True).first()
    if row is None:
        raise Missing
    return row


def _counted(rows: QuerySet[Meeting] | QuerySet[Commitment]) -> Coalesce:
    counted = rows.filter(matter=OuterRef("pk")).order_by().values("matter").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
