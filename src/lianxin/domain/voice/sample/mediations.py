"""The part of the sample with quarrels that were mediated: one performed, one still being talked over; all sealed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.places.models import Division
from lianxin.domain.projects.sample.staff import communities_in_order, staff_of
from lianxin.domain.voice.commands import mediation_clauses, mediation_talks, mediation_visits, mediations, mediators
from lianxin.domain.voice.commands.mediations import NewParty
from lianxin.domain.voice.models import Mediation, MediationParty
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from .cases import CUIYING

AGO = 90
SUBJECT, OTHER_SUBJECT = "楼上空调滴水到楼下雨棚，两家争执", "老人赡养费怎么分"
CLAUSES = ("楼上十天内接好冷凝水管", "楼下把雨棚接缝补好，费用各出一半")
# In the closed year every so manieth community had a quarrel that was settled.
EVERY = 10
QUARRELS = (
    (SUBJECT, CLAUSES),
    ("楼道里停电动车，出入不便", ("十天内把车移到车棚", "社区在车棚加两个充电口")),
    ("宅基地边界的排水沟，两家说不拢", ("沟按旧石界走，两家各让半尺", "清沟的工钱各出一半")),
    ("租客退租押金没退", ("三天内退还押金，扣清洁费八十元", "租客把钥匙交回")),
)


def build_mediations(plan: Plan) -> None:
    """Tell of some mediations of the closed year, and of two in 翠英 of these months; each community once."""
    with translation.override("zh-hans"):
        staff, communities = staff_of(plan), communities_in_order()
        with scope.everything():
            begun = set(Mediation.objects.order_by().values_list("community_id", flat=True).distinct())
        for number, place in enumerate(communities):
            actor = staff.get(place.pk)
            if actor is not None and place.pk not in begun and (place.code == CUIYING or number % EVERY == 0):
                with transaction.atomic(), scope.within(frozenset({place.pk})):
                    _tell(plan, place, actor, number)
            plan.tell("mediations", (number + 1) / len(communities))


def _tell(plan: Plan, place: Division, actor: Actor, number: int) -> None:
    turn = number // EVERY
    subject, clauses = QUARRELS[turn % len(QUARRELS)]
    _settle(place.pk, actor, subject, clauses, date(plan.told_year, 1, 22) + timedelta(days=27 * turn % 310))
    if place.code == CUIYING:
        _settle(place.pk, actor, SUBJECT, CLAUSES, plan.day(AGO))
        _begin(plan, place.pk, actor)


def _asked(community: UUID, actor: Actor, subject: str, at: datetime) -> Mediation:
    row = mediations.ask(
        actor=actor,
        community=community,
        subject_words=subject,
        parties=[NewParty("asking", name="样本当事人甲"), NewParty("other", name="样本当事人乙")],
        is_sample=True,
        at=at,
    )
    assert actor.account is not None
    mediators.appoint(actor=actor, mediation=row.pk, mediator=actor.account, at=at + timedelta(hours=1))
    mediators.declare(actor=actor, mediation=row.pk, at=at + timedelta(hours=2))
    for number, party in enumerate(MediationParty.objects.filter(mediation=row).order_by("pk"), start=3):
        mediations.consent(actor=actor, party=party.pk, agrees=True, at=at + timedelta(hours=number))
    return mediators.accept(actor=actor, mediation=row.pk, at=at + timedelta(hours=6))


def _settle(community: UUID, actor: Actor, subject: str, clauses: tuple[str, str], on: date) -> None:
    """Let a quarrel that was brought on a day be talked over, agreed after five days, and looked after once."""

    def moment(days: int, hour: int) -> datetime:
        return local_moment(on + timedelta(days=days), time(hour))

    row = _asked(community, actor, subject, moment(0, 9))
    sides = list(MediationParty.objects.filter(mediation=row).order_by("pk"))
    for number, side in enumerate(sides):
        mediation_talks.record(
            actor=actor,
            mediation=row.pk,
            kind="private",
            party=side.pk,
            words="听本人把话说完",
            at=moment(2, 10 + number),
        )
    agreed = moment(5, 15)
    for number, words in enumerate(clauses):
        clause = mediation_clauses.write(
            actor=actor,
            mediation=row.pk,
            words=words,
            party=sides[number].pk,
            due_by=on + timedelta(days=15 + number),
            at=agreed,
        )
        mediation_clauses.agree_clause(actor=actor, clause=clause.pk, at=agreed)
    for side in sides:
        mediation_clauses.sign(actor=actor, party=side.pk, at=agreed + timedelta(minutes=20))
    mediation_clauses.agree(actor=actor, mediation=row.pk, at=agreed + timedelta(minutes=30))
    seen = moment(20, 16)
    mediation_visits.record(actor=actor, mediation=row.pk, is_kept=True, words="上门看过，说好的都做到了", at=seen)
    mediation_visits.perform(actor=actor, mediation=row.pk, at=seen + timedelta(minutes=30))


def _begin(plan: Plan, community: UUID, actor: Actor) -> None:
    row = _asked(community, actor, OTHER_SUBJECT, plan.moment(6, 9))
    mediation_talks.record(
        actor=actor, mediation=row.pk, kind="joint", words="三家都到场，先把开销列出来", at=plan.moment(3, 10)
    )
