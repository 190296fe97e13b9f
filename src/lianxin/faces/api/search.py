"""Global search, within what the caller may see."""

from uuid import UUID

from ninja import Field, Query, Router, Schema

from lianxin.faces.api.answers import answers
from lianxin.platform import search as engine

router = Router()


class HitOut(Schema):
    """One found record."""

    kind: str
    id: UUID
    title: str
    detail: str


class Asked(Schema):
    """What is looked for."""

    q: str = Field(min_length=1, max_length=100)
    limit: int = Field(20, ge=1, le=50)


@router.get("/", response=answers(list[HitOut]), summary="Find places, services and, for staff, people")
def find(request, asked: Query[Asked]):  # type: ignore[no-untyped-def]
    """Find by words, pinyin or initials; people only for staff and only in their communities."""
    hits = engine.find(asked.q, public_only=not request.actor.holds(*_STAFF), limit=asked.limit)
    return [HitOut(kind=hit.kind, id=hit.record_id, title=hit.title, detail=hit.detail) for hit in hits]


_STAFF = ("community_staff", "subdistrict_staff", "district_staff")
