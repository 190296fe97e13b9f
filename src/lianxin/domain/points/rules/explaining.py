"""Why a household has the points it has: sentences whose numbers add up to the balance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.points.rules.day_words import day_words

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the passbook: what was done, and the points it brought or took."""

    seq: int
    on: date
    kind: str
    what: str
    points: int
    rules_number: int | None = None
    given_by: str = ""
    expires: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class KeptAside:
    """Points that wait for something to be collected."""

    points: int
    until_on: date
    what: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A balance, the numbers it is made of, and the sentences that say so."""

    balance: int
    carried: int
    earlier_lines: int
    steps: tuple[Step, ...]
    lots: tuple[tuple[date, int], ...]
    kept_aside: tuple[KeptAside, ...]
    owed: int
    sentences: tuple[str, ...] = ()

    @property
    def held(self) -> int:
        """Give the points that are kept aside."""
        return sum(one.points for one in self.kept_aside)

    @property
    def free(self) -> int:
        """Give the points that can be spent now."""
        return self.balance - self.held

    @property
    def adds_up(self) -> bool:
        """Tell whether the lines, and the days until which points are valid, each come to exactly the balance."""
        from_lines = self.carried + sum(step.points for step in self.steps)
        return from_lines == self.balance == sum(points for _day, points in self.lots) and self.held <= self.balance


def act_words(*, title: str, quantity: int) -> str:
    """Write an act with how often it was done."""
    return title if quantity == 1 else _("%(what)s × %(quantity)d") % {"what": title, "quantity": quantity}


def explain(
    *,
    balance: int,
    carried: int,
    earlier_lines: int,
    steps: Sequence[Step],
    lots: Sequence[tuple[date, int]],
    kept_aside: Sequence[KeptAside],
    owed: int,
    on: date,
) -> Explained:
    """Say line by line how a balance came about, what of it is kept aside and until when the rest is valid."""
    bare = Explained(
        balance=balance,
        carried=carried,
        earlier_lines=earlier_lines,
        steps=tuple(steps),
        lots=tuple(lots),
        kept_aside=tuple(kept_aside),
        owed=owed,
    )
    sentences = [_("Your household has %(points)d points.") % {"points": balance}]
    if earlier_lines:
        sentences.append(
            _("%(points)d points were left from the %(count)d lines before these.")
            % {"points": carried, "count": earlier_lines}
        )
    sentences += [_step(step, on) for step in steps]
    sentences.append(_sum(bare))
    expired = -sum(step.points for step in steps if step.kind == "expire")
    if expired > 0:
        sentences.append(_("%(points)d points of these lines have expired.") % {"points": expired})
    sentences += [_kept(one, on) for one in kept_aside]
    if kept_aside:
        sentences.append(_("So you can use %(points)d points now.") % {"points": bare.free})
    sentences += [_valid(day, points, on) for day, points in lots]
    if owed:
        sentences.append(
            _("%(points)d points were taken back after they had been used; your next points settle them first.")
            % {"points": owed}
        )
    if not bare.adds_up:
        sentences.append(_("These numbers do not come to your balance. Please tell the community; it is looked into."))
    return replace(bare, sentences=tuple(sentences))


def _step(step: Step, near: date) -> str:
    points = abs(step.points)
    words = {"day": day_words(step.on, near=near), "what": step.what, "points": points}
    if step.points > 0:
        told = ngettext(
            "%(day)s, %(what)s: %(points)d point came in.", "%(day)s, %(what)s: %(points)d points came in.", points
        )
    else:
        told = ngettext(
            "%(day)s, %(what)s: %(points)d point went out.", "%(day)s, %(what)s: %(points)d points went out.", points
        )
    parts = [told % words]
    if step.rules_number is not None:
        parts.append(_("This follows version %(number)d of the rules.") % {"number": step.rules_number})
    if step.given_by:
        parts.append(_("Entered by: %(role)s.") % {"role": step.given_by})
    if step.points > 0 and step.expires:
        days = [
            _("%(points)d until %(day)s") % {"points": part, "day": day_words(day, near=near)}
            for day, part in step.expires
        ]
        parts.append(_("Valid: %(days)s.") % {"days": listed(days)})
    return reduce(lambda first, second: _("%(first)s %(second)s") % {"first": first, "second": second}, parts)


def listed(words: Iterable[str]) -> str:
    """Write things one after the other, as a sentence lists them."""
    return reduce(lambda first, second: _("%(first)s, %(second)s") % {"first": first, "second": second}, words)


def _sum(told: Explained) -> str:
    numbers = ([told.carried] if told.earlier_lines else []) + [step.points for step in told.steps]
    if not numbers:
        return _("There is no line in your passbook yet.")
    written = str(numbers[0]) + "".join(f" + {n}" if n >= 0 else f" − {-n}" for n in numbers[1:])
    return _("Together: %(numbers)s = %(sum)d.") % {"numbers": written, "sum": sum(numbers)}


def _kept(one: KeptAside, near: date) -> str:
    return _("%(points)d of them are kept aside until %(day)s: %(what)s.") % {
        "points": one.points,
        "day": day_words(one.until_on, near=near),
        "what": one.what,
    }


def _valid(day: date, points: int, on: date) -> str:
    days = (day - on).days
    words = {"points": points, "day": day_words(day, near=on), "days": days}
    if 0 <= days <= SOON_DAYS:
        return _("%(points)d points are valid until %(day)s, %(days)d days from now.") % words
    return _("%(points)d points are valid until %(day)s.") % words
