"""Keeping the standard for centres: copy, edit, publish on a day; a published version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

from .. import policy
from ..models import Standard, StandardItem
from ..queries.standard_checks import ITEM_FIELDS, digest_items
from ..rules import standard_items as reading
from ..rules.standards import Item


class StandardPublished(Refused):
    """Somebody tried to change a version that is already published."""

    title = gettext_lazy("This version is published and cannot be changed any more. Copy it and edit the copy.")


def _draft(standard: UUID, revision: int | None) -> Standard:
    found = locks.lock_one(Standard.objects.filter(pk=standard))
    if found is None:
        raise Missing
    if found.state != Standard.State.DRAFT:
        raise StandardPublished
    if revision is not None and revision != found.revision:
        raise EditedMeanwhile
    return found


def _touch(standard: Standard) -> None:
    standard.revision += 1
    standard.save(update_fields=["revision"])


@command("places.draft_standard")
def draft_standard(
    *, actor: Actor, at: datetime, name: str, copy_of: UUID | None = None, note: str = "", key: UUID | None = None
) -> Standard:
    """Start the next version of a standard, with the items of the version that it copies."""
    policy.require(policy.may_edit_standards(actor))
    name = name.strip()
    original = None
    if copy_of is not None:
        original = Standard.objects.filter(pk=copy_of).first()
        if original is None:
            raise Missing
        name = name or original.name
    if not name:
        raise Invalid(fields={"name": [_("Please give the standard a name.")]})
    locks.advisory(f"places.standard.{name}")
    last = Standard.objects.filter(name=name).aggregate(last=Max("version"))["last"] or 0
    standard = Standard.objects.create(
        name=name, name_en=original.name_en if original else "", version=last + 1, note=note
    )
    if original:
        StandardItem.objects.bulk_create(
            StandardItem(standard=standard, **values) for values in original.items.values(*ITEM_FIELDS)
        )
    act().target(standard, "drafted", {"copy_of": [None, str(original) if original else None]})
    return standard


@command("places.edit_standard")
def edit_standard(
    *, actor: Actor, at: datetime, standard: UUID, note: str, adopted_by: str, revision: int | None = None
) -> Standard:
    """Change what a draft says about itself."""
    policy.require(policy.may_edit_standards(actor))
    draft = _draft(standard, revision)
    draft.note, draft.adopted_by = note.strip(), adopted_by.strip()[:100]
    draft.save(update_fields=["note", "adopted_by"])
    _touch(draft)
    act().target(draft, "edited")
    return draft


@command("places.put_standard_item")
def put_standard_item(
    *,
    actor: Actor,
    at: datetime,
    standard: UUID,
    code: str,
    group: str,
    label: str,
    measure: str,
    comparison: str,
    threshold: Decimal | int | str,
    weight: int = 1,
    kind: str = "must",
    applies_to: str = "centre",
    label_en: str = "",
    source: str = "",
    note: str = "",
    parameters: Mapping[str, Any] | None = None,
    revision: int | None = None,
) -> StandardItem:
    """Add an item to a draft, or change the one with this code."""
    policy.require(policy.may_edit_standards(actor))
    draft = _draft(standard, revision)
    code = code.strip()
    faults = {}
    try:
        number = Decimal(str(threshold).strip())
    except InvalidOperation:
        number, faults["threshold"] = Decimal(0), _("The threshold is a number that is not negative.")
    item = Item(code, group, label, measure, comparison, number, weight, kind, applies_to, source)
    faults = {**reading.faults_of(item), **faults}
    if not code:
        faults["code"] = _("Please give the item a short code.")
    if kind not in StandardItem.Kind.values:
        faults["kind"] = _("An item either must or should be met.")
    if applies_to not in StandardItem.AppliesTo.values:
        faults["applies_to"] = _("Please choose what the item applies to.")
    if faults:
        raise Invalid(fields={name: [sentence] for name, sentence in faults.items()})
    before = draft.items.filter(code=code).first()
    position = before.position if before else (draft.items.aggregate(last=Max("position"))["last"] or 0) + 1
    values: dict[str, Any] = {
        "group": group,
        "label": label.strip(),
        "label_en": label_en.strip(),
        "measure": measure,
        "comparison": comparison,
        "threshold": number,
        "weight": weight,
        "kind": kind,
        "applies_to": applies_to,
        "source": source.strip(),
        "note": note.strip(),
        "position": position,
    }
    if parameters is not None:
        values["parameters"] = dict(parameters)
    elif before and before.source != values["source"]:
        # The English words were those of the source that is gone.
        values["parameters"] = {name: value for name, value in before.parameters.items() if name != "source_en"}
    saved, created = StandardItem.objects.update_or_create(standard=draft, code=code, defaults=values)
    _touch(draft)
    was = f"{before.comparison} {before.threshold}" if before else None
    act().target(draft, "added an item" if created else "changed an item", {code: [was, f"{comparison} {number}"]})
    return saved


@command("places.remove_standard_item")
def remove_standard_item(*, actor: Actor, at: datetime, standard: UUID, code: str, revision: int | None = None) -> None:
    """Take an item out of a draft."""
    policy.require(policy.may_edit_standards(actor))
    draft = _draft(standard, revision)
    if not draft.items.filter(code=code).delete()[0]:
        raise Missing
    _touch(draft)
    act().target(draft, "removed an item", {code: ["", None]})


@command("places.discard_standard_draft")
def discard_standard_draft(*, actor: Actor, at: datetime, standard: UUID, revision: int | None = None) -> None:
    """Throw a draft away."""
    policy.require(policy.may_edit_standards(actor))
    draft = _draft(standard, revision)
    act().target(draft, "discarded")
    draft.delete()


@command("places.publish_standard")
def publish_standard(
    *,
    actor: Actor,
    at: datetime,
    standard: UUID,
    valid_from: date,
    adopted_by: str = "",
    revision: int | None = None,
    key: UUID | None = None,
) -> Standard:
    """Let a draft hold from a day; the version before it ends that day and can still be computed for its own days."""
    policy.require(policy.may_edit_standards(actor))
    draft = _draft(standard, revision)
    if not draft.items.exists():
        raise Invalid(_("A standard without items cannot be published. Add at least one."))
    earlier = locks.lock(
        Standard.objects.filter(name=draft.name).exclude(state=Standard.State.DRAFT).exclude(pk=draft.pk)
    )
    if earlier:
        if valid_from < local_day(at):
            raise Invalid(fields={"valid_from": [_("A new version holds from today or later: past scores stay.")]})
        latest = max(earlier, key=lambda other: other.valid_from)
        if valid_from <= latest.valid_from:
            raise Invalid(
                fields={
                    "valid_from": [
                        _("Version %(version)s holds from %(day)s; choose a later day.")
                        % {"version": latest.version, "day": latest.valid_from}
                    ]
                }
            )
        if latest.valid_until is None or latest.valid_until > valid_from:
            latest.valid_until, latest.state = valid_from, Standard.State.RETIRED
            latest.save(update_fields=["valid_until", "state"])
            act().target(latest, "ended", {"valid_until": [None, valid_from]})
    draft.state, draft.valid_from, draft.digest = Standard.State.IN_FORCE, valid_from, digest_items(draft)
    draft.adopted_by = adopted_by.strip()[:100] or draft.adopted_by
    draft.save(update_fields=["state", "valid_from", "digest", "adopted_by"])
    _touch(draft)
    act().target(draft, "published", {"valid_from": [None, valid_from]})
    return draft


@command("places.retire_standard")
def retire_standard(*, actor: Actor, at: datetime, standard: UUID, valid_until: date, reason: str) -> Standard:
    """End a published version without a successor."""
    policy.require(policy.may_edit_standards(actor))
    found = locks.lock_one(Standard.objects.filter(pk=standard))
    if found is None:
        raise Missing
    if found.state != Standard.State.IN_FORCE:
        raise Refused(_("Only a published version that has no end yet can be ended."))
    if valid_until < max(found.valid_from, local_day(at)):
        raise Invalid(fields={"valid_until": [_("The end lies today or later, and not before the first day.")]})
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    found.state, found.valid_until = Standard.State.RETIRED, valid_until
    found.save(update_fields=["state", "valid_until"])
    act().note(reason=reason.strip())
    act().target(found, "ended", {"valid_until": [None, valid_until]})
    return found


@command("places.load_standard")
def load_standard(*, actor: Actor, at: datetime, data: Mapping[str, Any], adopted_by: str = "") -> Standard:
    """Publish the reference standard as version 1, once; later calls give what is there and change nothing."""
    policy.require(policy.may_edit_standards(actor))
    name = str(data.get("name_zh") or data.get("name") or "").strip()
    try:
        pairs = reading.items_from_data(data)
        valid_from = date.fromisoformat(str(data.get("valid_from")))
    except (reading.UnreadableStandard, KeyError, ValueError, InvalidOperation) as error:
        raise Invalid(_("The file of the standard cannot be read: %(why)s.") % {"why": error}) from error
    if not name or not pairs:
        raise Invalid(_("The file of the standard has no name or no measures."))
    locks.advisory(f"places.standard.{name}")
    known = Standard.objects.filter(name=name, version=1).first()
    if known:
        return known
    standard = Standard.objects.create(
        name=name,
        name_en=str(data.get("name", "")),
        version=1,
        edition=str(data.get("version", "")),
        note=str(data.get("note_zh") or data.get("note", "")),
        adopted_by=adopted_by,
    )
    for position, (item, label_en) in enumerate(pairs, start=1):
        faults = reading.faults_of(item)
        if faults:
            raise Invalid(_("The file of the standard cannot be read: %(why)s.") % {"why": f"{item.code}: {faults}"})
        parameters = dict(item.parameters)
        StandardItem.objects.create(
            standard=standard,
            code=item.code,
            position=position,
            group=item.group,
            label=item.label,
            label_en=label_en,
            measure=item.measure,
            comparison=item.comparison,
            threshold=item.threshold,
            weight=item.weight,
            kind=item.kind,
            applies_to=item.applies_to,
            source=item.source,
            note=parameters.pop("note", ""),
            parameters=parameters,
        )
    return publish_standard(actor=actor, at=at, standard=standard.pk, valid_from=valid_from)
