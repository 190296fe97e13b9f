"""Everything that is on record about a person, for that person (PIPL art. 45)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from lianxin.domain.people import policy
from lianxin.domain.people.models import (
    Account,
    Card,
    ConsentReceipt,
    HouseholdMembership,
    Person,
    ProxyLink,
    VulnerabilityFact,
)
from lianxin.domain.people.rules.households import address_line
from lianxin.engines.masking import mask_name
from lianxin.platform import contributions
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command, plain
from lianxin.platform.errors import Missing


@command("people.export_my_data")
def export_my_data(*, actor: Actor, person: UUID, at: datetime) -> dict[str, Any]:
    """Give everything that all modules hold about a person, unmasked, to the person or to staff asked by them."""
    row = policy.visible_to(actor, Person.objects.filter(pk=person)).first()
    if row is None or row.state == Person.State.ERASED:
        raise Missing
    policy.require(policy.may_act_as(actor, row))
    act().target(row, "data exported", {})
    parts = {part.name: plain(part.export(row.pk)) for part in contributions.every("personal_data")}
    return {"exported_at": plain(at), "person": str(row.pk), "data": parts}


def export_rows(person_id: UUID) -> dict[str, Any]:
    """Give what this module holds about a person; other people are named masked."""
    row = Person.objects.select_related("household").get(pk=person_id)
    home = row.household
    memberships = HouseholdMembership.objects.filter(person=row).select_related("household").order_by("from_on", "pk")
    receipts = ConsentReceipt.objects.filter(person=row).select_related("text", "withdrawal").order_by("given_at", "pk")
    return {
        "name": row.name,
        "name_latin": row.name_latin,
        "sex": row.sex,
        "birth_on": row.birth_on,
        "id_number": "" if row.id_number is None else row.id_number.reveal(),
        "phone": "" if row.phone is None else row.phone.reveal(),
        "relation": row.relation,
        "residence": row.residence,
        "state": row.state,
        "registered_on": row.registered_on,
        "prefers_teochew": row.prefers_teochew,
        "prefers_large_print": row.prefers_large_print,
        "no_phone": row.no_phone,
        "household": {
            "number": home.number,
            "address": address_line(address=home.address, building=home.building, unit=home.unit, room=home.room),
        },
        "households": [
            {"number": m.household.number, "from_on": m.from_on, "until_on": m.until_on} for m in memberships
        ],
        "vulnerabilities": [
            {
                "kind": fact.kind.reveal(),
                "detail": "" if fact.detail is None else fact.detail.reveal(),
                "since_on": fact.since_on,
                "until_on": fact.until_on,
                "source": fact.source,
            }
            for fact in VulnerabilityFact.objects.filter(person=row).order_by("since_on", "pk")
        ],
        "consents": [
            {
                "purpose": receipt.text.purpose_id,
                "version": receipt.text.version,
                "text": receipt.text.text,
                "given_at": receipt.given_at,
                "by": receipt.by,
                "how": receipt.how,
                "withdrawn_at": receipt.withdrawal.withdrawn_at if hasattr(receipt, "withdrawal") else None,
            }
            for receipt in receipts
        ],
        "proxies": [
            {
                "principal": row.name if link.principal_id == row.pk else mask_name(link.principal.name),
                "agent": ""
                if link.agent_person is None
                else row.name
                if link.agent_person_id == row.pk
                else mask_name(link.agent_person.name),
                "kind": link.kind,
                "acts": link.acts,
                "from_on": link.from_on,
                "until_on": link.until_on,
                "revoked_at": link.revoked_at,
            }
            for links in (ProxyLink.objects.filter(principal=row), ProxyLink.objects.filter(agent_person=row))
            for link in links.select_related("principal", "agent_person").order_by("from_on", "pk")
        ],
        "cards": list(
            Card.objects.filter(person=row).order_by("issued_at").values("number", "issued_at", "revoked_at")
        ),
        "accounts": list(
            Account.objects.filter(person=row)
            .order_by("created_at")
            .values("kind", "state", "created_at", "last_login_at")
        ),
    }
