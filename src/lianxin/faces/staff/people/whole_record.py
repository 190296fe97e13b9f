"""Everything on record about a person, as headings and lines that can be read on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Account, ConsentReceipt, Person, ProxyLink, VulnerabilityFact
from lianxin.domain.people.rules.proxies import ACTS
from lianxin.faces.kit.dates import spoken
from lianxin.faces.staff.people.labels import FIELDS

Section = tuple[str, list[list[tuple[str, str]]]]

WORDS: dict[str, Any] = FIELDS | {
    "people": gettext_lazy("Residents' register"),
    "registered_on": gettext_lazy("On record since"),
    "from_on": gettext_lazy("From"),
    "until_on": gettext_lazy("Until"),
    "since_on": gettext_lazy("Since"),
    "given_at": gettext_lazy("Given"),
    "withdrawn_at": gettext_lazy("Taken back"),
    "revoked_at": gettext_lazy("Ended"),
    "issued_at": gettext_lazy("Printed"),
    "created_at": gettext_lazy("Made"),
    "last_login_at": gettext_lazy("Last login"),
    "by": gettext_lazy("Who said so"),
    "how": gettext_lazy("How"),
    "text": gettext_lazy("Text"),
    "detail": gettext_lazy("Details"),
    "source": gettext_lazy("Known from"),
    "principal": gettext_lazy("For whom"),
    "agent": gettext_lazy("Who acts"),
    "vulnerabilities": gettext_lazy("Care notes"),
    "consents": gettext_lazy("Consents"),
    "proxies": gettext_lazy("Acting on behalf"),
    "cards": gettext_lazy("Cards"),
    "accounts": gettext_lazy("Accounts"),
}
CODES: dict[str, Mapping[str, Any]] = {
    "sex": dict(Person.Sex.choices),
    "relation": dict(Person.Relation.choices),
    "residence": dict(Person.Residence.choices),
    "state": dict(Person.State.choices) | dict(Account.State.choices),
    "source": dict(VulnerabilityFact.Source.choices),
    "kind": dict(VulnerabilityFact.Kind.choices) | dict(ProxyLink.Kind.choices) | dict(Account.Kind.choices),
    "by": dict(ConsentReceipt.By.choices),
    "how": dict(ConsentReceipt.How.choices),
    "acts": ACTS,
}


def as_sections(data: Mapping[str, Any]) -> list[Section]:
    """Give the parts of each module: plain fields first, then each list of things under its own heading."""
    sections: list[Section] = []
    for module, record in data.items():
        rows = record if isinstance(record, list) else [record]
        plain = [_lines(row) for row in rows if isinstance(row, Mapping)]
        if any(plain):
            sections.append((_word(module), plain))
        for row in rows:
            for name, value in row.items() if isinstance(row, Mapping) else ():
                if isinstance(value, Mapping):
                    sections.append((_word(name), [_lines(value)]))
                elif _is_list_of_things(value):
                    sections.append((_word(name), [_lines(one) for one in value]))
    return sections


def _is_list_of_things(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _lines(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_word(name), _value(name, value))
        for name, value in record.items()
        if value not in (None, "", []) and not isinstance(value, Mapping) and not _is_list_of_things(value)
    ]


def _word(name: str) -> str:
    return str(WORDS.get(name, name))


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(_value(name, one) for one in value)
    if name in CODES:
        return str(CODES[name].get(str(value), value))
    if name.endswith("_at"):
        return spoken(datetime.fromisoformat(str(value)))
    if name.endswith("_on"):
        return spoken(date.fromisoformat(str(value)))
    return str(value)
