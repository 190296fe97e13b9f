"""Answers to the statements of an opinion map: one by one from a phone, or a whole paper card at once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, opinion_voters
from lianxin.domain.voice.commands.opinion_maps import MapNotOpen
from lianxin.domain.voice.models import Opinion, OpinionMap, OpinionVoter, Statement
from lianxin.domain.voice.queries.opinion_maps import find_public
from lianxin.domain.voice.rules import opinion_marks
from lianxin.platform import facts, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

MEASURE = "opinions_given"


class CardEntered(Refused):
    """The card was entered before, with other answers."""

    title = gettext_lazy("This card was entered before with other answers. Compare, then say that these replace them.")


def require_open(row: OpinionMap, at: datetime) -> None:
    """Refuse where a map takes no answers, or no longer."""
    if row.state != OpinionMap.State.OPEN:
        raise MapNotOpen
    if row.closes_at is not None and at > row.closes_at:
        raise MapNotOpen(_("This question was open until a while ago. Answers are no longer taken."))


def answer(
    *,
    actor: Actor,
    opinion_map: UUID,
    statement: UUID,
    value: int,
    voter: str,
    address: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Opinion:
    """Say agree (1), disagree (-1) or pass (0) of a statement; the latest answer of a voter counts.

    `voter` is what `opinion_voters.key_of` gives. The act is nobody's: who is logged in does not reach the log.
    """
    said: Opinion = _answer(
        actor=Actor.anonymous(via=actor.via).visiting(find_public(opinion_map=opinion_map).community_id),
        opinion_map=opinion_map,
        statement=statement,
        value=value,
        voter=voter,
        address=address,
        at=at,
        key=key,
    )
    return said


# Silent: an entry for each answer, with its moment, would let somebody who knows who sat there tell answers apart.
@command("voice.give_opinion", silent=True)
def _answer(
    *,
    actor: Actor,
    opinion_map: UUID,
    statement: UUID,
    value: int,
    voter: str,
    address: str,
    at: datetime,
    key: UUID | None = None,
) -> Opinion:
    row = OpinionMap.objects.filter(pk=opinion_map).first()
    if row is None:
        raise Missing
    require_open(row, at)
    one = Statement.objects.filter(pk=statement, map=row, state=Statement.State.SHOWN).first()
    if one is None:
        raise Missing(_("This statement is no longer shown."))
    if value not in (opinion_marks.AGREE, opinion_marks.PASS, opinion_marks.DISAGREE):
        raise Invalid(_("Press agree, disagree or pass."))
    who = opinion_voters.find_or_make(row, voter, address=address, at=at)
    last = _last(one, who)
    if last is not None and last.value == value:
        return last
    return _keep({one: value}, who, at=at, by=None)[0]


@command("voice.enter_card")
def enter_card(
    *,
    actor: Actor,
    opinion_map: UUID,
    card: str,
    marks: str,
    instead: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> OpinionVoter:
    """Enter a paper card: its number, and a row of + - 0 in the order of the statements that are shown."""
    row: OpinionMap = found.locked(OpinionMap, opinion_map)
    policy.require(policy.may_take_down(actor, row.community_id))
    require_open(row, at)
    number = opinion_marks.read_card(card)
    shown = list(Statement.objects.filter(map=row, state=Statement.State.SHOWN).order_by("number"))
    answers, sentence = opinion_marks.read_marks(marks, [one.number for one in shown])
    wrong: dict[str, list[str]] = {}
    if not number:
        wrong["card"] = [_("Give the number that is printed on the card.")]
    if sentence:
        wrong["marks"] = [sentence]
    if wrong:
        raise Invalid(fields=wrong)
    locks.advisory(f"voice.card.{row.pk}.{number}")
    who = opinion_voters.find_or_make(row, opinion_voters.card_key(row.pk, number), is_card=True, at=at)
    given = {one: answers[one.number] for one in shown if one.number in answers}
    said = Opinion.objects.filter(voter=who, statement__in=list(given)).order_by("said_at", "pk")
    last = dict(said.values_list("statement", "value"))
    before = {one: last[one.pk] for one in given if one.pk in last}
    if not instead and any(before[one] != value for one, value in given.items() if one in before):
        raise CardEntered
    changed = {one: value for one, value in given.items() if before.get(one) != value}
    _keep(changed, who, at=at, by=actor.account)
    act().target(who, "card entered", {"card": [None, number], "answers": [None, len(given)]})
    return who


def _last(statement: Statement, voter: OpinionVoter) -> Opinion | None:
    return Opinion.objects.filter(statement=statement, voter=voter).order_by("-said_at", "-pk").first()


def _keep(given: Mapping[Statement, int], voter: OpinionVoter, *, at: datetime, by: UUID | None) -> list[Opinion]:
    made = Opinion.objects.bulk_create(
        Opinion(community_id=one.community_id, statement=one, voter=voter, value=value, said_at=at, recorded_by=by)
        for one, value in given.items()
    )
    for row in made:
        facts.record(measure=MEASURE, record=row, quantity=1, community_id=row.community_id, on=local_day(at))
    return made
