"""The figures of how the district stands, and that each leads to the records it counts."""

from datetime import date

from django.urls import reverse

from lianxin.domain.people.queries.counts import count_households, count_residents
from lianxin.domain.places.queries.overview import count_activity
from lianxin.faces.district.months import months_beside, weeks_before
from lianxin.platform import facts, scope


def figures_of(client):
    return {figure.label: figure for figure in client.get(reverse("district:standing")).context["figures"]}


def test_the_figures_are_what_the_records_say(department, small_district):
    figures = figures_of(department)

    with scope.everything():
        assert figures["登记居民"].number == f"{count_residents(on=small_district.today):,}"
        assert figures["登记户数"].number == f"{count_households(on=small_district.today):,}"
    assert figures["中心"].number == "3"


def test_every_figure_leads_to_a_page(department):
    for figure in figures_of(department).values():
        assert department.get(figure.url).status_code == 200


def test_stations_open_and_upgrades_lead_to_as_many_rows_as_they_say(department):
    figures = figures_of(department)

    for label in ("站点", "正在开放", "提档升级进行中"):
        assert department.get(figures[label].url).context["table"].count == int(figures[label].number)


def test_visits_of_the_month_are_the_sum_of_the_page_that_they_lead_to(department):
    figure = figures_of(department)["本月来访人次"]

    rows = department.get(figure.url).context["table"].page.paginator.object_list

    assert f"{sum(row.visits for row in rows):,}" == figure.number
    assert figure.change == sum(row.visits for row in rows) - sum(row.visits_before for row in rows)


def test_a_subdistrict_office_sees_its_own_figures(xinjin):
    page = xinjin.get(reverse("district:standing"))

    assert [line.name for line in page.context["lines"]] == ["新津街道"]
    assert page.context["area"] == "新津街道"


def test_the_page_speaks_english_and_gives_the_weeks_as_a_table(department):
    department.cookies["lianxin-language"] = "en"

    words = department.get(reverse("district:standing")).content.decode()

    assert "Subdistricts side by side" in words
    assert "Openings and visits week by week" in words


def test_where_help_is_needed_opens_without_a_script(department):
    whole = department.get(reverse("district:help"))
    part = department.get(reverse("district:help"), headers={"HX-Request": "true"})

    assert b"<html" in whole.content
    assert b"<html" not in part.content


def test_sums_by_day_community_and_venue_agree_with_the_figure(small_district):
    span = {"from_on": date(2000, 1, 1), "until_on": date(2100, 1, 1)}

    with scope.everything():
        whole = facts.figure("visits", **span)
        sums = [
            sum(facts.figures_by(by, ["visits"], **span)["visits"].values()) for by in ("day", "community", "venue")
        ]

    assert sums == [whole] * 3
    assert whole > 0


def test_activity_counts_within_the_scope_only(small_district):
    with scope.within([small_district.cuiying.pk]):
        own = count_activity(on=small_district.today)
    with scope.everything():
        whole = count_activity(on=small_district.today)

    assert own.upgrades.total() <= whole.upgrades.total()
    assert set(own.pilots) <= {small_district.cuiying.pk}
    assert own.categories <= whole.categories <= whole.categories_known


def test_the_same_days_of_the_last_month_end_with_it():
    this, last = months_beside(date(2026, 3, 31))

    assert this == (date(2026, 3, 1), date(2026, 4, 1))
    assert last == (date(2026, 2, 1), date(2026, 3, 1))


def test_weeks_are_whole_and_end_before_this_one():
    weeks = weeks_before(date(2026, 11, 22), 2)

    assert weeks == [(date(2026, 11, 2), date(2026, 11, 9)), (date(2026, 11, 9), date(2026, 11, 16))]
