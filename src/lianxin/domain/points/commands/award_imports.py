"""Lists of awards from a workbook as a kind of run: read and checked whole, given chunk by chunk, taken back whole."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Card, Household, Person
from lianxin.domain.points import policy
from lianxin.domain.points.commands import awards, claims
from lianxin.domain.points.commands.approvals import refuse
from lianxin.domain.points.commands.awards import Award, Desk
from lianxin.domain.points.commands.taking_back import take_all_back
from lianxin.domain.points.models import Book, Claim
from lianxin.domain.points.queries.grounds import read_ground
from lianxin.domain.points.queries.homes import Home
from lianxin.domain.points.rules.award_rows import COLUMNS, AwardReader, AwardRow, unpack
from lianxin.domain.points.rules.deciding import terms_on
from lianxin.platform import runs, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Problem
from lianxin.platform.ids import deterministic_id
from lianxin.platform.models import Run, RunProblem

RUN_KIND_NAME = "points.awards"


def reader(*, run: Run, actor: Actor, at: datetime) -> AwardReader:
    """Give the reader of one file, knowing the community's households, people, cards and rules."""
    book = _book_of(run, actor)
    with scope.within([book.community_id]):
        homes = Household.objects.filter(state=Household.State.ACTIVE)
        households = dict(homes.values_list("number", "pk"))
        living = Person.objects.filter(state=Person.State.LIVING)
        members: dict[tuple[UUID, str], list[UUID]] = {}
        for pk, household, name in living.values_list("pk", "household_id", "name").iterator(chunk_size=5000):
            members.setdefault((household, name), []).append(pk)
        valid = Card.objects.filter(revoked_at=None, person__state=Person.State.LIVING)
        cards = {
            number: (person, household)
            for number, person, household in valid.values_list("number", "person_id", "person__household_id")
        }
        ground = read_ground([], [book.community_id])
        versions = ground.terms.get(book.pk, [])
        desk = Desk(actor, ground, at)
    budget = _budget_of(run)
    titles: dict[date, Mapping[str, str]] = {}

    def items(text: str, on: date) -> str | None:
        if on not in titles:
            terms = terms_on(versions, on)
            listed = terms.items if terms else ()
            titles[on] = {item.title: item.code for item in listed} | {item.code: item.code for item in listed}
        return titles[on].get(text)

    def why_not(row: AwardRow) -> Mapping[str, Sequence[str]]:
        home = Home(row.household, book.community_id, belongs=True, ended=False)
        try:
            desk.check(_award_of(row, budget), home)
        except Problem as problem:
            return problem.fields or {"item": [str(problem.detail)]}
        return {}

    return AwardReader(households=households, members=members, cards=cards, items=items, why_not=why_not)


def apply(*, run: Run, rows: list[AwardRow], actor: Actor, at: datetime) -> list[UUID]:
    """Give one chunk of clean rows; a row that can no longer be given is left out and named."""
    _book_of(run, actor)
    budget = _budget_of(run)
    lines = [_award_of(row, budget) for row in rows]
    sources = [deterministic_id(run.pk, f"award {row.row}") for row in rows]
    acts, problems, ground = awards.check_lines(actor, lines, at, sources)
    for place, sentences in sorted(problems.items()):
        RunProblem.objects.create(
            run=run,
            row_number=rows[place].row,
            column="item",
            sentence=_("This row could no longer be given: %(why)s") % {"why": " ".join(sentences)[:200]},
        )
    return [claim.pk for claim in claims.offer(actor=actor, acts=acts, ground=ground, at=at)]


def undo(*, run: Run, ids: list[UUID], actor: Actor, at: datetime) -> None:
    """Take back what a chunk gave: corrections for what was given, refusals for what still waits."""
    policy.require(policy.may_take_back(actor))
    reason = _("The list “%(title)s” was taken back") % {"title": run.title[:100]}
    states = dict(Claim.objects.filter(pk__in=ids).values_list("pk", "state"))
    for pk in sorted(pk for pk, state in states.items() if state == Claim.State.WAITING):
        refuse(actor=actor, claim=pk, reason=reason, at=at)
    given = [pk for pk, state in states.items() if state == Claim.State.AWARDED]
    if given:
        take_all_back(actor=actor, claims=given, reason=reason, at=at)


def _award_of(row: AwardRow, budget: UUID | None) -> Award:
    return Award(row.household, row.person, row.item, row.quantity, row.done_on, row.evidence, "", budget)


def _budget_of(run: Run) -> UUID | None:
    text = run.options.get("budget")
    return UUID(str(text)) if text else None


def _book_of(run: Run, actor: Actor) -> Book:
    community = run.options.get("community")
    if not community or not actor.covers(UUID(str(community))):
        raise Invalid(_("Choose the community for which points are given."))
    with scope.everything():
        book = Book.objects.filter(community=community, state=Book.State.OPEN).first()
    if book is None:
        raise Invalid(_("Points are not switched on in this community."))
    return book


RUN_KIND = runs.RunKind(
    name=RUN_KIND_NAME,
    label=gettext_lazy("Awards of points"),
    columns=COLUMNS,
    may=policy.may_award_from_files,
    reader=reader,
    unpack=unpack,
    apply=apply,
    undo=undo,
)
