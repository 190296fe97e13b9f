"""Today's numbers: each is as many as the records it opens, within the office's part, and says no name."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import reverse

from lianxin.domain.voice.models.cases import Subject
from lianxin.insight import today
from lianxin.platform import facts, scope
from lianxin.platform.clock import local_day, local_moment, now
from lianxin.platform.ids import new_id


def numbers(client: Client) -> dict[str, Any]:
    groups = client.get(reverse("district:overview")).context["groups"]
    return {number.url: number for _title, some in groups for number in some}


def make_case(community: Any, **more: Any) -> Any:
    at = now()
    with scope.everything():
        return apps.get_model("voice.Case").objects.create(
            community=community, number=new_id().int % 10**8, title="林阿姨家楼上漏水", subject="building",
            opened_at=at - timedelta(days=9), changed_at=at, due_at=at - timedelta(days=2), **more,
        )  # fmt: skip


def make_occurrence(community: Any, *, state: str, starts_at: Any, hours: int = 2) -> Any:
    with scope.everything():
        category = apps.get_model("places.ServiceCategory").objects.order_by("code").first()
        activity = apps.get_model("activities.Activity").objects.create(
            community=community, category=category, title="林阿姨教做粿", state="published", made_at=starts_at,
            published_at=starts_at,
        )  # fmt: skip
        return apps.get_model("activities.Occurrence").objects.create(
            community=community, activity=activity, state=state, starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=hours), changed_at=starts_at, published_at=starts_at,
        )  # fmt: skip


def test_every_number_is_as_many_as_the_records_that_it_opens(department: Client, small_district: Any) -> None:
    noon = local_moment(local_day(now())) + timedelta(hours=12)
    make_case(small_district.cuiying)
    make_case(small_district.jinzhou_village)
    make_occurrence(small_district.cuiying, state="held", starts_at=noon - timedelta(hours=3))
    make_occurrence(small_district.cuiying, state="published", starts_at=noon - timedelta(days=2))

    found = numbers(department)

    assert len(found) == len(today.KINDS) + 1
    for url, number in found.items():
        assert department.get(url).context["table"].count == number.number, url
    counts = {kind.code: found[reverse("district:today_records", args=[kind.code])].number for kind in today.KINDS}
    assert (counts["cases_late"], counts["held"], counts["dates_unfinished"]) == (2, 1, 1)


def test_an_office_counts_and_lists_its_own_communities_only(xinjin: Client, small_district: Any) -> None:
    make_case(small_district.jinzhou_village)
    own = make_case(small_district.cuiying)
    url = reverse("district:today_records", args=["cases_late"])

    page = xinjin.get(url)

    assert numbers(xinjin)[url].number == 1
    assert [(row.community, row.number) for row in page.context["table"].page.object_list] == [("翠英社区", own.number)]


def test_what_a_case_says_stays_with_its_community(department: Client, small_district: Any) -> None:
    make_case(small_district.cuiying)

    names = ("today_records", "today_records_print")
    page, sheet = (department.get(reverse(f"district:{name}", args=["cases_late"])) for name in names)

    assert "林阿姨" not in page.content.decode() + sheet.content.decode()
    assert [row.text for row in page.context["table"].page.object_list] == [str(Subject.BUILDING.label)]


def test_late_duties_are_told_by_what_is_to_be_done_and_never_by_whose_they_are(
    department: Client, small_district: Any
) -> None:
    clerk = small_district.account("cuiying1")
    with scope.everything():
        apps.get_model("platform.Duty").objects.create(
            kind="voice.case", record_kind="voice.case", record_id=new_id(), title="给林阿姨回话",
            community_id=small_district.cuiying.pk, due_at=now() - timedelta(days=1), opened_at=now(),
            assignee_account=clerk.pk,
        )  # fmt: skip

    overview = department.get(reverse("district:overview"))
    page = department.get(reverse("district:today_duties", args=["cases"]))

    [number] = [one for one in overview.context["duties"] if one.url.endswith("/cases/")]
    rows = page.context["table"].page.object_list
    assert sum(row.number for row in rows) == number.number >= 1
    shown = page.content.decode()
    assert "林阿姨" not in shown
    assert str(clerk.pk) not in shown


def test_what_is_new_is_what_the_facts_say(department: Client, small_district: Any) -> None:
    shown = department.get(reverse("district:overview")).context["new"]
    day = local_day(now())

    with scope.everything():
        said = [
            facts.figure(name, from_on=day - timedelta(days=1), until_on=day + timedelta(days=1))
            for name in today.NEW_FLOWS
        ]
    assert [number.number + number.before for number in shown] == said


def test_what_nobody_counts_does_not_exist(department: Client) -> None:
    assert department.get(reverse("district:today_records", args=["nothing"])).status_code == 404
    assert department.get(reverse("district:today_duties", args=["nothing"])).status_code == 404
