"""Writing an offer as a service of HSDS 3.0 and 3.1; what HSDS has no field for goes into attributes of our own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from lianxin.domain.resources.models import Offer
from lianxin.domain.resources.rules.contents import OfferContent
from lianxin.domain.resources.rules.offer_cells import REACH_WORDS

OURS = uuid5(NAMESPACE_URL, "urn:lianxin:hsds")
TAXONOMY = "Lianxin service categories"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STATUS = {
    Offer.State.ACTIVE: "active",
    Offer.State.PAUSED: "temporarily closed",
    Offer.State.OFFERED: "inactive",
    Offer.State.ENDED: "defunct",
}
CATEGORY = "category"
OWN = "lianxin"
OWN_FIELDS = (
    "kind",
    "least_people",
    "minutes",
    "times",
    "every",
    "quantity",
    "unit",
    "reach",
    "reach_metres",
    "needs_venue",
)


@dataclass(frozen=True, slots=True)
class Told:
    """An offer with what belongs to it, as far as a directory shows it."""

    id: UUID
    content: OfferContent
    state: str
    assured_on: date | None
    changed_at: datetime
    organisation: UUID
    organisation_name: str
    credit_code: str
    community_code: str
    community_name: str
    venue_name: str = ""
    lng: float | None = None
    lat: float | None = None


def service_of(told: Told, *, categories: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Write one offer as a service; `categories` gives name and description by code."""
    content = told.content
    service: dict[str, Any] = {
        "id": str(told.id),
        "organization_id": str(told.organisation),
        "name": content.title,
        "status": STATUS[Offer.State(told.state)],
        "organization": _organisation(told),
        "attributes": [*_categories(told, categories), *_own(told)],
        "capacities": [_capacity(told)],
        "service_areas": [_area(told)],
    }
    for name, text in (
        ("description", content.description),
        ("eligibility_description", content.conditions),
        ("assured_date", told.assured_on.isoformat() if told.assured_on else ""),
        ("fees_description", f"¥{content.cost_fen / 100:.2f}" if content.cost_fen else ""),
    ):
        if text:
            service[name] = text
    if content.cost_fen:
        amount = content.cost_fen / 100
        service["cost_options"] = [{"id": _id(told, "cost"), "amount": amount, "currency": "CNY"}]
    if content.contact_name:
        service["contacts"] = [{"id": _id(told, "contact"), "name": content.contact_name}]
    service["schedules"] = _schedules(told)
    if told.venue_name or content.place:
        service["service_at_locations"] = [_location(told)]
    return service


def page_of(services: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Write services as the one page of a list, as the specification's API gives lists."""
    count = len(services)
    return {
        "total_items": count,
        "total_pages": 1,
        "page_number": 1,
        "size": count,
        "first_page": True,
        "last_page": True,
        "empty": not count,
        "contents": list(services),
    }


def _id(told: Told, *what: object) -> str:
    return str(uuid5(OURS, "/".join(map(str, (told.id, *what)))))


def _organisation(told: Told) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": str(told.organisation),
        "name": told.organisation_name,
        "description": told.organisation_name,
    }
    if told.credit_code:
        row["organization_identifiers"] = [
            {
                "id": str(uuid5(OURS, f"{told.organisation}/uscc")),
                "organization_id": str(told.organisation),
                "identifier_scheme": "CN-SIC",
                "identifier_type": "unified social credit code",
                "identifier": told.credit_code,
            }
        ]
    return row


def _categories(told: Told, categories: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    found = []
    taxonomy = str(uuid5(OURS, "taxonomy"))
    for code, level in told.content.categories:
        name, description = categories[code]
        term = str(uuid5(OURS, f"term/{code}"))
        found.append(
            {
                "id": _id(told, CATEGORY, code),
                "link_id": str(told.id),
                "taxonomy_term_id": term,
                "link_type": CATEGORY,
                "link_entity": "service",
                "value": str(level),
                "taxonomy_term": {
                    "id": term,
                    "code": code,
                    "name": name,
                    "description": description or name,
                    "taxonomy": TAXONOMY,
                    "taxonomy_id": taxonomy,
                    "language": "zh",
                    "taxonomy_detail": {
                        "id": taxonomy,
                        "name": TAXONOMY,
                        "description": "The 33 categories of service to residents",
                    },
                },
            }
        )
    return found


def _own(told: Told) -> list[dict[str, Any]]:
    values = {name: getattr(told.content, name) for name in OWN_FIELDS} | {"community": told.community_code}
    values |= {"from_on": told.content.from_on, "until_on": told.content.until_on}
    return [
        {
            "id": _id(told, OWN, name),
            "link_id": str(told.id),
            "link_type": f"{OWN}:{name}",
            "link_entity": "service",
            "label": name,
            "value": str(value),
        }
        for name, value in values.items()
        if value not in (None, "")
    ]


def _capacity(told: Told) -> dict[str, Any]:
    return {
        "id": _id(told, "capacity"),
        "service_id": str(told.id),
        "unit": {"id": str(uuid5(OURS, "unit/people")), "name": "people", "scheme": OWN, "identifier": "people"},
        "available": told.content.seats,
        "maximum": told.content.seats,
        "updated": told.changed_at.isoformat(),
    }


def _area(told: Told) -> dict[str, Any]:
    reach, metres = told.content.reach, told.content.reach_metres
    words = f"{metres} m" if metres else REACH_WORDS[Offer.Reach(reach)][-1]
    return {"id": _id(told, "area"), "service_id": str(told.id), "name": told.community_name, "description": words}


def _schedules(told: Told) -> list[dict[str, Any]]:
    found = []
    for weekday, starts, ends in told.content.weekly:
        row: dict[str, Any] = {
            "id": _id(told, "schedule", weekday, starts),
            "service_id": str(told.id),
            "valid_from": told.content.from_on.isoformat(),
            "freq": "WEEKLY",
            "interval": 1,
            "byday": DAYS[weekday],
            "opens_at": _clock(starts),
            "closes_at": _clock(ends),
            "timezone": 8,
        }
        if told.content.until_on:
            row["valid_to"] = told.content.until_on.isoformat()
        found.append(row)
    return found


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}+08:00"


def _location(told: Told) -> dict[str, Any]:
    place: dict[str, Any] = {"location_type": "physical", "name": told.venue_name or told.content.place}
    if told.lng is not None and told.lat is not None:
        place |= {"latitude": told.lat, "longitude": told.lng}
    venue = told.content.venue
    number = str(venue) if venue else _id(told, "location")
    return {
        "id": _id(told, "service at location"),
        "service_id": str(told.id),
        "location_id": number,
        "location": {"id": number, **place},
    }
