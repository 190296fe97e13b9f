"""The gate's rules: what a request needs before it may ask anybody, when it is a burden, and when it is over."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.engines.workdays import SHANGHAI, Calendar
from lianxin.platform.errors import Refused

DRAFT, SENT, CLOSED, EXPIRED, WITHDRAWN = "draft", "sent", "closed", "expired", "withdrawn"
NEXT: dict[tuple[str, str], str] = {
    (DRAFT, "send"): SENT,
    (SENT, "close"): CLOSED,
    (SENT, "expire"): EXPIRED,
    (SENT, "withdraw"): WITHDRAWN,
    (SENT, "renew"): SENT,
    (SENT, "open_round"): SENT,
}
MONTHS = {"once": 0, "monthly": 1, "quarterly": 3, "yearly": 12}
OFFICE_OPENS, OFFICE_CLOSES = time(8, 30), time(17, 30)
LONGEST_LIFE = timedelta(days=365)
ASKED_WITHIN = timedelta(days=365)
MOST_FIELDS = 40
NEED_FIELDS = ("form", "material")


class NotNow(Refused):
    """A request in this state takes no such step."""

    def __init__(self, state: str, what: str) -> None:
        self.state, self.what = state, what
        super().__init__(_("The request stands otherwise by now, so this cannot be done. Reload the page to see how."))


def after(state: str, what: str) -> str:
    """Give the state that a step leads to; raises NotNow."""
    if (state, what) not in NEXT:
        raise NotNow(state, what)
    return NEXT[state, what]


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A field as the gate sees it; `alike` names what is known or was asked and looks the same."""

    label: str
    how: str
    why: str = ""
    again_words: str = ""
    alike: str = ""
    twin: str = ""
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request as the gate sees it."""

    kind: str
    purpose: str
    approver: str
    due_at: datetime
    expires_on: date | None
    repeats: str
    fields: Sequence[FieldSeen]
    places: int


@dataclass(frozen=True, slots=True)
class Lack:
    """What a request still lacks: the name of its column (or "fields", "places") and a sentence that says it."""

    where: str
    words: str
    field: UUID | None = None


def is_known_only(fields: Sequence[FieldSeen]) -> bool:
    """Tell whether everything that is asked is known, so that nobody has to be asked."""
    return bool(fields) and all(one.how != "hand" for one in fields)


def lacks(asked: RequestSeen, *, at: datetime) -> list[Lack]:
    """List what stops a request at the gate; nothing when it may be sent."""
    found: list[Lack] = []
    if not asked.places:
        found.append(Lack("places", _("It names no community.")))
    if asked.kind in NEED_FIELDS and not asked.fields:
        found.append(Lack("fields", _("It asks for nothing yet: add what is to be known.")))
    found += _field_lacks(asked.fields)
    if is_known_only(asked.fields):
        return found
    if not asked.purpose:
        found.append(Lack("purpose", _("The purpose is missing: say what the answers will be used for.")))
    if not asked.approver:
        found.append(Lack("approver", _("Nobody approved it: name the office or the post that did.")))
    if asked.due_at <= at:
        found.append(Lack("due_at", _("The day by which it is due is over: choose a later one.")))
    found += expiry_lacks(asked.expires_on, due_at=asked.due_at, repeats=asked.repeats, at=at)
    return found


def _field_lacks(fields: Sequence[FieldSeen]) -> list[Lack]:
    found = []
    for one in fields:
        if one.how != "hand":
            continue
        named = {"label": one.label}
        if not one.why:
            found.append(Lack("fields", _("“%(label)s” does not say why it is asked.") % named, one.id))
        if one.twin:
            words = _("“%(label)s” and “%(other)s” ask the same: keep one of them.")
            found.append(Lack("fields", words % {"label": one.label, "other": one.twin}, one.id))
        elif one.alike and not one.again_words:
            words = _("“%(label)s” looks like “%(other)s”, which is known already: take that, or write why not.")
            found.append(Lack("fields", words % {"label": one.label, "other": one.alike}, one.id))
    return found


def expiry_lacks(expires_on: date | None, *, due_at: datetime, repeats: str, at: datetime) -> list[Lack]:
    """Say what is wrong with the last day of a request that asks somebody."""
    if expires_on is None:
        return [Lack("expires_on", _("It has no last day: say until when it is asked."))]
    if expires_on < local_day(due_at):
        return [Lack("expires_on", _("Its last day is before the day by which it is due."))]
    if expires_on > local_day(at) + LONGEST_LIFE:
        words = _("It may not be asked for longer than a year without a new approval: choose a day up to %(day)s.")
        return [Lack("expires_on", words % {"day": (local_day(at) + LONGEST_LIFE).isoformat()})]
    return []


def local_day(at: datetime) -> date:
    """Give the day in Shanghai on which a moment lies."""
    return at.astimezone(SHANGHAI).date()


def is_out_of_hours(at: datetime, *, calendar: Calendar) -> bool:
    """Tell whether something was sent when offices are closed: a night, a weekend, a holiday."""
    here = at.astimezone(SHANGHAI)
    return not (calendar.is_workday(here.date()) and OFFICE_OPENS <= here.time() < OFFICE_CLOSES)


def is_short_notice(sent_at: datetime, due_at: datetime, *, calendar: Calendar) -> bool:
    """Tell whether less than one working day lies between; what comes at night is read when the office opens."""
    start = sent_at.astimezone(SHANGHAI)
    if start.time() >= OFFICE_CLOSES:
        start = datetime.combine(start.date() + timedelta(days=1), OFFICE_OPENS, SHANGHAI)
    elif start.time() < OFFICE_OPENS:
        start = datetime.combine(start.date(), OFFICE_OPENS, SHANGHAI)
    if not calendar.is_workday(start.date()):
        start = datetime.combine(calendar.add_workdays(start.date(), days=1), OFFICE_OPENS, SHANGHAI)
    a_day_later = calendar.add_workdays(start.date(), days=1)
    return due_at < datetime.combine(a_day_later, start.time(), SHANGHAI)


def warnings(*, sent_at: datetime, due_at: datetime, communities: int, hands: int, calendar: Calendar) -> list[str]:
    """Say what sending now would weigh on whoever has to answer; none of it forbids it, all of it is counted."""
    found = []
    if hands:
        words = ngettext(
            "%(n)d answer will have to be typed in all.",
            "%(n)d answers will have to be typed in all.",
            hands * communities,
        )
        found.append(words % {"n": hands * communities})
    if is_out_of_hours(sent_at, calendar=calendar):
        found.append(_("It is sent out of working hours. This is counted."))
    if is_short_notice(sent_at, due_at, calendar=calendar):
        found.append(_("It leaves less than one working day. This is counted."))
    return found


def months_on(day: date, months: int) -> date:
    """Give the day so many months later; the 31st becomes the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def round_on(first_on: date, repeats: str, number: int) -> date | None:
    """Give the day from which the round of this number (the first is 1) is asked; None when it is asked once."""
    months = MONTHS[repeats] * (number - 1)
    if number > 1 and not months:
        return None
    return months_on(first_on, months)


def round_due(first_due: datetime, repeats: str, number: int, *, calendar: Calendar) -> datetime:
    """Give when the round of this number is due: as many months later, on a day on which offices work."""
    here = first_due.astimezone(SHANGHAI)
    if number == 1:
        return first_due
    day = calendar.add_workdays(months_on(here.date(), MONTHS[repeats] * (number - 1)), days=0)
    return datetime.combine(day, here.time(), SHANGHAI)
