"""A community with an office, residents and the office above it, and cases in it, for the tests of tiers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lianxin.domain.people.models import Household
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.domain.places.models import Division
from lianxin.domain.places.tests import factories as places
from lianxin.domain.voice.commands import hearing, moving
from lianxin.domain.voice.models import Case, CaseReport, TierDecision
from lianxin.domain.voice.queries import tier_checks
from lianxin.engines.workdays import Calendar, CalendarRow
from lianxin.platform import scope, workcalendar
from lianxin.platform.actors import Actor
from lianxin.platform.models import Duty

# Monday 6 April 2026 is Qingming's holiday: noon of the Wednesday after it.
AT = datetime(2026, 4, 8, 4, 0, tzinfo=UTC)
TODAY = date(2026, 4, 8)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SYSTEM = Actor.system(via="worker")
LIST_OF_2026 = (
    (date(2026, 1, 1), False, "元旦"),
    (date(2026, 4, 6), False, "清明"),
    (date(2026, 5, 1), False, "劳动节"),
    (date(2026, 5, 4), False, "劳动节"),
    (date(2026, 5, 5), False, "劳动节"),
    (date(2026, 5, 9), True, "劳动节"),
    (date(2026, 10, 1), False, "国庆"),
)
CALENDAR = Calendar(CalendarRow(on, "makeup" if works else "holiday", name) for on, works, name in LIST_OF_2026)


@dataclass(frozen=True)
class Place:
    """Everything that a test of tiers wants to name."""

    community: Division
    elsewhere: Division
    subdistrict: Division
    district: Division
    homes: tuple[Household, ...]
    keeper: Actor
    supervisor: Actor
    department: Actor
    stranger: Actor

    def resident(self, number: int = 0) -> Actor:
        """Who logs in from one home."""
        return resident(members_of(self.homes[number])[0])


def make_place(*, homes: int = 2) -> Place:
    """A community with its offices, homes and the list of working days of 2026."""
    found = places.make_district()
    community, elsewhere = found["翠英居委会"], found["金洲村委会"]
    workcalendar.set_calendar_days(actor=SYSTEM, days=LIST_OF_2026, source="国务院办公厅", at=AT)
    with scope.everything():
        made = tuple(
            make_household(community, new_person(name, phone=f"1380013800{number}"))
            for number, name in enumerate(("陈小明", "林秀英", "黄国华")[:homes])
        )
    return Place(
        community,
        elsewhere,
        found["新津街道"],
        found["龙湖区"],
        made,
        staff("community_staff", community),
        staff("subdistrict_staff", community, found["华新社区居委会"]),
        staff("district_staff"),
        staff("community_staff", elsewhere),
    )


def say(place: Place, words: str = "楼道的灯不亮了", *, by: int = 0, **more: Any) -> CaseReport:
    """Let a resident of one home bring something forward on a page, and give their voice."""
    entries: dict[str, Any] = {"how": "page", "at": AT, "community": place.community.pk} | more
    return hearing.hear(actor=place.resident(by), words=words, **entries)


def case_of(report: CaseReport) -> Case:
    """The case of a voice as it is now."""
    with scope.everything():
        return Case.objects.get(pk=report.case_id)


def working(place: Place, words: str = "楼道的灯不亮了", **more: Any) -> Case:
    """A case that somebody of the office works on."""
    case = case_of(say(place, words, **more))
    moving.assign(actor=place.keeper, case=case.pk, role="community_staff", at=AT)
    moving.start(actor=place.keeper, case=case.pk, at=AT)
    return fresh(case)


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def decisions_of(case: Case) -> list[TierDecision]:
    """The decisions of a case in order."""
    with scope.everything():
        return list(TierDecision.objects.filter(case=case).select_related("rules").order_by("position"))


def open_duties(kind: str) -> list[Duty]:
    """The open duties of one kind."""
    with scope.everything():
        return list(Duty.objects.filter(kind=kind, closed_at=None))


def noon(on: date) -> datetime:
    """Noon in Shanghai of a day."""
    return datetime(on.year, on.month, on.day, 4, 0, tzinfo=UTC)


def last_second(on: date) -> datetime:
    """The end of a day in Shanghai."""
    return datetime(on.year, on.month, on.day, 15, 59, 59, tzinfo=UTC)


def differences() -> list[str]:
    """Give what the checks of tiers find wrong."""
    return [
        *tier_checks.deadlines_are_as_counted(),
        *tier_checks.tiers_are_those_of_decisions(),
        *tier_checks.waiting_cases_have_a_pause(),
        *tier_checks.handed_cases_are_duties(),
        *tier_checks.appeals_are_duties(),
        *tier_checks.facts_are_those_of_cases(),
    ]
