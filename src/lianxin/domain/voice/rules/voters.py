"""Who may vote for themselves on a page, and the one sentence that says why somebody may not."""

import unicodedata
from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy

from lianxin.domain.people.rules.persons import age_on
from lianxin.domain.people.rules.proxies import ADULT_AT
from lianxin.domain.voice.models import Ballot, Vote
from lianxin.domain.voice.rules.vote_terms import SECRET

# What a link between two people has to cover before one votes for the other.
VOTE = "vote"

NOT_ON_PAGE = gettext_lazy("This vote is not held on a page. Ask the centre how you can take part.")
VOID = gettext_lazy("This vote is void. What was voted counts for nothing.")
NOT_BEGUN = gettext_lazy("This vote has not begun yet.")
OVER = gettext_lazy("The time to vote is over.")
NOT_HERE = gettext_lazy("You are not in the residents' register of this community any more, so you have no vote here.")
ELSEWHERE = gettext_lazy("This is a vote of another community. Only its residents take part.")
TOO_YOUNG = gettext_lazy("Residents vote from 18 years on.")
WARD = gettext_lazy("An owner under 18 does not vote here. A guardian whose link covers voting does it for them.")
NO_FLAT = gettext_lazy(
    "No flat of your household stands in the owners' register of this vote. If you own one, show the centre its "
    "certificate."
)
NOT_OWNER = gettext_lazy(
    "Only owners vote, and your name is not among the owners of this flat. An owner can let you vote."
)
NO_LINK = gettext_lazy("You may act for this person, but voting is not among what they allowed.")
CO_OWNER = gettext_lazy(
    "Another owner of this flat voted already, and a flat has one vote. Agree among yourselves, then ask the centre."
)
OFFICE = gettext_lazy(
    "The centre entered a vote already, on paper or at the door. If that is not right, ask the centre."
)
OWN = gettext_lazy("You voted already. You can change it until the vote ends.")
BY_PROXY = gettext_lazy("A proxy voted already. When you vote yourself, yours takes its place.")
PROXY_STAYS = gettext_lazy("A vote is in already, and a proxy never replaces one. The owner or the centre can.")


def on_a_page(vote: Vote) -> bool:
    """Tell whether those who have a say may vote on a page; hands are raised in a hall."""
    if vote.method == Vote.Method.HANDS:
        return False
    return bool(vote.terms.get("on_page", vote.method == Vote.Method.ASSENT))


def is_secret(vote: Vote) -> bool:
    """Tell whether the office may not see who voted what; owners' assent is always counted flat by flat."""
    return bool(vote.terms.get("secret")) and vote.method in SECRET


def plain_name(name: str) -> str:
    """Give a name in the one form in which names are compared."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def is_among(name: str, owners: Collection[str]) -> bool:
    """Tell whether somebody is named among the owners of a flat."""
    return bool(plain_name(name)) and plain_name(name) in {plain_name(one) for one in owners}


def is_grown_up(birth_on: date | None, on: date) -> bool:
    """Tell whether somebody has come of age; whoever's day of birth is not known has."""
    age = age_on(birth_on, on)
    return age is None or age >= ADULT_AT


def is_own(ballot: Ballot, person: object) -> bool:
    """Tell whether a person cast this ballot themselves on a page."""
    return ballot.person_id == person and ballot.how == Ballot.How.PAGE and not ballot.proxy_digest


def why_not_again(ballot: Ballot, person: object, *, by_proxy: bool) -> tuple[str, bool]:
    """Say what stands in the way of a ballot beside this earlier one, and whether the voter may replace it."""
    if by_proxy:
        return str(PROXY_STAYS), False
    if ballot.proxy_digest:
        return str(BY_PROXY), True
    if is_own(ballot, person):
        return str(OWN), True
    if ballot.how == Ballot.How.PAGE:
        return str(CO_OWNER), False
    return str(OFFICE), False
