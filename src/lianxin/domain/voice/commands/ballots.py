"""Ballots: one of each flat or voter, with the proof of a proxy; whoever speaks twice is told so."""

import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found
from lianxin.domain.voice.models import Ballot, RegisterFlat, Vote
from lianxin.domain.voice.rules import ballots as rules
from lianxin.domain.voice.rules.registers import plain_flat, read_owners
from lianxin.platform import files
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.sensitive import digest, digest_candidates

Method, State = Vote.Method, Vote.State
PROXY_PURPOSE, VOTER_PURPOSE, PROOF_PURPOSE = "voice.ballot.proxy", "voice.ballot.voter", "voice.proof"
NAME_LONGEST, PROOF_LONGEST, REASON_LONGEST = 40, 100, 300
PROOF_BYTES = 10_000_000
HANDS = "hands"


class VoteClosed(Refused):
    """The vote is over."""

    title = gettext_lazy("This vote is closed. A ballot that comes now does not count.")


class VoteNotBegun(Refused):
    """The vote has not begun."""

    title = gettext_lazy("This vote has not begun yet. Keep the ballot until then.")


class CastOutside(Refused):
    """The ballot was cast before the vote began or after it ended."""

    title = gettext_lazy("This was cast outside the time of the vote, so it does not count.")


class NotOnRegister(Refused):
    """The flat is not in the register."""

    title = gettext_lazy("This flat is not in the register of this vote. Look at its number again.")


class AlreadyVoted(Refused):
    """Somebody voted for this flat, or under this name, already."""

    title = gettext_lazy("A ballot of this flat or name is entered already. To replace it, say so in the form.")


class OwnerVoted(Refused):
    """The owner voted in person; no proxy speaks after that."""

    title = gettext_lazy("The owner voted for this flat already. A proxy's ballot beside it does not count.")


class ProxyVoted(Refused):
    """A proxy voted for this flat already."""

    title = gettext_lazy("A proxy voted for this flat already.")


class ProxyLimit(Refused):
    """The proxy speaks for as many flats as this vote allows."""

    title = gettext_lazy("This proxy speaks for as many flats as this vote allows.")


@command("voice.cast_ballot")
def cast(
    *,
    actor: Actor,
    vote: UUID,
    choice: dict[str, Any],
    how: str,
    flat: UUID | None = None,
    flat_number: str = "",
    person: UUID | None = None,
    voter_name: str = "",
    proxy_name: str = "",
    proof_words: str = "",
    proof: Any = None,
    reason: str = "",
    cast_at: datetime | None = None,
    instead: bool = False,
    at: datetime,
    is_sample: bool = False,
    key: UUID | None = None,
) -> Ballot:
    """Enter one ballot of an open vote; `instead` replaces an earlier one of the same flat or voter.

    What replaces what: an owner in person replaces a proxy where the form says so; a proxy never replaces anybody.
    """
    row: Vote = found.locked(Vote, vote)
    policy.require(policy.may_keep(actor, row.community_id))
    when = require_time(row, cast_at, at)
    wrong = rules.wrong_choice(row, choice, reason)
    if how not in Ballot.How.values:
        wrong["how"] = [_("Say how the ballot came.")]
    if wrong:
        raise Invalid(fields=wrong)
    place = _flat(row, flat, flat_number) if row.method == Method.ASSENT else None
    proxy = " ".join(unicodedata.normalize("NFKC", proxy_name).split()) if place is not None else ""
    if place is not None and proxy:
        _require_proxy(row, place, proxy, proof_words, proof)
    voter = " ".join(unicodedata.normalize("NFKC", voter_name).split())
    mark = voter_key(row, place, voter, person)
    _make_room(row, place, mark, voter, by_proxy=bool(proxy), instead=instead)
    if proxy:
        require_within_limit(row, proxy)
    names = Ballot._meta.get_field("voter_name"), Ballot._meta.get_field("proxy_name")
    made = Ballot.objects.create(
        community_id=row.community_id,
        vote=row,
        flat=place,
        voter_key=mark,
        person_id=person,
        voter_name=names[0].seal(voter[:NAME_LONGEST]) if voter else None,  # type: ignore[union-attr]
        choice=choice,
        reason=reason.strip()[:REASON_LONGEST],
        proxy_name=names[1].seal(proxy) if proxy else None,  # type: ignore[union-attr]
        proxy_digest=digest(proxy, PROXY_PURPOSE) if proxy else "",
        proof_file=_keep_proof(proof, row, at=at) if proxy and proof else None,
        proof_words=proof_words.strip()[:PROOF_LONGEST] if proxy else "",
        how=how,
        cast_at=when,
        recorded_by=actor.account,
        is_sample=is_sample,
    )
    if place is not None and place.reach == RegisterFlat.Reach.NOT_REACHED:
        place.reach = RegisterFlat.Reach.REACHED
        place.save(update_fields=["reach"])
    recount(row)
    # What somebody voted stands in the ballot only, never in the log; the vote's own story is not buried under them.
    act().target(made, "entered", {"flat": [None, place.flat if place else ""], "how": [None, how]})
    return made


@command("voice.take_ballot_back")
def take_back(*, actor: Actor, ballot: UUID, words: str, at: datetime, key: UUID | None = None) -> Ballot:
    """Take a ballot out of an open vote with the reason: entered for the wrong flat, a proxy that was withdrawn."""
    row, one = _ballot(actor, ballot)
    if row.state != State.OPEN:
        raise VoteClosed
    if not words.strip():
        raise Invalid(fields={"words": [_("Say why it is taken back.")]})
    if one.is_replaced:
        return one
    one.is_replaced = True
    one.save(update_fields=["is_replaced"])
    recount(row)
    act().target(row, "ballot taken back", {"flat": [one.flat.flat if one.flat else "", None]})
    act().note(reason=words)
    return one


@command("voice.answer_objection")
def answer_objection(*, actor: Actor, ballot: UUID, answer: str, at: datetime, key: UUID | None = None) -> Ballot:
    """Answer an objection or a concern of an open vote by consent; an answered one no longer stands against it."""
    row, one = _ballot(actor, ballot)
    if row.state != State.OPEN:
        raise VoteClosed
    if one.choice.get("choice") not in rules.REASONED or one.is_replaced:
        raise Missing
    if not answer.strip():
        raise Invalid(fields={"answer": [_("Say what the answer is.")]})
    one.answer, one.answered_at = answer.strip()[:REASON_LONGEST], at
    one.save(update_fields=["answer", "answered_at"])
    act().target(row, "objection answered", {})
    return one


def require_time(vote: Vote, cast_at: datetime | None, at: datetime) -> datetime:
    """Give when the ballot was cast; what was cast in time may be entered until the vote is closed and counted."""
    if vote.state == State.DRAFT or vote.opens_at is None or (vote.state == State.OPEN and at < vote.opens_at):
        raise VoteNotBegun
    if vote.state != State.OPEN:
        raise VoteClosed
    when = cast_at or at
    if when > at:
        raise Invalid(fields={"cast_at": [_("This lies in the future.")]})
    if when < vote.opens_at or (vote.closes_at is not None and when > vote.closes_at):
        raise CastOutside
    return when


def _flat(vote: Vote, flat: UUID | None, number: str) -> RegisterFlat:
    rows = RegisterFlat.objects.filter(register=vote.register_id)
    place = rows.filter(pk=flat).first() if flat else rows.filter(flat=plain_flat(number)).first()
    if place is None:
        raise NotOnRegister
    return place


def _require_proxy(vote: Vote, place: RegisterFlat, proxy: str, proof_words: str, proof: Any) -> None:
    wrong: dict[str, list[str]] = {}
    if len(proxy) > NAME_LONGEST:
        wrong["proxy_name"] = [_("A name has at most %(most)d characters.") % {"most": NAME_LONGEST}]
    elif proxy in read_owners(place.owners.reveal())[0]:
        wrong["proxy_name"] = [_("This is an owner of the flat. Enter the ballot without a proxy.")]
    if not proof_words.strip() and not proof:
        wrong["proof_words"] = [
            _("A proxy needs a proof: say where the written authority is kept, or add its picture.")
        ]
    if wrong:
        raise Invalid(fields=wrong)


def require_within_limit(vote: Vote, proxy: str, *, more: int = 1) -> None:
    """Refuse a proxy who would speak for more flats than the vote allows; raises ProxyLimit."""
    limit = vote.terms.get("proxy_limit")
    if limit is None:
        return
    marks = digest_candidates(proxy, PROXY_PURPOSE)
    speaks = Ballot.objects.filter(vote=vote, is_replaced=False, proxy_digest__in=marks).count()
    if speaks + more > limit:
        words = _("%(name)s speaks for %(n)d flats already, and this vote allows no more. The flat has to vote itself.")
        raise ProxyLimit(words % {"name": proxy, "n": speaks})


def voter_key(vote: Vote, place: RegisterFlat | None, voter: str, person: UUID | None) -> str:
    """Give what a voter is known by in a vote: the flat, the hall, the resident, or the name on the paper."""
    if place is not None:
        return place.pk.hex
    if vote.method == Method.HANDS:
        return HANDS
    if not voter and person is None:
        raise Invalid(fields={"voter_name": [_("Say who votes: a name, or the number on the paper.")]})
    if len(voter) > NAME_LONGEST:
        raise Invalid(fields={"voter_name": [_("A name has at most %(most)d characters.") % {"most": NAME_LONGEST}]})
    return digest(f"{vote.pk} {person or voter}", VOTER_PURPOSE)


def _make_room(vote: Vote, place: RegisterFlat | None, mark: str, voter: str, *, by_proxy: bool, instead: bool) -> None:
    """Refuse a second ballot, or put the earlier one aside where that was asked for."""
    rows = Ballot.objects.filter(vote=vote, is_replaced=False)
    earlier = rows.filter(flat=place).first() if place is not None else rows.filter(voter_key=mark).first()
    if earlier is None and place is None and voter:
        # Whoever voted on a page under this name does not vote on paper beside it.
        earlier = rows.filter(how=Ballot.How.PAGE, person__name=voter).first()
    if earlier is None:
        return
    if place is not None and by_proxy:
        if not earlier.proxy_digest:
            raise OwnerVoted(_("The owner of %(flat)s voted already. A proxy does not speak beside the owner.") % {
                "flat": place.flat
            })  # fmt: skip
        raise ProxyVoted(
            _("A proxy voted for %(flat)s already. Take that ballot back first if the owner withdrew it.")
            % {"flat": place.flat}
        )
    if not instead:
        if place is None:
            raise AlreadyVoted
        if earlier.proxy_digest:
            words = _(
                "A proxy voted for %(flat)s already. If the owner now votes in person, say that it replaces that."
            )
            raise ProxyVoted(words % {"flat": place.flat})
        raise AlreadyVoted(_("The ballot of %(flat)s is entered already.") % {"flat": place.flat})
    earlier.is_replaced = True
    earlier.save(update_fields=["is_replaced"])


def _keep_proof(proof: Any, vote: Vote, *, at: datetime) -> UUID:
    kept = files.store(
        fileobj=proof,
        name=str(getattr(proof, "name", "proof")),
        purpose=PROOF_PURPOSE,
        limit_bytes=PROOF_BYTES,
        community_id=vote.community_id,
        at=at,
    )
    return kept.pk


def recount(vote: Vote) -> None:
    """Count a vote's ballots anew, inside a command."""
    vote.ballots_count = Ballot.objects.filter(vote=vote, is_replaced=False).count()
    vote.save(update_fields=["ballots_count"])


def _ballot(actor: Actor, ballot: UUID) -> tuple[Vote, Ballot]:
    pk = Ballot.objects.filter(pk=ballot).values_list("vote_id", flat=True).first()
    if pk is None:
        raise Missing
    row: Vote = found.locked(Vote, pk)
    policy.require(policy.may_keep(actor, row.community_id))
    return row, found.locked(Ballot, ballot)
