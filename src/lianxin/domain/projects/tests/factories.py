"""A community with needs, an offer and a planner, for the tests of projects."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.people.models import Organisation
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.models import Division, ServiceCategory, Venue
from lianxin.domain.projects.commands import projects
from lianxin.domain.projects.models import Project
from lianxin.domain.projects.rules.contents import Content
from lianxin.domain.resources.models import Offer
from lianxin.platform import scope
from lianxin.platform.actors import Actor

# A Monday at noon in Shanghai.
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Ground:
    """Everything that a test of projects wants to name."""

    community: Division
    venue: Venue
    category: ServiceCategory
    planner: Actor

    def content(self, **values: Any) -> Content:
        """What a form would hold."""
        entries: dict[str, Any] = {
            "title": "长者理发日",
            "from_on": date(2026, 3, 9),
            "until_on": date(2026, 3, 31),
            "purpose": "每月给行动不便的长者理发。",
            "public_text": "每周三上午在中心理发，六十岁以上不收钱。",
            "responsible_name": "林主任",
            "occurrences_planned": 4,
            "people_planned": 80,
            "venue": self.venue.pk,
        }
        return Content(community=self.community.pk, category=self.category.pk, **(entries | values))


def make_ground(name: str = "翠英社区", code: str = "440507004020") -> Ground:
    """One community with a centre."""
    with scope.everything(), transaction.atomic():
        community = Division.objects.create(
            level="community", official_name=f"{name}居委会", short_name=name, code=code, created_on=date(2019, 1, 1)
        )
        venue = Venue.objects.create(
            community=community,
            kind="centre",
            name=f"{name}党群服务中心",
            address="翠英路1号",
            state="open",
            opened_on=date(2024, 3, 1),
        )
        category, _ = ServiceCategory.objects.get_or_create(code="A03", defaults={"name": "便民理发"})
    return Ground(community, venue, category, staff("community_staff", community))


def make_need(ground: Ground, number: int = 1, *, voices: int = 2, **values: Any) -> Need:
    """An open entry with joined voices, as the commands of needs leave it."""
    with scope.everything(), transaction.atomic():
        need = Need.objects.create(
            community=ground.community,
            number=number,
            category=ground.category,
            **{
                "title": f"上门理发{number}",
                "voices": voices,
                "households": 0,
                "people": voices,
                "first_heard_on": date(2026, 2, 1),
                "last_heard_on": date(2026, 2, 20),
                "confirm_by": date(2026, 5, 21),
            }
            | values,
        )
        for index in range(voices):
            NeedReport.objects.create(
                community=ground.community,
                receipt=f"{number:04d}{index:04d}",
                words=f"我爸走不动，想有人上门剪头发{number}-{index}",
                words_digest="0" * 64,
                how="desk",
                heard_at=AT,
                recorded_at=AT,
                need=need,
                state="joined",
                category=ground.category,
            )
    return need


def make_offer(ground: Ground, title: str = "理发师傅", **values: Any) -> Offer:
    """An active offer of an organisation."""
    with scope.everything(), transaction.atomic():
        organisation = Organisation.objects.create(name=f"{title}工作室", registered_on=date(2025, 1, 1))
        return Offer.objects.create(
            community=ground.community,
            organisation=organisation,
            **{
                "kind": "skill",
                "title": title,
                "from_on": date(2026, 1, 1),
                "state": "active",
                "assured_on": date(2026, 2, 1),
                "assure_by": date(2026, 8, 1),
                "made_at": AT,
            }
            | values,
        )


def make_public(ground: Ground, needs: tuple[UUID, ...] = (), **values: Any) -> Project:
    """A project that was approved and published."""
    row = projects.save_project(
        actor=ground.planner, project=None, content=ground.content(needs=needs, **values), at=AT
    )
    projects.approve(actor=ground.planner, project=row.pk, at=AT)
    return projects.publish(actor=ground.planner, project=row.pk, at=AT)


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)
