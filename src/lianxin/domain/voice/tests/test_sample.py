"""The sample's cases and its lift: told once, counted right, and readable as one story."""

from datetime import date

import pytest
from django.db import transaction

from lianxin.domain.people.models import RoleGrant
from lianxin.domain.people.tests.account_factories import make_account
from lianxin.domain.places.models import Division, Level
from lianxin.domain.projects.sample.staff import staff_of
from lianxin.domain.voice.models import (
    Case,
    Commitment,
    MapResult,
    Matter,
    Mediation,
    Meeting,
    Opinion,
    OpinionMap,
    ReceptionDay,
    Vote,
)
from lianxin.domain.voice.sample import hard_cases
from lianxin.domain.voice.sample import opinions as sample_opinions
from lianxin.domain.voice.sample.cases import CUIYING, SOLVED_AT_CUIYING, build_cases
from lianxin.domain.voice.sample.lift import JINTAO, build_lift
from lianxin.domain.voice.sample.mediations import build_mediations
from lianxin.domain.voice.sample.receptions import build_receptions
from lianxin.platform import contributions, facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.sample import Plan

pytestmark = pytest.mark.django_db
PLAN = Plan(seed=7, today=date(2026, 11, 20))


@pytest.fixture
def places() -> dict[str, Division]:
    """The two communities of the stories, with somebody who works in each."""
    made = {}
    for level, name, code, above in (
        (Level.DISTRICT, "龙湖区", "440507000000", ""),
        (Level.SUBDISTRICT, "金霞街道", "440507003000", "440507000000"),
        (Level.COMMUNITY, "金涛社区", JINTAO, "440507003000"),
        (Level.COMMUNITY, "翠英社区", CUIYING, "440507003000"),
    ):
        made[code] = Division.objects.create(
            level=level,
            created_on=date(2018, 1, 1),
            official_name=name,
            short_name=name,
            code=code,
            parent=made.get(above),
        )
        if level == Level.COMMUNITY:
            account = make_account(f"staff{code[-4:]}")
            RoleGrant.objects.create(
                account=account,
                role="community_staff",
                division=made[code],
                from_on=date(2018, 1, 1),
                granted_at=PLAN.at,
            )
    return made


def counted() -> list[str]:
    """Compare every measure and check of voice with the tables."""
    own = next(one for one in contributions.modules() if one.module == "voice")
    span = Window(date(2015, 1, 1), date(2027, 1, 1))
    wrong = []
    with scope.everything():
        for measure in own.measures:
            if measure.kind == "flow":
                noted = facts.figure(measure.name, from_on=span.from_on, until_on=span.until_on)
                if noted != measure.query(span):
                    wrong.append(f"{measure.name}: noted {noted}, counted {measure.query(span)}")
        for check in own.checks:
            wrong += [f"{check.name}: {one}" for one in check.run()]
    return wrong


def test_more_than_forty_cases_were_solved_at_cuiying_in_the_closed_year(places: dict[str, Division]) -> None:
    build_cases(PLAN)
    with scope.everything():
        before = Case.objects.count()
    build_cases(PLAN)

    with scope.everything():
        solved = Case.objects.filter(community=places[CUIYING], state="confirmed", ended_at__year=2024)
        assert Case.objects.count() == before
        assert solved.count() >= SOLVED_AT_CUIYING - 2 > 40
        noted = facts.figure(
            "cases_confirmed",
            from_on=date(2024, 1, 1),
            until_on=date(2025, 1, 1),
            communities=frozenset({places[CUIYING].pk}),
        )
        assert noted == solved.count()
        assert {"new", "working"} <= set(Case.objects.values_list("state", flat=True))
    assert counted() == []


def test_some_cases_of_the_closed_year_took_more_than_one_turn(places: dict[str, Division]) -> None:
    place = places[JINTAO]
    numbers = {hard_cases.KINDS.index(kind) * hard_cases.EVERY for kind in hard_cases.KINDS}
    over_the_year = (hard_cases.OVER_THE_YEAR - 1) * hard_cases.EVERY

    with transaction.atomic(), scope.within(frozenset({place.pk})):
        for number in sorted(numbers | {over_the_year}):
            hard_cases.tell_hard_case(PLAN, place, staff_of(PLAN)[place.pk], [], number)

    year = {"from_on": date(2024, 1, 1), "until_on": date(2025, 1, 1)}
    with scope.everything():
        for name in ("cases_not_solved", "cases_reopened", "cases_lifted", "cases_appealed"):
            assert facts.figure(name, **year) >= 1, name
        assert set(Case.objects.values_list("state", flat=True)) == {"confirmed"}
        assert contributions.measure("cases_open").query(Window(year["from_on"], year["until_on"])) >= 1
    assert counted() == []


def test_people_were_asked_what_they_think_and_the_result_is_there(
    places: dict[str, Division], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample_opinions, "FIRST", 0)

    sample_opinions.build_opinions(PLAN)
    sample_opinions.build_opinions(PLAN)

    with scope.everything():
        row = OpinionMap.objects.get()
        assert (row.state, row.closed_at.year) == ("closed", PLAN.told_year)
        assert MapResult.objects.get(map=row).voters == row.voters > 20
        assert Opinion.objects.count() > 150
    assert counted() == []


def test_the_lift_is_settled_after_fifteen_meetings_with_the_owners_assent(places: dict[str, Division]) -> None:
    build_lift(PLAN)
    build_lift(PLAN)

    with scope.everything():
        matter = Matter.objects.get()
        sittings = Meeting.objects.filter(matter=matter)
        assert (matter.state, sittings.count(), sittings.filter(state="closed").count()) == ("done", 15, 15)
        assert set(sittings.values_list("minutes_state", flat=True)) == {"signed"}
        promised = Commitment.objects.filter(matter=matter)
        assert promised.count() > 20
        assert set(promised.values_list("state", flat=True)) == {"kept"}
        first, second = Vote.objects.order_by("closed_at")
        assert (first.result["carried"], second.result["carried"]) == (False, True)
        assert Case.objects.get().state == "confirmed"
    assert counted() == []


def test_every_community_has_reception_days_behind_it_and_ahead(places: dict[str, Division]) -> None:
    build_receptions(PLAN)
    with scope.everything():
        before = ReceptionDay.objects.count()
    build_receptions(PLAN)

    with scope.everything():
        assert ReceptionDay.objects.count() == before
        for code in (JINTAO, CUIYING):
            own = ReceptionDay.objects.filter(community=places[code])
            assert own.filter(state__in=["held", "missed"]).exists()
            assert own.filter(state="planned", starts_at__gt=PLAN.at).exists()
            assert not own.filter(state="planned", ends_at__lt=PLAN.at).exists()
        year = ReceptionDay.objects.filter(held_on__year=PLAN.told_year, state__in=["held", "missed"])
        assert 10 <= year.filter(community=places[JINTAO]).count() <= 12
        assert year.filter(community=places[CUIYING]).count() > 40
    assert counted() == []


def test_quarrels_were_mediated_in_both_years_and_another_is_being_talked_over(places: dict[str, Division]) -> None:
    build_mediations(PLAN)
    build_mediations(PLAN)

    with scope.everything():
        own = Mediation.objects.filter(community=places[CUIYING])
        assert sorted(own.values_list("state", flat=True)) == ["performed", "performed", "talking"]
        assert own.filter(asked_at__year=PLAN.told_year).count() == 1
        assert Mediation.objects.filter(community=places[JINTAO]).count() == 1
    assert counted() == []
