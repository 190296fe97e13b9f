"""Finding and locking the rows that a command acts on; what is outside the scope is missing."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division, Level, Venue
from lianxin.domain.voice.models import Case, CaseReport
from lianxin.platform import locks
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing

Row = TypeVar("Row", bound=Any)


def community(pk: UUID) -> Division:
    """Give a community that exists; raises Missing."""
    row = Division.objects.filter(pk=pk, level=Level.COMMUNITY, ended_on=None).first()
    if row is None:
        raise Missing
    return row


def locked(model: type[Row], pk: UUID, *, version: int | None = None) -> Row:
    """Lock one row in scope; raises Missing, or EditedMeanwhile where another version was seen."""
    rows = locks.lock(model.objects.filter(pk=pk))
    if not rows:
        raise Missing
    require_version(rows[0], version)
    return rows[0]


def case(pk: UUID, *, version: int | None = None) -> Case:
    """Lock a case in scope; raises Missing or EditedMeanwhile."""
    return locked(Case, pk, version=version)


def report(pk: UUID) -> tuple[CaseReport, Case]:
    """Lock a voice and its case, the case first; raises Missing, or EditedMeanwhile where it was joined meanwhile."""
    seen = CaseReport.objects.filter(pk=pk).values_list("case_id", flat=True).first()
    if seen is None:
        raise Missing
    entry = case(seen)
    row = locked(CaseReport, pk)
    if row.case_id != entry.pk:
        raise EditedMeanwhile
    return row, entry


def place(community: UUID, *, venue: UUID | None, lng: float | None, lat: float | None) -> dict[str, Any]:
    """Give the place of a case as it is kept: a venue of the community, a position in China, or neither."""
    if venue is not None and not Venue.objects.filter(pk=venue, community=community).exists():
        raise Invalid(fields={"venue": [_("Choose a place of this community.")]})
    if (lng is None) != (lat is None):
        raise Invalid(fields={"lat": [_("A position needs both numbers.")]})
    if lng is not None and lat is not None and not (72.0 <= lng <= 138.0 and 17.0 <= lat <= 55.0):
        raise Invalid(fields={"lat": [_("This position is not in China. Leave it out, or say the place in words.")]})
    return {"venue_id": venue, "lng": lng, "lat": lat}


def next_number(model: Any, community: UUID, **more: Any) -> int:
    """Give the next free number of a community's cases, matters or votes; two who ask at once wait for each other."""
    locks.advisory(f"{model._meta.label_lower}.number.{community}")
    highest = model.objects.filter(community=community, **more).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def require_version(row: Any, version: int | None) -> None:
    """Refuse when somebody else saved since the form was opened; None asks for no comparison."""
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
