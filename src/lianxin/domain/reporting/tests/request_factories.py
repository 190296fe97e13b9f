"""Two communities with their offices, and requests on their way to them, for the tests of requests and burden."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.models import Division
from lianxin.domain.places.tests import factories as places
from lianxin.domain.reporting.commands import requests, requests_demands, requests_fields, requests_sending
from lianxin.domain.reporting.models import Demand, RequestField, RequestReach, UpperRequest
from lianxin.platform import scope, workcalendar
from lianxin.platform.actors import Actor
from lianxin.platform.models import Duty

# Wednesday, noon in Shanghai; Monday before it was Qingming's holiday.
AT = datetime(2026, 4, 8, 4, 0, tzinfo=UTC)
TODAY = date(2026, 4, 8)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SYSTEM = Actor.system(via="worker")
LIST_OF_2026 = tuple(
    (date(2026, month, day), work, name)
    for month, day, work, name in (
        (1, 1, False, "元旦"),
        (4, 6, False, "清明"),
        (5, 1, False, "劳动节"),
        (5, 4, False, "劳动节"),
        (5, 5, False, "劳动节"),
        (5, 9, True, "劳动节"),
        (10, 1, False, "国庆"),
    )
)


@dataclass(frozen=True)
class Place:
    """Everything that a test of requests wants to name."""

    community: Division
    other: Division
    subdistrict: Division
    clerk: Actor
    other_clerk: Actor
    office: Actor
    department: Actor

    @property
    def both(self) -> list[Any]:
        """The ids of the two communities."""
        return [self.community.pk, self.other.pk]


def make_place() -> Place:
    """Two communities under two offices, and the list of working days of 2026."""
    found = places.make_district()
    workcalendar.set_calendar_days(actor=SYSTEM, days=LIST_OF_2026, source="国务院办公厅", at=AT)
    community, other = found["翠英居委会"], found["金洲村委会"]
    return Place(
        community,
        other,
        found["新津街道"],
        staff("community_staff", community),
        staff("community_staff", other),
        staff("subdistrict_staff", community),
        staff("district_staff"),
    )


def draft(place: Place, *, by: Actor | None = None, communities: Any = None, **more: Any) -> UpperRequest:
    """A draft of the department that would pass the gate as soon as it asks for something."""
    entries: dict[str, Any] = {
        "office_name": "区民政局",
        "office_level": "district",
        "kind": "form",
        "title": "月报",
        "purpose": "安排明年的预算",
        "approver": "区委办",
        "approval_number": "龙委办〔2026〕3号",
        "due_at": AT + 9 * DAY,
        "expires_on": TODAY + 30 * DAY,
        "at": AT,
    }
    return requests.draft(actor=by or place.department, communities=communities or place.both, **entries | more)


def ask(
    place: Place, row: UpperRequest, label: str = "库存沙袋", *, by: Actor | None = None, **more: Any
) -> RequestField:
    """Put a field by hand into a draft."""
    entries: dict[str, Any] = {"why": "区里要补缺口", "answer_type": "number", "at": AT} | more
    return requests_fields.ask_by_hand(actor=by or place.department, request=row.pk, label=label, **entries)


def know(place: Place, row: UpperRequest, measure: str = "visits", **more: Any) -> RequestField:
    """Put a known figure into a draft."""
    entries: dict[str, Any] = {"period": "last_month", "at": AT} | more
    return requests_fields.ask_figure(actor=place.department, request=row.pk, measure=measure, **entries)


def send(place: Place, row: UpperRequest, *, at: datetime = AT) -> UpperRequest:
    """Let a draft through the gate."""
    return requests_sending.send(actor=place.department, request=row.pk, at=at)


def sent(place: Place, *labels: str, **more: Any) -> UpperRequest:
    """A request with fields by hand that was sent."""
    at = more.get("at", AT)
    row = draft(place, **more)
    for label in labels or ("库存沙袋",):
        ask(place, row, label, at=at, again_words="口径不同" if more.get("again") else "")
    return send(place, row, at=at)


def reach_of(row: UpperRequest, community: Division, number: int = 1) -> RequestReach:
    """What a request asks of one community in one round."""
    with scope.everything():
        return RequestReach.objects.get(request=row, community=community, round=number)


def open_duties() -> list[Duty]:
    """The open duties of answering."""
    with scope.everything():
        return list(Duty.objects.filter(kind="reporting.answer", closed_at=None).order_by("due_at", "pk"))


def noted(place: Place, **more: Any) -> Demand:
    """A demand that came by a WeChat group, noted by the community's clerk."""
    entries: dict[str, Any] = {
        "community": place.community.pk,
        "office_name": "街道综治办",
        "office_level": "subdistrict",
        "kind": "form",
        "title": "群里接龙",
        "came_by": "wechat",
        "field_count": 7,
        "asked_at": AT,
        "due_at": AT + 5 * DAY,
        "at": AT + HOUR,
    }
    return requests_demands.note(actor=more.pop("actor", place.clerk), **entries | more)
