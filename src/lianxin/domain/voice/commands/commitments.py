"""Commitments: promised, shown, verified by somebody else, moved, released or broken; until then they return."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import agendas, found, matter_duties, sittings
from lianxin.domain.voice.commands.promised_words import check_day, check_owner, measured
from lianxin.domain.voice.models import Case, Commitment, Matter, MediationClause, Meeting, Party, ReceptionPlace
from lianxin.domain.voice.rules import commitments as rules
from lianxin.platform import facts, files, pictures
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = Commitment.State
KEPT = "commitments_kept"
PURPOSE = "voice.evidence"
EVIDENCE_BYTES = 5 * 1_048_576
EVIDENCE_KINDS = (*files.PICTURES, pictures.PDF)


class CommitmentEnded(Refused):
    """It was kept, released or broken."""

    title = gettext_lazy("This commitment is closed. It stays as it is.")


class NotShown(Refused):
    """Nobody has said yet that it was done."""

    title = gettext_lazy("Enter first what was done and how it can be seen; then it is verified.")


class OwnPromise(Refused):
    """Who promised cannot say that it was kept."""

    title = gettext_lazy("Who promised it cannot verify it. Ask somebody else to look.")


class EvidenceMissing(Refused):
    """Nothing shows that it was kept."""

    title = gettext_lazy("Nothing shows yet that it was kept. Enter what can be seen, then verify it.")


@command("voice.promise")
def promise(
    *,
    actor: Actor,
    words: str,
    owner_name: str,
    due_by: date,
    matter: UUID | None = None,
    meeting: UUID | None = None,
    case: UUID | None = None,
    reception: UUID | None = None,
    clause: UUID | None = None,
    party: UUID | None = None,
    owner_account: UUID | None = None,
    is_public: bool = False,
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> Commitment:
    """Write a promise down where it was given: in a matter (at a meeting), a case, at a reception or in a clause.

    Raises Invalid, MatterOver, MeetingOver, MinutesStand, NotBegun, NotAllowed or Missing.
    """
    sitting = above = None
    if meeting is not None:
        sitting, above = sittings.open_for_facts(actor, meeting)
        if matter is not None and above.pk != matter:
            raise Missing
    elif matter is not None:
        above = sittings.going_on(actor, matter)
    of_case = found.case(case) if case is not None else None
    of_place: ReceptionPlace | None = found.locked(ReceptionPlace, reception) if reception is not None else None
    of_clause: MediationClause | None = found.locked(MediationClause, clause) if clause is not None else None
    sources = [one for one in (above, of_case, of_place, of_clause) if one is not None]
    if len(sources) != 1:
        raise Invalid(_("Say where it was promised: in one matter, one case, at one reception or in one clause."))
    policy.require(policy.may_keep(actor, sources[0].community_id))
    side = None
    if party is not None:
        side = Party.objects.filter(pk=party, matter=above, left_on=None).first() if above is not None else None
        if side is None:
            raise Missing
    return promise_inside(
        words=words,
        owner_name=owner_name or (side.name if side else ""),
        due_by=due_by,
        matter=above,
        meeting=sitting,
        case=of_case,
        reception=of_place,
        clause=of_clause,
        party=side,
        owner_account=owner_account,
        is_public=is_public,
        is_sample=is_sample,
        at=at,
    )


def promise_inside(
    *,
    words: str,
    owner_name: str,
    due_by: date,
    matter: Matter | None = None,
    meeting: Meeting | None = None,
    case: Case | None = None,
    reception: ReceptionPlace | None = None,
    clause: MediationClause | None = None,
    party: Party | None = None,
    owner_account: UUID | None = None,
    is_public: bool = False,
    is_sample: bool = False,
    at: datetime,
) -> Commitment:
    """Write a promise down inside a command that locked where it was given and knows that the actor may."""
    above = meeting.matter if meeting is not None and matter is None else matter
    source = above or case or reception or clause
    if source is None:
        raise Missing
    if meeting is not None and meeting.state == Meeting.State.PLANNED:
        raise agendas.NotBegun
    plain = measured("words", words)
    owner = measured("owner_name", owner_name)
    check_day(due_by, at=at)
    if owner_account is not None:
        check_owner(owner_account, source.community_id, at=at)
    row = Commitment.objects.create(
        community_id=source.community_id,
        number=found.next_number(Commitment, source.community_id),
        matter=above,
        meeting=meeting,
        case=case,
        reception=reception,
        clause=clause,
        party=party,
        owner_name=owner,
        owner_account=owner_account,
        words=plain,
        due_by=due_by,
        first_due_by=due_by,
        made_at=at,
        # Nothing of a mediation ever leaves it.
        is_public=is_public and clause is None,
        is_sample=is_sample,
    )
    matter_duties.look_at_commitment(row, at=at)
    if above is not None:
        agendas.bring(above)
    act().target(row, "promised", {"due_by": [None, due_by]})
    return row


@command("voice.show_commitment")
def show(
    *,
    actor: Actor,
    commitment: UUID,
    evidence: str,
    fileobj: files.Readable | None = None,
    file_name: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Commitment:
    """Say that a promise was kept and how it can be seen, with a picture or paper where there is one."""
    row = _live(actor, commitment, "show", version)
    words = measured("evidence", evidence)
    if fileobj is not None:
        stored = files.store(
            fileobj=fileobj,
            name=file_name or "evidence",
            purpose=PURPOSE,
            limit_bytes=EVIDENCE_BYTES,
            accept=EVIDENCE_KINDS,
            community_id=row.community_id,
            at=at,
        )
        row.evidence_file = stored.pk
    before, row.state, row.evidence, row.state_words = row.state, State.SHOWN, words, ""
    _save(row, "shown", before, at, "evidence", "evidence_file", "state_words")
    return row


@command("voice.verify_commitment")
def verify(
    *,
    actor: Actor,
    commitment: UUID,
    kept: bool,
    verifier_name: str,
    words: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Commitment:
    """Say, as or for somebody who looked, that a promise was kept; or what is missing, and it returns.

    Raises OwnPromise where the owner verifies, NotShown, EvidenceMissing, CommitmentEnded, Invalid or Missing.
    """
    row = _live(actor, commitment, "", version)
    name = measured("verifier_name", verifier_name)
    if (actor.account is not None and actor.account == row.owner_account) or name == row.owner_name:
        raise OwnPromise
    if row.state != State.SHOWN:
        raise NotShown
    if kept and not row.evidence.strip():
        raise EvidenceMissing
    row.state_words = measured("state_words", words, needed=not kept)
    row.verified_by, row.verifier_name = actor.account, name
    before, row.state, row.ended_at = row.state, State.KEPT if kept else State.OPEN, at if kept else None
    _save(row, "verified" if kept else "sent back", before, at, "state_words", "verified_by", "verifier_name")
    if kept:
        facts.record(measure=KEPT, record=row, quantity=1, community_id=row.community_id, on=local_day(at))
    return row


@command("voice.move_commitment")
def move_due(
    *,
    actor: Actor,
    commitment: UUID,
    due_by: date,
    words: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Commitment:
    """Let a promise be kept by another day, with the reason; the first day stays known."""
    row = _live(actor, commitment, "move", version)
    why = measured("state_words", words)
    if due_by == row.due_by:
        raise Invalid(fields={"due_by": [_("It is due by this day already.")]})
    check_day(due_by, at=at)
    was, row.due_by, row.state_words = row.due_by, due_by, why
    row.moved += 1
    row.version += 1
    row.save(update_fields=["due_by", "state_words", "moved", "version"])
    act().target(row, "moved", {"due_by": [was, due_by]})
    act().note(reason=why)
    matter_duties.look_at_commitment(row, at=at)
    return row


@command("voice.release_commitment")
def release(
    *, actor: Actor, commitment: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Commitment:
    """Release somebody from a promise, with the reason."""
    return _end(actor, commitment, State.RELEASED, "release", words, version, at)


@command("voice.break_commitment")
def break_(
    *, actor: Actor, commitment: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Commitment:
    """Say that a promise was not kept and will not be, and what follows."""
    return _end(actor, commitment, State.BROKEN, "break", words, version, at)


def _end(
    actor: Actor, commitment: UUID, state: str, doing: str, words: str, version: int | None, at: datetime
) -> Commitment:
    row = _live(actor, commitment, doing, version)
    row.state_words = measured("state_words", words)
    before, row.state, row.ended_at = row.state, state, at
    _save(row, state, before, at, "state_words")
    act().note(reason=row.state_words)
    return row


def _live(actor: Actor, pk: UUID, doing: str, version: int | None) -> Commitment:
    above = Commitment.objects.filter(pk=pk).values_list("matter_id", flat=True).first()
    if above is not None:
        found.locked(Matter, above)
    row: Commitment = found.locked(Commitment, pk, version=version)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state in rules.ENDED or (doing and not rules.may(doing, row.state)):
        raise CommitmentEnded
    return row


def _save(row: Commitment, verb: str, before: str, at: datetime, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=["state", "ended_at", "version", *fields])
    act().target(row, verb, {"state": [before, row.state]})
    matter_duties.look_at_commitment(row, at=at)
    if row.matter is not None:
        agendas.bring(row.matter)
