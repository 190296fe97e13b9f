"""What other programs may read by Open311: public cases, never a mediated, confidential or hidden one, by no way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.domain.places.models import Division, Level, Venue, VenueKind
from lianxin.domain.voice.models import Case, CasePicture, CaseReport, CaseStep, Program
from lianxin.domain.voice.rules import open311 as rules
from lianxin.domain.voice.rules import receipts
from lianxin.engines.geo import Point, box_around, distance_metres
from lianxin.platform import scope

# Nobody's centre lies further from those it serves; beyond it the point is not in this district.
REACH_METRES = 6000


@dataclass(frozen=True, slots=True)
class Request:
    """A public case as the specification has it."""

    id: UUID
    state: str
    notes: str
    code: str
    title: str
    agency: str
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    address: str
    venue: UUID | None
    lat: float | None
    lng: float | None
    picture: UUID | None


@dataclass(frozen=True, slots=True)
class Update:
    """A step of a public case."""

    id: UUID
    case: UUID
    state: str
    at: datetime
    words: str


def public_cases() -> QuerySet[Case]:
    """Give the cases that may leave; the table itself refuses to call any other kind public."""
    return Case.objects.filter(
        is_public=True, is_mediated=False, confidentiality="open", hidden_reason="", subject__in=list(rules.BY_CODE)
    )


def list_requests(
    *,
    since: datetime,
    until: datetime,
    codes: Sequence[str] | None = None,
    statuses: Iterable[str] = (rules.OPEN, rules.CLOSED),
    start: int = 0,
    most: int = rules.MOST,
) -> list[Request]:
    """Give public cases that were opened in a window, the latest first; `codes` None: of every kind."""
    with scope.everything():
        rows = public_cases().filter(opened_at__gte=since, opened_at__lte=until)
        if codes is not None:
            rows = rows.filter(subject__in=list(codes))
        wanted = set(statuses)
        if wanted == {rules.OPEN}:
            rows = rows.filter(ended_at=None)
        elif wanted == {rules.CLOSED}:
            rows = rows.filter(ended_at__isnull=False)
        return _views(rows.order_by("-opened_at", "pk")[start : start + most])


def find_requests(ids: Iterable[UUID]) -> list[Request]:
    """Give the public ones of these cases, whenever they were opened."""
    with scope.everything():
        return _views(public_cases().filter(pk__in=list(ids)[: rules.MOST]).order_by("-opened_at", "pk"))


def find_by_token(number: str, word: str) -> UUID | None:
    """Give the public case of a receipt and its private word; None where there is none, or it is not public."""
    with scope.everything():
        row = CaseReport.objects.filter(receipt=number[:12]).first()
        given = receipts.read_token(word)
        if row is None or not given or given not in receipts.tokens_for(row.pk, row.receipt):
            return None
        return row.case_id if public_cases().filter(pk=row.case_id).exists() else None


def list_updates(
    *, since: datetime, until: datetime, cases: Iterable[UUID] | None = None, start: int = 0, most: int = rules.MOST
) -> list[Update]:
    """Give the public steps of public cases in a window, the latest first."""
    with scope.everything():
        rows = CaseStep.objects.filter(is_public=True, done_at__gte=since, done_at__lte=until)
        rows = rows.filter(case__in=public_cases()) if cases is None else rows.filter(case__in=_public_of(cases))
        found = rows.order_by("-done_at", "pk").values_list("pk", "case_id", "after", "case__state", "done_at", "words")
        return [
            Update(id=pk, case=case, state=after or state, at=at, words=words)
            for pk, case, after, state, at, words in found[start : start + most]
        ]


def find_picture(picture: UUID) -> UUID | None:
    """Give the stored file of a picture that may leave: a public one of a public case."""
    with scope.everything():
        row = CasePicture.objects.filter(pk=picture, is_public=True).select_related("report").first()
        if row is None or not public_cases().filter(pk=row.report.case_id).exists():
            return None
        return row.file_id


def find_program(key: str, *, at: datetime) -> Program | None:
    """Give the program with this key; None where nobody has it, or it was ended."""
    row = Program.objects.filter(key_digest=rules.digest_of(key[:64])).first() if key.strip() else None
    return row if row is not None and row.ended_at is None and row.expires_at > at else None


def community_at(point: Point) -> Division | None:
    """Give the community whose centre is nearest to a point; None where the district lies elsewhere."""
    box = box_around(point, metres=REACH_METRES)
    with scope.everything():
        rows = Venue.objects.filter(
            kind=VenueKind.CENTRE,
            community__ended_on=None,
            lng__range=(box.west, box.east),
            lat__range=(box.south, box.north),
        ).select_related("community")
        near = [
            (distance_metres(point, to=Point(lng=row.lng, lat=row.lat)), row)
            for row in rows
            if row.lng is not None and row.lat is not None
        ]
    inside = [pair for pair in near if pair[0] <= REACH_METRES]
    return min(inside, key=lambda pair: (pair[0], str(pair[1].pk)))[1].community if inside else None


def list_communities() -> list[Division]:
    """Give the communities that a request may name."""
    return list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code", "pk"))


def _public_of(cases: Iterable[UUID]) -> QuerySet[Case]:
    return public_cases().filter(pk__in=list(cases)[: rules.MOST])


def _views(rows: QuerySet[Case]) -> list[Request]:
    found = list(rows.select_related("community", "venue"))
    pictures = dict(
        CasePicture.objects.filter(Q(report__case__in=[row.pk for row in found]), is_public=True)
        .order_by("-added_at")
        .values_list("report__case_id", "pk")
    )
    return [
        Request(
            id=row.pk,
            state=row.state,
            notes=row.public_answer,
            code=row.subject,
            title=row.public_title,
            agency=row.community.short_name,
            opened_at=row.opened_at,
            updated_at=row.ended_at or row.changed_at,
            due_at=row.due_at,
            # Not the place's words, which may be somebody's door: the venue and the community.
            address="，".join(part for part in (row.venue.name if row.venue else "", row.community.short_name) if part),
            venue=row.venue_id,
            lat=_near(row.lat, row.venue.lat if row.venue else None),
            lng=_near(row.lng, row.venue.lng if row.venue else None),
            picture=pictures.get(row.pk),
        )
        for row in found
    ]


def _near(own: float | None, of_venue: float | None) -> float | None:
    """Give a venue's own position, and any other one to about a hundred metres: a door is not told."""
    if of_venue is not None:
        return round(of_venue, 6)
    return None if own is None else round(own, 3)
