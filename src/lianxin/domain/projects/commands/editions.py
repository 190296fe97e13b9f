"""Editions of the three lists: drafted by the program, approved by a named person, numbered, frozen, sent."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Division, Level
from lianxin.domain.projects import policy
from lianxin.domain.projects.commands import found
from lianxin.domain.projects.models import Edition
from lianxin.domain.projects.queries import edition_contents
from lianxin.domain.projects.rules import editions as rules
from lianxin.platform import duties, facts, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day
from lianxin.platform.commands import act, command, digest_of
from lianxin.platform.errors import Invalid, Missing, Refused

State = Edition.State
DUTY = "projects.edition"
LONGEST_INTRODUCTION = 500


class AlreadyIssued(Refused):
    """An issued edition stays as it is."""

    title = gettext_lazy("This edition has been issued and stays as it is. What changes comes into the next one.")


class NotYetPossible(Refused):
    """The period has not begun."""

    title = gettext_lazy("This period has not begun yet.")


@command("projects.draft_edition")
def draft_edition(
    *, actor: Actor, community: UUID, of: str, every: str, on: date, at: datetime, key: UUID | None = None
) -> Edition:
    """Draft the edition of the period in which a day lies, or draw the standing draft anew from the records."""
    policy.require(policy.may_plan(actor, community))
    if of not in Edition.Of.values or every not in Edition.Every.values:
        raise Invalid(fields={"of": [_("Choose one of the three lists, and month or quarter.")]})
    if not Division.objects.filter(pk=community, level=Level.COMMUNITY).exists():
        raise Missing
    period = rules.period_of(on, every)
    if period.from_on > local_day(at) + timedelta(days=31):
        raise NotYetPossible
    locks.advisory(f"projects.edition:{community}:{of}")
    same = Edition.objects.filter(community=community, of=of, every=every, from_on=period.from_on)
    row = same.exclude(state=State.DROPPED).first()
    if row is not None and row.state == State.ISSUED:
        raise AlreadyIssued
    fresh = row is None
    if row is None:
        row = Edition(community_id=community, of=of, every=every, from_on=period.from_on, until_on=period.until_on)
    _draw(row, at)
    row.version += not fresh
    row.save(force_insert=fresh)
    act().target(row, "drafted", {"entries": [None, row.content["entries"]]})
    _ask(row, period)
    return row


@command("projects.introduce_edition")
def introduce_edition(
    *, actor: Actor, edition: UUID, introduction: str, version: int | None = None, at: datetime
) -> Edition:
    """Write the words that stand above a draft's list."""
    row = _draft(actor, edition, version)
    words = introduction.replace("\r\n", "\n").strip()
    if len(words) > LONGEST_INTRODUCTION:
        raise Invalid(fields={"introduction": [_("At most %(most)d characters.") % {"most": LONGEST_INTRODUCTION}]})
    row.introduction = words
    row.version += 1
    row.save(update_fields=["introduction", "version"])
    act().target(row, "changed", {"introduction": [None, words[:80]]})
    return row


@command("projects.issue_edition")
def issue_edition(
    *,
    actor: Actor,
    edition: UUID,
    approved_name: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Edition:
    """Approve and issue a draft exactly as it was read: numbered, frozen with its digest, compared with the one before.

    `version` is the one that was read; a list that changed meanwhile must be drawn and read again.
    """
    row = _draft(actor, edition, version)
    policy.require(policy.may_approve(actor, row.community_id))
    name = approved_name.strip()
    if not name or len(name) > 40:
        raise Invalid(fields={"approved_name": [_("Enter the name of whoever approves it, at most 40 characters.")]})
    row.number = found.next_number(Edition, row.community_id, of=row.of)
    row.state, row.issued_at = State.ISSUED, at
    row.approved_by, row.approved_name = actor.account, name
    row.digest = digest_of(
        {"of": row.of, "number": row.number, "from": row.from_on, "content": row.content, "changes": row.changes}
    )
    row.version += 1
    row.save()
    act().target(row, "issued", {"number": [None, row.number]})
    facts.record(measure="editions_issued", record=row, quantity=1, community_id=row.community_id, on=local_day(at))
    duties.close(kind=DUTY, record=row)
    return row


@command("projects.note_edition_sent")
def note_edition_sent(*, actor: Actor, edition: UUID, at: datetime) -> Edition:
    """Note that an issued edition was handed to the groups and channels."""
    row = found.edition(edition)
    policy.require(policy.may_plan(actor, row.community_id))
    if row.state != State.ISSUED:
        raise NotYetPossible(_("Issue the edition first."))
    row.sent_at = row.sent_at or at
    row.save(update_fields=["sent_at"])
    act().target(row, "sent")
    return row


@command("projects.drop_edition")
def drop_edition(*, actor: Actor, edition: UUID, version: int | None = None, at: datetime) -> Edition:
    """Throw a draft away; the period's edition can be drafted again."""
    row = _draft(actor, edition, version)
    row.state = State.DROPPED
    row.version += 1
    row.save(update_fields=["state", "version"])
    act().target(row, "dropped")
    duties.close(kind=DUTY, record=row)
    return row


@command("projects.draft_due_editions")
def draft_due_editions(*, actor: Actor, community: UUID, on: date, at: datetime) -> int:
    """Draft what a community must issue this month; gives how many drafts were made.

    A community that issues by the quarter goes on by the quarter: its last edition of a list says so.
    """
    policy.require(actor.is_system)
    made = 0
    for of in Edition.Of.values:
        last = (
            Edition.objects.filter(community=community, of=of).exclude(state=State.DROPPED).order_by("-from_on").first()
        )
        every = last.every if last else rules.MONTH
        period = rules.period_of(on, every)
        if last is not None and last.from_on >= period.from_on:
            continue
        if (
            last is None
            and not edition_contents.content_of(
                of, community=community, from_on=period.from_on, until_on=period.until_on
            )["entries"]
        ):
            continue  # nobody is asked to issue an empty list
        draft_edition(actor=actor, community=community, of=of, every=every, on=on, at=at)
        made += 1
    return made


def _draft(actor: Actor, pk: UUID, version: int | None) -> Edition:
    row = found.edition(pk, version)
    policy.require(policy.may_plan(actor, row.community_id))
    if row.state != State.DRAFT:
        raise AlreadyIssued
    return row


def _draw(row: Edition, at: datetime) -> None:
    row.content = edition_contents.content_of(
        row.of, community=row.community_id, from_on=row.from_on, until_on=row.until_on
    )
    row.previous = (
        Edition.objects.filter(community=row.community_id, of=row.of, state=State.ISSUED, from_on__lt=row.from_on)
        .order_by("-from_on", "-number")
        .first()
    )
    before = edition_contents.entries_of(row.previous.content) if row.previous else []
    now = edition_contents.entries_of(row.content)
    gone = {one["id"] for one in before} - {one["id"] for one in now}
    with scope.everything():
        fates = edition_contents.fates_of(row.of, gone)
    row.changes = rules.compare(before, now, fates) if row.previous else {}
    row.drafted_at = at


def _ask(row: Edition, period: rules.Period) -> None:
    duties.open(
        kind=DUTY,
        record=row,
        community_id=row.community_id,
        title=_("Issue the %(list)s of %(period)s")
        % {"list": row.get_of_display(), "period": row.from_on.strftime("%Y-%m")},
        due_at=datetime.combine(period.due_on, time(18), LOCAL),
        assignee_role="community_staff",
        url_name="staff:edition",
        url_args={"edition": str(row.pk)},
    )
