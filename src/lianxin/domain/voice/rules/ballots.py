"""What a ballot may say, and how ballots are counted: the same ballots give the same result."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lianxin.domain.voice.models import Vote
from lianxin.domain.voice.rules.assent_export import AssentRow, count
from lianxin.engines.ballots import consent, hands, schulze, scores
from lianxin.engines.ballots.assent import Choice, in_figures

Method = Vote.Method
Position = consent.Position
REASONED = (Position.CONCERN, Position.OBJECT)


@dataclass(frozen=True, slots=True)
class Paper:
    """One ballot that counts, without a name."""

    voter: str
    choice: Mapping[str, Any]
    reason: str = ""
    answered: bool = False


def wrong_choice(vote: Vote, choice: Mapping[str, Any], reason: str) -> dict[str, list[str]]:
    """Give what is wrong with a ballot, by field."""
    checks = {
        Method.ASSENT: _wrong_assent,
        Method.CONSENT: _wrong_consent,
        Method.HANDS: _wrong_hands,
        Method.SCORE: _wrong_scores,
        Method.SCHULZE: _wrong_order,
    }
    return checks[Method(vote.method)](vote, choice, reason)


def _wrong_assent(_vote: Vote, choice: Mapping[str, Any], _reason: str) -> dict[str, list[str]]:
    return {} if choice.get("choice") in list(Choice) else {"choice": [_("Choose agree, against or abstain.")]}


def _wrong_consent(_vote: Vote, choice: Mapping[str, Any], reason: str) -> dict[str, list[str]]:
    if choice.get("choice") not in list(Position):
        return {"choice": [_("Choose one of the four.")]}
    if choice["choice"] in REASONED and not reason.strip():
        return {"reason": [_("An objection and a concern need their reason.")]}
    return {}


def _wrong_hands(_vote: Vote, choice: Mapping[str, Any], _reason: str) -> dict[str, list[str]]:
    numbers = {name: choice.get(name) for name in ("present", "for", "against", "abstain")}
    wrong = {
        name: [_("Give a number of people from 0.")]
        for name, value in numbers.items()
        if not isinstance(value, int) or not 0 <= value <= 1_000_000
    }
    if wrong:
        return wrong
    raised = choice["for"] + choice["against"] + choice["abstain"]
    if raised > choice["present"]:
        words = _("%(raised)d hands were counted, and %(present)d people are present. Please count again.")
        return {"present": [words % {"raised": raised, "present": choice["present"]}]}
    return {}


def _wrong_scores(vote: Vote, choice: Mapping[str, Any], _reason: str) -> dict[str, list[str]]:
    codes, most = {one["code"] for one in vote.options}, most_points(vote)
    given: Any = choice.get("scores")
    if not isinstance(given, dict) or not given:
        return {"choice": [_("Give points to at least one choice.")]}
    if set(given) - codes:
        return {"choice": [_("This is no choice of this vote.")]}
    if any(not isinstance(points, int) or not 0 <= points <= most for points in given.values()):
        return {"choice": [_("Points go from 0 to %(most)d.") % {"most": most}]}
    return {}


def _wrong_order(vote: Vote, choice: Mapping[str, Any], _reason: str) -> dict[str, list[str]]:
    codes = {one["code"] for one in vote.options}
    order: Any = choice.get("order")
    if not isinstance(order, list) or not any(order):
        return {"choice": [_("Give at least one choice a place.")]}
    named = [code for tier in order for code in tier]
    if set(named) - codes or len(set(named)) < len(named):
        return {"choice": [_("Each choice stands in one place.")]}
    return {}


def most_points(vote: Vote) -> int:
    """Give the highest number of points."""
    return int(vote.terms.get("scale", [0, 5])[1])


def count_assent(rows: Sequence[AssentRow], *, weight: str, proxy_limit: int | None) -> dict[str, Any]:
    """Count an assent vote; the figures are those that `lianxin voice assent` works out."""
    result = count(rows, proxy_limit=proxy_limit)
    carried = result.carries_major if weight == Vote.Weight.MAJOR else result.carries_ordinary
    return {"carried": carried, "figures": in_figures(result), "flats": len(rows), "proxy_limit": proxy_limit}


def count_papers(vote: Vote, papers: Sequence[Paper]) -> dict[str, Any]:
    """Count any other vote."""
    quorum = int(vote.terms.get("quorum", 0))
    base = {"ballots": len(papers), "quorum": quorum, "eligible": int(vote.terms.get("eligible", 0))}
    counts = {
        Method.HANDS: _count_hands,
        Method.CONSENT: _count_consent,
        Method.SCORE: _count_scores,
        Method.SCHULZE: _count_order,
    }
    return base | counts[Method(vote.method)](vote, papers, quorum)


def _count_hands(_vote: Vote, papers: Sequence[Paper], quorum: int) -> dict[str, Any]:
    said = papers[-1].choice
    numbers = {"agree": said["for"], "against": said["against"], "abstain": said["abstain"]}
    found = hands.count_hands(present=said["present"], quorum=quorum, **numbers)
    return {
        "present": said["present"],
        **numbers,
        "silent": found.silent,
        "enough": found.enough,
        "carried": found.carried,
    }


def _count_consent(_vote: Vote, papers: Sequence[Paper], quorum: int) -> dict[str, Any]:
    voices = [consent.Voice(one.voter, Position(one.choice["choice"]), one.reason, one.answered) for one in papers]
    found = consent.hear(voices, quorum=quorum)
    sides = {side.value: sum(one.position is side for one in voices) for side in Position}
    return {
        **sides,
        "unanswered": len(found.objections),
        "enough": found.enough,
        "carried": found.stands,
    }


def _count_scores(vote: Vote, papers: Sequence[Paper], quorum: int) -> dict[str, Any]:
    codes = [one["code"] for one in vote.options]
    found = scores.score(codes, [one.choice["scores"] for one in papers], most=most_points(vote))
    order = [
        {"code": one.choice, "median": str(one.median), "mean": str(one.mean), "given": one.given} for one in found
    ]
    enough = len(papers) >= quorum
    first = [one.choice for one in found if (one.median, one.mean, one.given) == _rank_of(found[0]) and one.given]
    return {"order": order, "most": most_points(vote), "winners": first if enough else [], "enough": enough,
            "carried": enough and len(first) == 1}  # fmt: skip


def _rank_of(one: scores.Scored) -> tuple[Any, ...]:
    return one.median, one.mean, one.given


def _count_order(vote: Vote, papers: Sequence[Paper], quorum: int) -> dict[str, Any]:
    codes = [one["code"] for one in vote.options]
    placed = [
        ({code: place for place, tier in enumerate(one.choice["order"], 1) for code in tier}, 1) for one in papers
    ]
    found = schulze.rank(codes, placed)
    enough = len(papers) >= quorum
    return {
        "order": [list(tier) for tier in found.order],
        "preferred": {f"{a}>{b}": number for (a, b), number in sorted(found.preferred.items())},
        "winners": list(found.winners) if enough else [],
        "enough": enough,
        "carried": enough and len(found.winners) == 1,
    }


def papers_as_csv(vote: Vote, papers: Sequence[Paper]) -> bytes:
    """Write ballots as a table from which anybody can count again; voters are numbers, sorted so that none is known."""
    out = io.StringIO()
    writer = csv.writer(out)
    codes = [one["code"] for one in vote.options]
    headings = {
        Method.HANDS: ["present", "for", "against", "abstain"],
        Method.CONSENT: ["position", "reason", "answered"],
        Method.SCORE: codes,
        Method.SCHULZE: codes,
    }[Method(vote.method)]
    rows = sorted((_cells(vote, codes, one) for one in papers), key=lambda cells: [str(cell) for cell in cells])
    writer.writerow(["ballot", *headings])
    for number, cells in enumerate(rows, 1):
        writer.writerow([number, *cells])
    return out.getvalue().encode("utf-8-sig")


def _cells(vote: Vote, codes: Sequence[str], one: Paper) -> list[Any]:
    if vote.method == Method.HANDS:
        return [one.choice[name] for name in ("present", "for", "against", "abstain")]
    if vote.method == Method.CONSENT:
        return [one.choice["choice"], one.reason, "yes" if one.answered else ""]
    if vote.method == Method.SCORE:
        return [one.choice["scores"].get(code, "") for code in codes]
    places = {code: place for place, tier in enumerate(one.choice["order"], 1) for code in tier}
    return [places.get(code, "") for code in codes]
