"""What merging communities means for the people in them."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.commands import bulk
from lianxin.domain.people.commands.moving import recommunity
from lianxin.domain.people.commands.searching import index_people
from lianxin.domain.people.models import Household, HouseholdMembership, OrganisationCommunity, Person
from lianxin.domain.people.rules.new_people import NewHousehold
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import scope
from lianxin.platform.actors import Actor

CHUNK = 500


def follow_merge(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring households, people and links of the ended communities to their successor from that day on.

    Closed memberships keep the community of their time, so that earlier figures stay; a number that is taken in the
    successor is replaced by its next one.
    """
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        _renumber(ended, event)
        Household.objects.filter(community__in=ended).update(community=event.into)
        people = list(Person.objects.filter(community__in=ended).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(people), CHUNK):
            part = people[start : start + CHUNK]
            Person.objects.filter(pk__in=part).update(community=event.into)
            recommunity(part, event.into)
            open_rows = HouseholdMembership.objects.filter(person__in=part, until_on__isnull=True)
            new = [
                HouseholdMembership(
                    community_id=event.into,
                    person_id=row.person_id,
                    household_id=row.household_id,
                    from_on=max(event.on, row.from_on),
                )
                for row in open_rows
            ]
            for row in open_rows.filter(from_on__gt=event.on):
                row.until_on = row.from_on
                row.save(update_fields=["until_on"])
            open_rows.update(until_on=event.on)
            HouseholdMembership.objects.bulk_create(new)
            index_people(part)
        _relink(ended, event)


def preview_merge(event: DivisionsMerged) -> list[str]:
    """Tell how many households go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        homes = Household.objects.filter(community__in=ended, state=Household.State.ACTIVE).count()
    return [_("%(count)d households go to the new community.") % {"count": homes}] if homes else []


def _renumber(ended: list[UUID], event: DivisionsMerged) -> None:
    """Give new numbers to households whose number is taken in the successor, or twice among the ended."""
    taken = set(Household.objects.filter(community=event.into).values_list("number", flat=True))
    clashing: list[NewHousehold] = []
    for pk, number in Household.objects.filter(community__in=ended).order_by("pk").values_list("pk", "number"):
        if number in taken:
            clashing.append(NewHousehold(event.into, [], id=pk))
        taken.add(number)
    for start in range(0, len(clashing), CHUNK):
        part = clashing[start : start + CHUNK]
        rows = Household.objects.in_bulk([c.id for c in part])
        while any(not c.number or c.number in taken for c in part):
            waiting = [c for c in part if not c.number or c.number in taken]
            for c in waiting:
                c.number = ""
            bulk.number_households(waiting)
        for c in part:
            taken.add(c.number)
            rows[c.id].number = c.number
        Household.objects.bulk_update(rows.values(), ["number"], batch_size=200)


def _relink(ended: list[UUID], event: DivisionsMerged) -> None:
    links = OrganisationCommunity.objects.filter(community__in=ended, until_on__isnull=True)
    organisations = set(links.values_list("organisation_id", flat=True))
    there = OrganisationCommunity.objects.filter(community=event.into, until_on__isnull=True)
    new = organisations - set(there.values_list("organisation_id", flat=True))
    OrganisationCommunity.objects.bulk_create(
        OrganisationCommunity(community_id=event.into, organisation_id=pk, since_on=event.on) for pk in sorted(new)
    )
    for link in links:
        link.until_on = max(event.on, link.since_on)
        link.save(update_fields=["until_on"])
