"""What a new date starts with, and what a date may look like; times are those of the wall clock in Shanghai."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Invalid

MOST_MINUTES = 3 * 24 * 60
MOST_SIZE = 20_000
MOST_LIMITS = 6
MOST_SHIFTS = 8
MOST_STARTS = 6
FIRST_FOR = ("", "neighbours", "newcomers")
# Fields that a calendar must know of: a change raises SEQUENCE and is told to those who signed up.
TELLING = frozenset({"starts_at", "ends_at", "venue", "place"})


@dataclass(frozen=True)
class LimitPlan:
    """A limit beside the seats: a kind of place with its own number."""

    name: str
    size: int
    min_age: int | None = None
    max_age: int | None = None


@dataclass(frozen=True)
class ShiftPlan:
    """Volunteers needed at each date: what they do, how many at least and at most, and how much earlier they come."""

    role: str
    least: int = 1
    most: int = 2
    what: str = ""
    skills: tuple[str, ...] = ()
    team: UUID | None = None
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Plan:
    """The fields that every new date of an activity starts with."""

    starts: tuple[time, ...] = (time(9, 0),)
    minutes: int = 90
    venue: UUID | None = None
    room: UUID | None = None
    place: str = ""
    takes_sign_ups: bool = True
    size: int | None = None
    household_most: int | None = None
    waiting_most: int | None = None
    # Sign-up opens so many days before the date, none: when it is published; it closes so many minutes before.
    sign_up_days: int | None = None
    sign_up_closes: int = 0
    first_for: str = ""
    first_hours: int = 24
    offer_minutes: int = 720
    is_drawn: bool = False
    early_minutes: int = 60
    late_minutes: int = 120
    has_check_out: bool = False
    lets_everybody_in: bool = False
    skips_closed: bool = True
    limits: tuple[LimitPlan, ...] = ()
    shifts: tuple[ShiftPlan, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give a plain dictionary of what differs from an empty plan, that `read` turns back into this one."""
        empty, values = Plan(), {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value != getattr(empty, one.name):
                values[one.name] = _plain(value)
        return values

    def with_changes(self, change: Mapping[str, Any]) -> "Plan":
        """Give this plan with some fields changed; raises Invalid for what cannot be."""
        unknown = set(change) - NAMES
        if unknown:
            raise Invalid(fields={name: [_("This cannot be changed here.")] for name in sorted(unknown)})
        return checked(replace(self, **change))


NAMES = frozenset(one.name for one in fields(Plan))


def _plain(value: Any) -> Any:
    if isinstance(value, LimitPlan | ShiftPlan):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value) if isinstance(value, UUID) else value


def read(values: Mapping[str, Any]) -> Plan:
    """Read a stored plan; raises Invalid with a sentence for what cannot be."""
    given = {name: value for name, value in values.items() if name in NAMES}
    for name in ("venue", "room"):
        if given.get(name):
            given[name] = UUID(str(given[name]))
    if "starts" in given:
        given["starts"] = tuple(time.fromisoformat(str(start)) for start in given["starts"])
    given["limits"] = tuple(LimitPlan(**limit) for limit in given.get("limits", ()))
    given["shifts"] = tuple(
        ShiftPlan(
            **{
                **shift,
                "skills": tuple(shift.get("skills", ())),
                "team": UUID(str(shift["team"])) if shift.get("team") else None,
            }
        )
        for shift in given.get("shifts", ())
    )
    return Plan(**given)


def checked(plan: Plan) -> Plan:
    """Give the plan back; raises Invalid with a sentence for each field that cannot be."""
    problems: dict[str, list[str]] = {}
    for name, sentence in _problems(plan):
        problems.setdefault(name, []).append(sentence)
    if problems:
        raise Invalid(fields=problems)
    return plan


def _problems(plan: Plan) -> Iterator[tuple[str, str]]:
    if not 1 <= len(plan.starts) <= MOST_STARTS:
        yield "starts", _("Give one to %(most)d times of the day.") % {"most": MOST_STARTS}
    elif any(
        _minutes(later) - _minutes(earlier) < plan.minutes
        for earlier, later in zip(sorted(plan.starts), sorted(plan.starts)[1:], strict=False)
    ):
        yield "starts", _("Two times of one day overlap. Leave at least the length between them.")
    if not 5 <= plan.minutes <= MOST_MINUTES:
        yield "minutes", _("It lasts between 5 minutes and 3 days.")
    if len(plan.place) > 120:
        yield "place", _("At most %(most)d characters.") % {"most": 120}
    if plan.venue is None and plan.room is not None:
        yield "room", _("A room belongs to a place: choose the place first.")
    yield from number_problems(plan)
    if plan.sign_up_days is not None and not 0 <= plan.sign_up_days <= 365:
        yield "sign_up_days", _("Sign-up opens at most a year before.")
    if not 0 <= plan.sign_up_closes <= 60 * 24 * 60:
        yield "sign_up_closes", _("Sign-up closes at most 60 days before.")
    if plan.sign_up_days is not None and plan.sign_up_closes >= plan.sign_up_days * 1440 > 0:
        yield "sign_up_closes", _("Sign-up would close before it opens.")
    if plan.first_for not in FIRST_FOR:
        yield "first_for", _("Choose who may sign up first.")
    elif plan.first_for and not 1 <= plan.first_hours <= 24 * 14:
        yield "first_hours", _("The first hours are 1 to 336.")
    if plan.first_for and plan.is_drawn:
        yield "first_for", _("In a draw everybody has the same chance: leave out the first hours.")
    if plan.is_drawn and plan.size is None:
        yield "size", _("A draw needs the number of places.")
    yield from _limit_problems(plan)
    yield from _shift_problems(plan)


def number_problems(one: Any) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the numbers that plans and dates share."""
    for name, least, most in (
        ("size", 1, MOST_SIZE),
        ("household_most", 1, 50),
        ("waiting_most", 0, MOST_SIZE),
        ("offer_minutes", 15, 7 * 1440),
        ("early_minutes", 0, 1440),
        ("late_minutes", 0, 1440),
    ):
        value = getattr(one, name)
        if value is None and name in ("size", "household_most", "waiting_most"):
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield name, _("A whole number from %(least)d to %(most)d.") % {"least": least, "most": most}


def _limit_problems(plan: Plan) -> Iterator[tuple[str, str]]:
    if len(plan.limits) > MOST_LIMITS:
        yield "limits", _("At most %(most)d kinds of places.") % {"most": MOST_LIMITS}
    names = [limit.name.strip() for limit in plan.limits]
    if any(not 1 <= len(name) <= 40 for name in names):
        yield "limits", _("Each kind of place has a name of at most 40 characters.")
    if len(set(names)) < len(names):
        yield "limits", _("Two kinds of places have the same name.")
    for limit in plan.limits:
        if not 1 <= limit.size <= MOST_SIZE:
            yield "limits", _("“%(name)s” needs a number of places, at least 1.") % {"name": limit.name}
        if limit.min_age is not None and limit.max_age is not None and limit.max_age < limit.min_age:
            yield "limits", _("The ages of “%(name)s” are the wrong way round.") % {"name": limit.name}


def _shift_problems(plan: Plan) -> Iterator[tuple[str, str]]:
    if len(plan.shifts) > MOST_SHIFTS:
        yield "shifts", _("At most %(most)d kinds of volunteers.") % {"most": MOST_SHIFTS}
    for shift in plan.shifts:
        if not 1 <= len(shift.role.strip()) <= 40:
            yield "shifts", _("Say in at most 40 characters what the volunteers do.")
        if not 0 <= shift.least <= shift.most or shift.most < 1:
            yield (
                "shifts",
                _("Of “%(role)s” at least %(least)d and at most %(most)d: check the two numbers.")
                % {
                    "role": shift.role,
                    "least": shift.least,
                    "most": shift.most,
                },
            )
        if not (0 <= shift.before <= 600 and 0 <= shift.after <= 600):
            yield "shifts", _("Volunteers come at most 10 hours before and stay at most 10 hours after.")


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def date_values(plan: Plan, on: date, start: time) -> dict[str, Any]:
    """Give the fields of a new date of a plan."""
    starts_at = local_moment(on, start)
    values: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=plan.minutes),
        "venue_id": plan.venue,
        "room_id": plan.room,
        "place": plan.place.strip(),
        "takes_sign_ups": plan.takes_sign_ups,
        **{
            name: getattr(plan, name)
            for name in (
                "size",
                "household_most",
                "waiting_most",
                "offer_minutes",
                "early_minutes",
                "late_minutes",
                "has_check_out",
                "lets_everybody_in",
            )
        },
        "is_drawn": plan.is_drawn and plan.takes_sign_ups,
        "first_for": plan.first_for if plan.takes_sign_ups else "",
    }
    values |= window(plan, starts_at)
    if values["first_for"]:
        values["first_until"] = (values["sign_up_from"] or starts_at) + timedelta(hours=plan.first_hours)
        values["first_until"] = min(values["first_until"], starts_at)
    return values


def window(plan: Plan, starts_at: datetime) -> dict[str, datetime | None]:
    """Give from when until when one can sign up for a date of a plan."""
    opens = None if plan.sign_up_days is None else starts_at - timedelta(days=plan.sign_up_days)
    closes = starts_at - timedelta(minutes=plan.sign_up_closes)
    return {
        "sign_up_from": opens if plan.takes_sign_ups else None,
        "sign_up_until": closes if plan.takes_sign_ups and (plan.sign_up_closes or plan.is_drawn) else None,
    }


def date_problems(one: Any) -> Iterator[tuple[str, str]]:
    """Yield what cannot be about a date (an Occurrence or anything with its fields)."""
    if one.ends_at <= one.starts_at:
        yield "ends_at", _("The end must lie after the start.")
    elif one.ends_at - one.starts_at > timedelta(minutes=MOST_MINUTES):
        yield "ends_at", _("It lasts between 5 minutes and 3 days.")
    for name, most in (("title", 80), ("note", 300), ("place", 120)):
        if len(getattr(one, name)) > most:
            yield name, _("At most %(most)d characters.") % {"most": most}
    yield from number_problems(one)
    if one.venue_id is None and one.room_id is not None:
        yield "room", _("A room belongs to a place: choose the place first.")
    if one.sign_up_until is not None and one.sign_up_until > one.ends_at:
        yield "sign_up_until", _("Sign-up closes at the end at the latest.")
    if one.sign_up_from is not None and one.sign_up_from >= (one.sign_up_until or one.ends_at):
        yield "sign_up_from", _("Sign-up would close before it opens.")
    if one.first_for not in FIRST_FOR:
        yield "first_for", _("Choose who may sign up first.")
    elif bool(one.first_for) != (one.first_until is not None):
        yield "first_until", _("Say until when only some may sign up.")
    elif one.first_until is not None and one.first_until > one.ends_at:
        yield "first_until", _("The first hours end before the date itself does.")
    if one.is_drawn and (one.size is None or one.sign_up_until is None):
        yield "is_drawn", _("A draw needs the number of places and the end of sign-up.")
    if one.is_drawn and one.first_for:
        yield "first_for", _("In a draw everybody has the same chance: leave out the first hours.")
