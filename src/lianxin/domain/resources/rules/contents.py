"""What an offer says, and sentences for what cannot be."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.resources.models import Offer

MOST_METRES = 60_000
MOST_FEN = 100_000_000
MOST_NUMBER = 100_000
MOST_TIMES = 400
LEVELS = (1, 2, 3)

Weekly = tuple[int, time, time]
Stretch = tuple[date, date, str]


@dataclass(frozen=True, slots=True)
class OfferContent:
    """Everything that somebody enters about an offer; `categories` are (code, level 1-3)."""

    kind: str
    title: str
    from_on: date
    categories: Sequence[tuple[str, int]]
    organisation: UUID | None = None
    person: UUID | None = None
    description: str = ""
    conditions: str = ""
    contact_name: str = ""
    venue: UUID | None = None
    place: str = ""
    needs_venue: bool = True
    seats: int = 20
    least_people: int = 1
    minutes: int = 120
    times: int = 1
    every: str = Offer.Every.MONTH
    quantity: int | None = None
    unit: str = ""
    cost_fen: int = 0
    reach: str = Offer.Reach.COMMUNITY
    reach_metres: int | None = None
    until_on: date | None = None
    weekly: Sequence[Weekly] = ()
    exceptions: Sequence[Stretch] = ()
    only: Sequence[UUID] = ()
    never: Sequence[UUID] = ()


@dataclass(slots=True)
class _Problems:
    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, sentence: str) -> None:
        self.found.setdefault(name, []).append(sentence)

    def text(self, name: str, value: str, most: int) -> None:
        if len(value) > most:
            self.add(name, _("At most %(most)d characters.") % {"most": most})

    def number(self, name: str, value: int | None, least: int, most: int, sentence: str) -> None:
        if value is not None and not least <= value <= most:
            self.add(name, sentence)


def problems_of(content: OfferContent, *, categories: Collection[str]) -> dict[str, list[str]]:
    """Give sentences by field for what is wrong; `categories` are the codes in use."""
    wrong = _Problems()
    _check_words(content, wrong)
    _check_amounts(content, wrong)
    _check_days(content, wrong)
    _check_reach(content, wrong)
    _check_categories(content, wrong, categories)
    return wrong.found


def _check_words(content: OfferContent, wrong: _Problems) -> None:
    if content.kind not in Offer.Kind.values:
        wrong.add("kind", _("Say what is offered: a place, a skill, goods, helping hands or money."))
    if not content.title.strip():
        wrong.add("title", _("Say in a few words what is offered."))
    for name, most in (
        ("title", 80),
        ("description", 500),
        ("conditions", 300),
        ("contact_name", 40),
        ("place", 120),
        ("unit", 20),
    ):
        wrong.text(name, getattr(content, name), most)
    if (content.organisation is None) == (content.person is None):
        wrong.add("organisation", _("Say who gives it: one organisation, or one person."))
    if content.venue is not None and content.place.strip():
        wrong.add("place", _("Choose one of our places, or describe another one, not both."))
    if content.kind == Offer.Kind.VENUE and content.venue is None and not content.place.strip():
        wrong.add("place", _("Say where the place is."))


def _check_amounts(content: OfferContent, wrong: _Problems) -> None:
    wrong.number(
        "seats",
        content.seats,
        1,
        MOST_NUMBER,
        _("Enter for how many people it is enough at one time: 1 or more."),
    )
    wrong.number("least_people", content.least_people, 1, MOST_NUMBER, _("At least one person has to come."))
    if content.seats >= 1 and content.least_people > content.seats:
        wrong.add("least_people", _("No more people can be asked for than it is enough for."))
    wrong.number("minutes", content.minutes, 1, 1440, _("One time lasts from one minute to one day."))
    wrong.number("times", content.times, 1, MOST_TIMES, _("Enter how often it can be had: once or more."))
    wrong.number("quantity", content.quantity, 1, 10 * MOST_NUMBER, _("Enter how much there is: 1 or more."))
    wrong.number("cost_fen", content.cost_fen, 0, MOST_FEN, _("What it costs cannot be less than nothing."))
    if content.every not in Offer.Every.values:
        wrong.add("every", _("Choose whether that is a week, a month, a quarter, or in all."))
    if content.kind in (Offer.Kind.GOODS, Offer.Kind.MONEY) and content.quantity is None:
        wrong.add("quantity", _("Enter how much there is: 1 or more."))


def _check_days(content: OfferContent, wrong: _Problems) -> None:
    if content.until_on is not None and content.until_on < content.from_on:
        wrong.add("until_on", _("The last day lies before the first one. Perhaps they are turned round."))
    spans: dict[int, list[tuple[time, time]]] = {}
    for weekday, starts, ends in content.weekly:
        if weekday not in range(7):
            wrong.add("weekly", _("A weekday is missing."))
        elif ends <= starts:
            wrong.add(
                "weekly",
                _("%(starts)s to %(ends)s ends before it begins.")
                % {"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"},
            )
        elif any(starts < to and ends > since for since, to in spans.setdefault(weekday, [])):
            wrong.add("weekly", _("Two of the times of one weekday overlap."))
        else:
            spans[weekday].append((starts, ends))
    for first, last, reason in content.exceptions:
        if last < first:
            wrong.add("exceptions", _("The last day lies before the first one. Perhaps they are turned round."))
        wrong.text("exceptions", reason, 100)


def _check_reach(content: OfferContent, wrong: _Problems) -> None:
    if content.reach not in Offer.Reach.values:
        wrong.add("reach", _("Say how far it goes."))
    if content.reach == Offer.Reach.RADIUS:
        if content.reach_metres is None:
            wrong.add("reach_metres", _("Enter within how many metres it can be had."))
        wrong.number(
            "reach_metres",
            content.reach_metres,
            50,
            MOST_METRES,
            _("Enter a distance from 50 to %(most)d metres.") % {"most": MOST_METRES},
        )
    if set(content.only) & set(content.never):
        wrong.add("never", _("A community cannot be named both as the only one and as one it never goes to."))


def _check_categories(content: OfferContent, wrong: _Problems, categories: Collection[str]) -> None:
    codes = [code for code, _level in content.categories]
    if not codes:
        wrong.add("categories", _("Choose at least one category of service that it can serve."))
    for code, level in content.categories:
        if code not in categories:
            wrong.add(
                "categories", _("“%(code)s” is no category of service. Choose one of the list.") % {"code": code[:20]}
            )
        elif level not in LEVELS:
            wrong.add("categories", _("How well it serves a category is 1, 2 or 3."))
    if len(set(codes)) < len(codes):
        wrong.add("categories", _("A category is named twice."))
