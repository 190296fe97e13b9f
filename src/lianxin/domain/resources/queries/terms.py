"""What an offer is bound to: what it serves, its weekly times, days without it, communities that it names."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db.models import F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from lianxin.domain.resources.models import Offer
from lianxin.platform import scope

SERVES, WEEKLY, EXCEPT, NAMES = range(4)


@dataclass(frozen=True, slots=True)
class Terms:
    """The rows beside an offer, each kind in its order."""

    categories: list[tuple[str, int]] = field(default_factory=list)
    weekly: list[tuple[int, time, time]] = field(default_factory=list)
    exceptions: list[tuple[date, date, str]] = field(default_factory=list)
    only: list[tuple[UUID, str]] = field(default_factory=list)
    never: list[tuple[UUID, str]] = field(default_factory=list)


def terms_of(row: Offer) -> Terms:
    """Give what an offer is bound to; one query."""
    nothing = Value("")
    with scope.everything():
        parts = (
            _part(row.categories.all(), SERVES, F("level"), F("category__code"), nothing, nothing),
            _part(row.weekly_times.all(), WEEKLY, F("weekday"), F("starts"), F("ends"), nothing),
            _part(row.exceptions.all(), EXCEPT, Value(0), F("first_on"), F("last_on"), F("reason")),
            _part(
                row.named_communities.all(),
                NAMES,
                F("is_excluded"),
                F("community__short_name"),
                F("community_id"),
                nothing,
            ),
        )
        found = sorted(parts[0].union(*parts[1:], all=True))
    terms = Terms()
    for what, number, first, second, words in found:
        if what == SERVES:
            terms.categories.append((first, number))
        elif what == WEEKLY:
            terms.weekly.append((number, time.fromisoformat(first), time.fromisoformat(second)))
        elif what == EXCEPT:
            terms.exceptions.append((date.fromisoformat(first), date.fromisoformat(second), words))
        else:
            (terms.never if number else terms.only).append((UUID(second), first))
    terms.categories.sort(key=lambda one: (-one[1], one[0]))
    return terms


def _part(rows: QuerySet[Any], what: int, number: Any, *texts: Any) -> QuerySet[Any]:
    columns = {f"_{n}": Cast(one, TextField()) for n, one in enumerate(texts)}
    kind, number = Value(what, output_field=IntegerField()), Cast(number, IntegerField())
    named = rows.order_by().annotate(_what=kind, _number=number, **columns)
    return named.values_list("_what", "_number", "_0", "_1", "_2")
