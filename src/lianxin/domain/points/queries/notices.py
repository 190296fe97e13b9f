"""Public notices: for everybody while they are on show, on posters, and with their objections for staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianxin.domain.people.models import Person
from lianxin.domain.points import policy
from lianxin.domain.points.models import Claim, Notice, NoticeLine, Objection
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

PAGE = 100
MOST_LINES = 5_000
MOST_NOTICES = 200


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A notice on a list."""

    id: UUID
    community: UUID
    number: int
    kind: str
    title: str
    subject: UUID | None
    shown_from: date
    shown_until: date
    state: str
    lines: int
    open_objections: int
    seal_code: str

    def days_left(self, on: date) -> int:
        """Tell how many days it is still shown, the day itself counted."""
        return max((self.shown_until - on).days + 1, 0) if self.state == Notice.State.SHOWN else 0


@dataclass(frozen=True, slots=True)
class ShownAward:
    """One award on a notice: whose it is only masked."""

    claim: UUID
    masked_name: str
    household_number: str
    item: str
    quantity: int
    points: int
    done_on: date
    is_taken_back: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice with a page of its awards; `after` fetches the next. Of one that is over, no awards are shown."""

    card: NoticeCard
    community_name: str
    published_at: datetime
    points: int
    objections: int
    lines: list[ShownAward]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection as staff and the objector see it."""

    id: UUID
    notice: UUID
    notice_number: int
    notice_kind: str
    claim: UUID | None
    award: ShownAward | None
    masked_name: str
    person: UUID | None
    text: str
    raised_at: datetime
    via: str
    state: str
    answer: str
    decided_at: datetime | None
    reversal: UUID | None
    is_own_award: bool


@dataclass(frozen=True, slots=True)
class StaffNoticePage:
    """A notice as staff see it: its awards, also after its days, and what was said against them."""

    page: NoticePage
    objections: list[ObjectionView]


def list_notices(*, community: UUID, on: date, with_ended: bool = False, limit: int = 50) -> list[NoticeCard]:
    """List the notices that a community shows on a day, newest first; public. With those that are over if wanted."""
    with scope.within([community]):
        rows = Notice.objects.filter(community=community).exclude(state=Notice.State.WITHDRAWN)
        rows = rows.filter(shown_from__lte=on)
        if not with_ended:
            rows = rows.filter(state=Notice.State.SHOWN, shown_until__gte=on)
        return [_card(row) for row in _counted(rows)[: min(max(limit, 1), MOST_NOTICES)]]


def find_notice(*, community: UUID, notice: UUID, on: date, after: UUID | None = None, limit: int = PAGE) -> NoticePage:
    """Give one notice with its awards, for everybody and for posters; after its days without them. Raises Missing."""
    with scope.within([community]):
        shown = Notice.objects.filter(pk=notice, shown_from__lte=on).exclude(state=Notice.State.WITHDRAWN)
        row = _counted(shown).first()
        if row is None:
            raise Missing
        is_on_show = row.state == Notice.State.SHOWN and on <= row.shown_until
        return _page(row, after, limit if is_on_show else 0)


def list_notices_for_staff(*, actor: Actor, community: UUID | None = None, limit: int = 50) -> list[NoticeCard]:
    """List the notices of the communities in scope, newest first, withdrawn and ended ones too."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        rows = Notice.objects.all() if community is None else Notice.objects.filter(community=community)
        return [_card(row) for row in _counted(rows)[: min(max(limit, 1), MOST_NOTICES)]]


def find_notice_for_staff(
    *, actor: Actor, notice: UUID, after: UUID | None = None, limit: int = PAGE
) -> StaffNoticePage:
    """Give a notice of a community in scope with its awards and objections; raises Missing."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        row = _counted(Notice.objects.filter(pk=notice)).first()
        if row is None:
            raise Missing
        objections = Objection.objects.filter(notice=row).order_by("-raised_at", "-pk")
        return StaffNoticePage(_page(row, after, limit), _views(objections, actor))


def list_objections(
    *, actor: Actor, state: str = Objection.State.OPEN, community: UUID | None = None, limit: int = 50
) -> list[ObjectionView]:
    """List the objections of the communities in scope, the oldest open ones first; `state=""` for all."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        rows = Objection.objects.filter(state=state) if state else Objection.objects.all()
        if community is not None:
            rows = rows.filter(community=community)
        order = ("raised_at", "pk") if state == Objection.State.OPEN else ("-raised_at", "-pk")
        return _views(rows.order_by(*order)[: min(max(limit, 1), MOST_NOTICES)], actor)


def find_objection(*, actor: Actor, objection: UUID) -> ObjectionView:
    """Give one objection to staff in scope or to who raised it; raises Missing."""
    with scope.within(actor.communities):
        rows = Objection.objects.filter(pk=objection)
        if not policy.may_see_points(actor):
            rows = rows.filter(person=actor.person) if actor.person else rows.none()
        found = _views(rows, actor)
    if not found:
        raise Missing
    return found[0]


def list_own_objections(*, actor: Actor, limit: int = 50) -> list[ObjectionView]:
    """List what a resident, or somebody the resident acts for now, objected to, newest first."""
    people = {actor.person, actor.on_behalf_of} - {None}
    with scope.within(actor.communities):
        rows = Objection.objects.filter(person__in=people).order_by("-raised_at", "-pk")
        return _views(rows[: min(max(limit, 1), MOST_NOTICES)], actor)


def shown_awards(claims: Iterable[Any]) -> dict[UUID, ShownAward]:
    """Write awards as notices show them; one query for the heads of households. Within a scope."""
    rows = list(claims)
    heads: dict[UUID, str] = {}
    nameless = {row.household_id for row in rows if row.person_id is None or not row.person.name}
    if nameless:
        people = Person.objects.filter(household__in=nameless, state=Person.State.LIVING)
        for home, relation, name in people.order_by("birth_on", "pk").values_list("household", "relation", "name"):
            if relation == Person.Relation.HEAD or home not in heads:
                heads[home] = name
    shown = {}
    for row in rows:
        name = row.person.name if row.person_id and row.person.name else heads.get(row.household_id, "")
        shown[row.pk] = ShownAward(
            claim=row.pk,
            masked_name=mask_name(name),
            household_number=row.household.number,
            item=row.item.title if row.item else row.act_kind,
            quantity=row.quantity,
            points=row.points,
            done_on=row.done_on,
            is_taken_back=row.state == Claim.State.REVERSED,
        )
    return shown


def _counted(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    waiting = Count("objections", filter=Q(objections__state=Objection.State.OPEN), distinct=True)
    return (
        rows.select_related("seal", "community")
        .annotate(
            line_count=Count("lines", distinct=True),
            open_count=waiting,
            objection_count=Count("objections", distinct=True),
        )
        .order_by("-shown_from", "-number", "-pk")
    )


def _card(row: Any) -> NoticeCard:
    return NoticeCard(
        id=row.pk,
        community=row.community_id,
        number=row.number,
        kind=row.kind,
        title=row.title,
        subject=row.subject,
        shown_from=row.shown_from,
        shown_until=row.shown_until,
        state=row.state,
        lines=row.line_count,
        open_objections=row.open_count,
        seal_code=row.seal.code if row.seal else "",
    )


def _page(row: Any, after: UUID | None, limit: int) -> NoticePage:
    size = min(max(limit, 0), MOST_LINES)
    points = 0
    found: list[Claim] = []
    # A household may live elsewhere by now; what it was given here stays on the notice.
    with scope.everything():
        if size:
            points = sum(NoticeLine.objects.filter(notice=row).values_list("claim__points", flat=True))
            rows = Claim.objects.filter(notice_line__notice=row).select_related("item", "person", "household")
            if after is not None:
                rows = rows.filter(pk__gt=after)
            found = list(rows.order_by("pk")[: size + 1])
        shown = shown_awards(found[:size])
    return NoticePage(
        card=_card(row),
        community_name=row.community.short_name,
        published_at=row.published_at,
        points=points,
        objections=row.objection_count,
        lines=list(shown.values()),
        after=found[size - 1].pk if len(found) > size else None,
    )


def _views(rows: QuerySet[Objection], actor: Actor) -> list[ObjectionView]:
    wanted = list(rows.values_list("pk", flat=True))
    with scope.everything():
        joined = Objection.objects.select_related(
            "notice", "person", "claim__item", "claim__person", "claim__household"
        ).in_bulk(wanted)
        found = [joined[pk] for pk in wanted]
        awards = shown_awards(row.claim for row in found if row.claim)
    return [
        ObjectionView(
            id=row.pk,
            notice=row.notice_id,
            notice_number=row.notice.number,
            notice_kind=row.notice.kind,
            claim=row.claim_id,
            award=awards[row.claim_id] if row.claim_id else None,
            masked_name=mask_name(row.person.name) if row.person else "",
            person=row.person_id if policy.may_see_points(actor) else None,
            text=row.text,
            raised_at=row.raised_at,
            via=row.via,
            state=row.state,
            answer=row.answer,
            decided_at=row.decided_at,
            reversal=row.reversal_id,
            is_own_award=bool(row.claim and actor.account and row.claim.awarded_by == actor.account),
        )
        for row in found
    ]
