"""A community that deliberates, for the tests of matters, meetings and commitments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lianxin.domain.people.tests.account_factories import make_staff
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.models import Division, Room, RoomKind, Venue
from lianxin.domain.voice.commands import attendance, commitments, matters, meetings, minutes, parties
from lianxin.domain.voice.commands.attendance import Guest
from lianxin.domain.voice.models import Commitment, Invitation, Matter, Meeting
from lianxin.domain.voice.queries import matter_checks
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.models import Duty

# A Wednesday at noon in Shanghai.
AT = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
DAY = timedelta(days=1)


@dataclass
class Table:
    """A matter with its keeper, and the ways tests go with it."""

    community: Division
    keeper: Actor
    matter: Matter
    names: list[str] = field(default_factory=lambda: ["陈阿姨", "业委会老李", "物业小王"])

    def call(self, days: int = 7, *, at: datetime = AT, **more: Any) -> Meeting:
        """Call a meeting in so many days, at the same hour."""
        values: dict[str, Any] = {"guests": [Guest(name) for name in self.names]} | more
        return meetings.call(actor=self.keeper, matter=self.matter.pk, starts_at=AT + days * DAY, at=at, **values)

    def begin(self, meeting: Meeting, *, come: int | None = None) -> list[Invitation]:
        """Begin a meeting on its hour with the first so many of its people."""
        at = meeting.starts_at
        with scope.everything():
            people = list(meeting.invitations.order_by("pk"))
        for one in people[: len(people) if come is None else come]:
            attendance.arrive(actor=self.keeper, invitation=one.pk, at=at)
        meetings.start(actor=self.keeper, meeting=meeting.pk, at=at)
        return people

    def close(self, meeting: Meeting, words: str = "大家商量了装电梯的事。", **more: Any) -> Meeting:
        """Write minutes, read them back and close the meeting."""
        at = meeting.starts_at + timedelta(hours=2)
        minutes.draft(actor=self.keeper, meeting=meeting.pk, words=words, at=at)
        minutes.read_back(actor=self.keeper, meeting=meeting.pk, at=at)
        return meetings.close(actor=self.keeper, meeting=meeting.pk, at=at, **more)

    def held(self, days: int = 7, **more: Any) -> Meeting:
        """A meeting that has begun."""
        row = self.call(days, **more)
        self.begin(row)
        return row

    def promise(self, words: str = "两周内拿出分摊方案", **more: Any) -> Commitment:
        """Promise something in the matter."""
        values: dict[str, Any] = {"owner_name": "物业公司", "due_by": TODAY + 14 * DAY, "at": AT} | more
        if "meeting" not in values:
            values["matter"] = self.matter.pk
        return commitments.promise(actor=self.keeper, words=words, **values)

    def agenda(self, meeting: Meeting) -> list[str]:
        """What stands on an agenda, in its order."""
        with scope.everything():
            return list(meeting.items.order_by("position").values_list("title", flat=True))

    def returned(self, meeting: Meeting) -> list[UUID]:
        """Which commitments stand on an agenda."""
        with scope.everything():
            rows = meeting.items.filter(commitment__isnull=False).order_by("position")
            return list(rows.values_list("commitment_id", flat=True))


def make_community(name: str = "翠英社区", code: str = "440507004020") -> Division:
    """One community."""
    with scope.everything(), transaction.atomic():
        return Division.objects.create(
            level="community", official_name=f"{name}居委会", short_name=name, code=code, created_on=date(2019, 1, 1)
        )


def known_community() -> Division | None:
    """The community that an earlier run of the same test made."""
    with scope.everything():
        return Division.objects.filter(code="440507004020").first()


def make_table(community: Division | None = None, **more: Any) -> Table:
    """A matter with two sides in this community, or in one of its own."""
    community = community or make_community()
    keeper = staff("community_staff", community, name="林主任")
    row = matters.open_matter(
        actor=keeper,
        community=community.pk,
        title="西区加装电梯",
        subject="lift",
        summary="六楼的老人上下楼难。",
        at=AT,
        **more,
    )
    parties.add_party(actor=keeper, matter=row.pk, kind="residents", name="西区3栋居民", at=AT)
    parties.add_party(actor=keeper, matter=row.pk, kind="property", name="物业公司", speaker_name="王经理", at=AT)
    return Table(community, keeper, row)


def make_room(community: Division) -> Room:
    """A room in the community's centre."""
    with scope.everything(), transaction.atomic():
        venue = Venue.objects.create(
            community=community,
            kind="centre",
            name="翠英党群服务中心",
            address="翠英路1号",
            state="open",
            opened_on=date(2024, 3, 1),
        )
        kind, _made = RoomKind.objects.get_or_create(code="hall", defaults={"name": "议事厅"})
        return Room.objects.create(community=community, venue=venue, kind=kind, name="议事厅", seats=40)


def worker_of(community: Division) -> Actor:
    """Somebody with an account who works in the community."""
    return make_staff("community_staff", division=community)[1]


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def open_duties(kind: str) -> list[Duty]:
    """The open duties of a kind, soonest first."""
    with scope.everything():
        return list(Duty.objects.filter(kind=kind, closed_at=None).order_by("due_at", "pk"))


def differences() -> list[str]:
    """What `verify` finds wrong with deliberation."""
    return [
        *matter_checks.open_commitments_return(),
        *matter_checks.open_commitments_are_duties(),
        *matter_checks.held_meetings_are_duties(),
        *matter_checks.signed_minutes_stay(),
        *matter_checks.decisions_had_their_quorum(),
        *matter_checks.ended_matters_are_settled(),
    ]
