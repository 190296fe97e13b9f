"""The words of the people pages: states with their tones, age bands, what happened to a record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.domain.people.commands.cards import CHECKS
from lianxin.domain.people.models import (
    Card,
    ConsentReceipt,
    Household,
    Organisation,
    OrganisationRole,
    Person,
    ProxyLink,
    VulnerabilityFact,
)
from lianxin.domain.people.rules.persons import AGE_BANDS, ELDERS
from lianxin.domain.people.rules.proxies import ACTS

STATE_TONES = {"living": "done", "moved_out": "quiet", "died": "quiet", "erased": "quiet"}
HOUSEHOLD_TONES = {"active": "done", "merged": "quiet", "split": "quiet", "moved": "quiet", "closed": "quiet"}
ORGANISATION_TONES = {"active": "done", "paused": "due", "merged": "quiet", "closed": "quiet"}

HAPPENED: dict[str, Any] = {
    "registered": _("Registered"),
    "changed": _("Record changed"),
    "revealed": _("A masked field was looked at"),
    "grew": _("Members were added"),
    "split": _("Some members left for a household of their own"),
    "made by a split": _("Formed by members of another household"),
    "merged with": _("Other households became part of this one"),
    "merged": _("Became part of another one"),
    "took over": _("Took over another entry of the same organisation"),
    "moved": _("Moved"),
    "closed": _("Closed"),
    "left": _("Left the household"),
    "returned": _("Lives here again"),
    "became head": _("Became head of the household"),
    "card issued": _("A card was printed"),
    "card revoked": _("A card was called back"),
    "consent given": _("Consent was given"),
    "consent withdrawn": _("Consent was withdrawn"),
    "proxy linked": _("Somebody may act on behalf"),
    "proxy revoked": _("Acting on behalf ended"),
    "vulnerability recorded": _("Care notes changed"),
    "vulnerability ended": _("Care notes changed"),
    "vulnerability confirmed": _("Care notes confirmed"),
    "data exported": _("The person's data was handed over"),
    "erasure asked for": _("The person asked to be erased"),
    "erasure taken back": _("The person no longer asks to be erased"),
    "linked": _("Linked to a community"),
    "unlinked": _("No longer linked to a community"),
}
FIELDS: dict[str, Any] = {
    "name": pgettext_lazy("of a person or a unit", "Name"),
    "name_latin": _("Name in Latin letters"),
    "sex": _("Sex"),
    "birth_on": _("Date of birth"),
    "relation": _("Relation to the head"),
    "residence": _("Residence"),
    "prefers_teochew": _("Prefers Teochew"),
    "prefers_large_print": _("Prefers large print"),
    "no_phone": _("Has no phone"),
    "phone": pgettext_lazy("places", "Phone"),
    "id_number": _("ID number"),
    "preferences": _("Preferences"),
    "household": _("Household"),
    "community": _("Community"),
    "number": _("Household number"),
    "address": pgettext_lazy("places", "Address"),
    "members": _("Members"),
    "households": pgettext_lazy("list", "Households"),
    "state": _("State"),
    "card": _("Card"),
    "purpose": _("Purpose"),
    "version": _("Version of the text"),
    "kind": _("Kind"),
    "acts": _("May do"),
    "roles": _("Kinds"),
    "uscc": _("Credit code"),
    "into": _("New household"),
}
REVEALED: dict[str, Any] = {
    "name": pgettext_lazy("of a person or a unit", "Name"),
    "id_number": _("ID number"),
    "phone": pgettext_lazy("places", "Phone"),
    "address": pgettext_lazy("places", "Address"),
    "vulnerabilities": _("Care notes"),
}
CODES: dict[str, dict[str, Any]] = {
    "sex": dict(Person.Sex.choices),
    "relation": dict(Person.Relation.choices),
    "residence": dict(Person.Residence.choices),
    "state": dict(Person.State.choices) | dict(Household.State.choices) | dict(Organisation.State.choices),
    "kind": dict(ProxyLink.Kind.choices),
    "acts": dict(ACTS),
    "roles": dict(OrganisationRole.Kind.choices),
}

CHECK_CHOICES = [(code, label) for code, label in CHECKS.items()]
CARD_REASONS = [
    (reason, Card.Reason(reason).label) for reason in (Card.Reason.LOST, Card.Reason.DAMAGED, Card.Reason.REQUEST)
]
HOW_CHOICES = list(ConsentReceipt.How.choices)
HOW_VIA = {"screen": "desk", "paper": "paper", "phone": "phone"}
VULNERABILITY_KINDS = list(VulnerabilityFact.Kind.choices)
SOURCES = [choice for choice in VulnerabilityFact.Source.choices if choice[0] != "import"]


def band_choices() -> list[tuple[str, str]]:
    """Give the age bands as choices of a filter, all ages first."""
    bands = [("", gettext("All ages")), (ELDERS.code, gettext("%(age)d and older") % {"age": ELDERS.from_age})]
    for band in AGE_BANDS:
        if band.below_age is None:
            words = gettext("%(age)d and older") % {"age": band.from_age}
        else:
            words = gettext("%(first)d to %(last)d") % {"first": band.from_age, "last": band.below_age - 1}
        bands.append((band.code, words))
    return bands


def age_words(age: int | None) -> str:
    """Say an age."""
    return "" if age is None else ngettext("%(count)d year old", "%(count)d years old", age) % {"count": age}


def acts_words(acts: list[str]) -> str:
    """Say what somebody may do for another."""
    return gettext(", ").join(str(ACTS.get(act, act)) for act in acts)


def role_words(roles: list[str]) -> str:
    """Say what an organisation is."""
    kinds = dict(OrganisationRole.Kind.choices)
    return gettext(", ").join(str(kinds.get(role, role)) for role in roles)
