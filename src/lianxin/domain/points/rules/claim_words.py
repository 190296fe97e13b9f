"""What was decided about an act and why, in sentences."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.points.rules.day_words import day_words
from lianxin.domain.points.rules.deciding import BUDGET, MINUTES, OF_CAP, Item
from lianxin.domain.points.rules.expiry import NEVER


def rate_words(*, points: int, unit: str, per: int) -> str:
    """Say what an item gives: 5 points for each 60 minutes."""
    for_each = (
        ngettext("for each minute", "for each %(per)d minutes", per)
        if unit == MINUTES
        else ngettext("each time", "for each %(per)d times", per)
        if unit == "times"
        else ngettext("for each kilogram", "for each %(per)d kilograms", per)
        if unit == "kilograms"
        else ngettext("for each day", "for each %(per)d days", per)
        if unit == "days"
        else ngettext("for each person", "for each %(per)d people", per)
    ) % {"per": per}
    return ngettext("%(points)d point %(for_each)s", "%(points)d points %(for_each)s", points) % {
        "points": points,
        "for_each": for_each,
    }


def cap_words(*, subject: str, every: str, points: int) -> str:
    """Say a limit: at most 30 points a week for a household."""
    words = {
        ("household", "day"): _("at most %(points)d points a day for a household"),
        ("household", "week"): _("at most %(points)d points a week for a household"),
        ("household", "month"): _("at most %(points)d points a month for a household"),
        ("household", "year"): _("at most %(points)d points a year for a household"),
        ("person", "day"): _("at most %(points)d points a day for a person"),
        ("person", "week"): _("at most %(points)d points a week for a person"),
        ("person", "month"): _("at most %(points)d points a month for a person"),
        ("person", "year"): _("at most %(points)d points a year for a person"),
        ("book", "day"): _("at most %(points)d points a day in the whole community"),
        ("book", "week"): _("at most %(points)d points a week in the whole community"),
        ("book", "month"): _("at most %(points)d points a month in the whole community"),
        ("book", "year"): _("at most %(points)d points a year in the whole community"),
    }
    return words[subject, every] % {"points": points}


def decision_words(
    *,
    item: Item,
    quantity: int,
    asked: int,
    points: int,
    reason: str,
    expires_on: date | None,
    rules_number: int,
) -> list[str]:
    """Say what an item gives for an act, what of it is given, why it is less, and until when it is valid."""
    rate = rate_words(points=item.points, unit=item.unit, per=item.per)
    sentences = [
        _("Version %(number)d of the rules gives %(rate)s for “%(item)s”.")
        % {"number": rules_number, "rate": rate, "item": item.title},
        ngettext(
            "For %(quantity)d that comes to %(asked)d point.",
            "For %(quantity)d that comes to %(asked)d points.",
            asked,
        )
        % {"quantity": quantity, "asked": asked},
    ]
    if points < asked:
        sentences.append(_why_less(reason, asked - points))
    if points and expires_on is not None:
        if expires_on == NEVER:
            sentences.append(_("These points do not expire."))
        else:
            sentences.append(_("They are valid until %(day)s.") % {"day": day_words(expires_on)})
    return sentences


def _why_less(reason: str, missing: int) -> str:
    words = {
        "household": _("%(missing)d of them are not given: the household has reached the most for this time."),
        "person": _("%(missing)d of them are not given: the person has reached the most for this time."),
        "book": _("%(missing)d of them are not given: the community has reached the most for this time."),
    }
    if reason == BUDGET:
        return _("%(missing)d of them are not given: the budget has no more left.") % {"missing": missing}
    return words.get(_of(reason), _("%(missing)d of them are not given.")) % {"missing": missing}


def _of(reason: str) -> str:
    return next((subject for subject, word in OF_CAP.items() if word == reason), "")
