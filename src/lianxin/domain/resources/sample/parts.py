"""The part that the resources module contributes to the sample district: partners, offers, promises, agreements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.utils import translation

from lianxin.domain.people.commands.organisations import register_organisation
from lianxin.domain.people.models import OrganisationCommunity
from lianxin.domain.places.models import Division, Level
from lianxin.domain.resources.commands.agreements import draft, sign
from lianxin.domain.resources.commands.bulk import PastOffer, PastPromise, Tie, take_in_offers
from lianxin.domain.resources.models import Offer, Promise
from lianxin.domain.resources.rules.contents import OfferContent
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.commands import command
from lianxin.platform.sample import Plan

from .words import FIRST, NOTES, OFFERED, REASONS, SCARCE, TAILS, Words

PARTNERS_EACH, OFFERS_EACH = 4.8, 24
SMALL_OFFERS, AGREES_EVERY = 12, 3
OLDEST_OFFER_DAYS = 300
KINDS = ("paired", "assisting", "party_building", "social", "firm", "firm", "organ", "reporting_in")
REACHES = (("community", None),) * 5 + (("radius", 1500), ("radius", 3000), ("subdistrict", None), ("district", None))
EVENING, MORNING, AFTERNOON = (time(19), time(21)), (time(9), time(11, 30)), (time(14, 30), time(17))
Firm = tuple[UUID, str]


def build_resources(plan: Plan) -> None:
    """Build each community's partners and what they offer; what is there is not built again."""
    with translation.override("zh-hans"), scope.everything():
        communities = list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code", "pk"))
        lately = Offer.objects.filter(is_sample=True, made_at__gte=plan.moment(OLDEST_OFFER_DAYS))
        has_offers = set(lately.order_by().values_list("community", flat=True).distinct())
        is_small = len(communities) < 20
        for number, community in enumerate(communities):
            if community.pk in has_offers:
                continue
            build_community(
                actor=Actor.system(via="cli"),
                plan=plan,
                community=community,
                number=number,
                offers=SMALL_OFFERS if is_small else OFFERS_EACH,
                agrees=is_small or number % AGREES_EVERY == 0,
                at=plan.at,
            )
            plan.tell("resources", (number + 1) / len(communities))


def _names(community: str, number: int, dice: Random) -> list[tuple[str, str]]:
    """Give names for the partners of one community, each with the group of categories that it is good at."""
    count = int(PARTNERS_EACH * (number + 1)) - int(PARTNERS_EACH * number)
    found = []
    for place in range(count):
        group = "ABCDEF"[(number + place) % 6]
        tail = TAILS[group][(number + place) % 5]
        found.append((f"{community}{dice.choice(FIRST)}{tail}(样例{number + 1}-{place + 1})", group))
    return found


@command("resources.build_sample_community")
def build_community(
    *, actor: Actor, plan: Plan, community: Division, number: int, offers: int, agrees: bool, at: datetime
) -> None:
    """Build the partners and offers of one community in one transaction."""
    dice = plan.random("resources", community.code)
    firms = [
        (
            register_organisation(
                actor=actor,
                name=name,
                roles=["partner"],
                communities=[community.pk],
                contact_name="样例联系人",
                at=at,
            ).pk,
            group,
        )
        for name, group in _names(community.short_name, number, dice)
    ]
    firms += _others(community.pk, firms, dice)
    _fill(plan, community.pk, firms, dice, offers)
    if agrees:
        _agree(plan, community.pk, firms[0][0], dice)


def _others(community: UUID, firms: Sequence[Firm], dice: Random) -> list[Firm]:
    """Give up to two of the partners that the community had already."""
    links = OrganisationCommunity.objects.filter(
        community=community, until_on=None, organisation__roles__kind__in=["partner", "public_body", "party_branch"]
    )
    mine = {pk for pk, _group in firms}
    named = links.order_by("organisation__name", "organisation").values_list("organisation_id", flat=True)
    others = [pk for pk in dict.fromkeys(named) if pk not in mine]
    return [(pk, dice.choice("ABCDEF")) for pk in others[:2]]


def _fill(plan: Plan, community: UUID, firms: Sequence[Firm], dice: Random, count: int) -> None:
    offers = [_offer(plan, firms[turn % len(firms)], dice) for turn in range(count)]
    ties = [
        Tie(pk, KINDS[(turn + dice.randrange(8)) % 8], plan.day(dice.randint(60, 700)), dice.choice(NOTES))
        for turn, (pk, _group) in enumerate(firms)
    ]
    system = Actor.system(via="cli")
    take_in_offers(actor=system, community=community, offers=offers, ties=ties, is_sample=True, at=plan.at)


def _agree(plan: Plan, community: UUID, firm: UUID, dice: Random) -> None:
    """Sign an agreement with the first partner."""
    since = plan.day(dice.randint(30, 150))
    mine = Offer.objects.filter(community=community, organisation=firm).exclude(state=Offer.State.ENDED)
    ids = list(mine.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return
    actor = plan.actor(community)
    row = draft(
        actor=actor,
        community=community,
        organisation=firm,
        from_on=since,
        until_on=since + timedelta(days=365),
        terms="一、提供方按本协议附列的内容和次数提供服务。\n二、社区负责组织居民、准备场地、事后登记。\n三、不能按时提供的，提前一天告知。",
        offers=ids,
        at=plan.at,
    )
    sign(
        actor=actor,
        agreement=row.pk,
        signed_on=since,
        for_community="样例书记",
        for_partner="样例负责人",
        at=plan.at,
    )


def _offer(plan: Plan, firm: Firm, dice: Random) -> PastOffer:
    organisation, group = firm
    codes = [code for code in OFFERED if code[0] == group]
    code = dice.choice(codes)
    if code in SCARCE and dice.random() < 0.6:
        code = dice.choice(codes)
    words = dice.choice(OFFERED[code])
    reach, metres = dice.choice(REACHES)
    ago = dice.randint(20, OLDEST_OFFER_DAYS - 1)
    content = OfferContent(
        kind=words.kind,
        title=words.title,
        organisation=organisation,
        categories=[(code, 3), *_also(codes, code, dice)],
        from_on=plan.day(ago),
        until_on=plan.day(-dice.randint(60, 400)) if dice.random() < 0.4 else None,
        conditions=words.conditions,
        contact_name="样例联系人",
        place="提供方门店内" if words.kind == Offer.Kind.VENUE else "",
        needs_venue=words.kind != Offer.Kind.VENUE,
        seats=max(2, round(words.seats * dice.uniform(0.7, 1.3))),
        least_people=max(1, words.seats // 5),
        minutes=words.minutes,
        times=words.times,
        every=words.every,
        quantity=words.quantity,
        unit=words.unit,
        reach=reach,
        reach_metres=metres,
        weekly=_times(dice),
    )
    chance = dice.random()
    assured = None if chance < 0.06 else plan.day(min(ago, dice.randint(1, 170) if chance < 0.94 else 200))
    return PastOffer(
        content=content,
        made_at=local_moment(plan.day(ago), time(10)),
        assured_on=assured,
        is_paused=chance > 0.985,
        promises=_promises(plan, words, ago, dice) if assured is not None else (),
    )


def _also(codes: Sequence[str], code: str, dice: Random) -> list[tuple[str, int]]:
    others = [other for other in codes if other != code]
    return [(other, dice.choice((1, 2))) for other in dice.sample(others, dice.choice((0, 0, 1, 2)))]


def _times(dice: Random) -> list[tuple[int, time, time]]:
    if dice.random() < 0.35:
        return []
    days = dice.sample(range(7), dice.choice((1, 2, 2, 3)))
    return sorted((day, *dice.choice((MORNING, AFTERNOON, EVENING))) for day in days)


def _promises(plan: Plan, words: Words, ago: int, dice: Random) -> list[PastPromise]:
    """Give what was promised in the months past, one in a month, mostly kept."""
    found = []
    for months in range(min(3, ago // 31)):
        if dice.random() < 0.5:
            continue
        on: date = plan.day(6 + 31 * months + dice.randrange(20))
        chance = dice.random()
        quantity = dice.randint(1, words.quantity) if words.quantity else 1
        if chance < 0.82:
            found.append(PastPromise(on, Promise.State.KEPT, quantity, quantity))
        elif chance < 0.89 and quantity > 1:
            found.append(PastPromise(on, Promise.State.PARTLY, quantity, quantity // 2))
        elif chance < 0.95:
            found.append(PastPromise(on, Promise.State.BROKEN, quantity, reason=dice.choice(REASONS)))
        else:
            found.append(PastPromise(on, Promise.State.EXCUSED, quantity, reason=dice.choice(REASONS)))
    return found
