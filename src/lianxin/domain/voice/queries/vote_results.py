"""The result of a vote in plain words, with its bars: participation and approval apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianxin.domain.voice.models import Vote
from lianxin.domain.voice.rules.registers import square_metres
from lianxin.engines.ballots.assent import MAJOR, ORDINARY, PARTICIPATION

Method = Vote.Method


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its words, its length and where the line lies that is to be reached, in percent of the whole."""

    label: str
    said: str
    percent: float
    line: float | None = None
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class Part:
    """Some bars under a heading, with one sentence on what is needed and whether it is there."""

    title: str
    sentence: str
    is_reached: bool | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A result as it is told to everybody."""

    headline: str
    is_carried: bool
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


def tell(vote: Vote) -> Told:
    """Word the result of a closed vote."""
    result: Mapping[str, Any] = vote.result or {}
    tellers = {
        Method.ASSENT: _assent,
        Method.HANDS: _hands,
        Method.CONSENT: _consent,
        Method.SCORE: _scores,
        Method.SCHULZE: _order,
    }
    return tellers[Method(vote.method)](vote, result)


def percent_of(exact: str) -> float:
    """Give an exact share as percent, cut after two decimals: what is not reached never looks reached."""
    return floor(Fraction(exact) * 10_000) / 100


def _assent(vote: Vote, result: Mapping[str, Any]) -> Told:
    figures = result["figures"]
    is_major = vote.weight == Vote.Weight.MAJOR
    enough, carried = figures["took_part"]["enough"], result["carried"]
    if not enough:
        headline = _("Not carried: too few took part.")
    elif carried:
        headline = _("Carried.")
    else:
        headline = _("Not carried: too few of those who took part agree.")
    took, whole, agree = figures["took_part"], figures["whole"], figures["agree"]
    line = floor(PARTICIPATION * 10_000) / 100
    participation = Part(
        _("Who took part"),
        _("Two thirds of the owners and two thirds of the area must take part."),
        enough,
        (
            _heads(took, whole["heads"], line),
            _area(took, whole["area"], line),
        ),
    )
    needed = float(100 * (MAJOR if is_major else ORDINARY))
    is_agreed = figures["major" if is_major else "ordinary"]["carried"] if enough else None
    approval = Part(
        _("Who agrees"),
        _("Of those who took part, at least three quarters of the owners and of the area must agree.")
        if is_major
        else _("Of those who took part, more than half of the owners and of the area must agree."),
        is_agreed,
        (
            _heads(agree, took["heads"], needed),
            _area(agree, took["area"], needed),
        ),
    )
    against, abstain = figures["against"], figures["abstain"]
    notes = [
        _("Against: %(heads)d owners with %(area)s m². Abstained: %(others)d owners with %(their)s m².")
        % {
            "heads": against["heads"],
            "area": square_metres(against["area"]),
            "others": abstain["heads"],
            "their": square_metres(abstain["area"]),
        }
    ]
    if figures["split_heads"]:
        words = ngettext(
            "%(n)d owner has several flats that said different things: they took part and stand on no side.",
            "%(n)d owners have several flats that said different things: they took part and stand on no side.",
            figures["split_heads"],
        )
        notes.append(words % {"n": figures["split_heads"]})
    notes.append(_("Owners of several flats count once. A flat with several owners counts once too."))
    return Told(headline, carried, (participation, approval), tuple(notes))


def _heads(share: Mapping[str, Any], whole: int, line: float) -> Bar:
    percent = percent_of(share["heads_share"])
    said = _("%(part)d of %(whole)d owners, %(percent)s%%")
    return Bar(
        pgettext("vote", "Owners"), said % {"part": share["heads"], "whole": whole, "percent": percent}, percent, line
    )


def _area(share: Mapping[str, Any], whole: int, line: float) -> Bar:
    percent = percent_of(share["area_share"])
    said = _("%(part)s of %(whole)s m², %(percent)s%%")
    shown = {"part": square_metres(share["area"]), "whole": square_metres(whole), "percent": percent}
    return Bar(pgettext("vote", "Area"), said % shown, percent, line)


def _turnout(vote: Vote, result: Mapping[str, Any], came: int) -> Part:
    quorum, eligible = result["quorum"], result["eligible"]
    if quorum:
        sentence = _("At least %(n)d had to take part.") % {"n": quorum}
    else:
        sentence = _("Nobody said how many had to take part.")
    bars: tuple[Bar, ...] = ()
    if eligible:
        percent = min(100.0, floor(Fraction(came, eligible) * 10_000) / 100)
        said = _("%(part)d of %(whole)d, %(percent)s%%") % {"part": came, "whole": eligible, "percent": percent}
        line = min(100.0, 100 * quorum / eligible) if quorum else None
        bars = (Bar(_("Took part"), said, percent, line),)
    else:
        sentence = _("%(n)d took part.") % {"n": came} + " " + sentence
    return Part(_("Who took part"), sentence, result["enough"] if quorum else None, bars)


def _hands(vote: Vote, result: Mapping[str, Any]) -> Told:
    present = result["present"]
    sides = (
        (pgettext("vote", "For"), result["agree"], "done"),
        (pgettext("vote", "Against"), result["against"], "stop"),
        (pgettext("vote", "Abstained"), result["abstain"], "quiet"),
        (_("Raised no hand"), result["silent"], "quiet"),
    )
    approval = Part(
        _("Who agrees"),
        _("More hands for it than against it carry it."),
        result["carried"] if result["enough"] else None,
        tuple(_counted(label, number, present, tone) for label, number, tone in sides),
    )
    return Told(_headline(result), result["carried"], (_turnout(vote, result, present), approval))


def _consent(vote: Vote, result: Mapping[str, Any]) -> Told:
    sides = (
        (pgettext("vote", "Consent"), result["consent"], "done"),
        (_("Have a concern"), result["concern"], "due"),
        (pgettext("vote", "Object"), result["object"], "stop"),
        (_("Stand aside"), result["aside"], "quiet"),
    )
    approval = Part(
        _("Who agrees"),
        _("It stands when no objection is left without an answer."),
        result["unanswered"] == 0,
        tuple(_counted(label, number, result["ballots"], tone) for label, number, tone in sides),
    )
    answered = result["object"] - result["unanswered"]
    notes = (_("Objections that were answered: %(n)d") % {"n": answered},) if answered else ()
    return Told(_headline(result), result["carried"], (_turnout(vote, result, result["ballots"]), approval), notes)


def _scores(vote: Vote, result: Mapping[str, Any]) -> Told:
    words = {one["code"]: one["words"] for one in vote.options}
    bars = tuple(
        Bar(
            words[one["code"]],
            _("middle %(median)s of %(most)d points, mean %(mean)s, given by %(n)d")
            % {
                "median": one["median"],
                "most": result["most"],
                "mean": f"{float(Fraction(one['mean'])):.2f}",
                "n": one["given"],
            },
            100 * float(Fraction(one["median"])) / result["most"],
            tone="done" if one["code"] in result["winners"] else "info",
        )
        for one in result["order"]
    )
    sentence = _("The choice whose middle score is highest comes first; the mean only decides between equal ones.")
    return Told(
        _winner(vote, result),
        result["carried"],
        (_turnout(vote, result, result["ballots"]), Part(_("How the choices stand"), sentence, None, bars)),
    )


def _order(vote: Vote, result: Mapping[str, Any]) -> Told:
    words = {one["code"]: one["words"] for one in vote.options}
    first = result["order"][0][0]
    bars = tuple(
        Bar(
            _("%(place)d. %(choice)s") % {"place": place, "choice": words[code]},
            ""
            if code == first
            else _("%(first)s is put before it by %(n)d, the other way by %(m)d")
            % {
                "first": words[first],
                "n": result["preferred"][f"{first}>{code}"],
                "m": result["preferred"][f"{code}>{first}"],
            },
            100 * (1 - (place - 1) / max(1, len(words))),
            tone="done" if code in result["winners"] else "info",
        )
        for place, tier in enumerate(result["order"], 1)
        for code in tier
    )
    sentence = _("Every choice is compared with every other; first comes the one that most would rather have.")
    return Told(
        _winner(vote, result),
        result["carried"],
        (_turnout(vote, result, result["ballots"]), Part(_("How the choices stand"), sentence, None, bars)),
    )


def _counted(label: str, number: int, whole: int, tone: str) -> Bar:
    percent = floor(Fraction(number, whole) * 10_000) / 100 if whole else 0.0
    said = _("%(n)d, %(percent)s%%") % {"n": number, "percent": percent}
    return Bar(label, said, percent, tone=tone)


def _headline(result: Mapping[str, Any]) -> str:
    if result["carried"]:
        return _("Carried.")
    return _("Not carried.") if result["enough"] else _("Not carried: too few took part.")


def _winner(vote: Vote, result: Mapping[str, Any]) -> str:
    words = {one["code"]: one["words"] for one in vote.options}
    if not result["enough"]:
        return _("Not decided: too few took part.")
    if len(result["winners"]) == 1:
        return _("First: %(choice)s") % {"choice": words[result["winners"][0]]}
    if not result["winners"]:
        return _("Nothing was chosen.")
    return _("A tie: %(choices)s") % {"choices": "、".join(words[code] for code in result["winners"])}
