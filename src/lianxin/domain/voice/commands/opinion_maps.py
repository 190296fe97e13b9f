"""Opinion maps: a question with its first statements, opened, closed, opened again; the worker draws the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, searching_matters
from lianxin.domain.voice.models import MapResult, Matter, OpinionMap, Statement
from lianxin.domain.voice.queries import opinion_votes
from lianxin.domain.voice.rules import opinion_marks, opinion_results
from lianxin.platform import tasks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.ids import new_id

State = OpinionMap.State
DRAW_TASK = "voice.draw_map"
MOST_STATEMENTS, MOST_GROUPS, SMALLEST_GROUP = 400, 12, 3
QUESTION_LONGEST, TEXT_LONGEST = 120, 500


class MapNotOpen(Refused):
    """The map takes no answers."""

    title = gettext_lazy("This is not open for answers.")


class NoStatements(Refused):
    """There is nothing to answer."""

    title = gettext_lazy("Write at least three statements first, so that people have something to answer.")


@dataclass(frozen=True)
class MapContent:
    """What staff say of a map."""

    question: str
    words: str = ""
    min_group: int = 5
    groups_wanted: int | None = None
    may_add: bool = True
    is_public: bool = True
    closes_at: datetime | None = None


@command("voice.draft_map")
def draft(
    *,
    actor: Actor,
    community: UUID,
    content: MapContent,
    statements: Sequence[str] = (),
    matter: UUID | None = None,
    at: datetime,
    is_sample: bool = False,
    key: UUID | None = None,
) -> OpinionMap:
    """Begin a map with the statements that it opens with."""
    policy.require(policy.may_keep(actor, community))
    division = found.community(community)
    wrong = wrong_with(content)
    said = [plain for one in statements if (plain := opinion_marks.plain_words(one))]
    if sentence := _wrong_statements(said):
        wrong["statements"] = [sentence]
    if wrong:
        raise Invalid(fields=wrong)
    if matter is not None and not Matter.objects.filter(pk=matter, community=division).exists():
        raise Missing
    row = OpinionMap.objects.create(
        community=division,
        number=found.next_number(OpinionMap, division.pk),
        matter_id=matter,
        made_by=actor.account,
        made_at=at,
        is_sample=is_sample,
        **_values(content),
    )
    Statement.objects.bulk_create(
        [
            Statement(
                community=division, map=row, number=number, words=words, is_seed=True,
                state=Statement.State.SHOWN, decided_by=actor.account, decided_at=at, sent_at=at,
            )
            for number, words in enumerate(said, 1)
        ]
    )  # fmt: skip
    searching_matters.index([row])
    act().target(row, "drafted", {"question": [None, row.question], "statements": [None, len(said)]})
    return row


@command("voice.change_map")
def change(
    *,
    actor: Actor,
    opinion_map: UUID,
    content: MapContent,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> OpinionMap:
    """Change what is said of a map; the question itself stays once somebody answered, and small groups stay hidden."""
    row = _locked(actor, opinion_map, version)
    wrong = wrong_with(content)
    if row.voters and " ".join(content.question.split()) != row.question:
        wrong["question"] = [_("People answered this question already, so it stays as it is.")]
    if row.voters and content.min_group < row.min_group:
        wrong["min_group"] = [_("People answered when smaller groups were not shown. It can only grow.")]
    if wrong:
        raise Invalid(fields=wrong)
    changed = {name: [getattr(row, name), value] for name, value in _values(content).items()}
    for name, (_before, value) in changed.items():
        setattr(row, name, value)
    _save(row, *changed)
    act().target(row, "changed", {name: pair for name, pair in changed.items() if pair[0] != pair[1]})
    if row.voters:
        _draw(row)
    return row


@command("voice.open_map")
def open_map(
    *, actor: Actor, opinion_map: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> OpinionMap:
    """Open a map for answers, for the first time or again."""
    row = _locked(actor, opinion_map, version)
    if row.state == State.OPEN:
        return row
    if Statement.objects.filter(map=row, state=Statement.State.SHOWN).count() < 3:
        raise NoStatements
    if row.closes_at is not None and row.closes_at <= at:
        raise Invalid(fields={"closes_at": [_("The end lies in the past. Set another one first.")]})
    before, row.state, row.closed_at = row.state, State.OPEN, None
    row.opened_at = row.opened_at or at
    _save(row, "state", "opened_at", "closed_at")
    act().target(row, "opened", {"state": [before, State.OPEN]})
    return row


@command("voice.close_map")
def close(
    *, actor: Actor, opinion_map: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> OpinionMap:
    """End a map; the worker works the result out and it is shown when it is ready."""
    row = _locked(actor, opinion_map, version)
    if row.state == State.CLOSED:
        return row
    if row.state != State.OPEN:
        raise MapNotOpen
    row.state, row.closed_at = State.CLOSED, at
    _save(row, "state", "closed_at")
    act().target(row, "closed", {"state": [State.OPEN, State.CLOSED], "voters": [None, row.voters]})
    _draw(row)
    return row


@command("voice.ask_for_map")
def ask_for_result(*, actor: Actor, opinion_map: UUID, at: datetime, key: UUID | None = None) -> OpinionMap:
    """Let the worker work the result out as it is now, for a look during a meeting."""
    row = _locked(actor, opinion_map, None)
    _draw(row)
    act().target(row, "result asked for", {})
    return row


@command("voice.keep_map_result")
def keep_result(
    *,
    actor: Actor,
    opinion_map: UUID,
    content: dict[str, Any],
    votes: int,
    voters: int,
    votes_digest: str,
    at: datetime,
    key: UUID | None = None,
) -> MapResult | None:
    """Keep a result that the worker worked out; None where the one that is there came from the same votes."""
    policy.require(actor.is_system)
    row: OpinionMap = found.locked(OpinionMap, opinion_map)
    last = MapResult.objects.filter(map=row).order_by("-made_at", "-pk").first()
    if last is not None and last.votes_digest == votes_digest and last.content == content:
        return None
    MapResult.objects.filter(map=row).delete()
    made = MapResult.objects.create(
        community_id=row.community_id,
        map=row,
        votes=votes,
        voters=voters,
        votes_digest=votes_digest,
        content=content,
        made_at=at,
    )
    act().target(row, "result worked out", {"votes": [None, votes], "voters": [None, voters]})
    return made


def draw(*, actor: Actor, opinion_map: UUID, at: datetime) -> MapResult | None:
    """Work a map out from its votes and keep the result; the working out itself needs no transaction."""
    row = OpinionMap.objects.filter(pk=opinion_map).first()
    if row is None:
        raise Missing
    latest = opinion_votes.latest_of(row.pk)
    content = opinion_results.work_out(latest, groups_wanted=row.groups_wanted)
    if content is None:
        return None
    kept: MapResult | None = keep_result(
        actor=actor,
        opinion_map=row.pk,
        content=content,
        votes=len(latest),
        voters=len({voter for voter, _statement in latest}),
        votes_digest=opinion_results.digest(latest),
        at=at,
    )
    return kept


def wrong_with(content: MapContent) -> dict[str, list[str]]:
    """Give what is wrong with what staff say of a map, by field."""
    wrong: dict[str, list[str]] = {}
    if not 1 <= len(" ".join(content.question.split())) <= QUESTION_LONGEST:
        wrong["question"] = [_("Ask one question of at most %(most)d characters.") % {"most": QUESTION_LONGEST}]
    if len(content.words.strip()) > TEXT_LONGEST:
        wrong["words"] = [_("At most %(most)d characters.") % {"most": TEXT_LONGEST}]
    if not SMALLEST_GROUP <= content.min_group <= 1000:
        wrong["min_group"] = [_("A group that is shown has at least %(n)d people.") % {"n": SMALLEST_GROUP}]
    if content.groups_wanted is not None and not 1 <= content.groups_wanted <= MOST_GROUPS:
        wrong["groups_wanted"] = [_("Give a number from 1 to %(most)d.") % {"most": MOST_GROUPS}]
    return wrong


def _values(content: MapContent) -> dict[str, Any]:
    return {
        "question": " ".join(content.question.split()),
        "words": content.words.strip(),
        "min_group": content.min_group,
        "groups_wanted": content.groups_wanted,
        "may_add": content.may_add,
        "is_public": content.is_public,
        "closes_at": content.closes_at,
    }


def _wrong_statements(said: Sequence[str]) -> str:
    if len(said) > MOST_STATEMENTS:
        return _("At most %(most)d statements.") % {"most": MOST_STATEMENTS}
    long = next((at for at, one in enumerate(said, 1) if len(one) > opinion_marks.WORDS_LONGEST), 0)
    if long:
        words = _("Statement %(n)d has more than %(most)d characters.")
        return words % {"n": long, "most": opinion_marks.WORDS_LONGEST}
    if len({opinion_marks.alike(one) for one in said}) < len(said):
        return _("One statement stands there twice.")
    return ""


def _draw(row: OpinionMap) -> None:
    # Any number may be asked for: each works out what is there when it runs, and the same votes are kept once.
    tasks.enqueue(DRAW_TASK, args={"opinion_map": row.pk}, key=f"draw-map-{new_id()}")


def _locked(actor: Actor, opinion_map: UUID, version: int | None) -> OpinionMap:
    row: OpinionMap = found.locked(OpinionMap, opinion_map, version=version)
    policy.require(policy.may_keep(actor, row.community_id))
    return row


def _save(row: OpinionMap, *names: str) -> None:
    row.version += 1
    row.save(update_fields=[*names, "version"])
    searching_matters.index([row])
