"""Every registered address, walked by strangers: what belongs to another community is not there for them.

Objects are those of 金洲村. Strangers are a clerk of 翠英, the subdistrict office above it, a resident of it, a
station's host, a volunteer, the three administrators, and nobody at all. To each of them every object is a 404,
whether opened or sent to: a refusal would tell them that it exists. The clerk of 金洲村 and the district walk the same
addresses, so that a 404 to a stranger means "not yours" and not "no such page".
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.district import SmallDistrict
from tests.support.walk import (
    ADDRESSES,
    OWN_ADDRESSES,
    is_public,
    is_theirs,
    known_visitors,
    may_answer,
    objects_of_jinzhou,
    page_above,
    path_of,
    send,
    strangers_to_jinzhou,
)

# A refusal is a whole page for the clerk who opens something; all else takes the banner, which costs a third.
BRIEFLY = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _known_visitors() -> Iterator[None]:
    with known_visitors():
        yield


@pytest.mark.django_db
def test_strangers_find_nothing_of_another_community_and_are_told_nothing_by_a_refusal(
    small_district: SmallDistrict,
) -> None:
    """Who gets 403 for an act on an object may open the object itself, so that the refusal tells them nothing new."""
    theirs = objects_of_jinzhou(small_district)
    strangers = strangers_to_jinzhou(small_district)
    found, telling, walked = set(), set(), 0
    for address in ADDRESSES:
        if is_public(address) or not address.parameters:
            continue
        path = path_of(address, theirs)
        hides = address.name not in OWN_ADDRESSES and is_theirs(address)
        for name, client in strangers.items():
            whole = {} if name == "cuiying1" else BRIEFLY
            ways = {"get": whole, "post": BRIEFLY}
            statuses = {way: send(client, way, address, path, **how).status_code for way, how in ways.items()}
            if hides and not may_answer(name, address):
                walked += 1
                found |= {f"{address.name} {name} {way} {s}" for way, s in statuses.items() if s not in (404, 405)}
            if 403 in statuses.values():
                seen = client.get(page_above(address, theirs)).status_code
                telling |= {f"{address.name} {name} {seen}"} if seen != 200 else set()

    assert not found, "; ".join(sorted(found))
    assert not telling, "; ".join(sorted(telling))
    assert walked > 250 * len(strangers)
