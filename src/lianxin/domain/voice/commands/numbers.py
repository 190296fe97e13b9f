"""Receipt numbers that nobody in the district has yet: slips outlive the borders of communities."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lianxin.domain.voice.models import CaseReport, ReceptionPlace
from lianxin.domain.voice.rules import receipts
from lianxin.platform import scope

AT_ONCE = 500
KEPT_IN: dict[str, Any] = {receipts.CASE: CaseReport, receipts.RECEPTION: ReceptionPlace}


def give_receipts(ids: Sequence[UUID], lead: str = receipts.CASE) -> list[str]:
    """Give a receipt number for each of these new records, in their order."""
    turn = dict.fromkeys(ids, 0)
    numbers = {pk: receipts.number_for(pk, lead=lead) for pk in ids}
    while clash := _clashes(numbers, lead):
        for pk in clash:
            turn[pk] += 1
            numbers[pk] = receipts.number_for(pk, turn[pk], lead)
    return [numbers[pk] for pk in ids]


def _clashes(numbers: dict[UUID, str], lead: str) -> list[UUID]:
    wanted = list(numbers.values())
    taken: set[str] = set()
    with scope.everything():
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            taken.update(KEPT_IN[lead].objects.filter(receipt__in=part).values_list("receipt", flat=True))
    clash, seen = [], set(taken)
    for pk, number in numbers.items():
        if number in seen:
            clash.append(pk)
        seen.add(number)
    return clash
