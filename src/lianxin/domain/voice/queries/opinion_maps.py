"""Opinion maps as pages show them: to the office, to everybody, and to one who answers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import MapResult, Opinion, OpinionMap, OpinionVoter, Statement
from lianxin.domain.voice.rules import opinion_results
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

State = OpinionMap.State


@dataclass(frozen=True)
class Turn:
    """What one who answers sees next: a statement, or none, and how far they are."""

    statement: Statement | None
    done: int
    total: int
    # What they said of it before, when they look at it again.
    said: int | None = None


def list_maps(
    *, actor: Actor, state: str = "", communities: Sequence[UUID] | None = None, words: str = ""
) -> QuerySet[OpinionMap]:
    """Give the maps in scope, newest first, with how many statements each has and how many wait."""
    policy.require(policy.may_read_any(actor))
    rows = OpinionMap.objects.select_related("community").order_by("-made_at", "-pk")
    if state:
        rows = rows.filter(state=state)
    if communities is not None:
        rows = rows.filter(community__in=communities)
    if words:
        rows = rows.filter(question__icontains=words)
    return rows.annotate(
        n_shown=Count("statements", filter=Q(statements__state=Statement.State.SHOWN)),
        n_waiting=Count("statements", filter=Q(statements__state=Statement.State.WAITING)),
    )


def find_map(*, actor: Actor, opinion_map: UUID) -> OpinionMap:
    """Give a map in scope; raises Missing."""
    row = OpinionMap.objects.select_related("community", "matter").filter(pk=opinion_map).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def find_statement(*, actor: Actor, statement: UUID) -> Statement:
    """Give a statement in scope; raises Missing."""
    row = Statement.objects.select_related("map__community").filter(pk=statement).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def statements_of(opinion_map: UUID) -> list[Statement]:
    """Give all statements of a map in their order, with how many answered each."""
    rows = Statement.objects.filter(map=opinion_map).order_by("number")
    return list(rows.annotate(n_voters=Count("opinions__voter", distinct=True)))


def list_waiting(*, actor: Actor) -> QuerySet[Statement]:
    """Give the statements in scope that somebody has to look at, oldest first."""
    policy.require(policy.may_read_any(actor))
    rows = Statement.objects.filter(state=Statement.State.WAITING).select_related("map__community")
    return rows.order_by("sent_at", "pk")


def result_of(opinion_map: UUID) -> MapResult | None:
    """Give the newest result of a map."""
    return MapResult.objects.filter(map=opinion_map).order_by("-made_at", "-pk").first()


def shown_of(row: OpinionMap, result: MapResult | None) -> opinion_results.Shown | None:
    """Give what may be shown of a result: groups that are too small stay out of it."""
    return opinion_results.shown(result.content, min_group=row.min_group) if result is not None else None


def words_of(opinion_map: UUID) -> dict[int, str]:
    """Give the words of the statements that are shown, by number."""
    rows = Statement.objects.filter(map=opinion_map, state=Statement.State.SHOWN)
    return dict(rows.values_list("number", "words"))


def list_public(*, community: UUID, most: int = 50) -> list[OpinionMap]:
    """Give the public maps of a community that were opened, newest first."""
    with scope.everything():
        rows = OpinionMap.objects.filter(community=community, is_public=True).exclude(state=State.DRAFT)
        return list(rows.order_by("-opened_at", "-pk")[:most])


def find_public(*, opinion_map: UUID) -> OpinionMap:
    """Give a public map that was opened; raises Missing."""
    with scope.everything():
        rows = OpinionMap.objects.select_related("community").filter(pk=opinion_map, is_public=True)
        row = rows.exclude(state=State.DRAFT).first()
    if row is None:
        raise Missing
    return row


def find_own(*, opinion_map: UUID, statement: UUID) -> Statement:
    """Give a statement of a map that is shown; raises Missing."""
    row = Statement.objects.filter(pk=statement, map=opinion_map, state=Statement.State.SHOWN).first()
    if row is None:
        raise Missing
    return row


def next_turn(row: OpinionMap, voter: OpinionVoter | None, *, word: str) -> Turn:
    """Give the next statement that one has not answered, in an order of their own, so that all are seen alike often."""
    shown = list(Statement.objects.filter(map=row, state=Statement.State.SHOWN))
    done = set(_answered(voter)) if voter is not None else set()
    left = [one for one in shown if one.pk not in done]
    seed = str(voter.number) if voter is not None else word
    left.sort(key=lambda one: hashlib.sha256(f"{seed} {one.pk}".encode()).digest())
    return Turn(left[0] if left else None, len(shown) - len(left), len(shown))


def own_answers(opinion_map: UUID, voter: OpinionVoter | None) -> list[tuple[Statement, int]]:
    """Give what one said of each statement, in the statements' order."""
    said = _answered(voter) if voter is not None else {}
    shown = Statement.objects.filter(map=opinion_map, state=Statement.State.SHOWN).order_by("number")
    return [(one, said[one.pk]) for one in shown if one.pk in said]


def own_statements(voter: OpinionVoter | None) -> list[Statement]:
    """Give what one sent in, with what became of it."""
    return list(Statement.objects.filter(voter=voter).order_by("number")) if voter is not None else []


def _answered(voter: OpinionVoter) -> dict[UUID, int]:
    rows = Opinion.objects.filter(voter=voter).order_by("said_at", "pk")
    return dict(rows.values_list("statement_id", "value"))
