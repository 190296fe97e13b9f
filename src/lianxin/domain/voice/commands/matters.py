"""Matters: opened, told to the public, agreed, carried out or given up, laid to rest and taken up again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Account
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, searching_matters, sittings
from lianxin.domain.voice.models import Case, CaseLink, Commitment, Matter, Meeting, Subject
from lianxin.domain.voice.rules import commitments as promises
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = Matter.State
LONGEST = {"title": 80, "summary": 3_000, "outcome": 2_000, "words": 300}
EMPTY = {
    "title": gettext_lazy("Write what it is about in a few words."),
    "outcome": gettext_lazy("Write what came of it."),
    "words": gettext_lazy("Say why."),
}


class StillPromised(Refused):
    """A matter does not end over open commitments."""

    title = gettext_lazy("Commitments of this matter are still open. Verify or release them first.")


class MeetingsOpen(Refused):
    """A matter does not end over meetings that are called or not closed."""

    title = gettext_lazy("A meeting of this matter is called or not closed yet. Close it or call it off first.")


@command("voice.open_matter")
def open_matter(
    *,
    actor: Actor,
    community: UUID,
    title: str,
    subject: str = Subject.OTHER,
    summary: str = "",
    case: UUID | None = None,
    is_public: bool = False,
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> Matter:
    """Begin to talk something over with all sides, out of a case where one led to it."""
    found.community(community)
    policy.require(policy.may_keep(actor, community))
    if subject not in Subject.values:
        raise Invalid(fields={"subject": [_("Choose what it is about.")]})
    origin = found.case(case) if case is not None else None
    if origin is not None and origin.community_id != community:
        raise Missing
    row = Matter.objects.create(
        community_id=community,
        number=found.next_number(Matter, community),
        title=_measured("title", title),
        subject=subject,
        summary=_measured("summary", summary, needed=False),
        is_public=is_public and not (origin is not None and origin.is_mediated),
        responsible=actor.account,
        responsible_name=_name_of(actor),
        opened_at=at,
        made_by=actor.account,
        is_sample=is_sample,
    )
    if origin is not None:
        CaseLink.objects.create(
            community_id=community,
            case=origin,
            kind=CaseLink.Kind.MATTER,
            record_id=row.pk,
            made_at=at,
            made_by=actor.account,
        )
        act().target(origin, "linked", {"matter": [None, row.title]})
    searching_matters.index([row])
    act().target(row, "opened", {"title": [None, row.title]})
    return row


@command("voice.edit_matter")
def edit_matter(
    *,
    actor: Actor,
    matter: UUID,
    title: str,
    subject: str,
    summary: str = "",
    is_public: bool = False,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Matter:
    """Change what a matter says of itself, and whether residents read its story."""
    row = sittings.matter(actor, matter, version=version)
    if subject not in Subject.values:
        raise Invalid(fields={"subject": [_("Choose what it is about.")]})
    if is_public and _is_sealed(row):
        raise Refused(_("It came out of a mediation. Nothing of it is shown to the public."))
    values = {
        "title": _measured("title", title),
        "subject": subject,
        "summary": _measured("summary", summary, needed=False),
        "is_public": is_public,
    }
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.version += 1
        row.save(update_fields=[*changed, "version"])
        searching_matters.index([row])
        act().target(row, "changed", {"fields": [None, sorted(changed)]})
    return row


@command("voice.close_matter")
def close(
    *,
    actor: Actor,
    matter: UUID,
    state: str,
    outcome: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Matter:
    """Say that it was agreed, carried out, or that no agreement was found; the last two end it.

    Raises StillPromised, MeetingsOpen, MatterOver, Invalid or Missing.
    """
    row = sittings.going_on(actor, matter, version=version)
    if state not in (State.AGREED, State.DONE, State.FAILED):
        raise Invalid(fields={"state": [_("Choose what came of it.")]})
    words = _measured("outcome", outcome)
    if state != State.AGREED:
        if Commitment.objects.filter(matter=row, state__in=promises.LIVE).exists():
            raise StillPromised
        if Meeting.objects.filter(matter=row, state__in=[Meeting.State.PLANNED, Meeting.State.HELD]).exists():
            raise MeetingsOpen
    row.outcome = words
    _move(row, state, at, "outcome")
    return row


@command("voice.suspend_matter")
def suspend(
    *, actor: Actor, matter: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Matter:
    """Let a matter rest, with the reason; called meetings must be called off first, commitments stay open."""
    row = sittings.going_on(actor, matter, version=version)
    if Meeting.objects.filter(matter=row, state__in=[Meeting.State.PLANNED, Meeting.State.HELD]).exists():
        raise MeetingsOpen
    row.state_words = _measured("words", words)
    _move(row, State.SUSPENDED, at, "state_words")
    act().note(reason=row.state_words)
    return row


@command("voice.resume_matter")
def resume(
    *, actor: Actor, matter: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Matter:
    """Take a matter up again that rested or had ended, with the reason."""
    row = sittings.matter(actor, matter, version=version)
    if row.state in (State.OPEN, State.AGREED):
        raise Refused(_("This matter is being talked over already."))
    row.state_words = _measured("words", words)
    _move(row, State.OPEN, at, "state_words")
    act().note(reason=row.state_words)
    return row


def _is_sealed(row: Matter) -> bool:
    origins = CaseLink.objects.filter(kind=CaseLink.Kind.MATTER, record_id=row.pk).values("case")
    return Case.objects.filter(pk__in=origins, is_mediated=True).exists()


def _move(row: Matter, state: str, at: datetime, *fields: str) -> None:
    before, row.state = row.state, state
    row.ended_at = at if state in (State.DONE, State.FAILED) else None
    row.version += 1
    row.save(update_fields=["state", "ended_at", "version", *fields])
    act().target(row, "moved", {"state": [before, state]})


def _measured(name: str, text: str, *, needed: bool = True) -> str:
    words = text.strip() if name in ("summary", "outcome") else " ".join(text.split())
    if needed and not words:
        raise Invalid(fields={name: [EMPTY[name]]})
    if len(words) > LONGEST[name]:
        raise Invalid(fields={name: [_("At most %(most)d characters.") % {"most": LONGEST[name]}]})
    return words


def _name_of(actor: Actor) -> str:
    account = Account.objects.filter(pk=actor.account).first() if actor.account else None
    return ((account.display_name if account else "") or actor.name)[:40]
