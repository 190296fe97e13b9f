"""The burden that offices above lay on communities, by office and month: of those who ask, not of who answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from lianxin.domain.reporting.models import Demand, RequestField, RequestReach, UpperRequest
from lianxin.platform.clock import LOCAL, local_day, local_moment

Office = tuple[str, str]


@dataclass(slots=True)
class Burden:
    """What one office asked in some days.

    `requests` came through the gate, `noted` are demands that communities noted; `asked` counts fields by hand for
    each community they reached, `again` those of them that were known or asked before, `given` what was delivered
    without asking; `at_once` are requests that the gate answered whole.
    """

    requests: int = 0
    noted: int = 0
    asked: int = 0
    again: int = 0
    given: int = 0
    out_of_hours: int = 0
    short_notice: int = 0
    open: int = 0
    at_once: int = 0

    def add(self, other: "Burden") -> None:
        """Add what was asked otherwise."""
        for one in fields(Burden):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass(frozen=True, slots=True)
class OfficeBurden:
    """One office with its months, oldest first."""

    name: str
    level: str
    whole: Burden
    months: dict[date, Burden] = field(default_factory=dict)


def by_office(*, from_on: date, until_on: date) -> list[OfficeBurden]:
    """Give the burden of each office over days [from_on, until_on) for the communities in scope, the heaviest first."""
    found: dict[Office, dict[date, Burden]] = {}
    for office, month, burden in (*_through_the_gate(from_on, until_on), *_noted(from_on, until_on)):
        found.setdefault(office, {}).setdefault(month, Burden()).add(burden)
    offices = []
    for (name, level), months in found.items():
        whole = together(months.values())
        offices.append(OfficeBurden(name, level, whole, dict(sorted(months.items()))))
    return sorted(offices, key=lambda one: (-one.whole.asked, -one.whole.requests - one.whole.noted, one.name))


def together(burdens: Iterable[Burden]) -> Burden:
    """Add some burdens up."""
    whole = Burden()
    for one in burdens:
        whole.add(one)
    return whole


def _through_the_gate(from_on: date, until_on: date) -> list[tuple[Office, date, Burden]]:
    rounds = (
        RequestReach.objects.filter(opened_at__gte=local_moment(from_on), opened_at__lt=local_moment(until_on))
        .order_by()
        .values("request", "round", "opened_at", "is_out_of_hours", "is_short_notice")
        .annotate(reached=Count("pk"), open=Count("pk", filter=Q(state=RequestReach.State.ASKED)))
    )
    lines: list[dict[str, Any]] = [dict(row) for row in rounds]
    wanted = {line["request"] for line in lines}
    asked = UpperRequest.objects.in_bulk(wanted)
    counts: dict[Any, dict[str, Any]] = {
        row["request"]: dict(row)
        for row in RequestField.objects.filter(request__in=wanted)
        .order_by()
        .values("request")
        .annotate(
            hands=Count("pk", filter=Q(how="hand")),
            again=Count("pk", filter=Q(how="hand", is_again=True)),
            known=Count("pk", filter=~Q(how="hand")),
        )
    }
    return [_round(line, asked[line["request"]], counts.get(line["request"], {})) for line in lines]


def _round(line: dict[str, Any], asked: UpperRequest, counts: dict[str, Any]) -> tuple[Office, date, Burden]:
    reached = line["reached"]
    burden = Burden(
        requests=1,
        asked=counts.get("hands", 0) * reached,
        again=counts.get("again", 0) * reached,
        given=counts.get("known", 0) * reached,
        out_of_hours=int(line["is_out_of_hours"]),
        short_notice=int(line["is_short_notice"]),
        open=line["open"],
        at_once=int(asked.is_known_only),
    )
    return (asked.office_name, asked.office_level), _month(line["opened_at"]), burden


def _noted(from_on: date, until_on: date) -> list[tuple[Office, date, Burden]]:
    rows = (
        Demand.objects.filter(asked_at__gte=local_moment(from_on), asked_at__lt=local_moment(until_on))
        .exclude(state=Demand.State.TAKEN_BACK)
        .order_by()
        .annotate(month=TruncMonth("asked_at", tzinfo=LOCAL))
        .values("office_name", "office_level", "month")
        .annotate(
            noted=Count("pk"),
            asked=Sum("field_count"),
            out_of_hours=Count("pk", filter=Q(is_out_of_hours=True)),
            short_notice=Count("pk", filter=Q(is_short_notice=True)),
            open=Count("pk", filter=Q(state=Demand.State.OPEN)),
        )
    )
    found = []
    lines: list[dict[str, Any]] = [dict(row) for row in rows]
    for row in lines:
        office = (row.pop("office_name"), row.pop("office_level"))
        month = _month(row.pop("month"))
        found.append((office, month, Burden(**row)))
    return found


def _month(at: datetime) -> date:
    return local_day(at).replace(day=1)
