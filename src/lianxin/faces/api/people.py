"""People, masked, for the staff of their community; a resident sees the own household."""

from datetime import date
from uuid import UUID

from ninja import Field, Query, Router, Schema

from lianxin.domain.people import policy
from lianxin.domain.people.queries import people as queries
from lianxin.faces.api.answers import answers
from lianxin.faces.api.security import logged_in
from lianxin.platform import clock
from lianxin.platform.errors import Missing

router = Router(auth=logged_in)


class PersonOut(Schema):
    """A person as a masked line."""

    id: UUID
    community: UUID
    household: UUID
    household_number: str
    masked_name: str
    sex: str
    age: int | None
    masked_phone: str
    masked_address: str
    relation: str
    residence: str
    state: str


class PeoplePage(Schema):
    """A page of people; `after` asks for the next one."""

    total: int
    is_more: bool
    after: str
    items: list[PersonOut]


class PeopleFilter(Schema):
    """Which people."""

    query: str = Field("", max_length=100)
    band: str = ""
    community: UUID | None = None
    after: str = Field("", max_length=80)
    limit: int = Field(50, ge=1, le=200)


class PersonDetail(PersonOut):
    """A person's page without anything sensitive."""

    name: str
    birth_on: date | None
    card_number: str


@router.get("/", response=answers(PeoplePage), summary="People of my communities")
def list_people(request, filters: Query[PeopleFilter]):  # type: ignore[no-untyped-def]
    """Give people in scope, masked; a search word may be a name, pinyin, the last four digits or a whole number."""
    if not policy.may_see_people(request.actor):
        raise Missing
    page = queries.list_people(
        actor=request.actor,
        on=clock.local_day(clock.now()),
        query=filters.query,
        band=filters.band,
        community=filters.community,
        after=filters.after,
        limit=filters.limit,
    )
    return PeoplePage(
        total=page.total,
        is_more=page.is_more,
        after=page.after,
        items=[PersonOut.from_orm(row) for row in page.rows],
    )


@router.get("/{uuid:person}", response=answers(PersonDetail), summary="One person")
def show_person(request, person: UUID):  # type: ignore[no-untyped-def]
    """Give a person whom the caller may see; 404 otherwise, 410 after erasure."""
    bundle = queries.find_person(actor=request.actor, person=person, on=clock.local_day(clock.now()))
    return PersonDetail(
        **PersonOut.from_orm(bundle.person).dict(),
        name=bundle.name,
        birth_on=bundle.birth_on,
        card_number=bundle.card_number,
    )
