"""What the sample's staff say to proposals, and the projects that come of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from lianxin.domain.needs.models import Need
from lianxin.domain.projects.commands import projects, proposals
from lianxin.domain.projects.models import MatchRun, Project, ProjectNeed, ProjectOffer, Proposal
from lianxin.domain.projects.queries.projects import neighbours_of
from lianxin.domain.projects.rules.contents import Content
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Refused

from . import words

CARRY, GO_ON, CANCEL, REFUSE, LEAVE = "carry", "go_on", "cancel", "refuse", "leave"
PUBLISH, APPROVE, DRAFT, LOCK = "publish", "approve", "draft", "lock"
# What became of last month's proposals, and how far next month's are, one after the other over the district.
LAST_MONTH = (CARRY, GO_ON, CARRY, CANCEL, REFUSE, CARRY, LEAVE)
# What became of projects that a community entered by itself.
OWN = (GO_ON, CARRY, CANCEL)
NEXT_MONTH = (PUBLISH, APPROVE, DRAFT, REFUSE, LOCK, LEAVE, LEAVE)
ACCEPTED = frozenset({CARRY, GO_ON, CANCEL, PUBLISH, APPROVE, DRAFT})
MOST_ACCEPTED, FEW_ACCEPTED, SMALL = 5, 3, 20
GOES_ON_DAYS, GOES_ON_TIMES = 18, 4
BY_HAND_PEOPLE, MOST_LOOKED_AT = 8, 30


@dataclass(frozen=True)
class Turn:
    """One proposal and what staff say to it."""

    proposal: Proposal
    says: str


def turns_of(run: MatchRun, says: Sequence[str], communities: Sequence[UUID]) -> dict[UUID, list[Turn]]:
    """Share what is said out over the proposals of a run, community by community, whatever is built already."""
    most = MOST_ACCEPTED if len(communities) < SMALL else FEW_ACCEPTED
    with scope.everything():
        rows = Proposal.objects.filter(run=run, starts_at__isnull=False).select_related("offer__organisation", "offer")
        by_community: dict[UUID, list[Proposal]] = {pk: [] for pk in communities}
        for row in rows.order_by("-people", "number"):
            if row.community_id in by_community:
                by_community[row.community_id].append(row)
    found: dict[UUID, list[Turn]] = {}
    place = 0
    for pk, mine in by_community.items():
        turns: list[Turn] = []
        for row in mine:
            said = says[place % len(says)]
            place += 1
            if said in ACCEPTED and sum(one.says in ACCEPTED for one in turns) >= most:
                said = LEAVE
            turns.append(Turn(row, said))
        found[pk] = turns
    return found


def take_up(actor: Actor, turn: Turn, dice: Random, *, on: date, at: datetime) -> Project | None:
    """Accept a proposal and let it be a project with words for the public; what cannot be had any more is refused."""
    row = turn.proposal
    try:
        made = proposals.accept(actor=actor, proposal=row.pk, at=at)
    except Refused:
        turn_down(actor, row, "giver", "这一天已经答应了别处", at=at)
        return None
    with scope.everything():
        Project.objects.filter(pk=made.pk).update(is_sample=True)
        asked = sum(Need.objects.filter(pk__in=needs_of(made.pk)).values_list("voices", flat=True))
    giver = row.offer.organisation.name.partition("(")[0] if row.offer.organisation else "热心居民"
    budget = dice.choice(words.BUDGETS)
    changes: dict[str, Any] = {
        "purpose": words.purpose_of(made.title, giver=giver),
        "public_text": words.told_of(made.title, giver=giver, asked=asked),
        "budget_fen": budget,
        "money_from": dice.choice(words.MONEY_FROM) if budget else "",
    }
    if turn.says == GO_ON:
        times = GOES_ON_TIMES
        changes |= {
            "until_on": max(made.until_on, on + timedelta(days=GOES_ON_DAYS)),
            "occurrences_planned": times,
            "people_planned": made.people_planned * times,
        }
    return change(actor, made, at=at + timedelta(minutes=25), **changes)


def turn_down(actor: Actor, row: Proposal, refusal: str, reason: str, *, at: datetime) -> None:
    """Refuse a proposal with its reason."""
    proposals.refuse(actor=actor, proposal=row.pk, refusal=refusal, reason=reason, at=at)


def by_hand(
    actor: Actor, need: Need, dice: Random, *, from_on: date, until_on: date, times: int = 1, at: datetime
) -> Project:
    """Enter a project that no offer carries: the community sees to it itself."""
    budget = dice.choice(words.OWN_BUDGETS)
    made = projects.save_project(
        actor=actor,
        project=None,
        content=Content(
            community=need.community_id,
            category=need.category_id,
            title=need.title,
            purpose=words.BY_HAND_PURPOSE,
            public_text=words.told_of(need.title, giver="志愿队", asked=need.voices),
            from_on=from_on,
            until_on=until_on,
            occurrences_planned=times,
            people_planned=max(BY_HAND_PEOPLE, need.people) * times,
            budget_fen=budget,
            money_from=words.MONEY_FROM[0],
            responsible=actor.account,
            responsible_name=actor.name[:40],
            needs=(need.pk,),
        ),
        at=at,
    )
    with scope.everything():
        Project.objects.filter(pk=made.pk).update(is_sample=True)
    return made


def open_needs(community: UUID, groups: str, *, heard_until: date) -> list[Need]:
    """Give what is open in a community of some groups of categories and was last said by a day, the urgent first."""
    with scope.everything():
        rows = Need.objects.filter(community=community, state=Need.State.OPEN, last_heard_on__lte=heard_until)
        found = rows.filter(category__code__regex=f"^[{groups}]").order_by("-priority", "-voices", "number")
        planned = ProjectNeed.objects.filter(need__community=community).exclude(project__state="cancelled")
        taken = set(planned.values_list("need", flat=True))
        return [one for one in found[:MOST_LOOKED_AT] if one.pk not in taken]


def change(actor: Actor, row: Project, *, at: datetime, **changes: Any) -> Project:
    """Change some fields of a project and leave the others."""
    linked = {"community", "category", "venue", "needs", "offers", "neighbours"}
    values: dict[str, Any] = {one.name: getattr(row, one.name) for one in fields(Content) if one.name not in linked}
    with scope.everything():
        offers = tuple(ProjectOffer.objects.filter(project=row.pk).order_by("offer").values_list("offer", flat=True))
    content = Content(
        community=row.community_id,
        category=row.category_id,
        venue=row.venue_id,
        needs=tuple(needs_of(row.pk)),
        offers=offers,
        neighbours=neighbours_of(row.pk),
        **(values | changes),
    )
    return projects.save_project(actor=actor, project=row.pk, content=content, at=at)


def needs_of(project: UUID) -> list[UUID]:
    """Give the needs that a project answers."""
    with scope.everything():
        return list(ProjectNeed.objects.filter(project=project).order_by("need").values_list("need", flat=True))


def day_of(row: Proposal) -> date:
    """Give the day for which something is proposed."""
    assert row.starts_at is not None
    return local_day(row.starts_at)
