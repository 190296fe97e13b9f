"""What a vote is about and how it is held: read from a form, checked, and kept in one shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianxin.domain.voice.models import Vote

Method = Vote.Method
QUESTION_LONGEST, OPTION_LONGEST, MOST_OPTIONS, MOST_POINTS = 200, 80, 20, 10
NEEDS_OPTIONS = (Method.SCORE, Method.SCHULZE)
SECRET = (Method.CONSENT, Method.SCORE, Method.SCHULZE)
CODES = "abcdefghijklmnopqrst"


@dataclass(frozen=True)
class VoteContent:
    """What staff say of a vote before it opens."""

    question: str
    method: str
    weight: str = Vote.Weight.ORDINARY
    options: tuple[str, ...] = ()
    quorum: int = 0
    # For how many flats one proxy may speak; None: as many as trust them.
    proxy_limit: int | None = None
    most_points: int = 5
    # How many may vote, where there is no register; 0: not known.
    eligible: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    # Whether those who have a say may vote on a page; None: owners may, others come to the hall.
    on_page: bool | None = None
    # Whether the office may not see who voted what; owners' assent is always counted flat by flat.
    is_secret: bool = False


def wrong_with(content: VoteContent) -> dict[str, list[str]]:
    """Give what is wrong with a content, by field."""
    wrong: dict[str, list[str]] = {}
    question = content.question.strip()
    if not question:
        wrong["question"] = [_("What is voted on is missing.")]
    elif len(question) > QUESTION_LONGEST:
        wrong["question"] = [_("At most %(most)d characters.") % {"most": QUESTION_LONGEST}]
    if content.method not in Method.values:
        wrong["method"] = [_("Choose how the vote is held.")]
    if content.weight not in Vote.Weight.values:
        wrong["weight"] = [_("Choose which share is needed.")]
    if said := _wrong_options(content):
        wrong["options"] = [said]
    for name, value in (("quorum", content.quorum), ("eligible", content.eligible)):
        if not 0 <= value <= 1_000_000:
            wrong[name] = [_("Give a number of people from 0.")]
    if content.proxy_limit is not None and not 1 <= content.proxy_limit <= 10_000:
        wrong["proxy_limit"] = [_("Give a number of flats from 1, or leave it empty.")]
    if content.method == Method.SCORE and not 1 <= content.most_points <= MOST_POINTS:
        wrong["most_points"] = [_("Give a number from 1 to %(most)d.") % {"most": MOST_POINTS}]
    if content.opens_at and content.closes_at and content.closes_at <= content.opens_at:
        wrong["closes_at"] = [_("It ends before it begins.")]
    return wrong


def terms_of(content: VoteContent) -> dict[str, Any]:
    """Give the terms as the vote keeps them."""
    terms: dict[str, Any] = {"quorum": content.quorum, "eligible": content.eligible}
    if content.method == Method.ASSENT:
        terms = {"proxy_limit": content.proxy_limit}
    if content.method == Method.SCORE:
        terms["scale"] = [0, content.most_points]
    if content.method != Method.HANDS:
        terms["on_page"] = content.method == Method.ASSENT if content.on_page is None else content.on_page
    if content.is_secret and content.method in SECRET:
        terms["secret"] = True
    return terms


def options_of(content: VoteContent) -> list[dict[str, str]]:
    """Give the choices as the vote keeps them."""
    if content.method not in NEEDS_OPTIONS:
        return []
    return [{"code": CODES[at], "words": words} for at, words in enumerate(_plain(content.options))]


def content_of(vote: Vote) -> VoteContent:
    """Read a vote back as what staff said of it."""
    terms: Mapping[str, Any] = vote.terms
    return VoteContent(
        question=vote.question,
        method=vote.method,
        weight=vote.weight,
        options=tuple(one["words"] for one in vote.options),
        quorum=terms.get("quorum", 0),
        proxy_limit=terms.get("proxy_limit"),
        most_points=terms.get("scale", [0, 5])[1],
        eligible=terms.get("eligible", 0),
        opens_at=vote.opens_at,
        closes_at=vote.closes_at,
        on_page=terms.get("on_page"),
        is_secret=bool(terms.get("secret")),
    )


def _wrong_options(content: VoteContent) -> str:
    if content.method not in NEEDS_OPTIONS:
        return ""
    plain = _plain(content.options)
    if len(plain) < 2:
        return _("Write at least two choices, one a line.")
    if len(plain) > MOST_OPTIONS:
        return _("At most %(most)d choices.") % {"most": MOST_OPTIONS}
    if any(len(one) > OPTION_LONGEST for one in plain):
        return _("A choice has at most %(most)d characters.") % {"most": OPTION_LONGEST}
    if len(set(plain)) < len(plain):
        return _("One choice stands there twice.")
    return ""


def _plain(options: Sequence[str]) -> list[str]:
    return [plain for one in options if (plain := " ".join(one.split()))]
