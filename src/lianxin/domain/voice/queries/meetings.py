"""Reading meetings: one with its agenda, people, speeches and decisions, and the draft of its minutes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import (
    AgendaItem,
    Commitment,
    Invitation,
    Meeting,
    MinutesAppendix,
    Resolution,
    Speech,
    Vote,
)
from lianxin.domain.voice.rules import commitments as promises
from lianxin.domain.voice.rules import minutes as rules
from lianxin.domain.voice.rules import quorums
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class Sitting:
    """All that a meeting's page shows."""

    people: list[Invitation]
    items: list[AgendaItem]
    speeches: list[Speech]
    resolutions: list[Resolution]
    promised: list[Commitment]
    votes: list[Vote]
    appendices: list[MinutesAppendix]
    # How many who count are there now, or came at all once it is over.
    present: int
    is_short: bool


def find_meeting(*, actor: Actor, meeting: UUID) -> Meeting:
    """Give one meeting that the actor may read; raises Missing."""
    rows = Meeting.objects.select_related("matter", "community", "room", "room__venue")
    row = rows.filter(pk=meeting).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def list_meetings(*, actor: Actor, upcoming: bool = True) -> QuerySet[Meeting]:
    """Give the meetings in scope: those that are called or not closed, soonest first; or the others, latest first."""
    rows = Meeting.objects.select_related("matter", "community", "room")
    if not policy.may_read_any(actor):
        return rows.none()
    live = [Meeting.State.PLANNED, Meeting.State.HELD]
    if upcoming:
        return rows.filter(state__in=live).order_by("starts_at", "pk")
    return rows.exclude(state__in=live).order_by("-starts_at", "-pk")


def find_invitation(*, actor: Actor, invitation: UUID) -> Invitation:
    """Give one entry of a meeting's list of people; raises Missing."""
    row = Invitation.objects.select_related("meeting").filter(pk=invitation).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def find_item(*, actor: Actor, item: UUID) -> AgendaItem:
    """Give one point of an agenda; raises Missing."""
    row = AgendaItem.objects.select_related("meeting").filter(pk=item).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def find_resolution(*, actor: Actor, resolution: UUID) -> Resolution:
    """Give one decision of a meeting; raises Missing."""
    row = Resolution.objects.select_related("meeting").filter(pk=resolution).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def find_speech(*, actor: Actor, speech: UUID) -> Speech:
    """Give what one person said; raises Missing."""
    row = Speech.objects.select_related("meeting").filter(pk=speech).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def sitting_of(row: Meeting, *, at: datetime) -> Sitting:
    """Give everything around a meeting that the actor was found to read."""
    people = list(row.invitations.select_related("party").order_by(F("came_at").asc(nulls_last=True), "pk"))
    stays = [quorums.Stay(one.role, one.came_at, one.left_at) for one in people]
    is_over = row.state == Meeting.State.CLOSED or row.ended_at is not None
    present = quorums.counted(stays) if is_over else quorums.present_at(stays, at)
    return Sitting(
        people=people,
        items=list(row.items.select_related("commitment").order_by("position")),
        speeches=list(row.speeches.select_related("invitation", "item").order_by("position")),
        resolutions=list(row.resolutions.select_related("item", "vote").order_by("number")),
        promised=list(row.commitments.select_related("party").order_by("number")),
        votes=list(row.votes.order_by("number")),
        appendices=list(row.appendices.order_by("added_at", "pk")),
        present=present,
        is_short=quorums.is_short(row.quorum, present),
    )


def draft_of(row: Meeting, sitting: Sitting) -> str:
    """Compose the minutes of a meeting from what was entered of it."""
    said: dict[UUID | None, list[rules.Said]] = defaultdict(list)
    for speech in sitting.speeches:
        said[speech.item_id].append(rules.Said(speech.invitation.name, speech.words))
    decided: dict[UUID | None, list[rules.Decided]] = defaultdict(list)
    for one in sitting.resolutions:
        decided[one.item_id].append(rules.Decided(one.number, one.words, one.get_state_display()))
    points = [
        rules.Dealt(
            number=number,
            title=item.title,
            outcome=item.outcome or ("" if item.state == AgendaItem.State.DEALT else item.get_state_display()),
            said=said[item.pk],
            decided=decided[item.pk],
        )
        for number, item in enumerate(sitting.items, 1)
    ]
    record = rules.Record(
        title=_("%(matter)s: minutes of meeting %(number)d") % {"matter": row.matter.title, "number": row.number},
        head=_head(row, sitting),
        present=[_person(one) for one in sitting.people if one.came_at is not None],
        points=points,
        said=said[None],
        decided=decided[None],
        promised=[promised_words(one) for one in sitting.promised],
    )
    words = rules.Words(
        present=pgettext("meeting", "Present"),
        agenda=_("Agenda"),
        said=_("Also said"),
        decided=_("Also decided"),
        promised=pgettext("meeting", "Promised"),
        nobody=_("Nobody was entered."),
        outcome=_("Outcome: "),
    )
    return rules.compose(record, words)


def promised_words(one: Commitment) -> str:
    """Say a commitment in one line."""
    named = {"who": one.owner_name, "what": one.words, "day": one.due_by.isoformat()}
    return _("%(who)s: %(what)s, by %(day)s") % named


def place_of(row: Meeting) -> str:
    """Say where a meeting is."""
    if row.room is not None:
        return " ".join(filter(None, [row.room.venue.name, row.room.name, row.place_words]))
    return row.place_words


def open_count(matter: UUID) -> int:
    """Count the open commitments of a matter."""
    return Commitment.objects.filter(matter=matter, state__in=promises.LIVE).count()


def _head(row: Meeting, sitting: Sitting) -> list[str]:
    lines = [_("Time: %(from)s") % {"from": _clock(row.starts_at)}]
    if row.ended_at:
        lines = [_("Time: %(from)s to %(until)s") % {"from": _clock(row.starts_at), "until": _clock(row.ended_at)}]
    place = place_of(row)
    if place:
        lines.append(_("Place: %(place)s") % {"place": place})
    if row.chair_name:
        lines.append(_("Chair: %(name)s") % {"name": row.chair_name})
    if row.clerk_name:
        lines.append(_("Minutes: %(name)s") % {"name": row.clerk_name})
    if row.quorum is not None:
        named = {"quorum": row.quorum, "present": sitting.present}
        lines.append(_("Needed to decide: %(quorum)d, there: %(present)d") % named)
    return lines


def _person(one: Invitation) -> str:
    side = f"（{one.party.name}）" if one.party is not None and one.party.name != one.name else ""
    left = _(", left %(time)s") % {"time": f"{one.left_at.astimezone(LOCAL):%H:%M}"} if one.left_at else ""
    return f"{one.name}{side} {one.get_role_display()}{left}"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"
