"""Entries of a list taken over from elsewhere, many at once, with what became of them: the sample, old lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import counting, found, joining, reminding, searching, states
from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import ServiceCategory
from lianxin.platform import facts, many, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.ids import new_ids

ANSWERS = {Need.State.MET: Answer.Kind.DONE, Need.State.UNMET: Answer.Kind.CANNOT}


@dataclass(frozen=True, slots=True)
class Ending:
    """How an entry ended: so many days after it was first heard; `says` (0 to 1) is the share of askers who spoke.

    `words` is what the askers were told then; nothing, and they were told nothing.
    """

    state: str
    days: int
    reason: str = ""
    words: str = ""
    says: float = 0.0


@dataclass(frozen=True, slots=True)
class Beginning:
    """One entry with the places of its voices among those that were taken in with it."""

    title: str
    category: str
    target_group: str = ""
    reach_metres: int | None = None
    voices: Sequence[int] = field(default_factory=list)
    ending: Ending | None = None


@command("needs.list_many")
def list_many(
    *,
    actor: Actor,
    community: UUID,
    reports: Sequence[UUID],
    beginnings: Sequence[Beginning],
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> list[UUID]:
    """Begin many entries with voices that were just taken in, counted as `join` counts them; gives the entries' ids."""
    policy.require(policy.may_keep(actor, community))
    found.community(community)
    rows = NeedReport.objects.in_bulk(list(reports))
    kinds = ServiceCategory.objects.in_bulk(field_name="code")
    first = joining.next_number(community)
    entries: list[Need] = []
    joined: list[tuple[Need, list[NeedReport]]] = []
    for number, (pk, one) in enumerate(zip(new_ids(len(beginnings)), beginnings, strict=True), start=first):
        voices = [rows[reports[place]] for place in one.voices]
        days = [local_day(row.heard_at) for row in voices]
        entry = Need(
            id=pk,
            community_id=community,
            number=number,
            category=kinds[one.category],
            title=one.title,
            target_group=one.target_group,
            reach_metres=one.reach_metres,
            first_heard_on=min(days),
            last_heard_on=max(days),
            confirm_by=max(days) + counting.CONFIRM_AFTER,
            is_sample=is_sample,
        )
        if one.ending is not None:
            _end(entry, voices, one.ending, at=at)
        entries.append(entry)
        joined.append((entry, voices))
    born = _births(rows.values())
    for entry, voices in joined:
        # Counted before they are written: afterwards it would take a statement of many cases.
        counting.count(entry, [_counted(row, born) for row in voices], on=local_day(at))
    many.keep(entries)
    for entry, voices in joined:
        for row in voices:
            row.need, row.state = entry, NeedReport.State.JOINED
            if row.met:
                row.met_at = row.asked_at = entry.closed_at
    many.change([row for _entry, voices in joined for row in voices], "need", "state", "met", "met_at", "asked_at")
    _answer(joined, beginnings, at=at)
    searching.index(entries)
    reminding.look_at_inbox([community])
    act().note(community_id=community)
    return [entry.pk for entry in entries]


def _answer(joined: Sequence[tuple[Need, list[NeedReport]]], beginnings: Sequence[Beginning], *, at: datetime) -> None:
    """Keep what the askers of entries that ended were told then; it was told long ago, so nothing is sent."""
    made = []
    for (entry, voices), one in zip(joined, beginnings, strict=True):
        if one.ending is None or not one.ending.words or entry.closed_at is None:
            continue
        for row in voices:
            is_shown = row.channel == NeedReport.Channel.NONE
            made.append(
                Answer(
                    community_id=entry.community_id,
                    report=row,
                    kind=ANSWERS[Need.State(entry.state)],
                    words=one.ending.words,
                    channel=row.channel,
                    state=Answer.State.SHOWN if is_shown else Answer.State.TOLD,
                    made_at=entry.closed_at,
                    told_at=None if is_shown else entry.closed_at,
                )
            )
    many.keep(made)
    for answer in made:
        on = local_day(answer.made_at)
        facts.record(measure="answers_given", record=answer, quantity=1, community_id=answer.community_id, on=on)


def _births(rows: Iterable[NeedReport]) -> dict[UUID, date | None]:
    people = {row.person_id for row in rows if row.person_id}
    with scope.everything():
        return dict(Person.objects.filter(pk__in=people).values_list("pk", "birth_on"))


def _counted(row: NeedReport, born: dict[UUID, date | None]) -> counting.Voice:
    birth_on = born.get(row.person_id) if row.person_id else None
    return (row.household_id, row.people, row.times_mask, row.is_urgent, row.heard_at, row.met, birth_on)


def _end(entry: Need, voices: Sequence[NeedReport], ending: Ending, *, at: datetime) -> None:
    """Let an entry have ended, not before its last voice and not after now."""
    heard = max(row.heard_at for row in voices)
    closed = min(at, heard + timedelta(days=ending.days))
    entry.state, entry.closed_at = ending.state, closed
    if ending.state == Need.State.UNMET:
        entry.unmet_reason, entry.unmet_words = ending.reason, ending.words
    elif ending.state == Need.State.MET:
        entry.first_served_on = local_day(closed)
        for row in voices[: max(1, round(len(voices) * ending.says))]:
            row.met = NeedReport.Met.YES
    if ending.state not in states.CLOSED:
        entry.closed_at = None
