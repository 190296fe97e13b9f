"""What one resident is asked: in which votes they have a say and why, what they voted, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import Principal
from lianxin.domain.voice.commands import opinion_voters
from lianxin.domain.voice.models import Ballot, Matter, Opinion, OpinionMap, RegisterFlat, Statement, Vote
from lianxin.domain.voice.rules import voters
from lianxin.domain.voice.rules.registers import natural, plain_flat, read_owners
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import digest_candidates

State, Method = Vote.State, Vote.Method
# How long a vote that is over stands on somebody's page.
REMEMBERED = timedelta(days=400)
AT_MOST = 60


@dataclass(frozen=True)
class Slot:
    """One ballot that somebody may give: of a flat, or their own where every resident has one."""

    flat: RegisterFlat | None
    # The one that counts now, whoever gave it.
    ballot: Ballot | None
    # What stands in the way of another one, and whether the voter may put it in the place of the earlier one.
    why_not: str = ""
    may_replace: bool = False


@dataclass(frozen=True)
class Say:
    """What somebody may do in one vote: the reason why not, or the ballots that are theirs to give."""

    vote: Vote
    person: UUID
    name: str
    slots: tuple[Slot, ...]
    refusal: str = ""
    # Has a say, whether or not it can be given just now.
    is_entitled: bool = False
    by_proxy: bool = False

    @property
    def free(self) -> list[Slot]:
        """Give the ballots that nobody gave yet."""
        return [one for one in self.slots if one.ballot is None]

    @property
    def given(self) -> list[Slot]:
        """Give the ballots that are in."""
        return [one for one in self.slots if one.ballot is not None]

    @property
    def may_cast(self) -> bool:
        """Tell whether something can be voted now."""
        return not self.refusal and bool(self.free)

    @property
    def may_change(self) -> bool:
        """Tell whether an earlier ballot can be replaced now."""
        return not self.refusal and any(one.may_replace for one in self.slots)

    @property
    def has_co_owners(self) -> bool:
        """Tell whether the voter speaks for other owners of a flat too."""
        return any(one.flat is not None and one.flat.owners_count > 1 for one in self.slots)


@dataclass(frozen=True)
class Asked:
    """What a resident is asked, what they answered, and what was asked before."""

    waiting: tuple[Vote, ...]
    answered: tuple[Vote, ...]
    # Open, held in another way or by others.
    others: tuple[Vote, ...]
    over: tuple[Vote, ...]
    maps: tuple[tuple[OpinionMap, int, int], ...]
    matters: tuple[Matter, ...]


def say_of(*, vote: UUID, person: UUID, link: Principal | None = None, at: datetime) -> Say:
    """Give what a person may do in a vote, by themselves or by whom the link lets; raises Missing.

    A vote that is not public exists only for those who have a say in it.
    """
    with scope.everything():
        row = Vote.objects.select_related("community", "register", "matter").filter(pk=vote).first()
        who = Person.objects.filter(pk=person).first()
        if row is None or who is None or row.state == State.DRAFT:
            raise Missing
        flats, why_none = _flats_of(row, who) if row.method == Method.ASSENT else ([], "")
        slots = _slots(row, who, flats, by_proxy=link is not None)
    refusal = why_none or _refused(row, who, link, at)
    is_entitled = bool(slots) and not refusal
    if not refusal:
        refusal = _closed(row, at)
    if not row.is_public and not flats:
        raise Missing
    return Say(row, who.pk, who.name, tuple(slots), refusal, is_entitled, link is not None)


def asked_of(*, person: UUID, at: datetime) -> Asked:
    """Give all that a person is asked: votes of their community and their building, maps, matters talked over."""
    with scope.everything():
        who = Person.objects.filter(pk=person).first()
        if who is None:
            raise Missing
        mine = {
            one.pk: one.register_id
            for one in RegisterFlat.objects.filter(household=who.household_id)
            if _is_named(one, who)
        }
        rows = _votes_of(who, set(mine.values()), at)
        ballots = Ballot.objects.filter(vote__in=[one.pk for one in rows], is_replaced=False)
        voted = set(ballots.filter(Q(person=person) | Q(flat__in=list(mine))).values_list("vote_id", flat=True))
        maps = _maps_of(who, at)
        matters = Matter.objects.filter(community=who.community_id, is_public=True)
        going_on = matters.filter(state__in=[Matter.State.OPEN, Matter.State.AGREED]).order_by("-opened_at", "-pk")
        talked = tuple(going_on[:10])
    waiting, answered, others, over = [], [], [], []
    for one in rows:
        if one.state != State.OPEN:
            over.append(one)
        elif one.pk in voted:
            answered.append(one)
        elif _waits_for(one, who, set(mine.values()), at):
            waiting.append(one)
        else:
            others.append(one)
    return Asked(tuple(waiting), tuple(answered), tuple(others), tuple(over), maps, talked)


def has_name_ballot(vote: Vote, name: str, *, key: str) -> bool:
    """Tell whether the office entered a ballot under this name; `key` is the purpose of the digests."""
    marks = digest_candidates(f"{vote.pk} {name}", key)
    return Ballot.objects.filter(vote=vote, is_replaced=False, voter_key__in=marks).exists()


def _refused(vote: Vote, who: Person, link: Principal | None, at: datetime) -> str:
    """Say why somebody has no say in a vote, or nothing."""
    if vote.state == State.VOID:
        return str(voters.VOID)
    if not voters.on_a_page(vote):
        return str(voters.NOT_ON_PAGE)
    if link is not None and not link.may(voters.VOTE):
        return str(voters.NO_LINK)
    if who.state != Person.State.LIVING:
        return str(voters.NOT_HERE)
    is_grown_up = voters.is_grown_up(who.birth_on, local_day(at))
    if vote.method == Method.ASSENT:
        return "" if is_grown_up or (link is not None and link.kind == "guardian") else str(voters.WARD)
    if who.community_id != vote.community_id:
        return str(voters.ELSEWHERE)
    return "" if is_grown_up else str(voters.TOO_YOUNG)


def _closed(vote: Vote, at: datetime) -> str:
    if vote.state == State.CLOSED or (vote.closes_at is not None and vote.closes_at < at):
        return str(voters.OVER)
    return str(voters.NOT_BEGUN) if vote.opens_at is None or vote.opens_at > at else ""


def _flats_of(vote: Vote, who: Person) -> tuple[list[RegisterFlat], str]:
    """Give the flats for which somebody speaks as an owner, or why there are none.

    A flat is theirs when the register links it to their household and names them; flats that no household is linked
    to and that have the same owners belong to the same head, as the count takes them too.
    """
    rows = RegisterFlat.objects.filter(register=vote.register_id)
    home = list(rows.filter(household=who.household_id))
    own = [one for one in home if _is_named(one, who)]
    if not own:
        return [], str(voters.NOT_OWNER if home else voters.NO_FLAT)
    heads = {_head(one) for one in own}
    counts = {one.owners_count for one in own}
    own += [one for one in rows.filter(household=None, owners_count__in=counts) if _head(one) in heads]
    return sorted(own, key=lambda one: (natural(one.flat), one.flat)), ""


def _head(flat: RegisterFlat) -> frozenset[str]:
    return frozenset(voters.plain_name(one) for one in read_owners(flat.owners.reveal())[0])


def _is_named(flat: RegisterFlat, who: Person) -> bool:
    return voters.is_among(who.name, read_owners(flat.owners.reveal())[0])


def _slots(vote: Vote, who: Person, flats: Sequence[RegisterFlat], *, by_proxy: bool) -> list[Slot]:
    ballots = Ballot.objects.filter(vote=vote, is_replaced=False).select_related("person")
    if vote.method != Method.ASSENT:
        earlier = ballots.filter(person=who.pk).first()
        return [_slot(None, earlier, who, by_proxy=by_proxy)]
    known = {one.flat_id: one for one in ballots.filter(flat__in=flats)}
    return [_slot(one, known.get(one.pk), who, by_proxy=by_proxy) for one in flats]


def _slot(flat: RegisterFlat | None, ballot: Ballot | None, who: Person, *, by_proxy: bool) -> Slot:
    if ballot is None:
        return Slot(flat, None)
    return Slot(flat, ballot, *voters.why_not_again(ballot, who.pk, by_proxy=by_proxy))


def _votes_of(who: Person, registers: set[UUID], at: datetime) -> list[Vote]:
    here = Q(community=who.community_id, is_public=True) | Q(register__in=registers)
    lately = Q(state=State.OPEN) | Q(closed_at__gte=at - REMEMBERED) | Q(state=State.VOID, made_at__gte=at - REMEMBERED)
    rows = Vote.objects.exclude(state=State.DRAFT).filter(here, lately).select_related("community", "matter")
    found = list(rows.order_by("-opens_at", "-pk")[:AT_MOST])
    # What ends first is asked first.
    return sorted(found, key=lambda one: (one.state != State.OPEN, one.closes_at is None, one.closes_at or at))


def _waits_for(vote: Vote, who: Person, registers: set[UUID], at: datetime) -> bool:
    if _refused(vote, who, None, at) or _closed(vote, at):
        return False
    return vote.method != Method.ASSENT or vote.register_id in registers


def _maps_of(who: Person, at: datetime) -> tuple[tuple[OpinionMap, int, int], ...]:
    """Give the open maps of somebody's community, each with how many statements it has and how many were answered."""
    rows = OpinionMap.objects.filter(community=who.community_id, is_public=True, state=OpinionMap.State.OPEN)
    found = []
    for one in rows.exclude(closes_at__lte=at).order_by("-opened_at", "-pk")[:10]:
        voter = opinion_voters.find(one.pk, opinion_voters.key_of(one.pk, person=who.pk, word=""))
        shown = Statement.objects.filter(map=one, state=Statement.State.SHOWN)
        said = Opinion.objects.filter(voter=voter, statement__in=shown).values("statement").distinct()
        found.append((one, shown.count(), said.count() if voter is not None else 0))
    return tuple(found)


def own_ballots(*, vote: UUID, person: UUID) -> list[Ballot]:
    """Give the ballots of a vote that count and that were given for somebody or for a flat that is theirs."""
    with scope.everything():
        row = Vote.objects.filter(pk=vote).first()
        who = Person.objects.filter(pk=person).first()
        if row is None or who is None:
            raise Missing
        flats = [plain_flat(one.flat) for one in _flats_of(row, who)[0]] if row.register_id else []
        mine = Q(person=person) | Q(flat__register=row.register_id, flat__flat__in=flats)
        rows = Ballot.objects.filter(mine, vote=row, is_replaced=False).select_related("flat")
        return sorted(rows, key=lambda one: natural(one.flat.flat) if one.flat else ())
