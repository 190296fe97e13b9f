"""A draft of rules: what it must say before it is published, with a sentence for each thing missing or wrong."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from lianxin.domain.points.rules.day_words import day_words
from lianxin.domain.points.rules.deciding import SUBJECTS
from lianxin.domain.points.rules.windows import EVERY

SHORTEST_NOTICE = timedelta(days=7)
MOST_ITEMS = 100
MOST_POINTS = 100_000
MOST_PER_ACT = 1_000_000
MOST_QUANTITY = 100_000
LONGEST_MONTHS = 120
AWARDERS = ("community_staff", "volunteer", "host")
UNITS = ("times", "minutes", "people", "kilograms", "days")
EXPIRY = ("yearly", "rolling", "never")
SPLIT = ("stay", "share")
MOVE = ("follow", "expire")
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

DAYS = ("minutes_on", "notice_from", "notice_until", "effective_from")
TEXTS = {"title": 120, "minutes_title": 200, "minutes_text": 20_000}
NUMBERS = {
    "attended": (1, 1_000_000),
    "in_favour": (0, 1_000_000),
    "second_person_above": (0, MOST_POINTS),
    "identity_check_above": (0, MOST_PER_ACT),
    "expiry_months": (0, LONGEST_MONTHS),
    "estate_days": (0, 3_650),
    "reserve_days": (1, 90),
    "offline_points": (0, MOST_POINTS),
    "objection_days": (7, 60),
}
CHOICES = {"expiry": EXPIRY, "split": SPLIT, "move": MOVE}
ITEM_TEXTS = {"title": (80, True), "meaning": (300, False), "evidence": (200, False)}
ITEM_NUMBERS = {"points": (1, MOST_POINTS), "per": (1, MOST_QUANTITY), "most_quantity": (1, MOST_QUANTITY)}
KEYS = frozenset({*DAYS, *TEXTS, *NUMBERS, *CHOICES, "allows_deductions", "items"})

Problems = dict[str, list[str]]


def check_shape(content: Any) -> Problems:
    """Say what keeps this from being kept as a draft at all; a draft may be incomplete, but not of another form."""
    if not isinstance(content, Mapping):
        return {"content": [_("A draft is a form with fields.")]}
    problems: Problems = {}
    for name in content:
        if name not in KEYS:
            problems[str(name)] = [_("The rules have no such field.")]
    items = content.get("items", [])
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        problems["items"] = [_("Items are a list.")]
    elif len(items) > MOST_ITEMS:
        problems["items"] = [_("Rules have at most %(most)d items.") % {"most": MOST_ITEMS}]
    return problems


def check_draft(content: Mapping[str, Any], *, today: date, after: date | None = None) -> Problems:
    """Say, field by field, what keeps a draft from being published today.

    Items are named "items.0.points", caps "items.0.caps.0.points". `after` is the day on which the version before it
    began.
    """
    problems = check_shape(content)
    if problems:
        return problems
    for name, longest in TEXTS.items():
        _text(problems, name, content.get(name), longest, needed=True)
    for name, (least, most) in NUMBERS.items():
        _number(problems, name, content.get(name), least, most)
    for name, choices in CHOICES.items():
        if content.get(name) not in choices:
            problems[name] = [_("Choose one of the answers.")]
    if not isinstance(content.get("allows_deductions", False), bool):
        problems["allows_deductions"] = [_("Say yes or no.")]
    _check_votes(problems, content)
    _check_days(problems, content, today, after)
    _check_expiry(problems, content)
    items = content.get("items", [])
    if not items:
        problems["items"] = [_("Rules need at least one item.")]
    _check_items(problems, items)
    return problems


def day_of(value: Any) -> date | None:
    """Read a day of a draft, or None."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _text(problems: Problems, name: str, value: Any, longest: int, *, needed: bool) -> None:
    if not isinstance(value, str | None):
        problems[name] = [_("Write text here.")]
    elif needed and not (value or "").strip():
        problems[name] = [_("This is missing.")]
    elif len(value or "") > longest:
        problems[name] = [_("Longer than %(most)d characters.") % {"most": longest}]


def _number(problems: Problems, name: str, value: Any, least: int, most: int) -> bool:
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return True
    problems[name] = [_("Give a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}]
    return False


def _check_votes(problems: Problems, content: Mapping[str, Any]) -> None:
    if "attended" in problems or "in_favour" in problems:
        return
    if content["in_favour"] > content["attended"]:
        problems["in_favour"] = [_("More voted for it than were there.")]
    elif content["in_favour"] * 2 <= content["attended"]:
        problems["in_favour"] = [_("The assembly adopts rules with more than half of the votes of those present.")]


def _check_days(problems: Problems, content: Mapping[str, Any], today: date, after: date | None) -> None:
    days = {name: day_of(content.get(name)) for name in DAYS}
    for name, day in days.items():
        if day is None:
            problems[name] = [_("Choose a day.")]
    held, first, last, begins = (days[name] for name in DAYS)
    if held is not None and held > today:
        problems["minutes_on"] = [_("The assembly has not met yet.")]
    if first is not None and first < today:
        problems["notice_from"] = [_("The notice begins today or later.")]
    if held is not None and held <= today and first is not None and first < held:
        problems["notice_from"] = [_("The notice begins after the assembly.")]
    if first is not None and last is not None and last - first + timedelta(days=1) < SHORTEST_NOTICE:
        problems["notice_until"] = [_("The notice lasts at least %(days)d days.") % {"days": SHORTEST_NOTICE.days}]
    if last is not None and begins is not None and begins <= last:
        problems["effective_from"] = [_("The rules begin after the last day of the notice.")]
    if after is not None and begins is not None and begins <= after and "effective_from" not in problems:
        problems["effective_from"] = [
            _("The rules before these begin on %(day)s. Choose a later day.") % {"day": day_words(after)}
        ]


def _check_expiry(problems: Problems, content: Mapping[str, Any]) -> None:
    if "expiry" in problems or "expiry_months" in problems:
        return
    months = content["expiry_months"]
    if content["expiry"] == "yearly" and months % 12:
        problems["expiry_months"] = [_("Points that end with a year are valid for whole years: 0, 12 or 24 months.")]
    if content["expiry"] == "rolling" and not months:
        problems["expiry_months"] = [_("Say for how many months points are valid.")]


def _check_items(problems: Problems, items: Sequence[Mapping[str, Any]]) -> None:
    seen: set[str] = set()
    for place, item in enumerate(items):
        name = f"items.{place}"
        code = item.get("code")
        if not isinstance(code, str) or not CODE.fullmatch(code):
            problems[f"{name}.code"] = [_("Give a short name of small letters, digits and hyphens.")]
        elif code in seen:
            problems[f"{name}.code"] = [_("Two items have this name.")]
        else:
            seen.add(code)
        kind = item.get("act_kind")
        if not isinstance(kind, str) or not kind or len(kind) > 40:
            problems[f"{name}.act_kind"] = [_("Say which kind of act this is for.")]
        for field, (longest, needed) in ITEM_TEXTS.items():
            _text(problems, f"{name}.{field}", item.get(field), longest, needed=needed)
        good = [
            _number(problems, f"{name}.{field}", item.get(field), *bounds) for field, bounds in ITEM_NUMBERS.items()
        ]
        if all(good):
            _check_amounts(problems, name, item)
        if item.get("unit") not in UNITS:
            problems[f"{name}.unit"] = [_("Choose what is counted.")]
        awarders = item.get("awarders", [])
        if not isinstance(awarders, list) or any(role not in AWARDERS for role in awarders):
            problems[f"{name}.awarders"] = [_("Choose who may give these points.")]
        if item.get("valid_months") is not None:
            _number(problems, f"{name}.valid_months", item["valid_months"], 1, LONGEST_MONTHS)
        _check_caps(problems, f"{name}.caps", item.get("caps", []), item["points"] if good[0] else 1)


def _check_amounts(problems: Problems, name: str, item: Mapping[str, Any]) -> None:
    if item["most_quantity"] < item["per"]:
        problems[f"{name}.most_quantity"] = [_("This is less than what the first points are given for.")]
    elif item["points"] * (item["most_quantity"] // item["per"]) > MOST_PER_ACT:
        problems[f"{name}.most_quantity"] = [
            _("One act could earn more than %(most)d points.") % {"most": MOST_PER_ACT}
        ]


def _check_caps(problems: Problems, name: str, caps: Any, points: int) -> None:
    if not isinstance(caps, list) or not all(isinstance(cap, Mapping) for cap in caps):
        problems[name] = [_("Limits are a list.")]
        return
    known: dict[tuple[str, str], int] = {}
    for place, cap in enumerate(caps):
        key = (cap.get("subject"), cap.get("every"))
        if key[0] not in SUBJECTS or key[1] not in EVERY:
            problems[f"{name}.{place}.subject"] = [_("Choose for whom and for which time the limit holds.")]
            continue
        if key in known:
            problems[f"{name}.{place}.subject"] = [_("There is a limit for this already.")]
            continue
        if not _number(problems, f"{name}.{place}.points", cap.get("points"), 1, MOST_PER_ACT):
            continue
        known[key] = cap["points"]
        sentence = _why_not_sensible(key, cap["points"], points, known)
        if sentence:
            problems[f"{name}.{place}.points"] = [sentence]


def _why_not_sensible(key: tuple[str, str], most: int, points: int, known: Mapping[tuple[str, str], int]) -> str:
    """Say why a limit makes no sense beside the item's points and the other limits, or nothing."""
    subject, every = key
    if most < points:
        return _("The limit is less than what is given once.")
    # Weeks lie across months, yet no month's limit below a week's makes sense either.
    for (other, window), limit in known.items():
        shorter = EVERY.index(window) < EVERY.index(every)
        if other == subject and window != every and ((limit > most) if shorter else (limit < most)):
            return _("The limit of a longer time is not below that of a shorter one.")
        wider = SUBJECTS.index(other) - SUBJECTS.index(subject)
        if window == every and {other, subject} == {"household", "person"} and wider:
            of_person, of_household = (most, limit) if subject == "person" else (limit, most)
            if of_person > of_household:
                return _("The limit of a person is not above that of the household.")
        if window == every and "book" in (other, subject) and other != subject:
            of_book, of_other = (most, limit) if subject == "book" else (limit, most)
            if of_book < of_other:
                return _("The limit of the whole community is not below that of a household or person.")
    return ""
