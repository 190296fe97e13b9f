"""The part of the sample with quarrels that were mediated: one performed, one still being talked over; all sealed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.places.models import Division
from lianxin.domain.projects.sample.staff import staff_of
from lianxin.domain.voice.commands import mediation_clauses, mediation_talks, mediation_visits, mediations, mediators
from lianxin.domain.voice.commands.mediations import NewParty
from lianxin.domain.voice.models import Mediation, MediationParty
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sample import Plan

from .cases import CUIYING

AGO = 90
SUBJECT, OTHER_SUBJECT = "楼上空调滴水到楼下雨棚，两家争执", "老人赡养费怎么分"
CLAUSES = ("楼上十天内接好冷凝水管", "楼下把雨棚接缝补好，费用各出一半")


def build_mediations(plan: Plan) -> None:
    """Tell of two mediations where the sample holds their community and somebody works there; once."""
    with translation.override("zh-hans"), scope.everything():
        place = Division.objects.filter(code=CUIYING, ended_on=None).first()
        actor = staff_of(plan).get(place.pk) if place is not None else None
        if place is None or actor is None or Mediation.objects.filter(community=place).exists():
            return
        with transaction.atomic(), scope.within(frozenset({place.pk})):
            _settle(plan, place.pk, actor)
            _begin(plan, place.pk, actor)
    plan.tell("mediations", 1.0)


def _asked(plan: Plan, community: UUID, actor: Actor, subject: str, ago: int) -> Mediation:
    at = plan.moment(ago, 9)
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


def _settle(plan: Plan, community: UUID, actor: Actor) -> None:
    row = _asked(plan, community, actor, SUBJECT, AGO)
    sides = list(MediationParty.objects.filter(mediation=row).order_by("pk"))
    for number, side in enumerate(sides):
        mediation_talks.record(
            actor=actor,
            mediation=row.pk,
            kind="private",
            party=side.pk,
            words="听本人把话说完",
            at=plan.moment(AGO - 2, 10 + number),
        )
    agreed = plan.moment(AGO - 5, 15)
    for number, words in enumerate(CLAUSES):
        clause = mediation_clauses.write(
            actor=actor,
            mediation=row.pk,
            words=words,
            party=sides[number].pk,
            due_by=plan.day(AGO - 15 - number),
            at=agreed,
        )
        mediation_clauses.agree_clause(actor=actor, clause=clause.pk, at=agreed)
    for side in sides:
        mediation_clauses.sign(actor=actor, party=side.pk, at=agreed + timedelta(minutes=20))
    mediation_clauses.agree(actor=actor, mediation=row.pk, at=agreed + timedelta(minutes=30))
    seen = plan.moment(AGO - 20, 16)
    mediation_visits.record(actor=actor, mediation=row.pk, is_kept=True, words="上门看过，水管接好，雨棚不漏", at=seen)
    mediation_visits.perform(actor=actor, mediation=row.pk, at=seen + timedelta(minutes=30))


def _begin(plan: Plan, community: UUID, actor: Actor) -> None:
    row = _asked(plan, community, actor, OTHER_SUBJECT, 6)
    mediation_talks.record(
        actor=actor, mediation=row.pk, kind="joint", words="三家都到场，先把开销列出来", at=plan.moment(3, 10)
    )
