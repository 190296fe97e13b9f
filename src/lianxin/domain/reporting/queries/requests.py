"""Requests, where they reach and what was answered, each only to whom its communities belong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianxin.domain.places.models import Division
from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.models import (
    Demand,
    RequestAnswer,
    RequestField,
    RequestPlace,
    RequestReach,
    UpperRequest,
)
from lianxin.domain.reporting.queries import requests_gate
from lianxin.domain.reporting.rules import requests as rules
from lianxin.domain.reporting.rules import requests_periods as periods
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing
from lianxin.platform.workcalendar import load_calendar

Reach, State = RequestReach.State, UpperRequest.State


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the answers are, of the communities in scope."""

    asked: int = 0
    answered: int = 0
    delivered: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A draft before the gate: what it lacks, and what sending it now would weigh."""

    lacks: list[rules.Lack]
    warnings: list[str]
    is_known_only: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One community's row of answers: a value for each field, and where a file was handed in its answer."""

    community: Division
    reach: RequestReach
    values: list[str]
    files: list[UUID | None]


def list_requests(*, actor: Actor, state: str = "", level: str = "", office: str = "") -> QuerySet[UpperRequest]:
    """Give the requests that reach communities in the actor's scope, the newest first."""
    rows = UpperRequest.objects.filter(pk__in=_mine(actor)).annotate(
        hands=Count("fields", filter=Q(fields__how="hand"), distinct=True),
        known=Count("fields", filter=~Q(fields__how="hand"), distinct=True),
    )
    if state:
        rows = rows.filter(state=state)
    if level:
        rows = rows.filter(office_level=level)
    if office:
        rows = rows.filter(office_name=office)
    return rows.order_by("-made_at", "-pk")


def find_request(*, actor: Actor, request: UUID) -> UpperRequest:
    """Give a request to who asks, or looks after communities that it reaches; raises Missing."""
    row = UpperRequest.objects.filter(pk=request).filter(pk__in=_mine(actor)).first()
    if row is None:
        raise Missing
    return row


def find_field(*, actor: Actor, field: UUID) -> RequestField:
    """Give one field of a request; raises Missing."""
    row = RequestField.objects.select_related("request", "source__request").filter(pk=field).first()
    if row is None:
        raise Missing
    find_request(actor=actor, request=row.request_id)
    return row


def may_manage(*, actor: Actor, request: UUID) -> bool:
    """Tell whether the actor's office answers for all communities of a request, not only for some."""
    if not policy.may_ask(actor):
        return False
    with scope.everything():
        places = list(RequestPlace.objects.filter(request=request).values_list("community_id", flat=True))
    return policy.may_manage(actor, places)


def _mine(actor: Actor) -> QuerySet:
    if not policy.may_read_any(actor):
        raise Missing
    with scope.within(actor.communities):
        return RequestPlace.objects.order_by().values("request")


def fields_of(request: UpperRequest) -> list[RequestField]:
    """Give what a request asks, in its order."""
    return list(request.fields.select_related("source__request").order_by("position"))


def places_of(*, actor: Actor, request: UUID) -> list[Division]:
    """Give the communities in the actor's scope that a request is meant for."""
    with scope.within(actor.communities):
        rows = RequestPlace.objects.filter(request=request).select_related("community__parent")
        return sorted((one.community for one in rows), key=lambda one: one.code)


def progress_of(*, actor: Actor, requests: Iterable[UUID], at: datetime) -> dict[UUID, Progress]:
    """Give how far the answers of some requests are; one query."""
    with scope.within(actor.communities):
        rows = (
            RequestReach.objects.filter(request__in=list(requests))
            .order_by()
            .values("request")
            .annotate(
                asked=Count("pk", filter=Q(state=Reach.ASKED)),
                answered=Count("pk", filter=Q(state=Reach.ANSWERED)),
                delivered=Count("pk", filter=Q(state=Reach.DELIVERED)),
                late=Count("pk", filter=Q(state=Reach.ASKED, due_at__lt=at)),
            )
        )
        return {row["request"]: Progress(row["asked"], row["answered"], row["delivered"], row["late"]) for row in rows}


def standing_of(*, request: UpperRequest, at: datetime) -> Standing:
    """Hold a draft against the gate: what it lacks and what it would weigh."""
    with scope.everything():
        places = RequestPlace.objects.filter(request=request).count()
    seen = requests_gate.seen(request, at=at, places=places)
    known_only = rules.is_known_only(seen.fields)
    hands = sum(one.how == "hand" for one in seen.fields)
    warned = (
        []
        if known_only
        else rules.warnings(
            sent_at=at, due_at=request.due_at, communities=places, hands=hands, calendar=load_calendar()
        )
    )
    return Standing(rules.lacks(seen, at=at), warned, known_only)


def period_of(field: RequestField, *, on: date) -> str:
    """Give the fixed period of a known figure, as of the day on which it was asked last."""
    return periods.resolve(field.period, on=on)


def asked_on(*, actor: Actor, request: UpperRequest, round: int, at: datetime) -> date:  # noqa: A002
    """Give the day on which a round was asked; a draft would be asked now."""
    if request.sent_at is None:
        return local_day(at)
    with scope.within(actor.communities):
        reach = RequestReach.objects.filter(request=request, round=round).first()
    return local_day(reach.opened_at if reach else request.sent_at)


def answers_of(*, actor: Actor, request: UpperRequest, round: int | None = None) -> list[AnswerLine]:  # noqa: A002
    """Give the answers of the communities in scope to one round (the last), one line for each community."""
    fields = fields_of(request)
    wanted = round or request.rounds
    with scope.within(actor.communities):
        reaches = list(
            RequestReach.objects.filter(request=request, round=wanted)
            .select_related("community__parent")
            .order_by("community__code", "pk")
        )
        found = {
            (one.reach_id, one.field_id): one
            for one in RequestAnswer.objects.filter(reach__in=[reach.pk for reach in reaches])
        }
        sources = [one.source_id for one in fields if one.source_id]
        earlier = _latest_answers(sources)
    lines = []
    for reach in reaches:
        given = [
            earlier.get((reach.community_id, one.source_id)) if one.source_id else found.get((reach.pk, one.pk))
            for one in fields
        ]
        lines.append(
            AnswerLine(
                reach.community,
                reach,
                [one.value if one else "" for one in given],
                [one.pk if one and one.file_id else None for one in given],
            )
        )
    return lines


def _latest_answers(sources: list[UUID]) -> dict[tuple[UUID, UUID], RequestAnswer]:
    found: dict[tuple[UUID, UUID], RequestAnswer] = {}
    if sources:
        for one in RequestAnswer.objects.filter(field__in=sources).order_by("answered_at", "pk"):
            found[one.community_id, one.field_id] = one
    return found


def find_answer(*, actor: Actor, answer: UUID) -> RequestAnswer:
    """Give an answer of a community in scope; raises Missing."""
    if not policy.may_read_any(actor):
        raise Missing
    with scope.within(actor.communities):
        row = RequestAnswer.objects.select_related("reach__request", "field").filter(pk=answer).first()
    if row is None or not actor.covers(row.community_id):
        raise Missing
    return row


def list_reaches(*, actor: Actor, open_only: bool = False) -> QuerySet[RequestReach]:
    """Give what was asked of the communities in the actor's scope: what is open first, the soonest first."""
    if not policy.may_read_any(actor):
        raise Missing
    with scope.within(actor.communities):
        rows = RequestReach.objects.select_related("request", "community")
    if open_only:
        return rows.filter(state=Reach.ASKED).order_by("due_at", "pk")
    return rows.order_by("-opened_at", "-pk")


def find_reach(*, actor: Actor, reach: UUID) -> RequestReach:
    """Give what was asked of one community; raises Missing."""
    row = list_reaches(actor=actor).filter(pk=reach).first()
    if row is None or not actor.covers(row.community_id):
        raise Missing
    return row


def prefilled(*, reach: RequestReach) -> dict[UUID, RequestAnswer]:
    """Give for each field asked by hand what this community answered to it, or last to the same one before."""
    fields = [one for one in fields_of(reach.request) if one.how == "hand"]
    wanted = {(one.label_digest, one.answer_type): one.pk for one in fields}
    found: dict[UUID, RequestAnswer] = {}
    with scope.within(frozenset({reach.community_id})):
        rows = RequestAnswer.objects.select_related("field").filter(
            community=reach.community_id, field__label_digest__in=[one.label_digest for one in fields]
        )
    for row in rows.order_by("answered_at", "pk"):
        field = wanted.get((row.field.label_digest, row.field.answer_type))
        if field is not None and (field not in found or found[field].reach_id != reach.pk):
            found[field] = row
    return found


def list_demands(*, actor: Actor, open_only: bool = False, office: str = "") -> QuerySet[Demand]:
    """Give the demands that came another way, as the communities in scope noted them."""
    if not policy.may_read_any(actor):
        raise Missing
    with scope.within(actor.communities):
        rows = Demand.objects.select_related("community")
    if open_only:
        rows = rows.filter(state=Demand.State.OPEN)
    if office:
        rows = rows.filter(office_name=office)
    return rows.order_by("-asked_at", "-pk")


def find_demand(*, actor: Actor, demand: UUID) -> Demand:
    """Give one noted demand; raises Missing."""
    row = list_demands(actor=actor).filter(pk=demand).first()
    if row is None or not actor.covers(row.community_id):
        raise Missing
    return row


def list_offices(*, actor: Actor, most: int = 200) -> list[str]:
    """Give the names of offices that asked before, to choose from while typing."""
    if not policy.may_read_any(actor):
        raise Missing
    asked = UpperRequest.objects.order_by("-made_at").values_list("office_name", flat=True)[:most]
    with scope.within(actor.communities):
        noted = Demand.objects.order_by("-made_at").values_list("office_name", flat=True)[:most]
    return list(dict.fromkeys([*asked, *noted]))[:40]
