"""Voices: the inbox, one voice, a receipt, and a resident's own."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import Answer, NeedReport
from lianxin.domain.needs.rules import receipts
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.engines.identity import compact
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Unreadable

State = NeedReport.State


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of voices is narrowed to."""

    state: str = State.NEW
    category: str = ""
    how: str = ""
    communities: Sequence[UUID] | None = None
    from_on: date | None = None
    until_on: date | None = None
    urgent: bool = False
    words: str = ""


def list_reports(*, actor: Actor, wanted: Filter) -> QuerySet[NeedReport]:
    """Give the voices of the communities in scope that the filter leaves: new ones oldest first, urgent ones on top."""
    policy.require(policy.may_read_any(actor))
    rows = NeedReport.objects.select_related("category", "community", "person", "need")
    if wanted.state and wanted.state != "all":
        rows = rows.filter(state=wanted.state)
    if wanted.category == "-":
        rows = rows.filter(category=None)
    elif wanted.category:
        rows = rows.filter(category__code=wanted.category)
    if wanted.how:
        rows = rows.filter(how=wanted.how)
    if wanted.communities is not None:
        rows = rows.filter(community__in=wanted.communities)
    if wanted.from_on:
        rows = rows.filter(heard_at__gte=local_moment(wanted.from_on))
    if wanted.until_on:
        rows = rows.filter(heard_at__lt=local_moment(wanted.until_on))
    if wanted.urgent:
        rows = rows.filter(is_urgent=True)
    if wanted.words:
        said = Q(words__icontains=wanted.words)
        number = receipts.read_number(wanted.words)
        rows = rows.filter(said | Q(receipt=number) if number else said)
    if wanted.state == State.NEW:
        return rows.order_by("-is_urgent", "heard_at", "pk")
    return rows.order_by("-heard_at", "-pk")


def count_waiting(*, actor: Actor) -> tuple[int, int]:
    """Count in scope the voices that nobody has read yet, and the answers that wait to be told; one query."""
    policy.require(policy.may_read_any(actor))
    new = NeedReport.objects.filter(state=State.NEW).order_by().annotate(what=Value("new")).values("what")
    rows = new.annotate(n=Count("pk"))
    if policy.may_keep_any(actor):
        told = list_to_tell(actor=actor).select_related(None).order_by().annotate(what=Value("tell")).values("what")
        rows = rows.union(told.annotate(n=Count("pk")), all=True)
    found = {one["what"]: one["n"] for one in rows}
    return found.get("new", 0), found.get("tell", 0)


def find_report(*, actor: Actor, report: UUID) -> NeedReport:
    """Give a voice in scope with its entry and answers; raises Missing."""
    rows = NeedReport.objects.select_related("category", "community", "person", "household", "need__category")
    row = rows.prefetch_related("answers").filter(pk=report).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def find_by_receipt(*, number: str, secret: str) -> NeedReport:
    """Give the voice of a receipt to whoever has its word: the last four digits of the phone, or those on the slip.

    Raises Missing for a number and for a word that is wrong alike.
    """
    receipt, word = receipts.read_number(number), compact(secret)
    with scope.everything():
        row = _receipts().filter(receipt=receipt).first() if receipt else None
        if row is None or len(word) != 4 or word not in _words_of(row):
            raise Missing
    return row


def find_by_token(*, number: str, token: str) -> NeedReport:
    """Give the voice of a receipt's link; raises Missing."""
    receipt, word = receipts.read_number(number), receipts.read_token(token)
    with scope.everything():
        row = _receipts().filter(receipt=receipt).first() if receipt and word else None
    if row is None or word not in receipts.tokens_for(row.pk, row.receipt):
        raise Missing
    return row


def find_own(*, actor: Actor, report: UUID, on: date) -> NeedReport:
    """Give a voice of the actor's own, or of somebody for whom they may follow matters; raises Missing."""
    with scope.everything():
        row = _receipts().filter(pk=report).first()
    if row is None or row.person_id not in _own_people(actor, on):
        raise Missing
    return row


def list_own(*, actor: Actor, on: date) -> Sequence[NeedReport]:
    """Give what a resident and those they speak for said, newest first; in any community."""
    people = _own_people(actor, on)
    if not people:
        return []
    with scope.everything():
        return list(_receipts().filter(person__in=people).order_by("-heard_at", "-pk")[:100])


def list_to_tell(*, actor: Actor, communities: Sequence[UUID] | None = None, state: str = "") -> QuerySet[Answer]:
    """Give the answers that wait to be told by phone or on paper, oldest first, with whom to tell."""
    policy.require(policy.may_keep_any(actor))
    waiting = [Answer.State.TO_TELL, Answer.State.TO_HAND]
    rows = Answer.objects.filter(state__in=[state] if state in waiting else waiting)
    if communities is not None:
        rows = rows.filter(community__in=communities)
    return rows.select_related("report__person", "report__household", "community").order_by("made_at", "pk")


def find_answer(*, actor: Actor, answer: UUID) -> Answer:
    """Give an answer in scope with its voice; raises Missing."""
    row = Answer.objects.filter(pk=answer).select_related("report__person", "community").first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def _receipts() -> QuerySet[NeedReport]:
    rows = NeedReport.objects.select_related("need__category", "community", "category", "person")
    return rows.prefetch_related("answers")


def _own_people(actor: Actor, on: date) -> set[UUID]:
    if actor.person is None:
        return set()
    links = list_principals(actor=actor, on=on)
    return {actor.person, *(link.person for link in links if link.may("voice"))}


def _words_of(row: NeedReport) -> set[str]:
    """Give the four digits that open a receipt: of the phone on record, of the one left, and those on the slip."""
    known = set(receipts.words_for(row.pk))
    person: Person | None = row.person
    if person is not None and person.phone_last4:
        known.add(person.phone_last4)
    if row.guest_phone is not None:
        with suppress(Unreadable):
            known.add(row.guest_phone.reveal()[-4:])
    return known


def timeline_of(*, actor: Actor, kind: str, record: UUID) -> list[audit.TimelineEntry]:
    """Give the newest entries of the log about a voice or an entry ("needs.needreport", "needs.need") in scope."""
    policy.require(policy.may_read_any(actor))
    with scope.within(actor.communities):
        return audit.entries_for(kind, record, limit=50)
