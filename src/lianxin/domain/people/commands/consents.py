"""Purposes, consent texts, giving and withdrawing."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import events, policy
from lianxin.domain.people.commands import found
from lianxin.domain.people.models import ConsentReceipt, ConsentText, ConsentWithdrawal, Person, ProxyLink, Purpose
from lianxin.domain.people.rules.consents import why_not_given_by, why_not_published
from lianxin.domain.people.rules.proxies import covers
from lianxin.platform import contributions
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused


class NotFromThisGiver(Refused):
    """Somebody who cannot decide for this person gave the consent."""

    title = gettext_lazy("This consent cannot be given by this person.")


class AlreadyWithdrawn(Refused):
    """The consent was withdrawn before."""

    title = gettext_lazy("This consent was withdrawn before.")


@command("people.load_purposes")
def load_purposes(*, actor: Actor, register: dict[str, Any], at: datetime, key: UUID | None = None) -> int:
    """Enter the shipped purposes and first texts that the register lacks; give how many purposes were new."""
    policy.require(policy.may_publish_purposes(actor))
    there = set(Purpose.objects.values_list("code", flat=True))
    new = [
        Purpose(**row | {"assessed_on": date.fromisoformat(row["assessed_on"]) if row["assessed_on"] else None})
        for row in register["purposes"]
        if row["code"] not in there
    ]
    Purpose.objects.bulk_create(new)
    with_text = set(ConsentText.objects.values_list("purpose_id", "language"))
    ConsentText.objects.bulk_create(
        ConsentText(
            purpose_id=row["purpose"],
            version=1,
            language=row["language"],
            text=row["text"],
            valid_from=local_day(at),
            published_at=at,
        )
        for row in register["texts"]
        if (row["purpose"], row["language"]) not in with_text
    )
    return len(new)


@command("people.set_purpose")
def set_purpose(
    *,
    actor: Actor,
    code: str,
    title: str,
    basis: str,
    basis_text: str,
    field_groups: list[str],
    retention_days: int,
    shared_with: list[str],
    sensitive: bool,
    assessed_on: date | None,
    at: datetime,
    key: UUID | None = None,
) -> Purpose:
    """Enter a purpose, or change one; every change is in the log."""
    policy.require(policy.may_publish_purposes(actor))
    errors: dict[str, list[str]] = {}
    if basis not in Purpose.Basis.values:
        errors["basis"] = [_("Choose the legal basis.")]
    if retention_days <= 0:
        errors["retention_days"] = [_("Say for how many days the data is kept.")]
    if sensitive and assessed_on is None:
        errors["assessed_on"] = [_("Sensitive data needs an impact assessment first (PIPL art. 55).")]
    if not title.strip():
        errors["title"] = [_("The title is missing.")]
    if errors:
        raise Invalid(fields=errors)
    old = Purpose.objects.filter(code=code).first()
    row, _created = Purpose.objects.update_or_create(
        code=code,
        defaults={
            "title": title.strip(),
            "basis": basis,
            "basis_text": basis_text.strip(),
            "field_groups": field_groups,
            "retention_days": retention_days,
            "shared_with": shared_with,
            "sensitive": sensitive,
            "assessed_on": assessed_on,
            "version": old.version + 1 if old else 1,
        },
    )
    act().note(reason=f"{code}: {basis}, {retention_days}")
    return row


@command("people.publish_consent_text")
def publish_consent_text(
    *,
    actor: Actor,
    purpose: str,
    version: int,
    text: str,
    valid_from: date,
    language: str = "zh-hans",
    at: datetime,
    key: UUID | None = None,
) -> ConsentText:
    """Publish the next version of what people are asked; published texts never change."""
    policy.require(policy.may_publish_purposes(actor))
    if not Purpose.objects.filter(code=purpose).exists():
        raise Missing
    if not text.strip():
        raise Invalid(fields={"text": [_("The text is missing.")]})
    latest = ConsentText.objects.filter(purpose=purpose, language=language).order_by("-version").first()
    why_not = why_not_published(
        version=version,
        latest_version=latest.version if latest else 0,
        valid_from=valid_from,
        latest_from=latest.valid_from if latest else None,
    )
    if why_not:
        raise Invalid(why_not)
    row = ConsentText.objects.create(
        purpose_id=purpose,
        version=version,
        language=language,
        text=text.strip(),
        valid_from=valid_from,
        published_at=at,
    )
    act().target(row, "published", {"purpose": [None, purpose], "version": [None, version]})
    return row


@command("people.give_consent")
def give_consent(
    *,
    actor: Actor,
    person: UUID,
    purpose: str,
    how: str,
    by: str = "self",
    by_person: UUID | None = None,
    language: str = "zh-hans",
    at: datetime,
    key: UUID | None = None,
) -> ConsentReceipt:
    """Record that a person agreed to the text that is valid today; a second receipt for the same text is not made."""
    row = found.living_person(person)
    _require_giver(actor, row, by, by_person)
    if how not in ConsentReceipt.How.values or by not in ConsentReceipt.By.values:
        raise Invalid(_("Say who agreed, and how."))
    today = local_day(at)
    why_not = why_not_given_by(
        by=by,
        birth_on=row.birth_on,
        on=today,
        is_guardian=_acts_for(row, by_person, today, kinds=("guardian",)),
        is_proxy=_acts_for(row, by_person, today, kinds=("family", "volunteer", "staff", "guardian")),
    )
    if why_not:
        raise NotFromThisGiver(why_not)
    text = (
        ConsentText.objects.filter(purpose=purpose, language=language, valid_from__lte=today)
        .order_by("-version")
        .first()
    )
    if text is None:
        raise Missing(_("There is no valid text for this purpose yet."))
    earlier = ConsentReceipt.objects.filter(person=row, text=text, withdrawal__isnull=True).first()
    if earlier is not None:
        return earlier
    receipt = ConsentReceipt.objects.create(
        community_id=row.community_id,
        person=row,
        text=text,
        given_at=at,
        by=by,
        by_person_id=by_person,
        how=how,
        recorded_by=actor.account,
    )
    act().target(row, "consent given", {"purpose": [None, purpose], "version": [None, text.version]})
    return receipt


@command("people.withdraw_consent")
def withdraw_consent(
    *,
    actor: Actor,
    person: UUID,
    purpose: str,
    how: str,
    by: str = "self",
    by_person: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> int:
    """Take back every valid consent for a purpose; what stood on it ends in the same act. Gives how many."""
    row = found.person(person)
    _require_giver(actor, row, by, by_person)
    receipts = ConsentReceipt.objects.filter(person=row, text__purpose=purpose, withdrawal__isnull=True)
    ids = list(receipts.values_list("pk", flat=True))
    if not ids:
        raise AlreadyWithdrawn
    ConsentWithdrawal.objects.bulk_create(
        ConsentWithdrawal(
            community_id=row.community_id, receipt_id=pk, withdrawn_at=at, by=by, how=how, recorded_by=actor.account
        )
        for pk in ids
    )
    ProxyLink.objects.filter(consent__in=ids, revoked_at__isnull=True).update(
        revoked_at=at, revoked_reason=_("The consent was withdrawn.")
    )
    act().target(row, "consent withdrawn", {"purpose": [purpose, None]})
    contributions.follow(events.ConsentWithdrawn(row.pk, purpose, row.community_id), actor=actor, at=at)
    return len(ids)


def preview_withdrawal(*, person: Person, purpose: str) -> list[str]:
    """Tell what would follow from taking back a consent; within an active scope."""
    told = []
    links = ProxyLink.objects.filter(consent__person=person, consent__text__purpose=purpose, revoked_at__isnull=True)
    count = links.count()
    if count:
        told.append(_("%(count)d links for acting on behalf end.") % {"count": count})
    return [*told, *contributions.preview(events.ConsentWithdrawn(person.pk, purpose, person.community_id))]


def _require_giver(actor: Actor, person: Person, by: str, by_person: UUID | None) -> None:
    """Staff record what they were told; anybody else speaks for the person they are, or for somebody they act for."""
    if policy.may_write_people(actor):
        return
    if by == "self" and actor.person == person.pk:
        return
    if by in ("guardian", "proxy") and actor.person is not None and actor.person == by_person:
        return
    raise NotAllowed


def _acts_for(person: Person, agent: UUID | None, on: date, kinds: tuple[str, ...]) -> bool:
    if agent is None:
        return False
    links = ProxyLink.objects.filter(
        principal=person, agent_person=agent, kind__in=kinds, revoked_at__isnull=True, from_on__lte=on
    ).exclude(until_on__lt=on)
    return any(covers(link.acts, "consent") for link in links)
