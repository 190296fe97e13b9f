"""The public board of cases: what was brought forward and how it stands, without names and without anybody's words."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from lianxin.domain.voice.models import Case, CasePicture, CaseStep
from lianxin.domain.voice.queries.fenced import at_home
from lianxin.domain.voice.rules import act_words, states
from lianxin.platform import facts, scope
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing

State = Case.State
A_PAGE = 20
YEAR = 365
YEARLY = ("cases_heard", "cases_ended", "cases_confirmed")
GROUPS: dict[str, tuple[str, ...]] = {
    "open": tuple(sorted(states.LIVE)),
    "done": (State.DONE,),
    "closed": (State.CONFIRMED, State.SILENT),
    "declined": (State.DECLINED,),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One case as everybody may read it."""

    id: UUID
    number: int
    community_id: UUID
    community_name: str
    title: str
    answer: str
    subject: str
    subject_label: Any
    place: str
    tier: str
    tier_label: Any
    state: str
    state_label: Any
    voices: int
    opened_on: date
    due_at: datetime | None
    is_late: bool
    done_on: date | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A page of the board; `has_more` tells that another one follows."""

    lines: tuple[Line, ...]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class PublicStep:
    """What was done with a case and when."""

    act: str
    label: Any
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicCase:
    """One case with its way, as everybody may read it."""

    line: Line
    steps: tuple[PublicStep, ...]
    pictures: tuple[tuple[UUID, UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases are open now by state, and what a year brought: from the tallies."""

    open: dict[str, int] = field(default_factory=dict)
    heard: int = 0
    ended: int = 0
    confirmed: int = 0


def list_public(
    communities: Collection[UUID], *, subject: str = "", state: str = "", page: int = 1, at: datetime
) -> BoardPage:
    """Give a page of the board of one or more communities, what changed last first; one query.

    `state` is one of the states or "open", "done", "closed", "declined".
    """
    wanted = sorted(set(communities))
    start = (max(1, page) - 1) * A_PAGE
    with scope.everything():
        # One community has an index of its own order; of many, the window of all that is public is read.
        rows = at_home(Case, wanted, in_order=True).filter(is_public=True).select_related("community", "venue")
        if subject:
            rows = rows.filter(subject=subject)
        if state:
            rows = rows.filter(state__in=GROUPS.get(state, (state,)))
        order = ("-changed_at", "-pk") if len(wanted) == 1 else ("-opened_at", "-pk")
        found = list(rows.order_by(*order)[start : start + A_PAGE + 1])
    return BoardPage(tuple(line_of(row, at=at) for row in found[:A_PAGE]), max(1, page), len(found) > A_PAGE)


def public_case(pk: UUID, *, at: datetime) -> PublicCase:
    """Give a case of the board; raises Missing for what is not shown, by whatever id."""
    with scope.everything():
        row = Case.objects.filter(pk=pk, is_public=True).select_related("community", "venue").first()
        if row is None:
            raise Missing
        steps = CaseStep.objects.filter(case=row, act__in=act_words.SHOWN).order_by("done_at", "pk")
        told, is_heard = [], False
        for step in steps:
            if step.act == "hear" and is_heard:
                continue
            is_heard = is_heard or step.act == "hear"
            told.append(PublicStep(step.act, act_words.words_of(step.act), step.done_at))
        shown = CasePicture.objects.filter(report__case=row, is_public=True, report__confidentiality="open")
        pictures = tuple((one.pk, one.file_id, one.caption) for one in shown.order_by("added_at", "pk"))
    return PublicCase(line_of(row, at=at), tuple(told), pictures)


def find_public_picture(picture: UUID) -> CasePicture:
    """Give a photo that everybody may see: shown, and of a case that is on the board; raises Missing."""
    with scope.everything():
        row = CasePicture.objects.filter(
            pk=picture, is_public=True, report__case__is_public=True, report__confidentiality="open"
        ).first()
    if row is None:
        raise Missing
    return row


def counts_of(communities: Collection[UUID], *, on: date) -> Counts:
    """Give how many are open now, whoever sees them, and what the last year brought; ended ones from the tallies."""
    wanted = list(communities)
    since, until = on - timedelta(days=YEAR), on + timedelta(days=1)
    # Within these communities: the tallies of a whole district are many.
    with scope.within(wanted):
        rows = Case.objects.filter(state__in=states.OPEN)
        figures = facts.figures_by("community", YEARLY, from_on=since, until_on=until)
        return Counts(
            open=dict(rows.order_by().values_list("state").annotate(n=Count("pk"))),
            **{name.removeprefix("cases_"): sum(values.values()) for name, values in figures.items()},
        )


def line_of(row: Case, *, at: datetime) -> Line:
    """Give a public case as everybody may read it; its place is a venue, never words that may hold a house number."""
    is_live = row.state in states.LIVE
    return Line(
        id=row.pk,
        number=row.number,
        community_id=row.community_id,
        community_name=row.community.short_name,
        title=row.public_title,
        answer=row.public_answer,
        subject=row.subject,
        subject_label=row.get_subject_display(),
        place=row.venue.name if row.venue else "",
        tier=row.tier,
        tier_label=row.get_tier_display(),
        state=row.state,
        state_label=row.get_state_display(),
        voices=row.voices,
        opened_on=local_day(row.opened_at),
        due_at=row.due_at if is_live else None,
        is_late=is_live and row.due_at is not None and row.due_at < at,
        done_on=local_day(row.done_at) if row.done_at else None,
        ended_on=local_day(row.ended_at) if row.ended_at else None,
    )
