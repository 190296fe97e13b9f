"""Moving a case: each move goes by the one table, is written down as a step, and leaves somebody responsible."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, reminding, searching, tier_duties
from lianxin.domain.voice.models import Case, CasePause, CaseStep, Handover, Subject
from lianxin.domain.voice.rules import states
from lianxin.domain.voice.rules.states import Who
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, NotAllowed

LONGEST = {
    "title": 80,
    "words": 1000,
    "name": 40,
    "place_words": 120,
    "public_title": 80,
    "public_answer": 500,
    "hidden_reason": 200,
}
PUBLIC = ("is_public", "public_title", "public_answer", "hidden_reason")
OFFICE = "community_staff"
State = Case.State
ROLES = (OFFICE, "subdistrict_staff")


def acting_as(actor: Actor, case: Case, what: str, *, holds_receipt: bool = False, person: UUID | None = None) -> Who:
    """Give as whom the actor does this act on a case; raises NotAllowed when it is not theirs in any capacity."""
    for who in capacities(actor, case.community_id, holds_receipt=holds_receipt, person=person):
        if who in states.who_may(what):
            return who
    raise NotAllowed


def capacities(
    actor: Actor, community: UUID, *, holds_receipt: bool = False, person: UUID | None = None
) -> tuple[Who, ...]:
    """Give in which capacities somebody meets a case of a community; the program may do what an office may."""
    held: list[Who] = []
    if holds_receipt or policy.is_self(actor, person):
        held.append(states.REPORTER)
    if actor.is_system:
        held.append(states.SYSTEM)
    if policy.may_keep(actor, community):
        held.append(states.KEEPER)
    if policy.may_supervise(actor, community):
        held.append(states.SUPERVISOR)
    return tuple(held)


def move(
    case: Case,
    what: str,
    *,
    who: Who,
    words: str = "",
    is_public: bool = False,
    at: datetime,
    changed: Iterable[str] = (),
) -> CaseStep:
    """Do an act on a locked case inside a command: raises NotPossible, else appends the step and saves the row.

    `changed` names further fields that the caller set on the row.
    """
    before = case.state
    case.state = states.next_state(before, what, who)
    fields = {"state", "changed_at", "version", *changed}
    if case.state in states.ENDED and case.state != before:
        case.ended_at = at
        fields.add("ended_at")
    elif before in states.ENDED and case.state not in states.ENDED:
        case.ended_at = None
        fields.add("ended_at")
    if case.state in states.OPEN and case.responsible is None and not case.responsible_role:
        case.responsible_role = OFFICE
        fields.add("responsible_role")
    case.changed_at, case.version = at, case.version + 1
    case.save(update_fields=sorted(fields))
    step = append_step(case, what, before=before, words=words, is_public=is_public, at=at)
    if case.state not in states.LIVE and before in states.LIVE:
        _end_waits(case, at=at)
    tier_duties.note_move(case, what, who)
    follow_up(case, at=at, was=before)
    if "is_mediated" in fields:
        searching.index([case])
    return step


def append_step(
    case: Case, what: str, *, before: str, words: str = "", is_public: bool = False, at: datetime
) -> CaseStep:
    """Write down what was done to a case, inside a command."""
    actor = act().actor
    step = CaseStep.objects.create(
        community_id=case.community_id,
        case=case,
        act=what,
        before=before,
        after=case.state,
        words=words[: LONGEST["words"]],
        is_public=is_public,
        by=actor.account,
        by_role=actor.role[:30],
        done_at=at,
    )
    change: dict[str, Any] = {} if before == case.state else {"state": [before, case.state]}
    act().target(case, what, change)
    return step


def follow_up(case: Case, *, at: datetime, was: str = "") -> None:
    """Bring a case's duties and its place in the search in line with what it is now, inside a command."""
    reminding.look_at_case(case, at=at)
    if was != case.state and "new" in (was, case.state):
        reminding.look_at_new([case.community_id])
    # What it is called does not change with its state; what was joined into another one is found no more.
    if not was or (was != case.state and State.JOINED in (was, case.state)):
        searching.index([case])


def check_words(words: str, *, name: str = "words", longest: int = LONGEST["words"], ask: Any = "") -> str:
    """Give the words as they are kept; raises Invalid when there are too many, or none where `ask` says so."""
    plain = words.replace("\r\n", "\n").strip()
    if not plain and ask:
        raise Invalid(fields={name: [ask]})
    if len(plain) > longest:
        raise Invalid(fields={name: [_("At most %(most)d characters.") % {"most": longest}]})
    return plain


@command("voice.assign")
def assign(
    *,
    actor: Actor,
    case: UUID,
    account: UUID | None = None,
    role: str = "",
    name: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Case:
    """Give a case to somebody of the office or to everybody of a role; whoever is named first stays first responder."""
    row = found.case(case, version=version)
    who = acting_as(actor, row, "assign")
    if account is None and role not in ROLES:
        raise Invalid(fields={"account": [_("Say who looks after it.")]})
    shown = check_words(name, name="name", longest=LONGEST["name"])
    if account is not None:
        known = _worker_name(actor, account, row.community_id, at=at)
        shown = shown or known[: LONGEST["name"]]
    row.responsible, row.responsible_name = account, shown
    row.responsible_role = "" if account is not None else role
    changed = ["responsible", "responsible_name", "responsible_role"]
    if row.first_responder is None and account is not None:
        row.first_responder = account
        changed.append("first_responder")
    move(row, "assign", who=who, at=at, changed=changed)
    return row


@command("voice.start")
def start(*, actor: Actor, case: UUID, version: int | None = None, at: datetime, key: UUID | None = None) -> Case:
    """Note that work on a case began."""
    row = found.case(case, version=version)
    move(row, "start", who=acting_as(actor, row, "start"), is_public=True, at=at)
    return row


@command("voice.progress")
def progress(
    *,
    actor: Actor,
    case: UUID,
    words: str,
    is_public: bool = True,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> CaseStep:
    """Write down how a case goes on; the reporters read what is public on the page of their receipt."""
    row = found.case(case, version=version)
    who = acting_as(actor, row, "progress")
    plain = check_words(words, ask=_("Write how it goes on."))
    return move(row, "progress", who=who, words=plain, is_public=is_public, at=at)


@command("voice.edit_case")
def edit(
    *,
    actor: Actor,
    case: UUID,
    title: str | None = None,
    subject: str | None = None,
    venue: UUID | None = None,
    lng: float | None = None,
    lat: float | None = None,
    place_words: str | None = None,
    public_title: str | None = None,
    public_answer: str | None = None,
    is_public: bool | None = None,
    hidden_reason: str | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Case:
    """Change what a case says of itself, and what the board shows of it; what is None stays as it is.

    With `place_words` the whole place is given anew: venue and position with it, or none.
    """
    row = found.case(case, version=version)
    policy.require(policy.may_keep(actor, row.community_id))
    given = {
        "title": title,
        "subject": subject,
        "place_words": place_words,
        "public_title": public_title,
        "public_answer": public_answer,
        "is_public": is_public,
        "hidden_reason": hidden_reason,
    }
    values = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in given.items()
        if value is not None
    }
    if place_words is not None:
        values |= found.place(row.community_id, venue=venue, lng=lng, lat=lat)
    _check_edit(row, values)
    change = {
        name: [None, None] if name in ("lng", "lat") else [getattr(row, name), value]
        for name, value in values.items()
        if getattr(row, name) != value
    }
    if not change:
        return row
    for name in change:
        setattr(row, name, values[name])
    row.version, row.changed_at = row.version + 1, at
    row.save(update_fields=[*change, "version", "changed_at"])
    # What the office calls a confidential case stands in no log.
    plain = row.confidentiality == "open" and not row.is_mediated
    act().target(row, "changed", change if plain else {"fields": [None, sorted(change)]})
    searching.index([row])
    reminding.look_at_case(row, at=at)
    return row


def _check_edit(row: Case, values: dict[str, Any]) -> None:
    wrong: dict[str, list[str]] = {}
    for name, value in values.items():
        if isinstance(value, str) and len(value) > LONGEST.get(name, len(value)):
            wrong[name] = [_("At most %(most)d characters.") % {"most": LONGEST[name]}]
    if values.get("title") == "":
        wrong["title"] = [_("Write what the case is called in the office's lists.")]
    if values.get("subject", Subject.OTHER) not in Subject.values:
        wrong["subject"] = [_("Choose what it is about.")]
    after = {name: values.get(name, getattr(row, name)) for name in PUBLIC}
    if after["is_public"]:
        if row.confidentiality != "open" or row.is_mediated:
            wrong["is_public"] = [_("What is confidential, anonymous or mediated is not shown on the board.")]
        elif row.state in ("joined", "withdrawn"):
            wrong["is_public"] = [_("A case that was taken back or joined into another one is not shown.")]
        elif not after["public_title"]:
            wrong["public_title"] = [_("Write what the board calls it: no names, no house numbers, no illness.")]
        elif after["hidden_reason"] and values.get("hidden_reason") is not None:
            wrong["hidden_reason"] = [_("A case is shown, or it is hidden with a reason.")]
        else:
            values["hidden_reason"] = ""
    if wrong:
        raise Invalid(fields=wrong)


def _worker_name(actor: Actor, account: UUID, community: UUID, *, at: datetime) -> str:
    """Give the name of somebody who keeps cases there; raises Invalid for anybody else."""
    if account == actor.account and policy.may_keep(actor, community):
        return actor.name
    row = Account.objects.filter(pk=account, state=Account.State.ACTIVE).first()
    worker = actor_for(account=row, at=at) if row is not None else None
    if worker is None or not policy.may_keep(worker, community):
        raise Invalid(fields={"account": [_("Choose somebody of the office who works there.")]})
    return worker.name


def _end_waits(case: Case, *, at: datetime) -> None:
    """A case that nobody works on any more waits for nothing and is with nobody outside; their duties end too."""
    with scope.everything():
        CasePause.objects.filter(case=case, resumed_at=None).update(resumed_at=at)
        out = list(Handover.objects.filter(case=case, state=Handover.State.OUT))
        Handover.objects.filter(pk__in=[one.pk for one in out]).update(state=Handover.State.TAKEN_BACK, ended_at=at)
    reminding.close_all([case, *out])
