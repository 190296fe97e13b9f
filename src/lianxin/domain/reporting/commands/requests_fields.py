"""What a draft asks, field by field: taken from what is known, or by hand with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from lianxin.domain.reporting.commands.requests import lock_request
from lianxin.domain.reporting.models import RequestField, UpperRequest
from lianxin.domain.reporting.queries import requests_gate
from lianxin.domain.reporting.rules import requests as rules
from lianxin.domain.reporting.rules import requests_alike, requests_periods
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

LONGEST = {"label": 120, "why": 300, "unit": 20, "again_words": 300}
EMPTY: dict[str, Any] = {
    "measure": "",
    "period": "",
    "source": None,
    "answer_type": "",
    "unit": "",
    "again_words": "",
    "is_again": False,
}


class TooManyFields(Refused):
    """A request asks for more than anybody can answer."""

    def __init__(self) -> None:
        super().__init__(_("One request may ask for %(most)d things at most.") % {"most": rules.MOST_FIELDS})


@command("reporting.ask_figure")
def ask_figure(
    *,
    actor: Actor,
    request: UUID,
    measure: str,
    period: str,
    label: str = "",
    why: str = "",
    field: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> RequestField:
    """Take a known figure into a draft (or put it in place of a field): it is delivered without asking anyone."""
    row = _draft(actor, request)
    found = requests_gate.find_measure(measure)
    if found is None:
        words = _("There is no figure “%(name)s”: choose one of the list.") % {"name": measure[:60]}
        raise Invalid(fields={"measure": [words]})
    if wrong := requests_periods.problem_with(period, on=local_day(at)):
        raise Invalid(fields={"period": [wrong]})
    given = _texts(label=label or str(found.label)[:120], why=why)
    return _put(row, field, EMPTY | given | {"how": "figure", "measure": measure, "period": period})


@command("reporting.ask_earlier")
def ask_earlier(
    *,
    actor: Actor,
    request: UUID,
    source: UUID,
    label: str = "",
    why: str = "",
    field: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> RequestField:
    """Take the answers that communities gave to a field within the last year, instead of asking them again."""
    row = _draft(actor, request)
    asked = RequestField.objects.filter(
        pk=source, how="hand", request__sent_at__gt=at - rules.ASKED_WITHIN, request__sent_at__lte=at
    ).first()
    if asked is None:
        raise Invalid(fields={"source": [_("This was not asked within the last year.")]})
    given = _texts(label=label or asked.label, why=why)
    return _put(row, field, EMPTY | given | {"how": "earlier", "source": asked})


@command("reporting.ask_by_hand")
def ask_by_hand(
    *,
    actor: Actor,
    request: UUID,
    label: str,
    why: str,
    answer_type: str = "text",
    unit: str = "",
    again_words: str = "",
    field: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> RequestField:
    """Ask communities for something by hand; what looks known or asked before needs a written reason."""
    row = _draft(actor, request)
    given = _texts(label=label, why=why, unit=unit, again_words=again_words)
    if answer_type not in RequestField.AnswerType.values:
        raise Invalid(fields={"answer_type": [_("“%(text)s” cannot be chosen here.") % {"text": answer_type[:40]}]})
    if not given["why"]:
        raise Invalid(fields={"why": [_("Say why this is needed: who has to answer reads it.")]})
    found = requests_gate.find_alike(label=given["label"], at=at, but=row.pk, most=1)
    if found and not given["again_words"]:
        words = _("This looks like “%(name)s”, a known figure: take that, or write why it must be asked.")
        if found[0].kind == requests_gate.ASKED:
            words = _("This looks like “%(name)s”, asked within a year: take what was answered, or write why again.")
        raise Invalid(fields={"again_words": [words % {"name": found[0].label}]})
    return _put(
        row,
        field,
        EMPTY
        | given
        | {"how": "hand", "answer_type": answer_type, "is_again": bool(found)}
        # A reason is kept only where there is something that it answers to.
        | ({} if found else {"again_words": ""}),
    )


@command("reporting.drop_field")
def drop(*, actor: Actor, field: UUID, at: datetime, key: UUID | None = None) -> UpperRequest:
    """Take a field out of a draft."""
    found = RequestField.objects.filter(pk=field).first()
    if found is None:
        raise Missing
    row = _draft(actor, found.request_id)
    found.delete()
    _touch(row)
    act().target(row, "field dropped", {"label": [found.label, None]})
    return row


def _draft(actor: Actor, request: UUID) -> UpperRequest:
    row = lock_request(actor, request)
    if row.state != rules.DRAFT:
        raise rules.NotNow(row.state, "edit")
    return row


def _texts(**values: str) -> dict[str, Any]:
    given = {name: " ".join(text.split()) for name, text in values.items()}
    wrong = {
        name: [_("Write this in at most %(most)d characters.") % {"most": LONGEST[name]}]
        for name, text in given.items()
        if len(text) > LONGEST[name]
    }
    if not given["label"]:
        wrong["label"] = [_("Say what is to be known.")]
    if wrong:
        raise Invalid(fields=wrong)
    return given


def _put(row: UpperRequest, field: UUID | None, values: dict[str, Any]) -> RequestField:
    values |= {"label_digest": requests_alike.digest(values["label"])}
    if field is None:
        if row.fields.count() >= rules.MOST_FIELDS:
            raise TooManyFields
        last = row.fields.aggregate(n=Max("position"))["n"] or 0
        made = RequestField.objects.create(request=row, position=last + 1, **values)
        act().target(row, "field added", {"label": [None, made.label], "how": [None, made.how]})
    else:
        found = row.fields.filter(pk=field).first()
        if found is None:
            raise Missing
        before = (found.label, found.how)
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))
        made = found
        act().target(row, "field changed", {"label": [before[0], made.label], "how": [before[1], made.how]})
    _touch(row)
    return made


def _touch(row: UpperRequest) -> None:
    row.version += 1
    row.save(update_fields=["version"])
