"""Voices: the page of a receipt, a resident's own, and those who are to be told."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.domain.people.queries.proxies import list_principals
from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Case, CaseAnswer, CaseReport
from lianxin.domain.voice.queries.report_pages import ReportPage, page_of
from lianxin.domain.voice.rules import receipts, states
from lianxin.engines.identity import compact
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Unreadable

__all__ = [
    "OwnReport",
    "ReportPage",
    "by_receipt",
    "count_to_tell",
    "find_answer",
    "find_by_receipt",
    "find_by_token",
    "find_own",
    "find_report",
    "list_own",
    "list_to_tell",
    "may_see",
    "own_page",
    "page_of",
]

State = Case.State
WAITING = (CaseAnswer.State.TO_TELL, CaseAnswer.State.TO_HAND)


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A line in a resident's list of what they brought forward."""

    id: UUID
    receipt: str
    words: str
    heard_at: datetime
    community_name: str
    state: str
    state_label: Any
    due_at: datetime | None
    answers: int
    person: UUID
    waits_for_say: bool


def by_receipt(*, number: str, token: str = "", word: str = "", at: datetime) -> ReportPage:
    """Give the page of a receipt to whoever has its private word, or the four digits of its slip or phone.

    Raises Missing for a number and for a word that is wrong alike.
    """
    row = find_by_token(number=number, token=token) if token else find_by_receipt(number=number, word=word)
    return page_of(row, at=at)


def own_page(*, actor: Actor, report: UUID, at: datetime) -> ReportPage:
    """Give the page of a voice of the actor's own, or of somebody for whom they may follow matters; raises Missing."""
    return page_of(find_own(actor=actor, report=report, on=local_day(at)), at=at)


def find_by_receipt(*, number: str, word: str) -> CaseReport:
    """Give the voice of a receipt to whoever has its word: the phone's last four digits, or those on the slip."""
    receipt, secret = receipts.read_number(number), compact(word)
    with scope.everything():
        row = _receipts().filter(receipt=receipt).first() if receipt else None
        if row is None or len(secret) != 4 or secret not in _words_of(row):
            raise Missing
    return row


def find_by_token(*, number: str, token: str) -> CaseReport:
    """Give the voice of a receipt's link; raises Missing."""
    receipt, secret = receipts.read_number(number), receipts.read_token(token)
    with scope.everything():
        row = _receipts().filter(receipt=receipt).first() if receipt and secret else None
    if row is None or secret not in receipts.tokens_for(row.pk, row.receipt):
        raise Missing
    return row


def find_own(*, actor: Actor, report: UUID, on: date) -> CaseReport:
    """Give a voice of the actor's own, or of somebody for whom they may follow matters; raises Missing."""
    people = _own_people(actor, on)
    with scope.everything():
        row = _receipts().filter(pk=report, person__in=people).first() if people else None
    if row is None:
        raise Missing
    return row


def list_own(*, actor: Actor, on: date) -> list[OwnReport]:
    """Give what a resident and those they speak for brought forward, newest first; in any community."""
    people = _own_people(actor, on)
    if not people:
        return []
    with scope.everything():
        rows = list(
            CaseReport.objects.filter(person__in=people)
            .select_related("case", "community")
            .prefetch_related("answers")
            .order_by("-heard_at", "-pk")[:100]
        )
    return [
        OwnReport(
            id=row.pk,
            receipt=row.receipt,
            words=row.words,
            heard_at=row.heard_at,
            community_name=row.community.short_name,
            state=State.WITHDRAWN if row.withdrawn_at else row.case.state,
            state_label=State.WITHDRAWN.label if row.withdrawn_at else row.case.get_state_display(),
            due_at=row.case.due_at if row.case.state in states.LIVE else None,
            answers=len(row.answers.all()),  # type: ignore[attr-defined]
            person=row.person_id,  # type: ignore[arg-type]
            waits_for_say=row.withdrawn_at is None and row.case.state == State.DONE and not row.said,
        )
        for row in rows
    ]


def find_report(*, actor: Actor, report: UUID) -> CaseReport:
    """Give a voice in scope with its case to who may see who told it; raises Missing or NotAllowed."""
    row = CaseReport.objects.select_related("case", "community", "person", "household").filter(pk=report).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    policy.require(may_see(actor, row, row.case))
    return row


def may_see(actor: Actor, row: CaseReport, case: Case) -> bool:
    """Tell whether the actor sees who told this and in which words; of a confidential one only who works on it."""
    workers = frozenset(pk for pk in (case.responsible, case.first_responder, row.taken_by) if pk)
    is_open = row.confidentiality != "confidential" and case.confidentiality != "confidential" and not case.is_mediated
    return policy.may_see_reporters(actor, row.community_id, is_open=is_open, responsible=workers)


def list_to_tell(*, actor: Actor, communities: Sequence[UUID] | None = None, state: str = "") -> QuerySet[CaseAnswer]:
    """Give the answers that wait to be told by phone or on paper, oldest first, with whom to tell.

    Of confidential ones only those that the actor works on.
    """
    policy.require(policy.may_keep_any(actor))
    rows = CaseAnswer.objects.filter(state__in=[state] if state in WAITING else WAITING)
    if communities is not None:
        rows = rows.filter(community__in=communities)
    if actor.account is not None:
        sealed = Q(report__confidentiality="confidential") | Q(report__case__is_mediated=True)
        mine = (
            Q(report__case__responsible=actor.account)
            | Q(report__case__first_responder=actor.account)
            | Q(report__taken_by=actor.account)
        )
        rows = rows.exclude(sealed & ~mine)
    return rows.select_related("report__person", "report__household", "report__case", "community").order_by(
        "made_at", "pk"
    )


def count_to_tell(*, actor: Actor) -> int:
    """Count in scope the answers that wait to be told by phone or on paper."""
    return list_to_tell(actor=actor).select_related(None).order_by().count()


def find_answer(*, actor: Actor, answer: UUID) -> CaseAnswer:
    """Give an answer in scope with its voice to who may see who told it; raises Missing or NotAllowed."""
    row = CaseAnswer.objects.filter(pk=answer).select_related("report__person", "report__case", "community").first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    policy.require(may_see(actor, row.report, row.report.case))
    return row


def _receipts() -> QuerySet[CaseReport]:
    rows = CaseReport.objects.select_related("case__venue", "community", "person")
    return rows.prefetch_related("answers")


def _own_people(actor: Actor, on: date) -> set[UUID]:
    if actor.person is None:
        return set()
    links = list_principals(actor=actor, on=on)
    return {actor.person, *(link.person for link in links if link.may("voice"))}


def _words_of(row: CaseReport) -> set[str]:
    """Give the four digits that open a receipt: of the phone on record, of the one left, and those on the slip."""
    known = set(receipts.words_for(row.pk))
    if row.person is not None and row.person.phone_last4:
        known.add(row.person.phone_last4)
    if row.guest_phone is not None:
        with suppress(Unreadable):
            known.add(row.guest_phone.reveal()[-4:])
    return known
