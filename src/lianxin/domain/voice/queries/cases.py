"""Cases for the office: the queue, its counts, and one case as one story."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Exists, F, Model, OuterRef, Prefetch, Q, QuerySet, Subquery

from lianxin.domain.places.models import Division, Level
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands.moving import capacities
from lianxin.domain.voice.commands.searching import CASE
from lianxin.domain.voice.models import (
    Case,
    CaseAnswer,
    CaseLink,
    CasePause,
    CasePicture,
    CaseReport,
    CaseStep,
    Commitment,
    Handover,
    TierDecision,
)
from lianxin.domain.voice.queries.fenced import at_home, wanted_of
from lianxin.domain.voice.queries.reports import may_see
from lianxin.domain.voice.rules import lights, receipts, states
from lianxin.platform import scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

Row = TypeVar("Row", bound=Model)
State = Case.State
MOST_FOUND = 300
# Yellow is a question of each case's own term: so many of the next ones are asked.
MOST_WEIGHED = 2_000
RUNNING = "running_decisions"
ORDERS = ("due", "newest", "voices")


@dataclass(frozen=True, slots=True)
class ReportView:
    """One voice as somebody of the office sees it; of a sealed one only that it is there."""

    row: CaseReport
    is_sealed: bool
    words: str
    name: str
    receipt: str
    answers: tuple[CaseAnswer, ...]
    pictures: tuple[CasePicture, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with all that belongs to it."""

    case: Case
    title: str
    light: str
    runs_from: datetime
    reports: tuple[ReportView, ...]
    steps: tuple[CaseStep, ...]
    decisions: tuple[TierDecision, ...]
    pauses: tuple[CasePause, ...]
    handovers: tuple[Handover, ...]
    links: tuple[CaseLink, ...]
    # Cases that were joined into this one.
    joined: tuple[Case, ...]
    # The case that this one was joined into.
    into: Case | None
    commitments: tuple[Commitment, ...]
    acts: tuple[str, ...]
    is_sealed: bool
    may_keep: bool
    may_supervise: bool

    @property
    def live_reports(self) -> tuple[ReportView, ...]:
        """Give the voices that were not taken back."""
        return tuple(one for one in self.reports if one.row.withdrawn_at is None)


def list_queue(
    actor: Actor,
    *,
    state: str = "open",
    tier: str = "",
    light: str = "",
    subject: str = "",
    responsible: UUID | None = None,
    unassigned: bool = False,
    late: bool = False,
    danger: bool = False,
    words: str = "",
    communities: Collection[UUID] | None = None,
    order: str = "due",
    at: datetime,
) -> QuerySet[Case]:
    """Give the cases in scope that the filters leave, with the decision `light_of` needs; what is due soonest first.

    `state` is one of the states, "open" (not ended), "live" (the office has it in hand), "ended" or "all".
    Ended ones come newest first. Words are a number, a receipt, or words of the title, subject or place.
    """
    policy.require(policy.may_read_any(actor))
    homes = wanted_of(communities)
    is_newest = order == "newest" or state in ("all", "ended") or state in states.ENDED
    # Few filters leave much, and then the newest page is full soon; words leave few, which are found by their key.
    is_wide = state in ("all", "ended", "confirmed") and not (subject and tier) and responsible is None and not danger
    rows = _in_state(at_home(Case, homes, in_order=bool(words.strip()) or (is_newest and is_wide)), state)
    for name, value in (("tier", tier), ("subject", subject)):
        if value:
            rows = rows.filter(**{name: value})
    if responsible is not None:
        rows = rows.filter(responsible=responsible)
    if unassigned:
        rows = rows.filter(responsible=None)
    if danger:
        rows = rows.filter(is_danger=True)
    if late:
        rows = rows.filter(due_at__lt=at, state__in=states.LIVE)
    if light:
        rows = _in_light(rows, light, at=at)
    if words.strip():
        rows = _with_words(rows, words)
    rows = rows.select_related("community", "venue").prefetch_related(_decisions())
    if order == "voices":
        return rows.order_by("-voices", "pk")
    if is_newest:
        return rows.order_by("-opened_at", "-pk")
    return rows.order_by(F("due_at").asc(nulls_last=True), "pk")


def light_of(case: Case, *, at: datetime) -> lights.Light:
    """Give the light of a case that came from `list_queue`."""
    decided = getattr(case, RUNNING, ())
    begun = decided[0].runs_from if decided else case.opened_at
    return lights.light(due_at=case.due_at, runs_from=begun, at=at, is_live=case.state in states.LIVE)


def title_of(actor: Actor, case: Case) -> str:
    """Give what a case is called to somebody: a sealed one only by its subject, but for who works on it."""
    return str(case.get_subject_display()) if is_sealed_for(actor, case) else case.title


def is_sealed_for(actor: Actor, case: Case) -> bool:
    """Tell whether a case's own words are kept from somebody of the office."""
    if case.confidentiality != "confidential" and not case.is_mediated:
        return not policy.may_read(actor, case.community_id)
    return actor.account is None or actor.account not in (case.responsible, case.first_responder)


def counts_by_state(actor: Actor, *, communities: Collection[UUID] | None = None) -> dict[str, int]:
    """Count the open cases in scope by state, in one query; ended ones are counted by the figures."""
    policy.require(policy.may_read_any(actor))
    rows = Case.objects.filter(ended_at=None, state__in=states.OPEN)
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def count_late(actor: Actor, *, at: datetime, communities: Collection[UUID] | None = None) -> int:
    """Count the cases in scope that are late now."""
    policy.require(policy.may_read_any(actor))
    rows = Case.objects.filter(ended_at=None, due_at__lt=at, state__in=states.LIVE)
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    return rows.count()


def find_case(pk: UUID, actor: Actor, *, at: datetime) -> CaseView:
    """Give a case in scope as one story, its voices masked as the actor may see them; raises Missing."""
    case = Case.objects.select_related("community", "venue").annotate(**_what_there_is()).filter(pk=pk).first()
    if case is None or not policy.may_read(actor, case.community_id):
        raise Missing
    # What belongs to the case is found by the case alone: a fence beside it would read the whole community's.
    with scope.everything():
        return _story(case, actor, at=at)


def _what_there_is() -> dict[str, Exists]:
    """Ask with the case itself which of its rarer belongings there are, so that only those are read."""
    with scope.everything():
        of_it = {
            "has_pictures": CasePicture.objects.filter(report__case=OuterRef("pk")),
            "has_pauses": CasePause.objects.filter(case=OuterRef("pk")),
            "has_handovers": Handover.objects.filter(case=OuterRef("pk")),
            "has_commitments": Commitment.objects.filter(case=OuterRef("pk")),
            "has_links": CaseLink.objects.filter(case=OuterRef("pk")),
            "has_joined": CaseLink.objects.filter(kind=CaseLink.Kind.DUPLICATE, record_id=OuterRef("pk")),
        }
        return {name: Exists(rows) for name, rows in of_it.items()}


def _if(there: bool, rows: QuerySet[Row]) -> tuple[Row, ...]:
    return tuple(rows) if there else ()


def _story(case: Any, actor: Actor, *, at: datetime) -> CaseView:
    belongings = ("answers", "pictures") if case.has_pictures else ("answers",)
    reports = list(
        CaseReport.objects.filter(case=case)
        .select_related("person", "household")
        .prefetch_related(*belongings)
        .order_by("heard_at", "pk")
    )
    decisions = tuple(TierDecision.objects.filter(case=case).select_related("rules").order_by("position"))
    links = _if(case.has_links, CaseLink.objects.filter(case=case).order_by("made_at", "pk"))
    into = next((one.record_id for one in links if one.kind == CaseLink.Kind.DUPLICATE), None)
    begun = decisions[-1].runs_from if decisions else case.opened_at
    sealed = is_sealed_for(actor, case)
    steps = tuple(CaseStep.objects.filter(case=case).order_by("done_at", "pk"))
    if sealed:
        for step in steps:
            step.words = ""
    held = capacities(actor, case.community_id)
    acts = tuple(
        act for act in states.TABLE if any(act in states.acts_for(case.state, who) for who in held if who != "system")
    )
    handovers = Handover.objects.filter(case=case).select_related("organisation").order_by("handed_at")
    return CaseView(
        case=case,
        title=title_of(actor, case),
        light=lights.light(due_at=case.due_at, runs_from=begun, at=at, is_live=case.state in states.LIVE),
        runs_from=begun,
        reports=tuple(_view(actor, row, case, has_pictures=case.has_pictures) for row in reports),
        steps=steps,
        decisions=decisions,
        pauses=_if(case.has_pauses, CasePause.objects.filter(case=case).order_by("paused_at")),
        handovers=_if(case.has_handovers, handovers),
        links=tuple(one for one in links if one.kind != CaseLink.Kind.DUPLICATE),
        joined=_if(case.has_joined, _joined_into(case)),
        into=Case.objects.filter(pk=into).first() if into else None,
        commitments=_if(case.has_commitments, Commitment.objects.filter(case=case).order_by("due_by", "pk")),
        acts=acts,
        is_sealed=sealed,
        may_keep=policy.may_keep(actor, case.community_id),
        may_supervise=policy.may_supervise(actor, case.community_id),
    )


def _view(actor: Actor, row: CaseReport, case: Case, *, has_pictures: bool) -> ReportView:
    sealed = not may_see(actor, row, case)
    name = row.person.name if row.person else row.guest_name
    held: Any = row
    pictures = () if sealed or not has_pictures else held.pictures.all()
    return ReportView(
        row=row,
        is_sealed=sealed,
        words="" if sealed else row.words,
        name="" if sealed else name,
        receipt="" if sealed else row.receipt,
        answers=() if sealed else tuple(sorted(held.answers.all(), key=lambda one: (one.made_at, one.pk))),
        pictures=tuple(sorted(pictures, key=lambda one: (one.added_at, one.pk))),
    )


def _joined_into(case: Case) -> QuerySet[Case]:
    """Give the cases that were joined into this one; their links name it."""
    links = CaseLink.objects.filter(kind=CaseLink.Kind.DUPLICATE, record_id=case.pk)
    return Case.objects.filter(pk__in=links.values("case")).order_by("number")


def _in_state(rows: QuerySet[Case], state: str) -> QuerySet[Case]:
    # Open ones are asked for by `ended_at`: the indexes of what is open are kept apart from the years before.
    if state == "open":
        return rows.filter(ended_at=None, state__in=states.OPEN)
    if state == "live":
        return rows.filter(ended_at=None, state__in=states.LIVE)
    if state == "ended":
        return rows.filter(ended_at__isnull=False)
    if state in states.OPEN:
        return rows.filter(ended_at=None, state=state)
    return rows.filter(state=state) if state in states.ENDED else rows


def _decisions() -> Prefetch:
    """The decisions of a page of cases, the running one first; not fenced, as their cases were."""
    with scope.everything():
        return Prefetch("decisions", queryset=TierDecision.objects.order_by("-position"), to_attr=RUNNING)


def _in_light(rows: QuerySet[Case], light: str, *, at: datetime) -> QuerySet[Case]:
    live = rows.filter(ended_at=None, state__in=states.LIVE)
    if light == lights.RED:
        return live.filter(due_at__lt=at)
    if light == lights.STILL:
        return rows.filter(Q(due_at=None) | ~Q(state__in=states.LIVE))
    latest = TierDecision.objects.filter(case=OuterRef("pk")).order_by("-position").values("runs_from")[:1]
    near = live.filter(due_at__gte=at, due_at__lt=at + lights.LONGEST_TERM / 4).annotate(begun=Subquery(latest))
    weighed = near.order_by("due_at", "pk").values_list("pk", "due_at", "begun", "opened_at")[:MOST_WEIGHED]
    yellow = [
        pk
        for pk, due_at, begun, opened_at in weighed
        if lights.light(due_at=due_at, runs_from=begun or opened_at, at=at) == lights.YELLOW
    ]
    if light == lights.YELLOW:
        return live.filter(pk__in=yellow)
    return live.filter(due_at__gte=at).exclude(pk__in=yellow)


def _with_words(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    receipt = receipts.read_number(words)
    if receipt:
        return rows.filter(pk__in=CaseReport.objects.filter(receipt=receipt).values("case"))
    plain = words.strip().lstrip("#№")
    if plain.isdecimal() and len(plain) < 8:
        # Asked of each community, as the index of numbers is, and before anything is put in order.
        homes = Division.objects.filter(level=Level.COMMUNITY).values("pk")
        numbered = Case.objects.filter(community__in=homes, number=int(plain)).order_by()
        return rows.filter(pk__in=list(numbered.values_list("pk", flat=True)[:MOST_WEIGHED]))
    hits: Sequence[search.Hit] = search.find(words, kinds=[CASE], limit=MOST_FOUND)
    return rows.filter(pk__in=[hit.record_id for hit in hits])
