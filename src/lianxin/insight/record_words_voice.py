"""The words of records of voice: of a sealed case its number, of who spoke nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace
from lianxin.insight.record_words import RecordTitle, Values, label_of, number_of
from lianxin.platform.actors import Actor

_reader: ContextVar[Actor | None] = ContextVar("lianxin_record_reader", default=None)


@contextmanager
def read_by(actor: Actor) -> Iterator[None]:
    """Say who reads the words until the block ends: of a sealed case some may read the title."""
    token = _reader.set(actor)
    try:
        yield
    finally:
        _reader.reset(token)


def case(row: Values) -> RecordTitle:
    """Say a case; a sealed one only by its number."""
    return _case(row, "")


def case_report(row: Values) -> RecordTitle:
    """Say the case that a voice is about, and not who told it."""
    return _case(row, "case__")


def case_step(row: Values) -> RecordTitle:
    """Say the case of which a step was taken."""
    return _case(row, "case__")


def case_answer(row: Values) -> RecordTitle:
    """Say the case that an answer was about."""
    return _case(row, "report__case__")


def tier_decision(row: Values) -> RecordTitle:
    """Say the case about whose way was decided."""
    return _case(row, "case__")


def _case(row: Values, at: str) -> RecordTitle:
    number = row[f"{at}number"]
    if _is_sealed(row, at):
        return RecordTitle(_("Case %(number)s") % {"number": number})
    return RecordTitle(row[f"{at}title"], number_of(number))


def _is_sealed(row: Values, at: str) -> bool:
    """Tell the same as `voice.queries.cases.is_sealed_for`, from columns."""
    actor = _reader.get()
    if actor is None:
        return True
    if row[f"{at}confidentiality"] != "confidential" and not row[f"{at}is_mediated"]:
        return not policy.may_read(actor, row[f"{at}community_id"])
    return actor.account is None or actor.account not in (row[f"{at}responsible"], row[f"{at}first_responder"])


def meeting(row: Values) -> RecordTitle:
    """Say a meeting."""
    return RecordTitle(row["title"] or _("A meeting"), number_of(row["number"]))


def commitment(row: Values) -> RecordTitle:
    """Say what a promise was made about; its words are read on its own page."""
    return RecordTitle(row["matter__title"] or _("A promise"), number_of(row["number"]))


def vote(row: Values) -> RecordTitle:
    """Say a vote."""
    return RecordTitle(row["question"], number_of(row["number"]))


def opinion(row: Values) -> RecordTitle:
    """Say what an opinion was given on, and never by whom."""
    return RecordTitle(row["statement__map__question"], _("An opinion, without name"))


def reception_day(row: Values) -> RecordTitle:
    """Say a reception day."""
    return RecordTitle(_("A reception day"), label_of(ReceptionDay.State.choices, row["state"]))


def reception_place(row: Values) -> RecordTitle:
    """Say that somebody was heard, and neither who nor what about."""
    return RecordTitle(_("Somebody who was heard"), label_of(ReceptionPlace.State.choices, row["state"]))


def mediation(row: Values) -> RecordTitle:
    """Say a mediation by its number alone."""
    return RecordTitle(_("A mediation"), number_of(row["number"]))
