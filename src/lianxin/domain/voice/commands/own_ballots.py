"""A ballot that somebody gives on a page: an owner for all flats that are theirs, a resident, or whom they let."""

import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import Principal, find_principal
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import ballots, found
from lianxin.domain.voice.models import Ballot, RegisterFlat, Vote
from lianxin.domain.voice.queries import own_votes
from lianxin.domain.voice.queries.own_votes import Say, Slot
from lianxin.domain.voice.rules import ballots as rules
from lianxin.domain.voice.rules import voters
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused
from lianxin.platform.sensitive import digest


class MayNotVote(Refused):
    """Somebody has no say here, or gave it already."""

    title = gettext_lazy("You cannot vote here.")


@command("voice.cast_own_ballot")
def cast(
    *,
    actor: Actor,
    vote: UUID,
    choice: dict[str, Any],
    reason: str = "",
    for_all: bool = False,
    instead: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> Vote:
    """Vote for oneself, or for whom a link lets vote: one choice for every flat that nobody voted for yet.

    `for_all` says that the other owners of a flat agree, `instead` that an earlier ballot is replaced: an own one, or
    one that a proxy gave. Raises MayNotVote, ProxyLimit or Invalid.
    """
    policy.require(actor.person is not None)
    person = actor.on_behalf_of or actor.person
    assert person is not None
    row: Vote = found.locked(Vote, vote)
    link = find_principal(actor=actor, person=person, on=local_day(at)) if person != actor.person else None
    say = own_votes.say_of(vote=vote, person=person, link=link, at=at)
    if say.refusal:
        raise MayNotVote(say.refusal)
    targets = [one for one in say.slots if one.ballot is None or (instead and one.may_replace)]
    if not targets:
        raise MayNotVote(say.slots[0].why_not)
    wrong = rules.wrong_choice(row, choice, reason)
    if len(reason.strip()) > ballots.REASON_LONGEST:
        wrong["reason"] = [_("At most %(most)d characters.") % {"most": ballots.REASON_LONGEST}]
    if not for_all and any(one.flat is not None and one.flat.owners_count > 1 for one in targets):
        wrong["for_all"] = [_("A flat with several owners has one vote. Say that the others agree.")]
    if wrong:
        raise Invalid(fields=wrong)
    if row.method != Vote.Method.ASSENT and _is_entered_by_name(row, say):
        raise MayNotVote(voters.OFFICE)
    proxy = _proxy_of(actor) if link is not None else ""
    if proxy:
        fresh = sum(one.ballot is None for one in targets)
        ballots.require_within_limit(row, proxy, more=fresh)
    for one in targets:
        _keep(row, say, one, choice, reason, actor=actor, proxy=proxy, link=link, at=at)
    ballots.recount(row)
    return row


def _keep(
    row: Vote,
    say: Say,
    slot: Slot,
    choice: dict[str, Any],
    reason: str,
    *,
    actor: Actor,
    proxy: str,
    link: Principal | None,
    at: datetime,
) -> None:
    if slot.ballot is not None:
        Ballot.objects.filter(pk=slot.ballot.pk).update(is_replaced=True)
    names: Any = Ballot._meta.get_field("voter_name"), Ballot._meta.get_field("proxy_name")
    made = Ballot.objects.create(
        community_id=row.community_id,
        vote=row,
        flat=slot.flat,
        voter_key=ballots.voter_key(row, slot.flat, "", say.person),
        person_id=say.person,
        voter_name=names[0].seal(say.name[: ballots.NAME_LONGEST]),
        choice=choice,
        reason=reason.strip(),
        proxy_name=names[1].seal(proxy) if proxy else None,
        proxy_digest=digest(proxy, ballots.PROXY_PURPOSE) if proxy else "",
        proof_words=_proof(slot.flat, link),
        how=Ballot.How.PAGE,
        cast_at=at,
        recorded_by=actor.account,
    )
    if slot.flat is not None:
        unreached = RegisterFlat.objects.filter(pk=slot.flat.pk, reach=RegisterFlat.Reach.NOT_REACHED)
        unreached.update(reach=RegisterFlat.Reach.REACHED)
    # What somebody voted stands in the ballot only, never in the log.
    act().target(made, "entered", {"flat": [None, slot.flat.flat if slot.flat else ""], "how": [None, Ballot.How.PAGE]})


def _proof(flat: RegisterFlat | None, link: Principal | None) -> str:
    if link is not None:
        return _("Link between the two on the page, number %(link)s") % {"link": str(link.link)[-12:]}
    if flat is not None and flat.owners_count > 1:
        return _("Said on the page that the other owners agree")
    return ""


def _proxy_of(actor: Actor) -> str:
    """Give the name of who votes for another as the register knows it: the limit counts by it."""
    with scope.everything():
        name = Person.objects.filter(pk__in=[actor.person]).values_list("name", flat=True).first() or actor.name
    return " ".join(unicodedata.normalize("NFKC", name).split())[: ballots.NAME_LONGEST]


def _is_entered_by_name(row: Vote, say: Say) -> bool:
    name = " ".join(unicodedata.normalize("NFKC", say.name).split())
    return own_votes.has_name_ballot(row, name, key=ballots.VOTER_PURPOSE)
