"""Giving a case to somebody outside: the office stays the first responder, sees to an answer and passes it on."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Organisation
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, moving, telling, tier_duties
from lianxin.domain.voice.commands.pausing import end_pause
from lianxin.domain.voice.models import Case, CaseAnswer, Handover
from lianxin.domain.voice.rules import states
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused, TooMany
from lianxin.platform.models import Duty

LONGEST = {"name": 80, "their_number": 40, "words": 500, "answer": 1000}
LATEST_ANSWER = timedelta(days=90)
State = Handover.State


class HandoverOver(Refused):
    """They answered, or it was taken back."""

    title = gettext_lazy("This is no longer with them.")


@command("voice.hand_over")
def hand_over(
    *,
    actor: Actor,
    case: UUID,
    kind: str,
    name: str = "",
    organisation: UUID | None = None,
    words: str,
    answer_by: date,
    their_number: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Handover:
    """Give a case to an office, the property company, 12345, the police or somebody else; its clock goes on."""
    row = found.case(case, version=version)
    who = moving.acting_as(actor, row, "hand_over")
    states.next_state(row.state, "hand_over", who)
    wrong: dict[str, list[str]] = {}
    if kind not in Handover.Kind.values:
        wrong["kind"] = [_("Choose to whom it is handed over.")]
    shown = " ".join(name.split())
    if organisation is not None:
        firm = Organisation.objects.filter(pk=organisation).first()
        if firm is None:
            wrong["organisation"] = [_("There is no such organisation.")]
        else:
            shown = shown or firm.name[: LONGEST["name"]]
    if not shown and kind == Handover.Kind.HOTLINE:
        shown = "12345"
    if not shown:
        wrong["name"] = [_("Write who it is handed over to.")]
    values = {"name": shown, "their_number": " ".join(their_number.split()), "words": words.strip()}
    if not values["words"]:
        wrong["words"] = [_("Write what they are asked to do; the reporters read it.")]
    for field, value in values.items():
        if len(value) > LONGEST[field]:
            wrong[field] = [_("At most %(most)d characters.") % {"most": LONGEST[field]}]
    wrong |= _wrong_day(answer_by, at)
    if wrong:
        raise Invalid(fields=wrong)
    end_pause(row, at=at)
    changed = []
    if row.first_responder is None and (row.responsible or actor.account):
        row.first_responder = row.responsible or actor.account
        changed = ["first_responder"]
    made = Handover.objects.create(
        community_id=row.community_id,
        case=row,
        kind=kind,
        organisation_id=organisation,
        answer_by=answer_by,
        handed_at=at,
        handed_by=actor.account,
        **values,
    )
    moving.move(row, "hand_over", who=who, words=values["words"], is_public=True, at=at, changed=changed)
    act().target(made, "handed over", {"name": ["", shown]})
    tier_duties.look_at_outside(row, made)
    told = _("We handed this to %(name)s: %(words)s") % {"name": shown, "words": values["words"]}
    telling.tell_case(row, kind=CaseAnswer.Kind.HANDED, words=told, at=at)
    return made


@command("voice.note_handover_answer")
def note_answer(
    *,
    actor: Actor,
    handover: UUID,
    words: str,
    answer_by: date | None = None,
    their_number: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Handover:
    """Write down what they answered: the case is with the office again, or stays with them until another day."""
    row, case = _handover(handover)
    who = moving.acting_as(actor, case, "take_back")
    plain = moving.check_words(words, longest=LONGEST["answer"], ask=_("Write what they answered."))
    number = moving.check_words(their_number, name="their_number", longest=LONGEST["their_number"])
    row.answer = plain
    row.their_number = number or row.their_number
    if answer_by is None:
        row.state, row.ended_at = State.ANSWERED, at
        tier_duties.close_outside(row)
    else:
        if wrong := _wrong_day(answer_by, at):
            raise Invalid(fields=wrong)
        row.answer_by = answer_by
        tier_duties.close_outside(row)
        tier_duties.look_at_outside(case, row)
    row.save(update_fields=["answer", "their_number", "state", "ended_at", "answer_by"])
    act().target(row, "answered")
    said = _("%(name)s answers: %(words)s") % {"name": row.name, "words": plain}
    moving.move(case, "take_back" if answer_by is None else "progress", who=who, words=said, is_public=True, at=at)
    telling.tell_case(case, kind=CaseAnswer.Kind.PROGRESS, words=said, at=at)
    return row


@command("voice.take_back")
def take_back(*, actor: Actor, handover: UUID, words: str = "", at: datetime, key: UUID | None = None) -> Handover:
    """Take a case back from those outside without an answer; the office goes on with it."""
    row, case = _handover(handover)
    who = moving.acting_as(actor, case, "take_back")
    plain = moving.check_words(words, longest=LONGEST["words"])
    row.state, row.ended_at = State.TAKEN_BACK, at
    row.save(update_fields=["state", "ended_at"])
    act().target(row, "taken back")
    tier_duties.close_outside(row)
    moving.move(case, "take_back", who=who, words=plain, is_public=True, at=at)
    return row


@command("voice.remind_outside")
def remind(*, actor: Actor, handover: UUID, words: str = "", at: datetime, key: UUID | None = None) -> Handover:
    """Write down that those outside were reminded, once a day at most; what was said stays in the office."""
    row, case = _handover(handover)
    who = moving.acting_as(actor, case, "progress")
    plain = moving.check_words(words, longest=LONGEST["words"])
    if row.reminded_at is not None and local_day(row.reminded_at) == local_day(at):
        raise TooMany(_("They were reminded today already. Remind them again tomorrow."))
    row.reminded, row.reminded_at = row.reminded + 1, at
    row.save(update_fields=["reminded", "reminded_at"])
    said = plain or _("Reminded %(name)s.") % {"name": row.name}
    moving.move(case, "progress", who=who, words=said, is_public=False, at=at)
    return row


@command("voice.chase_outside")
def chase(*, actor: Actor, community: UUID, at: datetime, key: UUID | None = None) -> int:
    """Tell the office above of hand-overs whose day has passed without an answer; gives how many were late."""
    found.community(community)
    policy.require(policy.may_keep(actor, community))
    late = _late(at).filter(community=community).select_related("case").order_by("pk")
    rows = list(late)
    for row in rows:
        tier_duties.outside_is_late(row.case, row, at=at)
    act().note(community_id=community)
    return len(rows)


def list_late_communities(*, at: datetime) -> list[UUID]:
    """Give the communities where those outside let their day pass and the office above was not told yet."""
    with scope.everything():
        told = Duty.objects.filter(kind=tier_duties.OUTSIDE_LATE, closed_at=None).values("record_id")
        rows = _late(at).exclude(pk__in=told).order_by().values_list("community", flat=True)
        return sorted(rows.distinct())


def _late(at: datetime) -> QuerySet[Handover]:
    return Handover.objects.filter(state=State.OUT, answer_by__lt=local_day(at))


def _handover(pk: UUID) -> tuple[Handover, Case]:
    """Lock a hand-over that is out, its case first."""
    case = Handover.objects.filter(pk=pk).values_list("case", flat=True).first()
    if case is None:
        raise Missing
    entry = found.case(case)
    row: Handover = found.locked(Handover, pk)
    if row.state != State.OUT:
        raise HandoverOver
    return row, entry


def _wrong_day(answer_by: date, at: datetime) -> dict[str, list[str]]:
    today = local_day(at)
    if answer_by < today:
        return {"answer_by": [_("Choose today or a day that is still to come.")]}
    if answer_by > today + LATEST_ANSWER:
        return {"answer_by": [_("Choose a day within %(n)d days.") % {"n": LATEST_ANSWER.days}]}
    return {}
