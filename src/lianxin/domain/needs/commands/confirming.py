"""Asking again whether a need still holds: after ninety days by the chosen channel, and by staff on the phone."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import closing, counting, found, reminding, states, telling
from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.places.models import Division
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command

ASK_BEFORE = timedelta(days=14)
ASK_AGAIN_AFTER = timedelta(days=60)
RECOUNT_AT_MOST = 500
# Planned ones are being looked after; asking whether they still hold would only unsettle.
ASKED = (Need.State.OPEN, Need.State.PARTLY)


@command("needs.ask_again")
def ask_again(*, actor: Actor, community: UUID, at: datetime, key: UUID | None = None) -> int:
    """Ask those who get messages whether their needs still hold, let staff ask the others; gives how many got one."""
    policy.require(policy.may_keep(actor, community))
    on = local_day(at)
    due = Need.objects.filter(community=community, state__in=ASKED, confirm_by__lte=on + ASK_BEFORE)
    entries = found.needs(due.values_list("pk", flat=True))
    rows = locks.lock(NeedReport.objects.filter(need__in=[one.pk for one in entries], state=NeedReport.State.JOINED))
    fresh = [row for row in rows if row.asked_at is None or row.asked_at < at - ASK_AGAIN_AFTER]
    phones = telling.phones_of(row for row in fresh if row.channel in telling.BY_MESSAGE)
    asked = [row for row in fresh if row.pk in phones]
    for row in asked:
        telling.send(row, phones[row.pk], template=telling.STILL_NEEDED)
        row.asked_at = at
    NeedReport.objects.bulk_update(asked, ["asked_at"], batch_size=200)
    if entries:
        reminding.look_at_stale(
            Division.objects.get(pk=community),
            len(entries),
            due_at=local_moment(min(one.confirm_by for one in entries), time(18)),
        )
        act().note(community_id=community)
    else:
        reminding.look_at_stale(Division.objects.get(pk=community), 0, due_at=at)
    return len(asked)


@command("needs.say_still_needed")
def say_still_needed(
    *, actor: Actor, report: UUID, still: bool, holds_receipt: bool = False, at: datetime, key: UUID | None = None
) -> NeedReport:
    """Note that an asker still needs it, which keeps the entry in the plan, or no longer does, which takes them out."""
    row, entry = found.report(report)
    may = holds_receipt or policy.is_self(actor, row.person_id) or policy.may_keep(actor, row.community_id)
    policy.require(may)
    if not still:
        return closing.withdraw(actor=actor, report=row.pk, holds_receipt=holds_receipt, at=at)
    if entry is not None and entry.state not in states.CLOSED:
        _confirm(entry, at=at)
    act().target(row, "still needed")
    return row


@command("needs.confirm_entry")
def confirm_entry(*, actor: Actor, need: UUID, at: datetime, key: UUID | None = None) -> Need:
    """Note that an entry still holds, as staff heard from those who asked."""
    row = found.need(need)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state in states.CLOSED:
        raise found.EntryClosed
    _confirm(row, at=at)
    act().target(row, "still needed")
    still_due = Need.objects.filter(
        community=row.community_id, state__in=ASKED, confirm_by__lte=local_day(at) + ASK_BEFORE
    )
    first = still_due.order_by("confirm_by").values_list("confirm_by", flat=True).first()
    reminding.look_at_stale(
        Division.objects.get(pk=row.community_id),
        still_due.count(),
        due_at=local_moment(first, time(18)) if first else at,
    )
    return row


@command("needs.weigh_again", silent=True)
def weigh_again(*, actor: Actor, needs: Iterable[UUID], at: datetime) -> int:
    """Weigh entries anew because days went by; gives how many changed."""
    with scope.everything():
        return len(counting.recount(found.needs(needs), at=at))


def list_live() -> list[UUID]:
    """Give the entries whose priority moves with the days."""
    with scope.everything():
        return list(Need.objects.filter(state__in=states.LIVE).order_by("pk").values_list("pk", flat=True))


def list_due_communities(*, at: datetime) -> list[UUID]:
    """Give the communities where something has to be asked again."""
    with scope.everything():
        due = Need.objects.filter(state__in=ASKED, confirm_by__lte=local_day(at) + ASK_BEFORE)
        return sorted(due.order_by().values_list("community_id", flat=True).distinct())


def _confirm(entry: Need, *, at: datetime) -> None:
    on = local_day(at)
    entry.confirmed_on, entry.confirm_by = on, on + counting.CONFIRM_AFTER
    entry.save(update_fields=["confirmed_on", "confirm_by"])
