"""Statements of an opinion map: added by staff, sent in by those who answer, looked at before others see them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, opinion_voters, vote_duties
from lianxin.domain.voice.commands.opinion_maps import MOST_STATEMENTS, MapNotOpen
from lianxin.domain.voice.commands.opinions import require_open
from lianxin.domain.voice.models import OpinionMap, OpinionVoter, Statement
from lianxin.domain.voice.queries.opinion_maps import find_public
from lianxin.domain.voice.rules import opinion_marks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused, TooMany

State = Statement.State
MOST_OF_ONE = 5


class NotWanted(Refused):
    """Only staff add statements to this map."""

    title = gettext_lazy("To this question no further statements are collected. Please answer those that are there.")


class TooManyStatements(TooMany):
    """One voter sent in as many statements as are taken from one."""

    title = gettext_lazy("You sent in five statements. Thank you; somebody reads each of them.")


@command("voice.seed_statement")
def seed(*, actor: Actor, opinion_map: UUID, words: str, at: datetime, key: UUID | None = None) -> Statement:
    """Add a statement of the office's own; it is shown at once."""
    row: OpinionMap = found.locked(OpinionMap, opinion_map)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state == OpinionMap.State.CLOSED:
        raise MapNotOpen
    made = _make(row, words, at=at, is_seed=True, state=State.SHOWN)
    made.decided_by, made.decided_at = actor.account, at
    made.save(update_fields=["decided_by", "decided_at"])
    act().target(row, "statement added", {"number": [None, made.number]})
    return made


def suggest(
    *, actor: Actor, opinion_map: UUID, words: str, voter: str, address: str = "", at: datetime, key: UUID | None = None
) -> Statement:
    """Send in a statement; it waits until somebody looked at it. Who sent it stays a number, in the log too."""
    made: Statement = _suggest(
        actor=Actor.anonymous(via=actor.via).visiting(find_public(opinion_map=opinion_map).community_id),
        opinion_map=opinion_map,
        words=words,
        voter=voter,
        address=address,
        at=at,
        key=key,
    )
    return made


@command("voice.send_statement")
def _suggest(
    *, actor: Actor, opinion_map: UUID, words: str, voter: str, address: str, at: datetime, key: UUID | None = None
) -> Statement:
    row: OpinionMap = found.locked(OpinionMap, opinion_map)
    require_open(row, at)
    if not row.may_add:
        raise NotWanted
    who = opinion_voters.find_or_make(row, voter, address=address, at=at)
    if Statement.objects.filter(map=row, voter=who).count() >= MOST_OF_ONE:
        raise TooManyStatements
    made = _make(row, words, at=at, voter=who)
    act().target(row, "statement sent in", {"number": [None, made.number]})
    vote_duties.look_at_statements([row.community_id])
    return made


@command("voice.decide_statement")
def decide(
    *, actor: Actor, statement: UUID, is_shown: bool, reason: str = "", at: datetime, key: UUID | None = None
) -> Statement:
    """Show a statement to all, or not, with the reason; its words stay as they were sent, whatever is decided."""
    pk = Statement.objects.filter(pk=statement).values_list("map_id", flat=True).first()
    if pk is None:
        raise Missing
    row: OpinionMap = found.locked(OpinionMap, pk)
    policy.require(policy.may_keep(actor, row.community_id))
    one: Statement = found.locked(Statement, statement)
    if not is_shown and reason not in Statement.Reason.values:
        raise Invalid(fields={"reason": [_("Choose why it is not shown.")]})
    before = one.state
    one.state = State.SHOWN if is_shown else State.HIDDEN
    one.reason = "" if is_shown else reason
    one.decided_by, one.decided_at = actor.account, at
    one.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    act().target(row, "statement decided", {"number": [one.number, one.number], "state": [before, one.state]})
    vote_duties.look_at_statements([row.community_id])
    return one


def _make(
    row: OpinionMap,
    words: str,
    *,
    at: datetime,
    is_seed: bool = False,
    state: str = State.WAITING,
    voter: OpinionVoter | None = None,
) -> Statement:
    plain = opinion_marks.plain_words(words)
    if not plain or len(plain) > opinion_marks.WORDS_LONGEST:
        most = {"most": opinion_marks.WORDS_LONGEST}
        raise Invalid(fields={"words": [_("Write one sentence of at most %(most)d characters.") % most]})
    rows = Statement.objects.filter(map=row)
    same = opinion_marks.alike(plain)
    there = next((one for one in rows.only("words", "state") if opinion_marks.alike(one.words) == same), None)
    if there is not None and (is_seed or there.state != State.HIDDEN):
        raise Invalid(fields={"words": [_("This is said by another statement already.")]})
    last = rows.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_STATEMENTS:
        raise Invalid(fields={"words": [_("At most %(most)d statements.") % {"most": MOST_STATEMENTS}]})
    return Statement.objects.create(
        community_id=row.community_id,
        map=row,
        number=last + 1,
        words=plain,
        is_seed=is_seed,
        voter=voter,
        state=state,
        sent_at=at,
    )
