"""Where a record is seen: from its kind and id to the page of the reader's face, or nowhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from lianxin.domain.activities import policy as activities
from lianxin.domain.bookings import policy as bookings
from lianxin.domain.needs import policy as needs
from lianxin.domain.people import policy as people
from lianxin.domain.places import policy as places
from lianxin.domain.points import policy as points
from lianxin.domain.projects import policy as projects
from lianxin.domain.resources import policy as resources
from lianxin.domain.shop import policy as shop
from lianxin.domain.voice import policy as voice
from lianxin.faces.kit.navigation import url_or_none
from lianxin.insight import records
from lianxin.insight.records import About
from lianxin.platform.actors import Actor

May = Callable[[Actor], bool]


class Shown(Protocol):
    """A row of a list that stands for a record."""

    @property
    def record_kind(self) -> str:
        """Its kind, as `kind_of` gives it."""

    @property
    def record_id(self) -> UUID:
        """Its id."""


@dataclass(frozen=True)
class Way:
    """A page, the parameter of its address, and who may open it."""

    url_name: str
    parameter: str
    may: May

    def address(self, pk: UUID) -> str | None:
        """Give the address of the page about a record."""
        return url_or_none(self.url_name, **{self.parameter: pk})


def is_office(actor: Actor) -> bool:
    """Tell whether somebody works in the office of a community, a subdistrict or the district."""
    return actor.holds(*places.STAFF)


def is_above(actor: Actor) -> bool:
    """Tell whether somebody works in an office above the communities, to which the district's pages are open."""
    return actor.holds("subdistrict_staff", "district_staff")


# kind of the page's record → its pages, the first that the reader may open counts
PAGES: dict[str, tuple[Way, ...]] = {
    "places.venue": (Way("district:venue", "venue", is_above), Way("staff:venue", "venue", is_office)),
    "places.door": (Way("staff:door", "venue", is_office),),
    "places.upgrade": (Way("district:upgrade", "upgrade", is_above), Way("staff:upgrade", "upgrade", is_office)),
    "places.programme": (Way("district:programme", "programme", is_above),),
    "places.division": (Way("district:division", "division", is_above),),
    "people.person": (Way("staff:person", "person", people.may_see_people),),
    "people.household": (Way("staff:household", "household", people.may_see_people),),
    "points.passbook": (Way("staff:points_passbook", "household", points.may_see_points),),
    "bookings.booking": (Way("staff:booking", "booking", bookings.may_work_with_rooms),),
    "bookings.room": (Way("staff:room_lending", "room", bookings.may_work_with_rooms),),
    "resources.offer": (Way("staff:offer", "offer", resources.may_read_any),),
    "resources.promise": (Way("staff:promise", "promise", resources.may_read_any),),
    "needs.report": (Way("staff:voice", "voice", needs.may_read_any),),
    "needs.visit": (Way("staff:visit", "visit", needs.may_keep_any),),
    "needs.need": (Way("staff:need", "entry", needs.may_read_any),),
    "projects.project": (Way("staff:project", "project", projects.may_read_any),),
    "projects.edition": (Way("staff:edition", "edition", projects.may_read_any),),
    "voice.case": (Way("staff:case", "case", voice.may_read_any),),
    "voice.meeting": (Way("staff:meeting", "meeting", voice.may_read_any),),
    "voice.matter": (Way("staff:matter", "matter", voice.may_read_any),),
    "voice.commitment": (Way("staff:commitment", "commitment", voice.may_read_any),),
    "voice.vote": (Way("staff:vote", "vote", voice.may_read_any),),
    "voice.map": (Way("staff:map", "map", voice.may_read_any),),
    "voice.reception": (Way("staff:reception", "reception", voice.may_read_any),),
    "voice.mediation": (Way("staff:mediation", "mediation", voice.may_keep_any),),
    "activities.activity": (Way("staff:activity", "activity", activities.may_read_any),),
    "activities.occurrence": (Way("staff:occurrence", "occurrence", activities.may_read_any),),
    "activities.hours": (Way("staff:hours", "community", activities.may_plan_any),),
    "reporting.requestreach": (Way("staff:request_reach", "request_reach", is_office),),
    "reporting.demand": (Way("staff:demand", "demand", is_office),),
    "shop.redemption": (Way("staff:shop_order", "order", shop.may_read_shops),),
    "shop.donations": (Way("staff:shop_donations", "community", shop.may_read_shops),),
    "shop.item": (Way("staff:shop_item", "item", shop.may_read_shops),),
}
# Records that nobody opens: what they are called says all.
WITHOUT_PAGE = frozenset({"places.servicecategory"})


def address_of(kind: str, pk: UUID, *, actor: Actor) -> str | None:
    """Give the page on which one record is seen, None where the reader has no page or no right."""
    return _addresses(kind, [pk], actor).get(pk)


def addresses_of(rows: Iterable[Shown], actor: Actor) -> dict[UUID, str]:
    """Give the pages of the records of a list by their ids; one query for each kind."""
    by_kind: dict[str, list[UUID]] = {}
    for row in rows:
        by_kind.setdefault(row.record_kind, []).append(row.record_id)
    found: dict[UUID, str] = {}
    for kind, ids in by_kind.items():
        found |= _addresses(kind, ids, actor)
    return found


def _addresses(kind: str, ids: Collection[UUID], actor: Actor) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for pk, about in records.abouts(kind, ids, actor).items():
        address = _page(about, actor)
        if address:
            found[pk] = address
    return found


def _page(about: About, actor: Actor) -> str | None:
    for way in PAGES.get(about.kind, ()):
        if way.may(actor):
            return way.address(about.id)
    return None
