"""What partners of the sample offered in the closed year, and which of their promises they kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from random import Random
from uuid import UUID

from django.utils import translation

from lianxin.domain.places.models import Division, Level
from lianxin.domain.resources.commands.bulk import PastOffer, PastPromise, take_in_offers
from lianxin.domain.resources.models import Offer, Partnership, Promise
from lianxin.domain.resources.rules.contents import OfferContent
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from .words import OFFERED, REASONS

OFFERS = 4
PROMISES = 3


def build_closed_year(plan: Plan) -> None:
    """Let the partners of each community have offered something in the closed year; what is there is left alone."""
    with translation.override("zh-hans"), scope.everything():
        communities = list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code", "pk"))
        told = Offer.objects.filter(is_sample=True, made_at__lt=local_moment(date(plan.told_year + 1, 1, 1)))
        begun = set(told.order_by().values_list("community", flat=True).distinct())
        for number, community in enumerate(communities, start=1):
            if community.pk not in begun:
                _tell(plan, community)
            plan.tell("offers of the closed year", number / len(communities))


def _tell(plan: Plan, place: Division) -> None:
    dice = plan.random("offers of the closed year", place.code)
    ties = Partnership.objects.filter(community=place).order_by("organisation__name", "pk")
    partners = list(dict.fromkeys(ties.values_list("organisation_id", flat=True)))
    if not partners:
        return
    offers = [_offer(plan, partners, dice) for _turn in range(OFFERS)]
    at = min(local_moment(date(plan.told_year + 1, 1, 8), time(9)), plan.at)
    take_in_offers(actor=Actor.system(via="cli"), community=place.pk, offers=offers, is_sample=True, at=at)


def _offer(plan: Plan, partners: Sequence[UUID], dice: Random) -> PastOffer:
    code = dice.choice(sorted(OFFERED))
    words = dice.choice(OFFERED[code])
    since = date(plan.told_year, 1, 10) + timedelta(days=dice.randrange(170))
    content = OfferContent(
        kind=words.kind,
        title=words.title,
        organisation=dice.choice(partners),
        categories=[(code, 3)],
        from_on=since,
        until_on=date(plan.told_year, 12, 31),
        conditions=words.conditions,
        contact_name="样例联系人",
        place="提供方门店内" if words.kind == Offer.Kind.VENUE else "",
        needs_venue=words.kind != Offer.Kind.VENUE,
        seats=words.seats,
        least_people=max(1, words.seats // 5),
        minutes=words.minutes,
        times=words.times,
        every=words.every,
        quantity=words.quantity,
        unit=words.unit,
        reach="community",
    )
    days = sorted(dice.sample(range(20, (date(plan.told_year, 12, 28) - since).days), PROMISES))
    promises = [_promise(since + timedelta(days=day), words.quantity, dice) for day in days]
    return PastOffer(
        content=content,
        made_at=local_moment(since, time(10)),
        assured_on=since,
        promises=promises,
        ended_words="说好的日子到了",
    )


def _promise(on: date, most: int | None, dice: Random) -> PastPromise:
    quantity = dice.randint(1, most) if most else 1
    chance = dice.random()
    if chance < 0.85:
        return PastPromise(on, Promise.State.KEPT, quantity, quantity)
    state = Promise.State.BROKEN if chance < 0.93 else Promise.State.EXCUSED
    return PastPromise(on, state, quantity, reason=dice.choice(REASONS))
