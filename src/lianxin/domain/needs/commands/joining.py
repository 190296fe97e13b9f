"""Joining voices to entries of the list: by a person only, back out at any time, and nothing is taken from a voice."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import counting, found, lists, reminding, searching, states
from lianxin.domain.needs.models import CategoryExample, Need, NeedReport, NeedVerdict
from lianxin.domain.needs.rules import similar, titles
from lianxin.domain.places.models import ServiceCategory
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid

State = NeedReport.State
EXAMPLE_LONGEST = 300


@command("needs.join")
def join(
    *,
    actor: Actor,
    report: UUID,
    need: UUID | None = None,
    title: str = "",
    category: str = "",
    target_group: str = "",
    reach_metres: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Need:
    """Join a voice to an entry of its community, or begin a new one with it; joined elsewhere, it moves over."""
    return join_many(
        actor=actor,
        reports=[report],
        need=need,
        title=title,
        category=category,
        target_group=target_group,
        reach_metres=reach_metres,
        at=at,
    )


@command("needs.join_many")
def join_many(
    *,
    actor: Actor,
    reports: Sequence[UUID],
    need: UUID | None = None,
    title: str = "",
    category: str = "",
    target_group: str = "",
    reach_metres: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Need:
    """Join voices of one community to an entry, or begin a new one with them; one that was closed opens again."""
    rows, entries = found.reports(reports, *([need] if need else []))
    communities = {row.community_id for row in rows}
    if not rows or len(communities) > 1:
        raise Invalid(_("Choose voices of one community."))
    community = communities.pop()
    policy.require(policy.may_keep(actor, community))
    if any(row.state == State.WITHDRAWN for row in rows):
        raise found.VoiceClosed
    if need is None:
        entry = _begin(rows, title, category, target_group, reach_metres, community=community, at=at)
    else:
        entry = entries[need]
        if entry.community_id != community:
            raise Invalid(_("The entry is of another community."))
        if entry.state == Need.State.WITHDRAWN:
            raise found.EntryClosed
    left = {row.need_id for row in rows if row.need_id and row.need_id != entry.pk}
    for row in rows:
        before = row.state
        row.need, row.state, row.state_reason, row.referred_to = entry, State.JOINED, "", ""
        if row.category_id is None:
            row.category_id, row.category_by = entry.category_id, actor.account
        act().target(row, "joined", {"state": [before, row.state], "need": [None, entry.number]})
    NeedReport.objects.bulk_update(
        rows, ["need", "state", "state_reason", "referred_to", "category", "category_by"], batch_size=200
    )
    if entry.state in states.CLOSED:
        # Somebody asks for it again.
        before = entry.state
        states.move(entry, Need.State.PARTLY if entry.first_served_on else Need.State.OPEN, at=at)
        act().target(entry, "opened again", {"state": [before, entry.state]})
    counting.recount([entry, *(entries[pk] for pk in left)], at=at)
    _let_go([entries[pk] for pk in left], at=at)
    reminding.close_urgent(rows)
    reminding.look_at_inbox([community])
    if need is None:
        searching.index([entry])
    return entry


@command("needs.take_out")
def take_out(*, actor: Actor, report: UUID, at: datetime, key: UUID | None = None) -> NeedReport:
    """Take a voice out of its entry; it is new again, with its receipt and what it was told."""
    row, entry = found.report(report)
    policy.require(policy.may_keep(actor, row.community_id))
    if entry is not None:
        leave(row, entry, State.NEW, at=at)
        act().target(row, "taken out", {"need": [entry.number, None]})
        reminding.look_at_inbox([row.community_id])
    return row


@command("needs.decide_category")
def decide_category(*, actor: Actor, report: UUID, category: str, at: datetime, key: UUID | None = None) -> NeedReport:
    """Say which category a voice is of; where the machine had said another, or nothing, it becomes an example."""
    row, _entry = found.report(report)
    policy.require(policy.may_keep(actor, row.community_id))
    kind = found.category(category)
    before = row.category.code if row.category is not None else ""
    row.category, row.category_by = kind, actor.account
    row.version += 1
    row.save(update_fields=["category", "category_by", "version"])
    _learn(row, kind, by=actor.account, at=at)
    act().target(row, "category decided", {"category": [before, kind.code]})
    return row


@command("needs.judge")
def judge(
    *, actor: Actor, report: UUID, need: UUID, verdict: str, at: datetime, key: UUID | None = None
) -> NeedVerdict:
    """Keep what staff say of a voice and an entry that look alike, so that nobody is asked twice; the same joins it."""
    if verdict not in NeedVerdict.Verdict.values:
        raise Invalid(fields={"verdict": [_("Choose the same, related or different.")]})
    rows, entries = found.reports([report], need)
    row, entry = rows[0], entries[need]
    policy.require(policy.may_keep(actor, row.community_id))
    if entry.community_id != row.community_id:
        raise Invalid(_("The entry is of another community."))
    shared = similar.nearest(row.words, [(entry.pk, entry.title)], k=1)
    said, _new = NeedVerdict.objects.update_or_create(
        report=row,
        need=entry,
        defaults={
            "community_id": row.community_id,
            "verdict": verdict,
            "shared_words": list(shared[0].shared) if shared else [],
            "decided_by": actor.account,
            "decided_at": at,
        },
    )
    act().target(row, "judged", {"verdict": [None, verdict], "need": [None, entry.number]})
    if verdict == NeedVerdict.Verdict.SAME and row.need_id != entry.pk:
        join_many(actor=actor, reports=[row.pk], need=entry.pk, at=at)
    return said


def leave(row: NeedReport, entry: Need, state: str, *, at: datetime, reason: str = "") -> None:
    """Take a locked voice out of its locked entry into a state; an entry that nobody asks for any more is withdrawn."""
    row.need, row.state, row.state_reason = None, state, reason
    row.save(update_fields=["need", "state", "state_reason"])
    counting.recount([entry], at=at)
    _let_go([entry], at=at)


def _let_go(entries: Iterable[Need], *, at: datetime) -> None:
    for entry in entries:
        if not entry.voices and entry.state == Need.State.OPEN:
            act().target(entry, "withdrawn", {"state": [entry.state, Need.State.WITHDRAWN]})
            states.move(entry, Need.State.WITHDRAWN, at=at)
            searching.index([entry])


def next_number(community: UUID) -> int:
    """Give the next number of a community's list, inside a command: two who begin at once wait for each other."""
    locks.advisory(f"needs.number.{community}")
    with scope.everything():
        return 1 + (Need.objects.filter(community=community).aggregate(last=Max("number"))["last"] or 0)


def _begin(
    rows: Sequence[NeedReport],
    title: str,
    category: str,
    target_group: str,
    reach_metres: int | None,
    *,
    community: UUID,
    at: datetime,
) -> Need:
    kind = found.category(category) if category else _category_of(rows)
    if kind is None:
        raise Invalid(fields={"category": [_("Choose a category first.")]})
    names = [name for row in rows for name in (row.guest_name, row.helper_name)]
    with scope.everything():
        names += [row.person.name for row in rows if row.person is not None]
    days = [local_day(row.heard_at) for row in rows]
    entry = Need.objects.create(
        community_id=community,
        number=next_number(community),
        category=kind,
        title=lists.check_title(title or titles.suggest(rows[0].words, names=names)),
        target_group=found.group(target_group),
        reach_metres=lists.check_reach(reach_metres),
        first_heard_on=min(days),
        last_heard_on=max(days),
        confirm_by=max(days) + counting.CONFIRM_AFTER,
    )
    act().target(entry, "begun", {"title": ["", entry.title], "number": [None, entry.number]})
    return entry


def _category_of(rows: Sequence[NeedReport]) -> ServiceCategory | None:
    known = [row.category_id for row in rows if row.category_id]
    return ServiceCategory.objects.filter(pk=max(known, key=known.count)).first() if known else None


def _learn(row: NeedReport, kind: ServiceCategory, *, by: UUID | None, at: datetime) -> None:
    said = str(row.suggestions[0][0]) if row.suggestions else ""
    CategoryExample.objects.filter(report=row, retired_at=None).update(retired_at=at)
    if row.is_sure and said == kind.code:
        return
    CategoryExample.objects.create(
        community_id=row.community_id,
        words=titles.hide(row.words)[:EXAMPLE_LONGEST],
        category=kind,
        was_suggested=said,
        report=row,
        decided_by=by,
        decided_at=at,
    )
