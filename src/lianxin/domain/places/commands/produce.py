"""A village's produce: entered by its office, shown only with the grower's recorded consent."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform import locks, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused
from lianxin.platform.sensitive import seal

from .. import policy
from ..events import DivisionsMerged
from ..models import Division, Level, Produce
from ..queries.produce import entry_of

PHONE_PURPOSE = "places.produce.grower_phone"
CONSENT_HOLDS = timedelta(days=365)


class NoConsent(Refused):
    """Without the grower's consent nothing that names the grower is shown."""

    title = gettext_lazy("Record the grower's consent first; without it the grower's name and phone stay hidden.")


def _produce(actor: Actor, produce: UUID, version: int | None = None) -> Produce:
    found = locks.lock_one(Produce.objects.filter(pk=produce))
    if found is None:
        raise Missing
    policy.require(policy.may_edit_produce(actor, found.community_id))
    if version is not None and version != found.version:
        raise EditedMeanwhile
    return found


def _save(produce: Produce, *fields: str) -> None:
    produce.version += 1
    produce.save(update_fields=[*fields, "version"])
    search.put([entry_of(produce)])


def _phone(phone: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", phone).replace("-", " ").split())
    if not plain:
        return ""
    if not plain.removeprefix("+").isdigit() or not 7 <= len(plain) <= 15:
        raise Invalid(fields={"grower_phone": [_("A phone number has 7 to 15 digits.")]})
    return plain


def _checked(
    name: str, grower_name: str, season_months: Sequence[int], description: str, price_note: str
) -> dict[str, Any]:
    faults = {}
    name, grower_name, price_note = name.strip(), grower_name.strip(), price_note.strip()
    months = sorted(set(season_months))
    for field, value, most in (("name", name, 60), ("grower_name", grower_name, 60)):
        if not value or len(value) > most:
            faults[field] = [_("Please enter a name of at most %(most)d characters.") % {"most": most}]
    if len(price_note) > 60:
        faults["price_note"] = [_("Please use at most %(most)d characters.") % {"most": 60}]
    if len(description) > 2000:
        faults["description"] = [_("Please use at most %(most)d characters.") % {"most": 2000}]
    if any(isinstance(m, bool) or not isinstance(m, int) or not 1 <= m <= 12 for m in months):
        faults["season_months"] = [_("Months are numbers from 1 to 12.")]
    if faults:
        raise Invalid(fields=faults)
    return {
        "name": name,
        "grower_name": grower_name,
        "season_months": months,
        "description": description.strip(),
        "price_note": price_note,
    }


@command("places.add_produce")
def add_produce(
    *,
    actor: Actor,
    at: datetime,
    community: UUID,
    name: str,
    grower_name: str,
    grower_phone: str = "",
    description: str = "",
    price_note: str = "",
    season_months: Sequence[int] = (),
    picture: UUID | None = None,
    key: UUID | None = None,
) -> Produce:
    """Enter something that grows or is made in a community; it stays hidden until the grower's consent is there."""
    division = Division.objects.filter(pk=community, level=Level.COMMUNITY).first()
    if division is None or not actor.covers(community):
        raise Missing
    policy.require(policy.may_edit_produce(actor, community))
    values = _checked(name, grower_name, season_months, description, price_note)
    phone = _phone(grower_phone)
    produce = Produce.objects.create(
        community=division,
        grower_phone=seal(phone, PHONE_PURPOSE) if phone else None,
        picture=picture,
        **values,
    )
    act().target(produce, "added", {"name": [None, produce.name]})
    search.put([entry_of(produce)])
    return produce


@command("places.edit_produce")
def edit_produce(
    *,
    actor: Actor,
    at: datetime,
    produce: UUID,
    name: str,
    grower_name: str,
    grower_phone: str | None = None,
    description: str = "",
    price_note: str = "",
    season_months: Sequence[int] = (),
    picture: UUID | None = None,
    version: int | None = None,
) -> Produce:
    """Change an entry; `grower_phone` None keeps the number. Another grower needs a consent of their own."""
    found = _produce(actor, produce, version)
    values = _checked(name, grower_name, season_months, description, price_note)
    fields = [*values, "picture"]
    change = {field: [getattr(found, field), value] for field, value in values.items() if field != "grower_name"}
    if values["grower_name"] != found.grower_name:
        _forget_consent(found, _("The grower changed."))
        fields += CONSENT_FIELDS
        change["grower_name"] = ["", "changed"]
    for field, value in values.items():
        setattr(found, field, value)
    found.picture = picture
    if grower_phone is not None:
        phone = _phone(grower_phone)
        found.grower_phone = seal(phone, PHONE_PURPOSE) if phone else None
        fields.append("grower_phone")
        change["grower_phone"] = ["", "changed"]
    _save(found, *fields)
    act().target(found, "edited", {f: pair for f, pair in change.items() if pair[0] != pair[1]})
    return found


CONSENT_FIELDS = ["state", "hidden_reason", "consent_reference", "consent_on", "consent_until"]


def _forget_consent(produce: Produce, why: str) -> None:
    produce.state, produce.hidden_reason = Produce.State.HIDDEN, why[:200]
    produce.consent_reference, produce.consent_on, produce.consent_until = "", None, None


@command("places.show_produce")
def show_produce(
    *,
    actor: Actor,
    at: datetime,
    produce: UUID,
    consent_reference: str = "",
    consent_on: date | None = None,
    consent_until: date | None = None,
    version: int | None = None,
) -> Produce:
    """Show an entry with the grower's name and phone, by a consent just given or one that still holds.

    `consent_reference` names the receipt or the signed sheet; without an end the consent holds for a year.
    """
    found = _produce(actor, produce, version)
    today = local_day(at)
    if consent_reference.strip():
        day = consent_on or today
        until = consent_until or day + CONSENT_HOLDS
        faults = {}
        if day > today:
            faults["consent_on"] = [_("This day has not come yet.")]
        if until < day:
            faults["consent_until"] = [_("The last day cannot lie before the first.")]
        if len(consent_reference.strip()) > 100:
            faults["consent_reference"] = [_("Please use at most %(most)d characters.") % {"most": 100}]
        if faults:
            raise Invalid(fields=faults)
        found.consent_reference, found.consent_on, found.consent_until = consent_reference.strip(), day, until
    if not found.consent_reference or found.consent_until is None:
        raise NoConsent
    if found.consent_until < today:
        raise NoConsent(_("The grower's consent ended on %(day)s; ask again.") % {"day": found.consent_until})
    found.state, found.hidden_reason = Produce.State.SHOWN, ""
    _save(found, *CONSENT_FIELDS)
    act().target(found, "shown", {"consent_reference": [None, found.consent_reference]})
    return found


@command("places.hide_produce")
def hide_produce(*, actor: Actor, at: datetime, produce: UUID, reason: str = "") -> Produce:
    """Hide an entry; its consent stays on record."""
    found = _produce(actor, produce)
    if found.state == Produce.State.HIDDEN:
        return found
    found.state, found.hidden_reason = Produce.State.HIDDEN, reason.strip()[:200]
    _save(found, "state", "hidden_reason")
    act().note(reason=reason.strip())
    act().target(found, "hidden")
    return found


@command("places.withdraw_produce_consent")
def withdraw_produce_consent(
    *, actor: Actor, at: datetime, produce: UUID | None = None, consent_reference: str = ""
) -> list[Produce]:
    """Take a consent back, for one entry or for all that name this receipt: hidden at once, the phone deleted."""
    rows = (
        Produce.objects.filter(pk=produce) if produce else Produce.objects.filter(consent_reference=consent_reference)
    )
    if not produce and not consent_reference.strip():
        raise Invalid(fields={"consent_reference": [_("Please say which consent was taken back.")]})
    found = locks.lock(rows)
    if produce and not found:
        raise Missing
    for one in found:
        policy.require(policy.may_edit_produce(actor, one.community_id))
        _forget_consent(one, _("The grower took the consent back."))
        one.grower_phone = None
        _save(one, *CONSENT_FIELDS, "grower_phone")
        act().target(one, "consent withdrawn")
    return found


@command("places.remove_produce")
def remove_produce(*, actor: Actor, at: datetime, produce: UUID) -> None:
    """Delete an entry with everything that names its grower."""
    found = _produce(actor, produce)
    search.drop("produce", [found.pk])
    act().target(found, "removed", {"name": [found.name, None]})
    found.delete()


@command("places.hide_expired_produce")
def hide_expired_produce(*, actor: Actor, at: datetime) -> int:
    """Hide what is shown by a consent that has ended; give how many."""
    rows = locks.lock(Produce.objects.filter(state=Produce.State.SHOWN, consent_until__lt=local_day(at)))
    for one in rows:
        policy.require(policy.may_edit_produce(actor, one.community_id))
        one.state, one.hidden_reason = Produce.State.HIDDEN, _("The grower's consent has ended.")
        _save(one, "state", "hidden_reason")
        act().target(one, "hidden")
    return len(rows)


def carry_produce_through_merge(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Let the produce of merged communities belong to the one they became."""
    for one in locks.lock(Produce.objects.filter(community__in=event.divisions)):
        was, one.community_id = one.community_id, event.into
        _save(one, "community")
        act().target(one, "moved", {"community": [was, event.into]})


def preview_produce(event: DivisionsMerged) -> list[str]:
    """Tell how many entries of produce go over in a merger."""
    count = Produce.objects.filter(community__in=event.divisions).count()
    return [_("%(count)d entry of produce goes on with the successor.") % {"count": count}] if count else []
