"""How many live where, of which age: from memberships, so that yesterday's figure stays yesterday's."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from lianxin.domain.people.models import HouseholdMembership
from lianxin.domain.people.rules.persons import AGE_BANDS, ELDERS, born_between


def members_on(on: date, communities: frozenset[UUID] | None = None) -> QuerySet[HouseholdMembership]:
    """Give the memberships that hold on a day, within the active scope."""
    rows = HouseholdMembership.objects.filter(from_on__lte=on).filter(Q(until_on__isnull=True) | Q(until_on__gt=on))
    return rows if communities is None else rows.filter(community__in=communities)


def count_residents(*, on: date, communities: frozenset[UUID] | None = None) -> int:
    """Count residents on a day, within the active scope."""
    return members_on(on, communities).count()


def count_households(*, on: date, communities: frozenset[UUID] | None = None) -> int:
    """Count households with at least one member on a day, within the active scope."""
    return members_on(on, communities).order_by().values("household").distinct().count()


def count_elders(*, on: date, communities: frozenset[UUID] | None = None) -> int:
    """Count residents of 60 and more on a day, within the active scope."""
    return elders_on(on, communities).count()


def elders_on(on: date, communities: frozenset[UUID] | None = None) -> QuerySet[HouseholdMembership]:
    """Give the memberships of those who are 60 and more on a day, within the active scope."""
    _oldest, newest = born_between(ELDERS, on)
    return members_on(on, communities).filter(person__birth_on__lte=newest)


def count_by_age(*, on: date, communities: frozenset[UUID] | None = None) -> Mapping[UUID, Mapping[str, int]]:
    """Count residents by community and age band on a day, one query; the band "unknown" is left out when empty."""
    cases = []
    for number, band in enumerate(AGE_BANDS):
        oldest, newest = born_between(band, on)
        condition = Q(person__birth_on__lte=newest)
        if oldest is not None:
            condition &= Q(person__birth_on__gt=oldest)
        cases.append(When(condition, then=Value(number)))
    band_number = Case(*cases, default=Value(len(AGE_BANDS)), output_field=IntegerField())
    rows = (
        members_on(on, communities)
        .order_by()
        .annotate(band=band_number)
        .values("community", "band")
        .annotate(people=Count("pk"))
        .values_list("community", "band", "people")
    )
    found: dict[UUID, dict[str, int]] = {}
    names = [*(band.code for band in AGE_BANDS), "unknown"]
    for community, number, people in rows:
        found.setdefault(community, {})[names[number]] = people
    return found


def count_households_by_community(*, on: date) -> Mapping[UUID, int]:
    """Count households with at least one member by community on a day, within the active scope."""
    rows = members_on(on).order_by().values("community").annotate(homes=Count("household", distinct=True))
    return dict(rows.values_list("community", "homes"))


def count_people_by_community(*, on: date) -> Mapping[UUID, tuple[int, int]]:
    """Count (households with a member, residents) by community on a day, within the active scope; one query."""
    rows = members_on(on).order_by().values("community")
    rows = rows.annotate(homes=Count("household", distinct=True), people=Count("pk"))
    return {community: (homes, people) for community, homes, people in rows.values_list("community", "homes", "people")}
