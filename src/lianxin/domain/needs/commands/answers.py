"""Telling askers: each joined voice once for a record, by the channel that was chosen; said again, it stays once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import found, reminding, states, telling
from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.platform import facts, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

WORDS_LONGEST = 1000
MET_LONGEST = 300
Kind = Answer.Kind
WAITING = (Answer.State.TO_TELL, Answer.State.TO_HAND)


class NothingToSay(Refused):
    """The voice is in no state in which its asker could say whether it was met."""

    title = gettext_lazy("There is nothing to say about this one yet. We answer first.")


def check_words(words: str, *, name: str = "words", longest: int = WORDS_LONGEST) -> str:
    """Give the words as they are kept; raises Invalid when there are none or too many."""
    plain = words.replace("\r\n", "\n").strip()
    if not plain:
        raise Invalid(fields={name: [_("Write what the asker is told.")]})
    if len(plain) > longest:
        raise Invalid(fields={name: [_("At most %(most)d characters.") % {"most": longest}]})
    return plain


def tell_reports(
    reports: Sequence[NeedReport],
    *,
    kind: str,
    words: str,
    record_kind: str = "",
    record_id: UUID | None = None,
    at: datetime,
) -> list[Answer]:
    """Write an answer for each of these voices and send what goes by message, inside a command."""
    plain = check_words(words)
    known = set()
    if record_id is not None:
        told = Answer.objects.filter(report__in=[row.pk for row in reports], kind=kind, record_id=record_id)
        known = set(told.values_list("report_id", flat=True))
    rows = [row for row in reports if row.pk not in known]
    phones = telling.phones_of(row for row in rows if row.channel not in (NeedReport.Channel.NONE,))
    made = []
    for row in rows:
        state = telling.way_for(row.channel, has_phone=row.pk in phones)
        made.append(
            Answer(
                community_id=row.community_id,
                report=row,
                kind=kind,
                words=plain,
                channel=row.channel,
                state=state,
                record_kind=record_kind,
                record_id=record_id,
                made_at=at,
                made_by=act().actor.account,
                told_at=at if state == Answer.State.SENT else None,
            )
        )
        if state == Answer.State.SENT:
            telling.send(row, phones[row.pk], template=telling.ANSWERED, answer=plain)
    Answer.objects.bulk_create(made, batch_size=500)
    for one in made:
        facts.record(measure="answers_given", record=one, quantity=1, community_id=one.community_id, on=local_day(at))
    reminding.look_at_answers({one.community_id for one in made if one.state in WAITING})
    return made


@command("needs.answer_askers")
def answer_askers(
    *,
    actor: Actor,
    needs: Iterable[UUID],
    kind: str,
    words: str,
    record_kind: str,
    record_id: UUID,
    at: datetime,
    key: UUID | None = None,
) -> int:
    """Tell everybody who asked for these entries, each voice once for a record and kind; gives how many were told.

    `kind` is one of Answer.Kind; with "done" they may say whether it was met.
    """
    if kind not in Kind.values:
        raise Invalid(fields={"kind": [_("Choose what kind of answer it is.")]})
    entries = found.needs(needs)
    for row in entries:
        policy.require(policy.may_keep(actor, row.community_id))
    rows = locks.lock(NeedReport.objects.filter(need__in=[one.pk for one in entries], state=NeedReport.State.JOINED))
    made = tell_reports(rows, kind=kind, words=words, record_kind=record_kind, record_id=record_id, at=at)
    if kind == Kind.DONE:
        NeedReport.objects.filter(pk__in=[one.report_id for one in made]).update(asked_at=at)
    for row in entries:
        act().target(row, "answered", {"kind": [None, kind], "record": [None, str(record_id)]})
    return len(made)


@command("needs.answer_report")
def answer_report(
    *, actor: Actor, report: UUID, words: str, kind: str = Kind.HEARD, at: datetime, key: UUID | None = None
) -> Answer:
    """Answer one voice in person; said twice, it is two answers."""
    if kind not in (Kind.HEARD, Kind.CANNOT, Kind.PLANNED, Kind.DONE):
        raise Invalid(fields={"kind": [_("Choose what kind of answer it is.")]})
    row, _entry = found.report(report)
    policy.require(policy.may_keep(actor, row.community_id))
    made = tell_reports([row], kind=kind, words=words, at=at)[0]
    act().target(row, "answered", {"kind": [None, kind]})
    return made


@command("needs.note_told")
def note_told(*, actor: Actor, answers: Iterable[UUID], at: datetime, key: UUID | None = None) -> int:
    """Note that askers were told by phone or on paper; gives how many were still to be told."""
    wanted = set(answers)
    rows = locks.lock(Answer.objects.filter(pk__in=wanted))
    if len(rows) != len(wanted):
        raise Missing
    waiting = [row for row in rows if row.state in WAITING]
    for row in waiting:
        policy.require(policy.may_keep(actor, row.community_id))
        row.state, row.told_at, row.told_by = Answer.State.TOLD, at, actor.account
        act().target(row, "told")
    Answer.objects.bulk_update(waiting, ["state", "told_at", "told_by"], batch_size=200)
    reminding.look_at_answers({row.community_id for row in waiting})
    return len(waiting)


@command("needs.change_channel")
def change_channel(*, actor: Actor, report: UUID, channel: str, at: datetime, key: UUID | None = None) -> NeedReport:
    """Let an asker be told in another way from now on; answers that wait to be told follow it."""
    row, _entry = found.report(report)
    policy.require(policy.may_keep(actor, row.community_id) or policy.is_self(actor, row.person_id))
    if channel not in NeedReport.Channel.values:
        raise Invalid(fields={"channel": [_("Choose how they want to be told.")]})
    before, row.channel = row.channel, channel
    row.save(update_fields=["channel"])
    has_phone = row.pk in telling.phones_of([row])
    state = telling.way_for(channel, has_phone=has_phone)
    if state == Answer.State.SENT:
        state = Answer.State.SHOWN
    row.answers.filter(state__in=WAITING).update(state=state, channel=channel)
    reminding.look_at_answers({row.community_id})
    act().target(row, "changed", {"channel": [before, channel]})
    return row


@command("needs.say_met")
def say_met(
    *,
    actor: Actor,
    report: UUID,
    met: str,
    words: str = "",
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> NeedReport:
    """Note whether an asker says that the need was met; said anew it counts anew; all who said it judge the entry.

    `holds_receipt`: whoever acts showed the receipt with its word, so it is theirs to say.
    """
    row, entry = found.report(report)
    may = holds_receipt or policy.is_self(actor, row.person_id) or policy.may_keep(actor, row.community_id)
    policy.require(may)
    if met not in NeedReport.Met.values:
        raise Invalid(fields={"met": [_("Choose yes, partly or no.")]})
    if len(words.strip()) > MET_LONGEST:
        raise Invalid(fields={"words": [_("At most %(most)d characters.") % {"most": MET_LONGEST}]})
    if entry is None or not may_say_met(row, entry):
        raise NothingToSay
    before = row.met
    row.met, row.met_words, row.met_at, row.met_by = met, words.strip(), at, actor.account
    row.save(update_fields=["met", "met_words", "met_at", "met_by"])
    act().target(row, "said", {"met": [before, met]})
    states.judge_by_says(entry, at=at)
    return row


def may_say_met(report: NeedReport, entry: Need) -> bool:
    """Tell whether it can be said of a voice that it was met: something was served, or staff say it is met or not."""
    return bool(
        report.asked_at or report.met or entry.first_served_on or entry.state in (Need.State.MET, Need.State.UNMET)
    )
