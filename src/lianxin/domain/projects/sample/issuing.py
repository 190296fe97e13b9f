"""The sample's editions of the three lists: last month's issued, this month's drafted, one of them overdue."""

from __future__ import annotations

from datetime import date, time
from random import Random

from lianxin.domain.places.models import Division
from lianxin.domain.projects.commands import editions
from lianxin.domain.projects.models import Edition
from lianxin.domain.projects.rules.editions import DUE_DAYS
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment

from . import words
from .months import Months

LATE = Edition.Of.RESOURCES
# How the codes of the communities end that forgot it: 翠英 is one of them.
FORGETFUL = ("020",)
EARLIEST, LATEST = 3, 8


def issue_month(months: Months, community: Division, actor: Actor, first: date, dice: Random) -> int:
    """Draft the editions of a month as the program does on its first day, and let staff issue what is due by now.

    Here and there one list that is past its day was forgotten, so that Today asks for it. Gives how many were issued.
    """
    drafted = months.not_after_now(local_moment(first, time(6, 20)))
    editions.draft_due_editions(actor=Actor.system(via="cli"), community=community.pk, on=first, at=drafted)
    with scope.everything():
        drafts = Edition.objects.filter(community=community.pk, from_on=first, state=Edition.State.DRAFT)
        rows = list(drafts.order_by("of"))
    issued = 0
    for number, row in enumerate(rows):
        at = local_moment(first.replace(day=dice.randint(EARLIEST, LATEST)), time(15, 7 * number))
        if at >= months.plan.at or (row.of == LATE and _is_forgotten(months, community, first)):
            continue
        editions.introduce_edition(actor=actor, edition=row.pk, introduction=words.INTRODUCTIONS[row.of], at=at)
        editions.issue_edition(actor=actor, edition=row.pk, approved_name=actor.name[:40] or "样例书记", at=at)
        editions.note_edition_sent(actor=actor, edition=row.pk, at=at)
        issued += 1
    return issued


def _is_forgotten(months: Months, community: Division, first: date) -> bool:
    """Tell whether a community forgot a list of this month, once that is overdue, or else one of last month."""
    if not community.code.endswith(FORGETFUL):
        return False
    overdue = local_day(months.plan.at).day > DUE_DAYS
    return first == (months.this if overdue else months.last)
