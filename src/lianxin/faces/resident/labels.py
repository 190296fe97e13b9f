"""Words for what records hold, on the pages of the people they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.people.models import ConsentReceipt, Person, ProxyLink, VulnerabilityFact
from lianxin.domain.people.rules.proxies import ACTS
from lianxin.domain.voice.models import Case, CaseReport, Channel, Confidentiality, How
from lianxin.faces.kit.dates import in_english

RELATIONS: dict[str, Any] = dict(Person.Relation.choices)
KINDS: dict[str, Any] = dict(ProxyLink.Kind.choices)

PARTS = {
    "people": _("Your record"),
    "people.person": _("Your record"),
    "accounts": _("Your login"),
    "people.accounts": _("Your login"),
    "needs": _("What you told us"),
    "cases": _("What you brought forward"),
}
FIELDS = {
    "accounts": _("Logins"),
    "acts": _("Matters"),
    "agent": _("Who acts"),
    "answers": pgettext_lazy("my data", "Answers"),
    "at": _("When"),
    "birth_on": _("Born on"),
    "by": _("Given by"),
    "cards": _("Cards"),
    "case": _("Case number"),
    "channel": _("How you are told"),
    "confidentiality": _("Who may know of it"),
    "consents": _("Consents"),
    "created_at": _("Made on"),
    "detail": _("Details"),
    "from_on": _("From"),
    "given_at": _("Given on"),
    "household": _("Household"),
    "households": _("Households so far"),
    "heard_at": pgettext_lazy("my data", "Said on"),
    "helped_by": pgettext_lazy("my data", "Helped by"),
    "how": _("How"),
    "id_number": _("ID number"),
    "issued_at": _("Issued on"),
    "kind": _("Kind"),
    "language": _("Language"),
    "last_login_at": _("Last login"),
    "login_name": _("Login name"),
    "name": _("Name"),
    "name_latin": _("Name in Latin letters"),
    "no_phone": _("Has no phone"),
    "number": _("Number"),
    "address": _("Address"),
    "phone": _("Phone"),
    "pictures": _("Photos"),
    "prefers_large_print": _("Prefers large print"),
    "prefers_teochew": _("Prefers Teochew"),
    "principal": _("For whom"),
    "proxies": _("Acting on behalf"),
    "purpose": _("Purpose"),
    "receipt": _("Receipt number"),
    "recording": _("Your spoken note"),
    "registered_on": _("Registered on"),
    "relation": _("Relation to the head of the household"),
    "residence": _("Residence"),
    "revoked_at": _("Ended on"),
    "role": _("Role"),
    "roles": _("Roles"),
    "reply": _("What you replied"),
    "said": _("Whether it is solved, you said"),
    "said_words": _("What you added"),
    "sex": _("Sex"),
    "since_on": _("Since"),
    "source": _("Source"),
    "state": _("State"),
    "text": _("Text"),
    "until_on": _("Until"),
    "version": _("Version"),
    "vulnerabilities": _("Circumstances noted with your consent"),
    "withdrawn_at": _("Withdrawn on"),
    "words": _("Your words"),
}
YES, NO, NOTHING = pgettext_lazy("answer", "yes"), pgettext_lazy("answer", "no"), _("none")
CHOICES: dict[str, dict[str, Any]] = {
    "relation": RELATIONS,
    "residence": dict(Person.Residence.choices),
    "state": dict(Case.State.choices) | dict(Person.State.choices),
    "channel": dict(Channel.choices),
    "confidentiality": dict(Confidentiality.choices),
    "said": dict(CaseReport.Said.choices),
    "by": dict(ConsentReceipt.By.choices),
    "how": dict(How.choices) | dict(ConsentReceipt.How.choices),
    "source": dict(VulnerabilityFact.Source.choices),
    "kind": dict(VulnerabilityFact.Kind.choices) | KINDS,
    "sex": dict(Person.Sex.choices),
}


def acts_words(acts: Iterable[str]) -> str:
    """Name the matters in which somebody may act."""
    named = [str(ACTS[act]) for act in acts if act in ACTS]
    return ("; " if in_english() else "、").join(named)
