"""Cases that may be the same one: shown before something is sent, and to the office beside a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Case, CaseReport
from lianxin.domain.voice.queries.board import Line, line_of
from lianxin.domain.voice.queries.reports import may_see
from lianxin.domain.voice.rules import alike, states
from lianxin.domain.voice.rules.alike import Spot, Told
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

LOOK_AT = 400
SAID = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case of the board that may be the same, in which words, and whether at the same place."""

    line: Line
    score: float
    shared: tuple[str, ...]
    is_same_place: bool


@dataclass(frozen=True, slots=True)
class AlikeCase:
    """A case that the office may join this one with."""

    case: Case
    score: float
    shared: tuple[str, ...]
    is_same_place: bool


def suggest(
    community: UUID,
    words: str,
    *,
    venue: UUID | None = None,
    lng: float | None = None,
    lat: float | None = None,
    place_words: str = "",
    at: datetime,
    most: int = 3,
) -> list[Suggestion]:
    """Give open cases of the board that look like what somebody is about to send; one query."""
    with scope.everything():
        rows = list(
            # Not in the order of the board: its index would be read through all the years.
            Case.objects.filter(community=community, is_public=True, state__in=states.LIVE)
            .select_related("community", "venue")
            .order_by("due_at")[:LOOK_AT]
        )
    known = {row.pk: row for row in rows}
    spot = Spot(venue, lng, lat, place_words)
    told = [Told(row.pk, f"{row.public_title} {row.title}", _spot(row)) for row in rows]
    return [
        Suggestion(line_of(known[one.id], at=at), one.score, one.shared, one.is_same_place)
        for one in alike.nearest(words, spot, told, most=most)
    ]


def suggest_for_office(
    actor: Actor,
    community: UUID,
    words: str,
    *,
    venue: UUID | None = None,
    lng: float | None = None,
    lat: float | None = None,
    place_words: str = "",
    most: int = 5,
) -> list[AlikeCase]:
    """Give open cases that look like what is being written down at the desk; one query."""
    policy.require(policy.may_take_down(actor, community))
    return _nearest(actor, community, [words], Spot(venue, lng, lat, place_words), but=None, most=most)


def alike_for(actor: Actor, case: UUID, *, most: int = 5) -> list[AlikeCase]:
    """Give open cases of the community that look like this one, nearest first; three queries."""
    row = Case.objects.filter(pk=case).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    with scope.everything():
        reports = list(CaseReport.objects.filter(case=row).order_by("heard_at")[:SAID])
    said = [one.words for one in reports if may_see(actor, one, row)]
    return _nearest(actor, row.community_id, [row.title, *said], _spot(row), but=row.pk, most=most)


def _nearest(
    actor: Actor, community: UUID, words: Iterable[str], spot: Spot, *, but: UUID | None, most: int
) -> list[AlikeCase]:
    policy.require(policy.may_read(actor, community) or policy.may_take_down(actor, community))
    # By the cases alone, of which few are open: a fence on the reports would read all those of the community.
    with scope.everything():
        rows = list(
            CaseReport.objects.filter(case__community=community, case__state__in=states.LIVE, withdrawn_at=None)
            .select_related("case")
            .order_by("case__due_at")[:LOOK_AT]
        )
    known: dict[UUID, Case] = {}
    told = []
    for row in rows:
        if row.case_id == but:
            continue
        case = known.setdefault(row.case_id, row.case)
        # What is sealed is compared by its place alone, so that a few words do not tell what it is about.
        is_open = row.confidentiality == "open" and case.confidentiality == "open" and not case.is_mediated
        told.append(Told((case.pk, row.pk), f"{case.title} {row.words}" if is_open else "", _spot(case)))
    found: dict[UUID, AlikeCase] = {}
    for one in alike.nearest(" ".join(words), spot, told, most=4 * most):
        case = known[one.id[0]]
        if case.pk not in found and len(found) < most:
            found[case.pk] = AlikeCase(case, one.score, one.shared, one.is_same_place)
    return list(found.values())


def _spot(row: Case) -> Spot:
    return Spot(row.venue_id, row.lng, row.lat, row.place_words)
