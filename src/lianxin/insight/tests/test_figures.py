"""Figures: they are the sums of their records, for any area and period, and a wrong one is found and named."""

from datetime import date, timedelta

import pytest

from lianxin.domain.activities.commands.attendance import check_in, undo_attendance
from lianxin.domain.activities.tests.attendance_factories import DOOR, Hall, make_hall, signed
from lianxin.domain.places.rules.history import DivisionRow
from lianxin.domain.places.tests.factories import SMALL_DISTRICT, make_district, make_staff
from lianxin.insight import checks, figures
from lianxin.insight.areas import AmbiguousPlace, UnknownPlace, children, find_area, whole
from lianxin.insight.catalogue import UnknownFigure, find_measure, list_measures, topics
from lianxin.insight.opening import open_figure
from lianxin.insight.periods import day, month_of, year
from lianxin.insight.publishing import for_public, parts_for_public, sum_for_public
from lianxin.platform import facts, scope
from lianxin.platform.errors import Missing
from lianxin.platform.models import Rollup, Tally

pytestmark = pytest.mark.django_db
MARCH, IN_2026 = month_of(date(2026, 3, 1)), year(2026)


def come(hall: Hall, number: int):
    [row] = signed(hall, hall.town.heads[number])
    return check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, how="name", sign_up=row.pk, at=DOOR)


def person_times(hall: Hall, period, **more) -> int:
    with scope.everything():
        area = find_area(hall.town.community.pk, actor=make_staff("district_staff"), on=period.last_on)
        return figures.values(["person_times"], period=period, area=area, **more)["person_times"]


def test_a_figure_follows_each_record_at_once_and_back() -> None:
    hall = make_hall()
    first, second = come(hall, 0), come(hall, 1)
    assert person_times(hall, MARCH) == 2
    facts.fold(holder="t", at=DOOR)
    assert person_times(hall, IN_2026) == 2

    undo_attendance(actor=hall.keeper, attendance=first.pk, reason="mistaken", at=DOOR + timedelta(minutes=1))

    assert person_times(hall, IN_2026) == person_times(hall, day(date(2026, 3, 20))) == 1
    assert person_times(hall, MARCH.before()) == 0
    assert person_times(hall, MARCH, category="L01") == 1
    assert second.pk


def test_parts_by_area_month_and_category_add_up_to_the_whole() -> None:
    hall = make_hall()
    come(hall, 0)
    come(hall, 1)
    facts.fold(holder="t", at=DOOR)
    come(hall, 2)

    with scope.everything():
        actor = make_staff("district_staff")
        area = find_area(hall.town.community.pk, actor=actor, on=MARCH.last_on)
        monthly = figures.series(["person_times", "residents"], periods=IN_2026.parts(), area=area)
        by_place = figures.by_area(["person_times", "residents"], period=IN_2026, areas=[area])
        by_kind = figures.by_category("person_times", period=IN_2026, area=area)
        compared = figures.compare(["person_times"], period=MARCH, area=area)["person_times"]

    assert monthly["person_times"] == [0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert by_place["person_times"] == {hall.town.community.pk: 3}
    assert by_place["residents"][hall.town.community.pk] == monthly["residents"][-1] > 0
    assert by_kind == {"L01": 3}
    assert (compared.value, compared.before, compared.change, compared.change_share) == (3, 0, 3, None)


def test_verify_names_the_figure_day_and_place_of_a_wrong_tally() -> None:
    hall = make_hall()
    come(hall, 0)
    facts.fold(holder="t", at=DOOR)
    with scope.everything():
        assert [line for line in checks.check_figures() if "person_times" in line] == []

        for table in (Tally, Rollup):
            table.objects.filter(measure="person_times").update(quantity=4)
        wrong = [line for line in checks.check_figures() if line.startswith("person_times on")]

    assert len(wrong) == 1
    assert wrong[0].startswith("person_times on 2026-03-20 in ")
    assert wrong[0].endswith("the records say 1, the tallies say 4")


def test_verify_names_records_that_no_fact_tells_of() -> None:
    hall = make_hall()
    came = come(hall, 0)
    with scope.everything():
        type(came).objects.filter(pk=came.pk).update(undone_at=DOOR)

        lines = [line for line in checks.check_figures() if line.startswith("person_times on")]

    assert len(lines) == 1
    assert "person_times on 2026-03-20 in" in lines[0]
    assert lines[0].endswith("the records say 0, the tallies say 1")


def test_areas_are_found_by_name_and_code_within_the_readers_rights() -> None:
    district = make_district()
    office, clerk = make_staff("district_staff"), make_staff("community_staff", district["翠英居委会"].pk)
    on = date(2024, 5, 1)
    with scope.everything():
        top = whole(office, on=on)
        assert (top.kind, top.communities) == ("district", None)
        subdistricts = children(top, on=on)
        assert [area.name for area in subdistricts] == ["新津街道", "外砂街道"]
        assert [len(area.communities or ()) for area in subdistricts] == [2, 1]
        assert [area.kind for area in children(subdistricts[0], on=on)] == ["community", "community"]
        for text in ("翠英", "翠英社区", "440507004020", str(district["翠英居委会"].pk)):
            assert find_area(text, actor=office, on=on).id == district["翠英居委会"].pk
        assert whole(clerk, on=on).id == district["翠英居委会"].pk
        for foreign in ("金洲", "440507009207", "龙湖区", "外砂街道", "没有这里"):
            with pytest.raises(UnknownPlace):
                find_area(foreign, actor=clerk, on=on)


def test_a_name_that_two_places_bear_is_asked_about() -> None:
    make_district((*SMALL_DISTRICT, DivisionRow("440507004030", "金洲居委会", "440507004000")))
    with scope.everything(), pytest.raises(AmbiguousPlace) as raised:
        find_area("金洲", actor=make_staff("district_staff"), on=date(2024, 5, 1))

    assert "440507004030" in str(raised.value.detail)
    assert "440507009207" in str(raised.value.detail)


def test_the_catalogue_holds_each_measure_once_and_knows_names_that_are_near() -> None:
    names = [measure.name for measure in list_measures()]

    assert len(names) == len(set(names))
    assert sum(len(topic.measures) for topic in topics()) == len(names)
    assert find_measure("occurrences").name == "occurrences_held"
    with pytest.raises(UnknownFigure) as raised:
        find_measure("person_tims")
    assert "person_times" in str(raised.value.detail)


def test_every_level_and_distinct_counts_the_rows_it_opens_into() -> None:
    make_hall()
    with scope.everything():
        differences = [line for line in checks.check_figures() if "its rows are" in line]

    assert differences == []


def test_small_counts_of_people_are_not_told() -> None:
    assert [for_public(n) for n in (0, 1, 4, 5)] == [0, None, None, 5]


def test_small_act_is_not_given_away_by_the_sum_or_by_the_other_acts() -> None:
    assert parts_for_public([6, 9]) == [6, 9]
    assert parts_for_public([6, 2]) == [None, None]
    assert [sum_for_public(total, parts=2) for total in (0, 2, 4, 5, 8)] == [0, None, None, 5, 8]
    # Six acts with eight people: to none of them four can have come.
    assert [sum_for_public(total, parts=6) for total in (6, 8, 9)] == [None, None, 9]


def test_a_figure_opens_into_its_records_and_what_was_taken_back_is_left_out() -> None:
    hall = make_hall()
    first, second = come(hall, 0), come(hall, 1)
    undo_attendance(actor=hall.keeper, attendance=first.pk, reason="mistaken", at=DOOR + timedelta(minutes=1))
    with scope.everything():
        area = find_area(hall.town.community.pk, actor=hall.keeper, on=MARCH.last_on)

        opened = open_figure("person_times", period=MARCH, area=area, actor=hall.keeper)

    assert (opened.total, opened.count, opened.pages) == (1, 1, 1)
    [row] = opened.rows
    assert (row.record_kind, row.record_id, row.on, row.quantity) == (
        "activities.attendance",
        second.pk,
        date(2026, 3, 20),
        1,
    )
    assert row.title
    assert hall.town.heads[1].name not in row.title


@pytest.mark.parametrize(
    ("name", "kind"),
    [("residents", "people.householdmembership"), ("categories", "places.servicecategory")],
)
def test_a_level_and_a_distinct_open_into_what_they_count(name: str, kind: str) -> None:
    hall = make_hall()
    come(hall, 0)
    with scope.everything():
        hall.change(state="held")
        area = find_area(hall.town.community.pk, actor=hall.keeper, on=MARCH.last_on)

        opened = open_figure(name, period=IN_2026, area=area, actor=hall.keeper)

    assert opened.total == opened.count == len(opened.rows) > 0
    assert {row.record_kind for row in opened.rows} == {kind}


def test_a_page_of_records_that_is_not_there_is_missing() -> None:
    hall = make_hall()
    with scope.everything(), pytest.raises(Missing):
        area = find_area(hall.town.community.pk, actor=hall.keeper, on=MARCH.last_on)
        open_figure("person_times", period=MARCH, area=area, actor=hall.keeper, page=2)
