"""What leads from one of the people pages to the others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.people import policy
from lianxin.platform.actors import Actor

Tabs = list[tuple[str, str, bool, Any]]
Crumbs = list[tuple[Any, str]]


def list_tabs(here: str, actor: Actor) -> Tabs:
    """Give the lists of people, households and organisations, and the desk where cards are shown."""
    tabs = [
        ("people", _("Residents")),
        ("households", pgettext("list", "Households")),
        ("organisations", pgettext("list", "Organisations")),
    ]
    if policy.may_identify_cards(actor):
        tabs.append(("card_identify", _("Identify a card")))
    return [(label, reverse(f"staff:{name}"), name == here, None) for name, label in tabs]


def person_tabs(here: str, person: UUID, actor: Actor) -> Tabs:
    """Give the parts of a resident's record."""
    tabs = [("person", _("Overview")), ("person_consents", _("Consents")), ("person_proxies", _("Acting on behalf"))]
    if policy.may_write_people(actor):
        tabs.append(("person_card", _("Card")))
    if policy.may_see_vulnerabilities(actor):
        tabs.append(("person_care", _("Care notes")))
    if policy.may_write_people(actor):
        tabs.append(("person_data", _("Data and erasure")))
    return [(label, reverse(f"staff:{name}", args=[person]), name == here, None) for name, label in tabs]


def person_crumbs(person: UUID, masked_name: str, *more: str) -> Crumbs:
    """Give the way from the list of residents to a page of one of them."""
    return _crumbs("people", _("Residents"), "person", person, masked_name, more)


def household_crumbs(household: UUID, number: str, *more: str) -> Crumbs:
    """Give the way from the list of households to a page of one of them."""
    return _crumbs("households", pgettext("list", "Households"), "household", household, number, more)


def organisation_crumbs(organisation: UUID, name: str, *more: str) -> Crumbs:
    """Give the way from the list of organisations to a page of one of them."""
    return _crumbs("organisations", pgettext("list", "Organisations"), "organisation", organisation, name, more)


def _crumbs(above: str, word: str, page: str, record: UUID, name: str, more: tuple[str, ...]) -> Crumbs:
    crumbs: Crumbs = [(word, reverse(f"staff:{above}"))]
    if not more:
        return [*crumbs, (name, "")]
    return [*crumbs, (name, reverse(f"staff:{page}", args=[record])), (more[0], "")]
