"""The sample's requests and demands: told once, through the real commands, and counted right."""

from datetime import date

import pytest

from lianxin.domain.people.models import RoleGrant
from lianxin.domain.people.tests.account_factories import make_account
from lianxin.domain.places.models import Division, Level
from lianxin.domain.reporting.models import Demand, UpperRequest
from lianxin.domain.reporting.queries import burden, requests_checks
from lianxin.domain.reporting.queries import requests as queries
from lianxin.domain.reporting.sample.requests import build_requests
from lianxin.platform import scope
from lianxin.platform.sample import Plan

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2027, 2, 9)])
def test_sample_tells_requests_answered_at_once_asked_stopped_and_gone_round(today: date) -> None:
    plan = Plan(seed=7, today=today)
    district = Division.objects.create(
        level=Level.DISTRICT,
        created_on=date(2018, 1, 1),
        official_name="龙湖区",
        short_name="龙湖区",
        code="440507000000",
    )
    for number in (1, 2):
        place = Division.objects.create(
            level=Level.COMMUNITY,
            created_on=date(2018, 1, 1),
            official_name=f"第{number}社区",
            short_name=f"第{number}社区",
            code=f"44050700100{number}",
            parent=district,
        )
        RoleGrant.objects.create(
            account=make_account(f"staff{number}"),
            role="community_staff",
            division=place,
            from_on=date(2018, 1, 1),
            granted_at=plan.at,
        )

    build_requests(plan)
    told = (UpperRequest.objects.count(), len(_demands()))
    build_requests(plan)

    assert (UpperRequest.objects.count(), len(_demands())) == told
    rows = list(UpperRequest.objects.all())
    assert sum(row.is_known_only for row in rows) == 4
    stopped = [row for row in rows if row.state == "draft"]
    assert [len(queries.standing_of(request=row, at=plan.at).lacks) > 0 for row in stopped] == [True, True]
    with scope.everything():
        assert list(requests_checks.burden_is_counted()) == []
        assert list(requests_checks.open_questions_are_duties()) == []
        lately = burden.by_office(from_on=date(2026, 1, 1), until_on=date(2028, 1, 1))
        closed = burden.by_office(from_on=date(2024, 1, 1), until_on=date(2025, 1, 1))
    for offices in (lately, closed):
        whole = burden.together(one.whole for one in offices)
        assert min(whole.again, whole.out_of_hours, whole.short_notice, whole.noted, whole.at_once) > 0
    assert all(row.is_sample for row in [*rows, *_demands()])


def _demands() -> list[Demand]:
    with scope.everything():
        return list(Demand.objects.all())
