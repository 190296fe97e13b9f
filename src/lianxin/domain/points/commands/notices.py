"""Public notices: numbered by book, shown for the days that the rules say, each award on exactly one."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import policy
from lianxin.domain.points.models import Book, Claim, Notice, NoticeLine, Seal
from lianxin.domain.points.queries.rules import rules_in_force
from lianxin.domain.points.rules.day_words import day_words
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

USUAL_DAYS = 7
SHOWN_CLAIMS = (Claim.State.AWARDED, Claim.State.REVERSED)
BATCH = 500


class AlreadyShown(Refused):
    """An award is shown on one notice only."""

    title = gettext_lazy("One of these awards is on a public notice already.")


@command("points.publish_notice")
def publish_notice(
    *,
    actor: Actor,
    book: UUID,
    kind: str,
    title: str,
    subject: UUID | None = None,
    shown_from: date,
    shown_until: date,
    claims: Sequence[UUID] = (),
    at: datetime,
    key: UUID | None = None,
) -> Notice:
    """Show something to everybody from a day to a day; both days count. Raises Invalid, Missing or AlreadyShown."""
    policy.require(policy.may_keep_rules(actor))
    register = Book.objects.filter(pk=book).first()
    if register is None:
        raise Missing
    if kind not in Notice.Kind.values:
        raise Invalid(fields={"kind": [_("Choose what is shown.")]})
    if shown_until < shown_from:
        raise Invalid(fields={"shown_until": [_("The last day lies before the first day.")]})
    wanted = sorted(set(claims))
    # Numbers leave no gap and no award is shown twice, whoever publishes at the same time.
    locks.advisory(f"points.notices:{book}")
    for part in _batches(wanted):
        found = Claim.objects.filter(pk__in=part, book=book, state__in=SHOWN_CLAIMS)
        if found.count() != len(part):
            raise Missing
        if found.filter(notice_line__isnull=False).exists():
            raise AlreadyShown
    number = (Notice.objects.filter(book=book).aggregate(last=Max("number"))["last"] or 0) + 1
    notice = Notice.objects.create(
        community_id=register.community_id,
        book=register,
        number=number,
        kind=kind,
        title=(title.strip() or _("Public notice no. %(number)d") % {"number": number})[:120],
        subject=subject,
        shown_from=shown_from,
        shown_until=shown_until,
        seal=Seal.objects.filter(book=book).order_by("-number").first(),
        published_at=at,
        published_by=actor.account,
    )
    NoticeLine.objects.bulk_create((NoticeLine(notice=notice, claim_id=pk) for pk in wanted), batch_size=BATCH)
    act().target(notice, "published", {"kind": [None, kind], "lines": [0, len(wanted)]})
    return notice


@command("points.publish_awards")
def publish_awards(
    *, actor: Actor, book: UUID, decided_before: datetime | None = None, at: datetime, key: UUID | None = None
) -> Notice | None:
    """Show the awards of a book that no notice shows yet, for the days of its rules; None when there are none."""
    policy.require(policy.may_keep_rules(actor))
    if not Book.objects.filter(pk=book).exists():
        raise Missing
    locks.advisory(f"points.notices:{book}")
    waiting = Claim.objects.filter(book=book, state__in=SHOWN_CLAIMS, notice_line__isnull=True)
    if decided_before is not None:
        waiting = waiting.filter(decided_at__lt=decided_before)
    claims = list(waiting.order_by("pk").values_list("pk", flat=True))
    if not claims:
        return None
    today = local_day(at)
    first, last = _days_of(claims)
    if first == last:
        title = _("Points given for %(day)s") % {"day": day_words(first)}
    else:
        title = _("Points given from %(from)s to %(until)s") % {
            "from": day_words(first),
            "until": day_words(last, near=first),
        }
    return publish_notice(
        actor=actor,
        book=book,
        kind=Notice.Kind.AWARDS,
        title=title,
        shown_from=today,
        shown_until=today + timedelta(days=objection_days(book=book, on=today) - 1),
        claims=claims,
        at=at,
    )


def objection_days(*, book: UUID, on: date) -> int:
    """Give for how many days a book shows its notices: as its rules of that day say, else seven; within a scope."""
    rules = rules_in_force(book, on)
    return USUAL_DAYS if rules is None else max(rules.objection_days, 1)


@command("points.withdraw_notice")
def withdraw_notice(*, actor: Actor, notice: UUID, reason: str, at: datetime, key: UUID | None = None) -> Notice:
    """Take a notice down because what it shows no longer holds; one that has ended stays as it is."""
    policy.require(policy.may_keep_rules(actor))
    row = locks.lock_one(Notice.objects.filter(pk=notice), rank=locks.RECORD)
    if row is None:
        raise Missing
    if row.state == Notice.State.SHOWN:
        row.state, row.ended_at = Notice.State.WITHDRAWN, at
        row.save(update_fields=["state", "ended_at"])
        act().target(row, "withdrawn", {"state": [Notice.State.SHOWN, row.state]})
        act().note(reason=reason.strip()[:300])
    return row  # type: ignore[no-any-return]


@command("points.end_notices", silent=True)
def end_notices(*, actor: Actor, at: datetime) -> int:
    """End the notices whose last day is over; give how many."""
    over = Notice.objects.filter(state=Notice.State.SHOWN, shown_until__lt=local_day(at))
    return over.update(state=Notice.State.ENDED, ended_at=at)


def publish_weekly(*, actor: Actor, at: datetime, tell: Callable[[int, int], None]) -> None:
    """Show what each open book gave before this week began; run daily, so that a missed Monday is made good."""
    today = local_day(at)
    monday = local_moment(today - timedelta(days=today.weekday()))
    with scope.everything():
        books = list(Book.objects.filter(state=Book.State.OPEN).order_by("pk").values_list("pk", flat=True))
    for done, book in enumerate(books, start=1):
        publish_awards(actor=actor, book=book, decided_before=monday, at=at)
        tell(done, len(books))


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _days_of(claims: Sequence[UUID]) -> tuple[date, date]:
    days = {
        day for part in _batches(claims) for day in Claim.objects.filter(pk__in=part).values_list("done_on", flat=True)
    }
    return min(days), max(days)
