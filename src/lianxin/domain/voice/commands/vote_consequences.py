"""What follows for votes and opinion maps when records become one, homes change or communities merge."""

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import ngettext

from lianxin.domain.people.events import HouseholdsMerged, PersonMerged
from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.voice.commands import searching_matters, vote_duties
from lianxin.domain.voice.models import (
    AssentRegister,
    Ballot,
    MapResult,
    Opinion,
    OpinionMap,
    OpinionVoter,
    RegisterFlat,
    Statement,
    Vote,
)
from lianxin.platform import scope
from lianxin.platform.actors import Actor

NUMBERED: tuple[Any, ...] = (Vote, OpinionMap)
PARTS: tuple[Any, ...] = (AssentRegister, RegisterFlat, Ballot, Statement, OpinionVoter, Opinion, MapResult)


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let the ballots of a record that was the same person stand under the one that stays."""
    with scope.everything():
        Ballot.objects.filter(person=event.merged).update(person=event.into)


def follow_households_merged(event: HouseholdsMerged, *, actor: Actor, at: datetime) -> None:
    """Let the flats of merged households lead to the one that stays."""
    with scope.everything():
        RegisterFlat.objects.filter(household__in=event.merged).update(household=event.into)


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring votes and maps of the ended communities to their successor, with new numbers after the ones it has."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        for model in NUMBERED:
            rows = list(model.objects.filter(community__in=ended).order_by("community", "number"))
            last = model.objects.filter(community=event.into).aggregate(last=Max("number"))["last"] or 0
            for number, row in enumerate(rows, start=last + 1):
                row.community_id, row.number = event.into, number
                row.save(update_fields=["community", "number"])
            if rows:
                searching_matters.index(rows)
        for model in PARTS:
            model.objects.filter(community__in=ended).update(community=event.into)
        vote_duties.look_at_statements([*ended, event.into])


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many votes and maps go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        count = sum(model.objects.filter(community__in=ended).count() for model in NUMBERED)
    if not count:
        return []
    words = ngettext(
        "%(n)d vote or opinion map goes to the new community with a new number.",
        "%(n)d votes and opinion maps go to the new community with new numbers.",
        count,
    )
    return [words % {"n": count}]


def nothing_to_tell(_event: object) -> list[str]:
    """Tell nothing: what follows changes nothing that anybody sees."""
    return []
