"""What a draft asks, field by field: taken from what is known, or by hand with a reason."""

from dataclasses import dataclass, field, fields, replace
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


def _text(most: int) -> Any:
    """Declare a text that is kept without stray blanks, in at most so many characters."""
    return field(default="", metadata={"most": most})


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What somebody enters to have one thing known: the one place that a further entry is added to.

    Each name is a column of RequestField. A command says which of them it takes; the others stay empty.
    """

    label: str = _text(120)
    why: str = _text(300)
    unit: str = _text(20)
    again_words: str = _text(300)
    answer_type: str = ""
    measure: str = ""
    period: str = ""
    source: UUID | None = None

    def tidy(self) -> "Entry":
        """Give the entry with its texts as they are kept; raises Invalid with a sentence at each that is wrong."""
        limits = {one.name: one.metadata["most"] for one in fields(self) if one.metadata}
        given: dict[str, Any] = {name: " ".join(getattr(self, name).split()) for name in limits}
        wrong = {
            name: [_("Write this in at most %(most)d characters.") % {"most": limits[name]}]
            for name, text in given.items()
            if len(text) > limits[name]
        }
        if not given["label"]:
            wrong["label"] = [_("Say what is to be known.")]
        if wrong:
            raise Invalid(fields=wrong)
        return replace(self, **given)

    def columns(self) -> dict[str, Any]:
        """Give the columns that it fills, every one, so that what a field asked before leaves nothing behind."""
        return {f"{one.name}_id" if one.name == "source" else one.name: getattr(self, one.name) for one in fields(self)}


FIGURE_TAKES = ("measure", "period", "label", "why")
EARLIER_TAKES = ("source", "label", "why")
HAND_TAKES = ("label", "why", "answer_type", "unit", "again_words")


class TooManyFields(Refused):
    """A request asks for more than anybody can answer."""

    def __init__(self) -> None:
        super().__init__(_("One request may ask for %(most)d things at most.") % {"most": rules.MOST_FIELDS})


@command("reporting.ask_figure")
def ask_figure(
    *, actor: Actor, request: UUID, field: UUID | None = None, at: datetime, key: UUID | None = None, **entered: Any
) -> RequestField:
    """Take a known figure into a draft (or put it in place of a field): it is delivered without asking anyone."""
    entry = _entry(FIGURE_TAKES, entered)
    row = _draft(actor, request)
    found = requests_gate.find_measure(entry.measure)
    if found is None:
        words = _("There is no figure “%(name)s”: choose one of the list.") % {"name": entry.measure[:60]}
        raise Invalid(fields={"measure": [words]})
    if wrong := requests_periods.problem_with(entry.period, on=local_day(at)):
        raise Invalid(fields={"period": [wrong]})
    return _put(row, field, "figure", replace(entry, label=entry.label or str(found.label)[:120]).tidy())


@command("reporting.ask_earlier")
def ask_earlier(
    *, actor: Actor, request: UUID, field: UUID | None = None, at: datetime, key: UUID | None = None, **entered: Any
) -> RequestField:
    """Take the answers that communities gave to a field within the last year, instead of asking them again."""
    entry = _entry(EARLIER_TAKES, entered)
    row = _draft(actor, request)
    within = RequestField.objects.filter(
        how="hand", request__sent_at__gt=at - rules.ASKED_WITHIN, request__sent_at__lte=at
    )
    asked = within.filter(pk=entry.source).first() if entry.source else None
    if asked is None:
        raise Invalid(fields={"source": [_("This was not asked within the last year.")]})
    return _put(row, field, "earlier", replace(entry, label=entry.label or asked.label).tidy())


@command("reporting.ask_by_hand")
def ask_by_hand(
    *, actor: Actor, request: UUID, field: UUID | None = None, at: datetime, key: UUID | None = None, **entered: Any
) -> RequestField:
    """Ask communities for something by hand; what looks known or asked before needs a written reason."""
    entry = _entry(HAND_TAKES, {"answer_type": "text"} | entered)
    row = _draft(actor, request)
    entry = entry.tidy()
    if entry.answer_type not in RequestField.AnswerType.values:
        raise Invalid(
            fields={"answer_type": [_("“%(text)s” cannot be chosen here.") % {"text": entry.answer_type[:40]}]}
        )
    if not entry.why:
        raise Invalid(fields={"why": [_("Say why this is needed: who has to answer reads it.")]})
    found = requests_gate.find_alike(label=entry.label, at=at, but=row.pk, most=1)
    if found and not entry.again_words:
        words = _("This looks like “%(name)s”, a known figure: take that, or write why it must be asked.")
        if found[0].kind == requests_gate.ASKED:
            words = _("This looks like “%(name)s”, asked within a year: take what was answered, or write why again.")
        raise Invalid(fields={"again_words": [words % {"name": found[0].label}]})
    # A reason is kept only where there is something that it answers to.
    entry = entry if found else replace(entry, again_words="")
    return _put(row, field, "hand", entry, is_again=bool(found))


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


def _entry(takes: tuple[str, ...], entered: dict[str, Any]) -> Entry:
    """Read what a command was given; a name that it does not take is a mistake of whoever calls it."""
    if unknown := sorted(entered.keys() - set(takes)):
        raise TypeError(f"not taken here: {', '.join(unknown)}")
    return Entry(**entered)


def _put(row: UpperRequest, field: UUID | None, how: str, entry: Entry, *, is_again: bool = False) -> RequestField:
    values = entry.columns() | {
        "how": how,
        "is_again": is_again,
        "label_digest": requests_alike.digest(entry.label),
    }
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
