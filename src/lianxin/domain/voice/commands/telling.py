"""Telling those who brought a case forward: by message, by a call, on paper, or on the page of their receipt."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Person
from lianxin.domain.people.rules.contacts import check_phone
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, reminding
from lianxin.domain.voice.models import Case, CaseAnswer, CaseReport, Channel
from lianxin.domain.voice.rules import receipts
from lianxin.platform import contributions, facts, locks, outbox, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.sensitive import Sealed, Unreadable, seal

log = logging.getLogger(__name__)

ANSWERED, ASKED, HEARD = "case_answered", "case_done", "case_heard"
BY_MESSAGE = (Channel.SMS, Channel.WECHAT)
NEEDS_PHONE = (*BY_MESSAGE, Channel.PHONE)
GUEST_PHONE = "voice.casereport.guest_phone"
WORDS_LONGEST, REPLY_LONGEST = 1000, 300
Kind, State = CaseAnswer.Kind, CaseAnswer.State
WAITING = (State.TO_TELL, State.TO_HAND)


@command("voice.answer_reporters")
def answer_reporters(
    *, actor: Actor, case: UUID, kind: str, words: str, at: datetime, key: UUID | None = None
) -> list[CaseAnswer]:
    """Tell everybody who brought a case forward how it stands, each by the way they chose."""
    row = found.case(case)
    policy.require(policy.may_keep(actor, row.community_id))
    if kind not in Kind.values or kind == Kind.DONE:
        raise Invalid(fields={"kind": [_("Choose what kind of answer it is.")]})
    made = tell_case(row, kind=kind, words=words, at=at)
    act().target(row, "answered", {"kind": [None, kind], "reporters": [None, len(made)]})
    return made


def tell_case(case: Case, *, kind: str, words: str, at: datetime, but: UUID | None = None) -> list[CaseAnswer]:
    """Tell every live reporter of a locked case, inside a command; `but` leaves one of them out."""
    made = tell(live_reports(case, but=but), kind=kind, words=words, at=at)
    if made and case.first_answer_at is None:
        case.first_answer_at = at
        case.save(update_fields=["first_answer_at"])
    return made


def live_reports(case: Case, *, but: UUID | None = None) -> list[CaseReport]:
    """Give the reports of a case that were not taken back, locked, in the order they came."""
    rows = locks.lock(CaseReport.objects.filter(case=case, withdrawn_at=None))
    return [row for row in rows if row.pk != but]


def tell(reports: Sequence[CaseReport], *, kind: str, words: str, at: datetime) -> list[CaseAnswer]:
    """Write an answer for each of these voices and send what goes by message, inside a command."""
    plain = check_words(words)
    phones = phones_of(row for row in reports if row.channel != Channel.NONE)
    made = []
    for row in reports:
        state = way_for(row.channel, has_phone=row.pk in phones)
        made.append(
            CaseAnswer(
                community_id=row.community_id,
                report=row,
                kind=kind,
                words=plain,
                channel=row.channel,
                state=state,
                made_at=at,
                made_by=act().actor.account,
                told_at=at if state == State.SENT else None,
            )
        )
        if state == State.SENT:
            send(row, phones[row.pk], template=ASKED if kind == Kind.DONE else ANSWERED, answer=plain)
    CaseAnswer.objects.bulk_create(made, batch_size=500)
    for one in made:
        facts.record(measure="case_answers", record=one, quantity=1, community_id=one.community_id, on=local_day(at))
    reminding.look_at_answers({one.community_id for one in made if one.state in WAITING})
    return made


@command("voice.note_told")
def note_told(
    *,
    actor: Actor,
    answers: Iterable[UUID],
    replies: Mapping[UUID, str] | None = None,
    at: datetime,
    key: UUID | None = None,
) -> int:
    """Note that reporters were told by phone or on paper, and what they replied; gives how many were to be told."""
    wanted, said = set(answers), dict(replies or {})
    rows = locks.lock(CaseAnswer.objects.filter(pk__in=wanted))
    if len(rows) != len(wanted):
        raise Missing
    waiting = [row for row in rows if row.state in WAITING]
    for row in waiting:
        policy.require(policy.may_keep(actor, row.community_id))
        reply = " ".join(said.get(row.pk, "").split())
        if len(reply) > REPLY_LONGEST:
            raise Invalid(fields={"reply": [_("At most %(most)d characters.") % {"most": REPLY_LONGEST}]})
        row.state, row.told_at, row.told_by, row.reply = State.TOLD, at, actor.account, reply
        act().target(row, "told")
    CaseAnswer.objects.bulk_update(waiting, ["state", "told_at", "told_by", "reply"], batch_size=200)
    reminding.look_at_answers({row.community_id for row in waiting})
    return len(waiting)


@command("voice.change_channel")
def change_channel(
    *,
    actor: Actor,
    report: UUID,
    channel: str,
    phone: str = "",
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> CaseReport:
    """Let a reporter be told in another way from now on, by this number; answers that wait to be told follow it."""
    row, __ = found.report(report)
    keeps = policy.may_keep(actor, row.community_id)
    policy.require(holds_receipt or keeps or policy.is_self(actor, row.person_id))
    if channel not in Channel.values:
        raise Invalid(fields={"channel": [_("Choose how they want to be told.")]})
    if phone.strip():
        number, sentence = check_phone(phone)
        if sentence:
            raise Invalid(fields={"phone": [sentence]})
        if row.confidentiality == "anonymous":
            raise Invalid(fields={"phone": [_("Nothing is kept of who told this without a name.")]})
        row.guest_phone = seal(number, GUEST_PHONE)
    before, row.channel = row.channel, channel
    has_phone = row.pk in phones_of([row])
    if channel in NEEDS_PHONE and not has_phone:
        raise Invalid(fields={"phone": [_("Leave a phone number so that we can answer, or choose another way.")]})
    row.save(update_fields=["channel", "guest_phone"])
    state = way_for(channel, has_phone=has_phone)
    if state == State.SENT:
        # What was to be told by a call is not sent after all; it stands on the page of the receipt.
        state = State.SHOWN
    row.answers.filter(state__in=WAITING).update(state=state, channel=channel)  # type: ignore[attr-defined]
    reminding.look_at_answers({row.community_id})
    act().target(row, "changed", {"channel": [before, channel]})
    return row


def check_words(words: str, *, name: str = "words") -> str:
    """Give the words as they are kept; raises Invalid when there are none or too many."""
    plain = words.replace("\r\n", "\n").strip()
    if not plain:
        raise Invalid(fields={name: [_("Write what those who told us will read.")]})
    if len(plain) > WORDS_LONGEST:
        raise Invalid(fields={name: [_("At most %(most)d characters.") % {"most": WORDS_LONGEST}]})
    return plain


def phones_of(reports: Iterable[CaseReport]) -> dict[UUID, str]:
    """Give the phone numbers by voice; one that cannot be read, and one of somebody without a phone, is left out."""
    rows = list(reports)
    people = {row.person_id for row in rows if row.person_id}
    sealed: dict[UUID, Sealed | None] = {}
    if people:
        with scope.everything():
            known = Person.objects.filter(pk__in=people, phone__isnull=False, no_phone=False, state=Person.State.LIVING)
            sealed = dict(known.values_list("pk", "phone"))
    numbers = {}
    for row in rows:
        number = row.guest_phone if row.guest_phone is not None else sealed.get(row.person_id or row.pk)
        if number is not None:
            try:
                numbers[row.pk] = number.reveal()
            except Unreadable:
                log.warning("the phone of voice %s cannot be read, so no message was sent", row.pk)
    return numbers


def way_for(channel: str, *, has_phone: bool) -> str:
    """Give how an answer stands once it is made: sent, to be told, to be handed over, or shown on the receipt page."""
    if channel == Channel.NONE:
        return State.SHOWN
    if channel == Channel.PAPER or not has_phone:
        return State.TO_HAND
    return State.TO_TELL if channel == Channel.PHONE else State.SENT


def send(report: CaseReport, phone: str, *, template: str, **context: str) -> None:
    """Send a reporter a message, inside a command; their own words stay off the phone's screen."""
    outbox.send(
        channel=_line(report.channel),
        address=phone,
        template=template,
        context={"receipt": receipts.spaced(report.receipt), "link": link_of(report), **context},
        community_id=report.community_id,
    )


def link_of(report: CaseReport) -> str:
    """Give the private address of a receipt."""
    token = receipts.token_for(report.pk, report.receipt)
    return settings.BASE_URL.rstrip("/") + receipts.page_path(report.receipt, token)


def _line(channel: str) -> str:
    """Give the channel that carries it: WeChat where the district has connected it, else a text message."""
    known = {one.name for one in contributions.every("channels")}
    return channel if channel == Channel.WECHAT and channel in known else "sms"
