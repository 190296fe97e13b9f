"""Taking paper passbooks over: entered, signed by two people against the paper, shown, then posted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Household
from lianxin.domain.points import policy
from lianxin.domain.points.commands.notices import objection_days, publish_notice, withdraw_notice
from lianxin.domain.points.models import Book, Notice, TakeOver, TakeOverLine
from lianxin.domain.points.queries.accounts import open_book
from lianxin.domain.points.rules.take_over_rows import COLUMNS, TakeOverReader, TakeOverRow, unpack
from lianxin.platform import locks, runs, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.models import Run, RunProblem

State = TakeOver.State
RUN_KIND_NAME = "points.take_over"


class WrongStep(Refused):
    """The take-over is not at a step at which this can be done."""

    title = gettext_lazy("This take-over is at another step by now. Reload the page to see where it stands.")


class TotalsDiffer(Refused):
    """What was counted on paper is not what was entered."""

    title = gettext_lazy("What you counted is not what was entered. Count again, or enter the list anew.")


class NeedsAnotherPerson(Refused):
    """The second signature is somebody else's."""

    title = gettext_lazy("You have signed already. Another person has to count the paper passbooks and sign.")


@command("points.enter_take_over")
def enter_take_over(
    *,
    actor: Actor,
    book: UUID,
    title: str,
    rows: Sequence[TakeOverRow],
    run: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> TakeOver:
    """Enter balances of paper passbooks for a book; nothing counts before two have signed and the notice is over."""
    policy.require(policy.may_keep_rules(actor))
    register = Book.objects.filter(pk=book).exclude(state=Book.State.CLOSED).first()
    if register is None:
        raise Missing
    if not rows:
        raise Invalid(fields={"rows": [_("Enter at least one passbook.")]})
    taken = taken_households(register)
    active = Household.objects.filter(community=register.community_id, state=Household.State.ACTIVE)
    known = set(active.filter(pk__in={row.household for row in rows}).values_list("pk", flat=True))
    if any(row.household not in known or row.household in taken for row in rows):
        raise Invalid(fields={"rows": [_("A household is not of this community, or stands in another list.")]})
    made = _make(register, title, run, actor, at)
    _add_lines(made, rows)
    return made


@command("points.sign_take_over")
def sign_take_over(
    *, actor: Actor, take_over: UUID, points: int, pages: int, at: datetime, key: UUID | None = None
) -> TakeOver:
    """Sign that the paper passbooks come to these points on so many pages; the second signature puts it on notice."""
    policy.require(policy.may_keep_rules(actor))
    if actor.account is None:
        raise NotAllowed
    row = _locked(take_over)
    if row.state not in (State.ENTERED, State.SIGNED):
        raise WrongStep
    if row.run and Run.objects.filter(pk=row.run).exclude(state=Run.State.DONE).exists():
        raise WrongStep(_("The list is still being entered. Wait until it is finished."))
    if row.first_signed_by == actor.account:
        raise NeedsAnotherPerson
    _check_count(row, points, pages)
    before = row.state
    if row.state == State.ENTERED:
        row.first_signed_by, row.paper_pages, row.state = actor.account, str(pages), State.SIGNED
    else:
        today = local_day(at)
        row.second_signed_by, row.state = actor.account, State.SHOWN
        row.notice = publish_notice(
            actor=actor,
            book=row.book_id,
            kind=Notice.Kind.TAKE_OVER,
            title=row.title,
            subject=row.pk,
            shown_from=today,
            shown_until=today + timedelta(days=objection_days(book=row.book_id, on=today) - 1),
            at=at,
        )
    row.version += 1
    row.save(update_fields=["first_signed_by", "second_signed_by", "paper_pages", "notice", "state", "version"])
    act().target(row, "signed", {"state": [before, row.state], "points": [None, points], "pages": [None, pages]})
    return row


@command("points.withdraw_take_over")
def withdraw_take_over(
    *, actor: Actor, take_over: UUID, reason: str, at: datetime, key: UUID | None = None
) -> TakeOver:
    """Give a list up before it is posted, with its notice; a mended one can be entered then."""
    policy.require(policy.may_keep_rules(actor))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why the list is withdrawn.")]})
    row = _locked(take_over)
    if row.state in (State.POSTED, State.WITHDRAWN):
        raise WrongStep
    if row.notice_id:
        withdraw_notice(actor=actor, notice=row.notice_id, reason=reason, at=at)
    before, row.state = row.state, State.WITHDRAWN
    row.version += 1
    row.save(update_fields=["state", "version"])
    act().target(row, "withdrawn", {"state": [before, row.state]})
    act().note(reason=reason.strip())
    return row


def taken_households(book: Book) -> set[UUID]:
    """Give the households whose paper passbooks stand in a list of this book that was not withdrawn."""
    lines = TakeOverLine.objects.filter(take_over__book=book).exclude(take_over__state=State.WITHDRAWN)
    return set(lines.values_list("household_id", flat=True))


def total_of(take_over: TakeOver) -> int:
    """Add up the points of a list."""
    return TakeOverLine.objects.filter(take_over=take_over).aggregate(total=Sum("points"))["total"] or 0


def _check_count(row: TakeOver, points: int, pages: int) -> None:
    entered = total_of(row)
    if not entered:
        raise WrongStep(_("This list is empty."))
    if pages <= 0:
        raise Invalid(fields={"pages": [_("Say how many pages of paper passbooks you counted.")]})
    if points != entered:
        raise TotalsDiffer(
            _("You counted %(counted)d points, but %(entered)d were entered. Count again, or mend the list.")
            % {"counted": points, "entered": entered}
        )
    if row.paper_pages and row.paper_pages != str(pages):
        raise TotalsDiffer(
            _("You counted %(counted)d pages, the first who signed counted %(first)s. Count again together.")
            % {"counted": pages, "first": row.paper_pages}
        )


def _locked(take_over: UUID) -> TakeOver:
    row = locks.lock_one(TakeOver.objects.filter(pk=take_over))
    if row is None:
        raise Missing
    return row  # type: ignore[no-any-return]


def _make(book: Book, title: str, run: UUID | None, actor: Actor, at: datetime) -> TakeOver:
    row = TakeOver.objects.create(
        community_id=book.community_id,
        book=book,
        title=(title.strip() or _("Take-over of paper passbooks"))[:120],
        run=run,
        entered_at=at,
        entered_by=actor.account,
    )
    act().target(row, "entered")
    return row


def _add_lines(take_over: TakeOver, rows: Sequence[TakeOverRow]) -> list[UUID]:
    lines = [
        TakeOverLine(
            take_over=take_over,
            household_id=row.household,
            paper_number=row.paper_number,
            points=row.points,
            expires_on=row.expires_on,
        )
        for row in rows
    ]
    TakeOverLine.objects.bulk_create(lines, batch_size=500)
    return [line.pk for line in lines]


def reader(*, run: Run, actor: Actor, at: datetime) -> TakeOverReader:
    """Give the reader of one file, knowing the community's households and whose points stand in another list."""
    book = _book_of(run, actor)
    with scope.everything():
        homes = Household.objects.filter(community=book.community_id, state=Household.State.ACTIVE)
        return TakeOverReader(
            households=dict(homes.values_list("number", "pk")), taken=taken_households(book), on=local_day(at)
        )


def apply(*, run: Run, rows: list[TakeOverRow], actor: Actor, at: datetime) -> list[UUID]:
    """Enter one chunk of clean rows into the run's list; who went elsewhere since is left out and named."""
    policy.require(policy.may_keep_rules(actor))
    book = _book_of(run, actor)
    take_over = TakeOver.objects.filter(run=run.pk).first()
    if take_over is None:
        take_over = _make(book, run.options.get("title") or run.title, run.pk, actor, at)
    others = TakeOverLine.objects.filter(take_over__book=book).exclude(take_over__state=State.WITHDRAWN)
    wanted = {row.household for row in rows}
    taken = set(others.exclude(take_over=take_over).filter(household__in=wanted).values_list("household_id", flat=True))
    homes = Household.objects.filter(pk__in=wanted, community=book.community_id, state=Household.State.ACTIVE)
    known = set(homes.values_list("pk", flat=True)) - taken
    for household in sorted(wanted - known):
        RunProblem.objects.create(
            run=run,
            row_number=0,
            column="household_number",
            sentence=_("A household left or was taken over since the check, so its rows were left out: %(id)s")
            % {"id": household},
        )
    return _add_lines(take_over, [row for row in rows if row.household in known])


def undo(*, run: Run, ids: list[UUID], actor: Actor, at: datetime) -> None:
    """Take the lines of one chunk back, while nobody has signed; raises SomethingDepends."""
    policy.require(policy.may_keep_rules(actor))
    take_over = locks.lock_one(TakeOver.objects.filter(run=run.pk))
    if take_over is None:
        return
    if take_over.state != State.ENTERED:
        raise runs.SomethingDepends(_("Somebody has signed this list. Withdraw the take-over instead."))
    TakeOverLine.objects.filter(pk__in=ids).delete()
    if not take_over.lines.exists():
        take_over.state = State.WITHDRAWN
        take_over.version += 1
        take_over.save(update_fields=["state", "version"])


def _book_of(run: Run, actor: Actor) -> Book:
    community = run.options.get("community")
    if not community or not actor.covers(UUID(str(community))):
        raise Invalid(_("Choose the community whose paper passbooks these are."))
    with scope.everything():
        book = open_book(UUID(str(community))) or (
            Book.objects.filter(community=community, state=Book.State.PREPARING).first()
        )
    if book is None:
        raise Invalid(_("The community keeps no passbooks yet. Prepare them first."))
    return book


def _may(actor: Actor) -> bool:
    return policy.may_keep_rules(actor)


def _unpack(row: list[Any]) -> TakeOverRow:
    return unpack(row)


RUN_KIND = runs.RunKind(
    name=RUN_KIND_NAME,
    label=gettext_lazy("Paper passbooks"),
    columns=COLUMNS,
    may=_may,
    reader=reader,
    unpack=_unpack,
    apply=apply,
    undo=undo,
)
