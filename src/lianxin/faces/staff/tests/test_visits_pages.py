"""Pages of visits in the office: who is due, planning, writing down, promises, comparing, phones and their requests."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.needs.commands import visits
from lianxin.domain.needs.models import NeedReport, Visit, VisitConflict, VisitDevice, VisitPromise
from lianxin.domain.people.models import Household, Person
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30
SYSTEM = Actor.system(via="cli")


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Staff of 翠英."""
    small_district.log_in(client, "cuiying1")
    return client


def homes(district: SmallDistrict, count: int) -> list[Household]:
    """Some households of 翠英 in which somebody lives."""
    with scope.everything():
        heads = Person.objects.filter(community=district.cuiying, relation="head", state="living").order_by("pk")
        return [head.household for head in heads.select_related("household")[:count]]


def planned(district: SmallDistrict, count: int = 1, *, mine: bool = True) -> list[Visit]:
    """Visits planned to households of 翠英 for today."""
    at = now()
    made = visits.plan(
        actor=SYSTEM,
        community=district.cuiying.pk,
        households=[home.pk for home in homes(district, count)],
        reason="round",
        due_on=local_day(at),
        worker=district.account("cuiying1").pk if mine else None,
        at=at,
    )
    with scope.everything():
        return list(Visit.objects.filter(pk__in=made).order_by("pk"))


def fresh(row: Any) -> Any:
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def post(client: Client, name: str, kwargs: dict[str, Any] | None = None, **data: Any) -> Any:
    return client.post(reverse(f"staff:{name}", kwargs=kwargs or {}), {"key": new_id(), **data})


def record_of(visit: Visit, **more: Any) -> dict[str, Any]:
    at = now()
    return {
        "record": str(new_id()),
        "visit": str(visit.pk),
        "version": 1,
        "outcome": "done",
        "started_at": (at - timedelta(minutes=9)).isoformat(),
        "ended_at": (at - timedelta(minutes=2)).isoformat(),
        "note": "都好",
    } | more


def phone(client: Client, name: str, body: Any, **headers: str) -> Any:
    return client.post(reverse(f"staff:{name}"), json.dumps(body), content_type="application/json", headers=headers)


def test_due_households_are_ticked_and_planned_at_once(small_district: SmallDistrict, clerk: Client) -> None:
    listed = clerk.get(reverse("staff:visits_due"))
    chosen = [str(row.pk) for row in listed.context["table"].rows[:2]]

    asked = clerk.get(reverse("staff:visits_plan"), {"chosen": chosen, "act": "alone"})
    today = local_day(now())
    kept = asked.context["form"].initial["chosen"]
    sent = post(clerk, "visits_plan", chosen=kept, worker="", due_on=today, reason="alone", reason_words="送月历")

    assert len(chosen) == 2
    assert asked.context["form"].initial["reason"] == "alone"
    assert sent.url == reverse("staff:visits")
    board = clerk.get(reverse("staff:visits"))
    assert board.context["table"].count == 2
    assert "送月历" in board.content.decode()
    with scope.everything():
        assert set(map(str, Visit.objects.values_list("household_id", flat=True))) == set(chosen)


def test_visit_is_planned_by_household_number_and_a_wrong_number_is_told(
    small_district: SmallDistrict, clerk: Client
) -> None:
    [home] = homes(small_district, 1)
    entered = {"worker": "", "due_on": local_day(now()), "reason": "wish", "community": small_district.cuiying.pk}

    wrong = post(clerk, "visits_plan", household_number="999999", **entered)
    sent = post(clerk, "visits_plan", household_number=home.number, **entered)

    assert wrong.status_code == 422
    assert "household_number" in wrong.context["form"].errors
    assert sent.status_code == 302
    with scope.everything():
        assert Visit.objects.get().household_id == home.pk


def test_board_costs_the_same_however_many_visits_it_shows_and_is_exported(
    small_district: SmallDistrict, clerk: Client
) -> None:
    planned(small_district, 8)

    with CaptureQueriesContext(connection) as asked:
        shown = clerk.get(reverse("staff:visits"), {"worker": str(small_district.account("cuiying1").pk)})
    exported = clerk.get(reverse("staff:visits"), {"as": "xlsx"})
    printed = clerk.get(reverse("staff:visits"), {"as": "print"})

    assert shown.context["table"].count == 8
    assert len(asked) <= MOST_QUERIES
    assert exported.headers["Content-Disposition"].startswith("attachment")
    assert printed.status_code == 200


def test_ticked_visits_are_given_to_somebody_and_printed_with_whole_names(
    small_district: SmallDistrict, clerk: Client
) -> None:
    rows = planned(small_district, 2, mine=False)
    chosen = {"chosen": [str(row.pk) for row in rows]}
    me = small_district.account("cuiying1")

    way = clerk.get(reverse("staff:visits_chosen"), chosen | {"act": "sheet"})
    given = post(clerk, "visits_assign", chosen=",".join(chosen["chosen"]), worker=me.pk)
    sheet = post(clerk, "visits_sheet", chosen=",".join(chosen["chosen"]))

    assert way.url.startswith(reverse("staff:visits_sheet"))
    assert given.status_code == 302
    assert [fresh(row).worker for row in rows] == [me.pk, me.pk]
    body = sheet.content.decode()
    with scope.everything():
        names = [Person.objects.get(household=row.household_id, relation="head").name for row in rows]
    assert all(name in body for name in names)


def test_desk_writes_a_visit_down_with_promises_and_needs(small_district: SmallDistrict, clerk: Client) -> None:
    [row] = planned(small_district)
    url = {"visit": row.pk}
    entered = {
        "outcome": "done",
        "on": local_day(now()),
        "started": "00:00",
        "ended_at": "00:00",
        "note": "阿婆眼睛不好",
        "made": "带放大镜来",
        "due_0": local_day(now()) + timedelta(days=3),
        "wishes": "想有人来念报纸\n想学用手机",
    }

    page = clerk.get(reverse("staff:visit", kwargs=url))
    wrong = post(clerk, "visit_record", url, **entered | {"started": "23:59", "ended_at": "00:01"})
    sent = post(clerk, "visit_record", url, **entered)
    shown = clerk.get(reverse("staff:visit", kwargs=url)).content.decode()

    assert reverse("staff:visit_record", kwargs=url) in page.content.decode()
    assert wrong.status_code == 422
    assert sent.url == reverse("staff:visit", kwargs=url)
    assert fresh(row).state == "done"
    assert all(words in shown for words in ("阿婆眼睛不好", "带放大镜来", "想有人来念报纸", "想学用手机"))
    with scope.everything():
        promise = VisitPromise.objects.get()
        assert NeedReport.objects.filter(visit=row).count() == 2
    named = {"visit_promise": promise.pk}
    assert "带放大镜来" in clerk.get(reverse("staff:visit_promises")).content.decode()
    assert post(clerk, "visit_promise_end", named, state="dropped", result="").status_code == 422
    assert post(clerk, "visit_promise_end", named, state="kept", result="送到了").status_code == 302
    assert "送到了" in clerk.get(reverse("staff:visit_promise", kwargs=named)).content.decode()
    assert post(clerk, "visit_promise_reopen", named).status_code == 302
    assert fresh(promise).state == "open"


def test_planned_visit_is_changed_and_called_off(small_district: SmallDistrict, clerk: Client) -> None:
    [row] = planned(small_district)
    url = {"visit": row.pk}
    values = {"worker": "", "due_on": local_day(now()) + timedelta(days=2), "reason": "wish", "version": 1}

    changed = post(clerk, "visit_change", url, **values)
    meanwhile = post(clerk, "visit_change", url, **values | {"reason": "new"})
    off = post(clerk, "visit_call_off", url, why="他们去女儿家了")

    assert (changed.status_code, meanwhile.status_code, off.status_code) == (302, 422, 302)
    assert (fresh(row).reason, fresh(row).state) == ("wish", "void")
    assert "他们去女儿家了" in clerk.get(reverse("staff:visit", kwargs=url)).content.decode()


def test_phone_takes_along_and_sends_without_a_log_in(small_district: SmallDistrict, clerk: Client) -> None:
    first, second = planned(small_district, 2)

    taken = phone(clerk, "visits_take", {"name": "小林的手机"}).json()
    record = record_of(first)
    stranger = Client(enforce_csrf_checks=True)
    sent = phone(stranger, "visits_send", {"records": [record, {"broken": 1}]}, **{"X-Visit-Device": taken["token"]})
    again = phone(stranger, "visits_send", {"records": [record]}, **{"X-Visit-Device": taken["token"]})

    assert {one["id"] for one in taken["visits"]} == {str(first.pk), str(second.pk)}
    assert taken["community"]["name"] == small_district.cuiying.short_name
    assert [one["state"] for one in sent.json()["answers"]] == ["taken", "refused"]
    assert sent.json()["answers"][0]["record"] == record["record"]
    assert [one["state"] for one in again.json()["answers"]] == ["again"]
    assert fresh(first).worker == small_district.account("cuiying1").pk
    with scope.everything():
        device = VisitDevice.objects.get()
    assert device.last_sent_at is not None
    assert "小林的手机" in clerk.get(reverse("staff:visit_devices")).content.decode()
    assert post(clerk, "visit_device_end", {"visit_device": device.pk}).status_code == 302
    ended = phone(stranger, "visits_send", {"records": []}, **{"X-Visit-Device": taken["token"]})
    assert ended.status_code == 410
    assert ended.json()["error"]


def test_phone_without_word_needs_a_log_in_and_the_forms_token(small_district: SmallDistrict, clerk: Client) -> None:
    [row] = planned(small_district)

    nobody = phone(Client(), "visits_send", {"records": []})
    taking = phone(Client(), "visits_take", {"name": ""})
    logged_in = phone(clerk, "visits_send", {"records": [record_of(row)]})
    guarded = Client(enforce_csrf_checks=True)
    small_district.log_in(guarded, "cuiying1")
    forged = phone(guarded, "visits_send", {"records": [record_of(row)]})

    assert (nobody.status_code, taking.status_code) == (401, 401)
    assert nobody.json()["error"]
    assert [one["state"] for one in logged_in.json()["answers"]] == ["taken"]
    assert forged.status_code == 403


@pytest.mark.parametrize("body", [[], {}, {"records": {}}, {"records": [{}] * 201}, "x"])
def test_request_that_cannot_be_read_is_told_so(clerk: Client, body: Any) -> None:
    answer = phone(clerk, "visits_send", body)

    assert answer.status_code == 422
    assert answer.json()["error"]


def test_two_records_stand_side_by_side_until_somebody_takes_one(small_district: SmallDistrict, clerk: Client) -> None:
    [row] = planned(small_district)
    sent = [record_of(row, note="第一份"), record_of(row, note="第二份"), record_of(row, note="第三份")]
    phone(clerk, "visits_send", {"records": sent})
    with scope.everything():
        second, third = VisitConflict.objects.order_by("pk")

    listed = clerk.get(reverse("staff:visit_conflicts"))
    shown = clerk.get(reverse("staff:visit_conflict", kwargs={"visit_conflict": second.pk})).content.decode()
    taken = post(clerk, "visit_conflict_take", {"visit_conflict": second.pk})
    left = post(clerk, "visit_conflict_leave", {"visit_conflict": third.pk})
    after = clerk.get(reverse("staff:visit_conflict", kwargs={"visit_conflict": second.pk})).content.decode()

    assert listed.context["table"].count == 2
    assert "第一份" in shown
    assert "第二份" in shown
    assert taken.url == reverse("staff:visit", kwargs={"visit": row.pk})
    assert left.url == reverse("staff:visit_conflicts")
    assert fresh(row).note.reveal() == "第二份"
    assert "第一份" in after
    assert clerk.get(reverse("staff:visit_conflicts")).context["table"].count == 0


def test_record_that_nobody_can_read_is_shown_as_it_came(small_district: SmallDistrict, clerk: Client) -> None:
    [row] = planned(small_district)
    phone(clerk, "visits_send", {"records": [record_of(row) | {"started_at": "昨天下午"}]})
    with scope.everything():
        kept = VisitConflict.objects.get()

    shown = clerk.get(reverse("staff:visit_conflict", kwargs={"visit_conflict": kept.pk})).content.decode()
    left = post(clerk, "visit_conflict_leave", {"visit_conflict": kept.pk})

    assert "昨天下午" in shown
    assert left.status_code == 302
    assert fresh(kept).state == "left"


def test_pages_of_visits_do_not_exist_for_those_who_visit_nobody(small_district: SmallDistrict, client: Client) -> None:
    [row] = planned(small_district)
    names = [("visits", {}), ("visits_due", {}), ("visit", {"visit": row.pk}), ("visit_devices", {})]
    for login in ("host", "volunteer", "district", "security"):
        small_district.log_in(client, login)
        found = {client.get(reverse(f"staff:{name}", kwargs=given)).status_code for name, given in names}
        assert found == {404}, login
        assert phone(client, "visits_take", {"name": ""}).status_code == 404
