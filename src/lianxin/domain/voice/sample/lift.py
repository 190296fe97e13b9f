"""The part of the sample in which a lift is settled: a joint case, fifteen meetings, two votes, promises kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.places.models import Division
from lianxin.domain.projects.sample.staff import staff_of
from lianxin.domain.voice.commands import (
    agendas,
    attendance,
    closing,
    commitments,
    matters,
    meetings,
    minutes,
    moving,
    parties,
    resolutions,
)
from lianxin.domain.voice.commands.hearing import Voice, hear_many
from lianxin.domain.voice.models import AgendaItem, CaseReport, Commitment, Invitation, Matter, Party
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from .lift_story import OUTCOME, PARTIES, SITTINGS, SUMMARY, TITLE, VOICES, Promise, Sitting
from .lift_votes import vote_first_time, vote_second_time

JINTAO = "440507003009"
PLACE = "西区一栋大堂"
CHAIR, CLERK = "社区书记", "社区文书"
VERIFIER, OTHER_VERIFIER = "西区业主小组", "金涛社区居委会"


@dataclass
class Story:
    """What happens when: acts in the order of their moments, done one after the other."""

    actor: Actor
    matter: UUID
    year: int
    parties: dict[str, UUID] = field(default_factory=dict)
    acts: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)

    def then(self, at: datetime, do: Callable[[datetime], None]) -> None:
        """Let something happen at a moment."""
        self.acts.append((at, len(self.acts), do))

    def tell(self) -> None:
        """Do everything in its order; what an act adds for later is done as well."""
        while self.acts:
            self.acts.sort()
            at, _turn, do = self.acts.pop(0)
            do(at)

    def moment(self, on: date, hour: int, minute: int = 0) -> datetime:
        """Give a moment of a day."""
        return local_moment(on, time(hour, minute))


def build_lift(plan: Plan) -> None:
    """Tell the story of the lift once, where the sample holds its community and somebody works there."""
    with translation.override("zh-hans"), scope.everything():
        place = Division.objects.filter(code=JINTAO, ended_on=None).first()
        actor = staff_of(plan).get(place.pk) if place is not None else None
        if place is None or actor is None or Matter.objects.filter(community=place, title=TITLE).exists():
            return
        with transaction.atomic(), scope.within(frozenset({place.pk})):
            _tell(place, actor, plan.told_year)
    plan.tell("lift", 1.0)


def _tell(place: Division, actor: Actor, year: int) -> None:
    heard = local_moment(date(year, 1, 8), time(9, 30))
    case = _hear(place, actor, heard)
    matter = matters.open_matter(
        actor=actor,
        community=place.pk,
        title=TITLE,
        subject="lift",
        summary=SUMMARY,
        case=case,
        is_public=True,
        is_sample=True,
        at=heard + timedelta(hours=3),
    )
    story = Story(actor=actor, matter=matter.pk, year=year)
    for kind, name, speaker in PARTIES:
        party = parties.add_party(
            actor=actor, matter=matter.pk, kind=kind, name=name, speaker_name=speaker, at=heard + timedelta(hours=4)
        )
        story.parties[name] = party.pk
    for number, sitting in enumerate(SITTINGS):
        _plan_sitting(story, sitting, number)
    for month, day, vote in ((6, 24, vote_first_time), (8, 12, vote_second_time)):
        hold = partial(vote, actor=actor, community=place.pk, matter=matter.pk)
        story.then(local_moment(date(year, month, day), time(9)), hold)
    end = local_moment(date(year, 12, 30), time(10))
    story.then(end, partial(_end, story, case))
    story.tell()


def _hear(place: Division, actor: Actor, heard: datetime) -> UUID:
    """Let six neighbours bring the lift forward: one case, six voices."""
    first, *others = VOICES
    made = hear_many(
        actor=actor,
        community=place.pk,
        voices=[Voice(words=first, how="desk", subject="lift", title="西区电梯停运、困人", heard_at=heard)],
        is_sample=True,
        at=heard,
    )
    case: UUID = CaseReport.objects.get(pk=made[0]).case_id
    hear_many(
        actor=actor,
        community=place.pk,
        voices=[Voice(words=words, how="visit", subject="lift", case=case, heard_at=heard) for words in others],
        is_sample=True,
        at=heard + timedelta(hours=2),
    )
    moving.assign(actor=actor, case=case, account=actor.account, name=actor.name, at=heard + timedelta(hours=2))
    moving.start(actor=actor, case=case, at=heard + timedelta(hours=2))
    moving.edit(actor=actor, case=case, public_title=TITLE, is_public=True, at=heard + timedelta(hours=2))
    return case


def _plan_sitting(story: Story, sitting: Sitting, number: int) -> None:
    on = date(story.year, sitting.month, sitting.day)
    starts = story.moment(on, 19, 30)
    held: dict[str, UUID] = {}

    def call(at: datetime) -> None:
        held["meeting"] = meetings.call(
            actor=story.actor,
            matter=story.matter,
            starts_at=starts,
            title=sitting.title,
            place_words=PLACE,
            quorum=4,
            chair_name=CHAIR,
            clerk_name=CLERK,
            items=sitting.items,
            is_sample=True,
            at=at,
        ).pk

    story.then(story.moment(on - timedelta(days=5), 10, number % 50), call)
    story.then(starts, lambda at: _sit(story, sitting, held["meeting"], at))


def _sit(story: Story, sitting: Sitting, meeting: UUID, at: datetime) -> None:
    actor = story.actor
    meetings.start(actor=actor, meeting=meeting, at=at)
    names = dict(Party.objects.filter(matter=story.matter).values_list("pk", "name"))
    there = []
    for one in Invitation.objects.filter(meeting=meeting).order_by("pk"):
        if one.party_id is None or names[one.party_id] not in sitting.absent:
            attendance.arrive(actor=actor, invitation=one.pk, came_at=at, at=at)
            there.append(one.pk)
    later = at + timedelta(minutes=50)
    for words in sitting.resolutions:
        made = resolutions.propose(actor=actor, meeting=meeting, words=words, at=later)
        resolutions.decide(actor=actor, resolution=made.pk, state="passed", at=later)
    for promise in sitting.promises:
        _promise(story, promise, meeting, later)
    for item in AgendaItem.objects.filter(meeting=meeting, state="open").select_related("commitment"):
        kept = item.commitment is None or item.commitment.state == Commitment.State.KEPT
        agendas.deal(actor=actor, item=item.pk, outcome="已谈" if kept else "还在做，下次再看", at=later)
    ended = at + timedelta(minutes=95)
    meetings.end(actor=actor, meeting=meeting, ended_at=ended, at=ended)
    minutes.draft(actor=actor, meeting=meeting, words=_minutes(sitting), at=ended)
    minutes.read_back(actor=actor, meeting=meeting, at=ended + timedelta(minutes=10))
    minutes.sign(actor=actor, meeting=meeting, signed_by=there, at=ended + timedelta(minutes=15))
    meetings.close(actor=actor, meeting=meeting, public_words=sitting.told, at=ended + timedelta(minutes=20))


def _minutes(sitting: Sitting) -> str:
    lines = [f"议题：{'；'.join(sitting.items)}。", sitting.told]
    lines += [f"决定：{words}。" for words in sitting.resolutions]
    lines += [f"承诺：{one.party}，{one.words}。" for one in sitting.promises]
    return "\n".join(lines)


def _promise(story: Story, promise: Promise, meeting: UUID, at: datetime) -> None:
    due = at.date() + timedelta(days=promise.days)
    made = commitments.promise(
        actor=story.actor,
        words=promise.words,
        owner_name=promise.party,
        due_by=due,
        meeting=meeting,
        party=story.parties[promise.party],
        is_public=True,
        is_sample=True,
        at=at,
    )
    if promise.moved:
        later = due + timedelta(days=promise.moved)
        story.then(
            story.moment(due, 9, 5),
            lambda now: _keep(
                commitments.move_due,
                actor=story.actor,
                commitment=made.pk,
                due_by=later,
                words="还差一点，已和大家讲明",
                at=now,
            ),
        )
        due = later
    seen = due - timedelta(days=1)
    show = partial(_keep, commitments.show, actor=story.actor, commitment=made.pk, evidence=promise.evidence)
    story.then(story.moment(seen, 16, 20), lambda now: show(at=now))
    verifier = OTHER_VERIFIER if promise.party == VERIFIER else VERIFIER
    verify = partial(_keep, commitments.verify, actor=story.actor, commitment=made.pk, kept=True)
    story.then(story.moment(seen, 18, 40), lambda now: verify(verifier_name=verifier, at=now))


def _keep(do: Callable[..., object], **named: object) -> None:
    do(**named)


def _end(story: Story, case: UUID, at: datetime) -> None:
    actor = story.actor
    matters.close(actor=actor, matter=story.matter, state="done", outcome=OUTCOME, at=at)
    closing.finish(actor=actor, case=case, words=OUTCOME, at=at + timedelta(minutes=30))
    for report in CaseReport.objects.filter(case=case).order_by("heard_at", "pk").values_list("pk", flat=True):
        closing.say(
            actor=actor, report=report, solved=True, words="新电梯坐上了", how="visit", at=at + timedelta(minutes=60)
        )
