"""A program that names the people of a lecture in a site's database, or the codes of its door, as JSON.

It runs beside a site, by the site's clock: `python -m tests.support.lecture_cast people 0`, `… doors <occurrence>`.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

COMMUNITY = "440507004020"
READY_SECONDS = 120


def people(turn: int) -> dict[str, Any]:
    """Wait until the sample is whole, and cast residents, families and elders for one lecture."""
    from django.db.models import Count

    from lianxin.domain.people.commands.cards import issue_cards
    from lianxin.domain.people.models import Person
    from lianxin.platform.actors import Actor
    from lianxin.platform.clock import local_day, now

    logins = _wait_until_ready()
    at = now()
    here = Person.objects.filter(community__code=COMMUNITY, state="living")
    by_age = list(here.filter(name__in=[login["title"] for login in logins if login["phone"]]).order_by("birth_on"))
    # The eldest of the three who can log in comes in elder mode; the youngest helps at the door.
    relative, helper = by_age[1 if turn == 0 else 0], by_age[-1]
    homes = [person.household_id for person in by_age]
    apart = here.exclude(household__in=homes).order_by("pk")
    elders = list(apart.filter(birth_on__lt=local_day(at).replace(year=local_day(at).year - 60)))
    mother, neighbour = elders[2 * turn], elders[2 * turn + 1]
    _act_for(mother, relative, "family")
    _act_for(neighbour, helper, "volunteer")
    once = here.values("name").annotate(n=Count("pk")).filter(n=1).values("name")
    others = apart.filter(name__in=once, phone__isnull=False).exclude(pk__in=[one.pk for one in elders])
    heads, rest = list(others.filter(relation="head")), list(others.exclude(relation="head"))
    [card] = issue_cards(actor=Actor.system(via="cli"), people=[heads[1].pk], replace=True, at=at)
    return {
        "relative": _told(relative),
        "helper": _told(helper),
        "mother": mother.name,
        "neighbour": neighbour.name,
        "listed": [_told(one) for one in heads[:18]],
        "late": [_told(one) for one in rest[:12]],
        "card": card.number,
    }


def doors(occurrence: str) -> dict[str, str]:
    """Give the code at the door of a date, one of another date, one of another day, and one that was changed."""
    from lianxin.domain.activities.models import Occurrence
    from lianxin.domain.activities.queries.doors import door_code
    from lianxin.domain.activities.rules import door_codes
    from lianxin.platform.clock import local_day

    row = Occurrence.objects.get(pk=UUID(occurrence))
    other = Occurrence.objects.filter(state="published", starts_at__gt=row.ends_at).order_by("starts_at")[0]
    own = door_code(row)
    yesterday = local_day(row.starts_at) - timedelta(days=1)
    return {
        "own": own,
        "other": door_code(other),
        "yesterday": door_codes.write(door_codes.OCCURRENCE, row.pk, yesterday),
        "changed": own[:-1] + ("0" if own[-1] != "0" else "1"),
    }


def _wait_until_ready() -> list[dict[str, str]]:
    """Give the ways into the sample once its passbooks and programme are there, which the worker adds."""
    from lianxin.platform.deployment import find_deployment

    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        row = find_deployment()
        if row is not None and row.ready_at is not None:
            return list(row.logins)
        time.sleep(0.3)
    raise SystemExit("the sample was not whole in time")


def _act_for(principal: Any, agent: Any, kind: str) -> None:
    """Let somebody sign an elder up, as the elder agreed on paper."""
    from lianxin.domain.people.commands.consents import give_consent
    from lianxin.domain.people.commands.proxies import link_proxy
    from lianxin.platform.actors import Actor
    from lianxin.platform.clock import local_day, now

    keeper, at = Actor.system(via="cli"), now()
    receipt = give_consent(actor=keeper, person=principal.pk, purpose="proxy", how="paper", at=at)
    link_proxy(
        actor=keeper, principal=principal.pk, kind=kind, acts=["sign_up"], from_on=local_day(at),
        until_on=local_day(at) + timedelta(days=90), agent_person=agent.pk, consent=receipt.pk, at=at,
    )  # fmt: skip


def _told(person: Any) -> dict[str, str]:
    return {"name": person.name, "phone": person.phone.reveal()}


if __name__ == "__main__":
    import django

    django.setup()
    from lianxin.platform import scope

    with scope.everything():
        told = people(int(sys.argv[2])) if sys.argv[1] == "people" else doors(sys.argv[2])
        sys.stdout.write(json.dumps(told) + "\n")
