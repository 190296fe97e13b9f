"""Drafts of requests: who asks what of whom; nothing of it reaches anybody before it is through the gate."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division, Level
from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.models import RequestPlace, UpperRequest
from lianxin.domain.reporting.models.requests import AskedKind, CameBy, OfficeLevel, Repeats
from lianxin.domain.reporting.rules import requests as rules
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing

LONGEST = {
    "office_name": 80,
    "title": 120,
    "purpose": 500,
    "legal_basis": 300,
    "approver": 80,
    "approval_number": 60,
}
CHOICES = {"office_level": OfficeLevel, "kind": AskedKind, "came_by": CameBy, "repeats": Repeats}
NEEDED = ("office_name", "title")


@command("reporting.draft_request")
def draft(
    *,
    actor: Actor,
    office_name: str,
    office_level: str,
    kind: str,
    title: str,
    due_at: datetime,
    communities: Iterable[UUID],
    purpose: str = "",
    legal_basis: str = "",
    approver: str = "",
    approval_number: str = "",
    came_by: str = "system",
    repeats: str = "once",
    expires_on: date | None = None,
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> UpperRequest:
    """Write a request down as a draft: nobody is asked before it is sent."""
    places = checked_places(actor, communities)
    given = checked(
        office_name=office_name,
        office_level=office_level,
        kind=kind,
        title=title,
        purpose=purpose,
        legal_basis=legal_basis,
        approver=approver,
        approval_number=approval_number,
        came_by=came_by,
        repeats=repeats,
    )
    row = UpperRequest.objects.create(**given, due_at=due_at, expires_on=expires_on, made_at=at, is_sample=is_sample)
    RequestPlace.objects.bulk_create([RequestPlace(request=row, community_id=one) for one in places])
    act().target(row, "drafted", {"title": [None, row.title], "office_name": [None, row.office_name]})
    return row


@command("reporting.edit_request")
def edit(
    *,
    actor: Actor,
    request: UUID,
    communities: Iterable[UUID] | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
    **values: Any,
) -> UpperRequest:
    """Change a draft; what was sent stays as it was sent."""
    row = lock_request(actor, request, version=version)
    if row.state != rules.DRAFT:
        raise rules.NotNow(row.state, "edit")
    known = {"due_at", "expires_on"}
    changed = checked(**{name: value for name, value in values.items() if name not in known})
    changed |= {name: values[name] for name in known & set(values)}
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    if communities is not None:
        places = checked_places(actor, communities)
        RequestPlace.objects.filter(request=row).exclude(community__in=places).delete()
        there = set(RequestPlace.objects.filter(request=row).values_list("community_id", flat=True))
        RequestPlace.objects.bulk_create(
            [RequestPlace(request=row, community_id=one) for one in places if one not in there]
        )
    differs = {name: [old, getattr(row, name)] for name, old in before.items() if old != getattr(row, name)}
    act().target(row, "changed", differs)
    return row


@command("reporting.discard_request")
def discard(*, actor: Actor, request: UUID, at: datetime, key: UUID | None = None) -> None:
    """Throw a draft away; nobody was asked yet."""
    row = lock_request(actor, request)
    if row.state != rules.DRAFT:
        raise rules.NotNow(row.state, "discard")
    act().target(row, "discarded", {"title": [row.title, None]})
    row.delete()


def lock_request(actor: Actor, request: UUID, *, version: int | None = None) -> UpperRequest:
    """Lock a request that the actor's office asks; raises Missing, NotAllowed or EditedMeanwhile."""
    policy.require(policy.may_ask(actor))
    if not RequestPlace.objects.filter(request=request).exists():
        raise Missing
    with scope.everything():
        places = list(RequestPlace.objects.filter(request=request).values_list("community_id", flat=True))
    policy.require(policy.may_manage(actor, places))
    row: UpperRequest | None = locks.lock_one(UpperRequest.objects.filter(pk=request))
    if row is None:
        raise Missing
    if version is not None and version != row.version:
        raise EditedMeanwhile
    return row


def checked(**values: str) -> dict[str, str]:
    """Give what was typed without stray blanks; raises Invalid with a sentence for each column that is wrong."""
    wrong: dict[str, list[str]] = {}
    given: dict[str, str] = {}
    for name, text in values.items():
        if name in CHOICES:
            given[name] = text
            if text not in CHOICES[name].values:
                wrong[name] = [_("“%(text)s” cannot be chosen here.") % {"text": text[:40]}]
        elif name in LONGEST:
            given[name] = text.strip() if name == "purpose" else " ".join(text.split())
            if name in NEEDED and not given[name]:
                wrong[name] = [_("This is missing.")]
            elif len(given[name]) > LONGEST[name]:
                wrong[name] = [_("Write this in at most %(most)d characters.") % {"most": LONGEST[name]}]
        else:
            raise TypeError(f"a request has no column {name}")
    if wrong:
        raise Invalid(fields=wrong)
    return given


def checked_places(actor: Actor, communities: Iterable[UUID]) -> list[UUID]:
    """Give the communities that may be asked; raises Invalid when there is none, NotAllowed outside the scope."""
    wanted = list(dict.fromkeys(communities))
    policy.require(policy.may_manage(actor, wanted))
    living = set(
        Division.objects.filter(pk__in=wanted, level=Level.COMMUNITY, ended_on=None).values_list("pk", flat=True)
    )
    if not wanted or len(living) < len(wanted):
        sentence = _("Choose the communities that are asked; one that has ended cannot answer.")
        raise Invalid(fields={"communities": [sentence]})
    return wanted
