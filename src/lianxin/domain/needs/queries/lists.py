"""The needs list as staff read it, and as the matcher takes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import Need, NeedReport
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

State = Need.State
LIVE = (State.OPEN, State.PLANNED, State.PARTLY)
STATES = {
    "live": LIVE,
    "open": (State.OPEN,),
    "planned": (State.PLANNED,),
    "partly": (State.PARTLY,),
    "met": (State.MET,),
    "unmet": (State.UNMET,),
    "withdrawn": (State.WITHDRAWN,),
    "all": tuple(State),
}
ASK_BEFORE = timedelta(days=14)
ORDERS = {
    "priority": ("-priority", "first_heard_on", "pk"),
    "waiting": ("first_heard_on", "pk"),
    "voices": ("-voices", "first_heard_on", "pk"),
    "newest": ("-last_heard_on", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One open, confirmed entry as the matcher takes it."""

    id: UUID
    community: UUID
    category: str
    people: int
    priority: int
    times_mask: int
    reach_metres: int | None
    first_heard_on: date
    target_group: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of entries is narrowed to."""

    state: str = "live"
    category: str = ""
    group: str = ""
    communities: Sequence[UUID] | None = None
    priority: int | None = None
    stale_on: date | None = None
    words: str = ""
    order: str = "priority"


def for_matching(communities: Iterable[UUID] | None, on: date) -> list[Wanted]:
    """Give what may be matched on a day: open or partly met, still confirmed, somebody asks; in the order of ids."""
    rows = Need.objects.filter(state__in=[State.OPEN, State.PARTLY], confirm_by__gte=on, people__gt=0)
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    return [
        Wanted(*values)
        for values in rows.order_by("pk").values_list(
            "pk",
            "community_id",
            "category__code",
            "people",
            "priority",
            "times_mask",
            "reach_metres",
            "first_heard_on",
            "target_group",
        )
    ]


def list_needs(*, actor: Actor, wanted: Filter) -> QuerySet[Need]:
    """Give the entries of the communities in scope that the filter leaves, category and community loaded."""
    policy.require(policy.may_read_any(actor))
    rows = Need.objects.select_related("category", "community").filter(state__in=STATES.get(wanted.state, LIVE))
    if wanted.category:
        rows = rows.filter(category__code=wanted.category)
    if wanted.group:
        rows = rows.filter(target_group=wanted.group)
    if wanted.communities is not None:
        rows = rows.filter(community__in=wanted.communities)
    if wanted.priority:
        rows = rows.filter(priority__gte=wanted.priority)
    if wanted.stale_on:
        rows = rows.filter(confirm_by__lt=wanted.stale_on)
    if wanted.words:
        said = Q(title__icontains=wanted.words)
        if wanted.words.isdecimal() and len(wanted.words) < 7:
            said |= Q(number=int(wanted.words))
        rows = rows.filter(said)
    return rows.order_by(*ORDERS.get(wanted.order, ORDERS["priority"]))


def list_stale(
    *, actor: Actor, on: date, communities: Sequence[UUID] | None = None, category: str = ""
) -> QuerySet[Need]:
    """Give the open entries that are to be asked again within two weeks or already left the plan, the oldest first."""
    policy.require(policy.may_keep_any(actor))
    rows = Need.objects.filter(state__in=[State.OPEN, State.PARTLY], confirm_by__lte=on + ASK_BEFORE)
    if communities is not None:
        rows = rows.filter(community__in=communities)
    if category:
        rows = rows.filter(category__code=category)
    return rows.select_related("category", "community").order_by("confirm_by", "pk")


def count_by_state(*, actor: Actor) -> dict[str, int]:
    """Count the entries in scope by state; one query."""
    policy.require(policy.may_read_any(actor))
    found = dict(Need.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in State.values}


def find_need(*, actor: Actor, need: UUID) -> Need:
    """Give an entry in scope; raises Missing."""
    row = Need.objects.filter(pk=need).select_related("category", "community").first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def list_voices(*, need: UUID) -> QuerySet[NeedReport]:
    """Give the voices of an entry, oldest first, with who said them."""
    rows = NeedReport.objects.filter(need=need).select_related("person", "category")
    return rows.order_by("heard_at", "pk")


def list_quotes(*, needs: Iterable[UUID], each: int = 2) -> dict[UUID, list[str]]:
    """Give the first words of up to so many voices of each entry, oldest first; for staff, as they may name people."""
    found: dict[UUID, list[str]] = {}
    keys = list(needs)
    for start in range(0, len(keys), 500):
        rows = NeedReport.objects.filter(need__in=keys[start : start + 500]).order_by("heard_at", "pk")
        for need, words in rows.values_list("need_id", "words"):
            quotes = found.setdefault(need, [])
            if len(quotes) < each and words not in quotes:
                quotes.append(words)
    return found


def list_choices(*, community: UUID, category: str = "", limit: int = 200) -> Sequence[Need]:
    """Give the live entries of a community that a voice may be joined to, those of a category first."""
    rows = list(
        Need.objects.filter(community=community, state__in=LIVE).select_related("category").order_by("-voices", "pk")
    )
    rows.sort(key=lambda row: row.category.code != category)
    return rows[:limit]
