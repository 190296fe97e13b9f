"""Removing what need not be kept any longer (PIPL art. 19)."""

from datetime import datetime, timedelta

from django.db.models import Q

from lianxin.domain.people.commands.erasure import erase_person
from lianxin.domain.people.models import Person, Purpose, VulnerabilityFact
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Refused

AT_ONCE = 200
REGISTER_DAYS = 1825
CARE_DAYS = 1095


def days_of(purpose: str, otherwise: int) -> int:
    """Give how long data of a purpose is kept, by the register."""
    found = Purpose.objects.filter(code=purpose).values_list("retention_days", flat=True).first()
    return otherwise if found is None else found


def erase_who_left(at: datetime) -> int:
    """Erase people who died or moved out longer ago than the household register keeps; give how many."""
    before = local_day(at) - timedelta(days=days_of("household_register", REGISTER_DAYS))
    with scope.everything():
        gone = Person.objects.filter(
            Q(state=Person.State.DIED, died_on__lt=before) | Q(state=Person.State.MOVED_OUT, moved_on__lt=before)
        )
        ids = list(gone.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    erased = 0
    for pk in ids:
        try:
            erase_person(actor=Actor.system(), person=pk, ground="retention period is over", at=at)
            erased += 1
        except Refused:
            continue
    return erased


def forget_ended_vulnerabilities(at: datetime) -> int:
    """Delete vulnerability facts that ended longer ago than their purpose keeps; give how many."""
    before = local_day(at) - timedelta(days=days_of("care", CARE_DAYS))
    with scope.everything():
        return VulnerabilityFact.objects.filter(until_on__lt=before).delete()[0]
