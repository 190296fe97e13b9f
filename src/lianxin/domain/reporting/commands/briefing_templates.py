"""Templates of briefings: uploaded after they were tried out, put in use, retired; each version stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.reporting import briefing_policy as policy
from lianxin.domain.reporting.models import BriefingKind, BriefingTemplate
from lianxin.platform import files, locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

State = BriefingTemplate.State
LONGEST_NOTE = 200
PURPOSE = "reporting.briefing_template"


class TemplateNotDraft(Refused):
    """Only a version that was never in use can be put in use; an older one is uploaded again."""

    title = gettext_lazy("This version is in use already or was retired. To use an older one again, upload it again.")


class TemplateNotInUse(Refused):
    """Only the version in use, or one that never was, can be retired."""

    title = gettext_lazy("This version is not in use any more.")


@command("reporting.upload_briefing_template")
def upload_template(
    *,
    actor: Actor,
    kind: str,
    file: UUID,
    asks_for: Mapping[str, Sequence[str]],
    note: str = "",
    at: datetime,
    key: UUID | None = None,
) -> BriefingTemplate:
    """Keep a template that was read and tried out; `asks_for` is what reading it found."""
    policy.require(policy.may_keep_templates(actor))
    if kind not in BriefingKind.values:
        raise Invalid(fields={"kind": [_("Choose monthly, quarterly or yearly.")]})
    words = note.strip()
    if len(words) > LONGEST_NOTE:
        raise Invalid(fields={"note": [_("At most %(most)d characters.") % {"most": LONGEST_NOTE}]})
    stored = files.find_file(file)
    locks.advisory(f"reporting.briefing_template:{kind}")
    highest = BriefingTemplate.objects.filter(kind=kind).aggregate(highest=Max("number"))["highest"] or 0
    row = BriefingTemplate(
        kind=kind,
        number=highest + 1,
        file_id=stored.pk,
        digest=stored.digest,
        asks_for={name: sorted(asks_for.get(name, ())) for name in ("names", "rows")},
        note=words,
        uploaded_by=actor.account,
        uploaded_at=at,
    )
    row.save(force_insert=True)
    act().target(row, "uploaded", {"number": [None, row.number]})
    return row


@command("reporting.put_briefing_template_in_use")
def put_in_use(
    *, actor: Actor, template: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> BriefingTemplate:
    """Let a version be used from now on; the one before is retired with it."""
    row = _locked(actor, template, version)
    if row.state != State.DRAFT:
        raise TemplateNotDraft
    before = locks.lock_one(BriefingTemplate.objects.filter(kind=row.kind, state=State.IN_USE))
    if before is not None:
        _retire(before, at)
    row.state, row.put_in_use_at = State.IN_USE, at
    row.version += 1
    row.save(update_fields=["state", "put_in_use_at", "version"])
    act().target(row, "put in use", {"state": [State.DRAFT, State.IN_USE]})
    return row


@command("reporting.retire_briefing_template")
def retire_template(
    *, actor: Actor, template: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> BriefingTemplate:
    """Use a version no longer; the program's own takes its place until another one is put in use."""
    row = _locked(actor, template, version)
    if row.state == State.RETIRED:
        raise TemplateNotInUse
    _retire(row, at)
    return row


def _retire(row: BriefingTemplate, at: datetime) -> None:
    before = row.state
    row.state, row.retired_at = State.RETIRED, at
    row.version += 1
    row.save(update_fields=["state", "retired_at", "version"])
    act().target(row, "retired", {"state": [before, State.RETIRED]})


def _locked(actor: Actor, template: UUID, version: int | None) -> BriefingTemplate:
    if not policy.may_read_any(actor):
        raise Missing
    row: BriefingTemplate | None = locks.lock_one(BriefingTemplate.objects.filter(pk=template))
    if row is None:
        raise Missing
    policy.require(policy.may_keep_templates(actor))
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
    return row
