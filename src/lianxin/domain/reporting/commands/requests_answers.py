"""A community answers a request: once, on one page, and nothing that it told before is typed again."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.commands.requests_sending import end_if_answered
from lianxin.domain.reporting.models import RequestAnswer, RequestField, RequestReach, UpperRequest
from lianxin.domain.reporting.queries.requests import fields_of
from lianxin.domain.reporting.queries.requests_checks import ANSWER
from lianxin.domain.reporting.rules import requests as rules
from lianxin.platform import duties, files, locks, pictures
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing

State, Reach = UpperRequest.State, RequestReach.State
FILE_KINDS = (*files.PICTURES, *files.TABLES, pictures.PDF)
MOST_BYTES = 10 * 1024 * 1024
LONGEST = 2000
MOST_DIGITS = 15


@command("reporting.answer_request")
def answer(
    *, actor: Actor, reach: UUID, values: Mapping[UUID, str], at: datetime, key: UUID | None = None
) -> RequestReach:
    """Answer everything that a request asks of one community; said again while it is open, it is corrected."""
    row = _lock(actor, reach)
    fields = [one for one in fields_of(row.request) if one.how == "hand"]
    there = {one.field_id: one for one in RequestAnswer.objects.filter(reach=row)}
    wrong: dict[str, list[str]] = {}
    given: dict[UUID, str] = {}
    for one in fields:
        if one.answer_type == "file":
            if one.pk not in there:
                wrong[str(one.pk)] = [_("Choose the file for “%(label)s”.") % {"label": one.label}]
            continue
        text, problem = read_value(one, values.get(one.pk, ""))
        if problem:
            wrong[str(one.pk)] = [problem]
        given[one.pk] = text
    if wrong:
        raise Invalid(fields=wrong)
    for field, text in given.items():
        _keep(row, field, at=at, value=text)
    before = row.state
    row.state, row.answered_at = Reach.ANSWERED, at
    row.save(update_fields=["state", "answered_at"])
    duties.close(kind=ANSWER, record=row)
    # What was answered stays with the answer; the log only says that it was.
    act().target(row, "answered", {"state": [before, row.state]})
    end_if_answered(row.request, at=at)
    return row


@command("reporting.attach_answer")
def attach(
    *, actor: Actor, reach: UUID, field: UUID, fileobj: files.Readable, file_name: str, at: datetime
) -> RequestAnswer:
    """Hand in the file that a field asks for; it is kept even when the rest of the page has to be corrected."""
    row = _lock(actor, reach)
    found = next((one for one in fields_of(row.request) if one.pk == field and one.answer_type == "file"), None)
    if found is None:
        raise Missing
    stored = files.store(
        fileobj=fileobj,
        name=file_name,
        purpose="reporting.answer",
        at=at,
        limit_bytes=MOST_BYTES,
        accept=FILE_KINDS,
        community_id=row.community_id,
    )
    kept = _keep(row, found.pk, at=at, file_id=stored.pk, value=stored.name[:200])
    act().target(row, "file handed in", {})
    return kept


def read_value(field: RequestField, text: str) -> tuple[str, str]:
    """Give an answer in one spelling, and a sentence that names the field when it cannot be taken."""
    said = text.strip()
    named = {"label": field.label}
    if not said:
        return "", _("“%(label)s” is not answered yet.") % named
    if len(said) > LONGEST:
        return "", _("“%(label)s” is answered in at most %(most)d characters.") % (named | {"most": LONGEST})
    if field.answer_type == "number":
        return _number(said, named)
    if field.answer_type == "date":
        try:
            return date.fromisoformat(unicodedata.normalize("NFKC", said)).isoformat(), ""
        except ValueError:
            return "", _("“%(label)s” wants a day, written as 2026-11-23.") % named
    return said, ""


def _number(said: str, named: dict[str, str]) -> tuple[str, str]:
    sentence = _("“%(label)s” wants a number, written in digits.") % named
    plain = unicodedata.normalize("NFKC", said).replace(",", "").replace(" ", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return "", sentence
    if not number.is_finite() or len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        return "", sentence
    return f"{number:f}", ""


def _lock(actor: Actor, reach: UUID) -> RequestReach:
    found = RequestReach.objects.filter(pk=reach).first()
    if found is None:
        raise Missing
    policy.require(policy.may_answer(actor, found.community_id))
    # The request first, as who ends it does.
    request: UpperRequest = locks.lock_one(UpperRequest.objects.filter(pk=found.request_id))
    row: RequestReach = locks.lock_one(RequestReach.objects.filter(pk=reach))
    row.request = request
    if row.state not in (Reach.ASKED, Reach.ANSWERED) or row.request.state != State.SENT:
        raise rules.NotNow(row.request.state, "answer")
    return row


def _keep(row: RequestReach, field: UUID, *, at: datetime, value: str, file_id: UUID | None = None) -> RequestAnswer:
    kept, _made = RequestAnswer.objects.update_or_create(
        reach=row,
        field_id=field,
        defaults={"community_id": row.community_id, "value": value, "file_id": file_id, "answered_at": at},
    )
    return kept
