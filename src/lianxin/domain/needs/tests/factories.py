"""A community with residents and somebody who keeps its needs list, for the tests of this module."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.needs.commands import hearing, joining
from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.domain.places.models import Division
from lianxin.domain.places.tests import factories as places
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.models import Duty

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # a Friday, noon in Shanghai
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
SYSTEM = Actor.system(via="worker")
HAIR, CLINIC, CARE = "D01", "A04", "A01"


@dataclass(frozen=True)
class Place:
    """Everything that a test of needs wants to name."""

    community: Division
    elsewhere: Division
    homes: tuple[Household, ...]
    keeper: Actor

    def person(self, number: int = 0) -> Person:
        """The head of one home."""
        return members_of(self.homes[number])[0]

    def resident(self, number: int = 0) -> Actor:
        """Who logs in from one home."""
        return resident(self.person(number))


def make_place(*, homes: int = 3) -> Place:
    """A community with some homes whose heads have a phone."""
    divisions = places.make_district()
    community, elsewhere = divisions["翠英居委会"], divisions["华新社区居委会"]
    with scope.everything():
        made = tuple(
            make_household(
                community,
                new_person(name, phone=f"1380013800{number}"),
                new_person("小" + name[1:], relation="child", birth_on=date(1980, 2, 3)),
            )
            for number, name in enumerate(("陈小明", "林秀英", "黄国华", "郑美玲")[:homes])
        )
    return Place(community, elsewhere, made, staff("community_staff", community))


def say(place: Place, words: str = "希望有人来给老人剪头发", *, by: int | None = None, **more: Any) -> NeedReport:
    """Let somebody say a need at the desk: a home by its number, or a guest."""
    entries: dict[str, Any] = {"how": "desk", "channel": "none", "at": AT, "community": place.community.pk} | more
    if by is not None:
        entries["person"] = place.person(by).pk
    return hearing.hear(actor=entries.pop("actor", place.keeper), words=words, **entries)


def entry_of(place: Place, *reports: NeedReport, **more: Any) -> Need:
    """Begin an entry with these voices, or with one of home 0."""
    given = list(reports) or [say(place, by=0)]
    entries = {"title": "上门理发", "category": HAIR, "at": AT} | more
    return joining.join_many(actor=place.keeper, reports=[row.pk for row in given], **entries)


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def answers_of(report: NeedReport) -> list[Answer]:
    """What one asker was told, oldest first."""
    with scope.everything():
        return list(Answer.objects.filter(report=report).order_by("made_at", "pk"))


def open_duties(kind: str) -> list[Duty]:
    """The open duties of one kind."""
    with scope.everything():
        return list(Duty.objects.filter(kind=kind, closed_at=None))


def ids(*rows: Any) -> list[UUID]:
    """The ids of rows."""
    return [row.pk for row in rows]
