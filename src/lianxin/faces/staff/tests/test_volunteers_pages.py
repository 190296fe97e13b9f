"""Volunteering in the office: shifts asked for and filled, hours, teams, certificates, partners who send people."""

from __future__ import annotations

import io
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.activities.commands import shifts, volunteers
from lianxin.domain.activities.models import (
    Activity,
    Certificate,
    HoursEntry,
    Occurrence,
    ReportingIn,
    Shift,
    ShiftPlace,
    Team,
    TeamMember,
    Volunteer,
)
from lianxin.domain.people.models import Organisation, OrganisationCommunity, OrganisationRole, Person
from lianxin.domain.places.models import ServiceCategory
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day, now
from lianxin.platform.ids import new_id
from tests.support.volunteers import make_volunteer_object

pytestmark = pytest.mark.django_db
LISTS = ("shifts", "volunteers_of", "teams", "hours", "certificates", "reportings")
FORMS = ("shift_new", "volunteer_new", "team_new", "hours_new", "certificate_new", "reporting_new")
MOST_QUERIES = 12


@pytest.fixture
def clerk(small_district, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    client.cookies["lianxin-language"] = "en"
    return client


@pytest.fixture
def person(small_district) -> Person:
    with scope.everything():
        return (
            Person.objects.filter(
                community=small_district.cuiying, state="living", relation="head", birth_on__lt="1990-01-01"
            )
            .order_by("pk")
            .first()
        )


def url(small_district, name: str, **more: Any) -> str:
    """The address of a page of the community."""
    return reverse(f"staff:{name}", kwargs={"community": small_district.cuiying.pk, **more})


def tomorrow() -> datetime:
    """Nine in the morning of the next day in Shanghai."""
    return (now().astimezone(LOCAL) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def open_shift(small_district, **values: Any) -> Shift:
    """A shift of tomorrow morning at the centre."""
    start = values.pop("starts_at", tomorrow())
    return shifts.open_shift(
        actor=small_district.actor("cuiying1"),
        community=small_district.cuiying.pk,
        role="引导",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        venue=small_district.centre.pk,
        **{"most": 3, "at": start - timedelta(days=3)} | values,
    )


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def only(model: Any) -> Any:
    """The one row of a table."""
    with scope.everything():
        return model.objects.get()


@pytest.mark.parametrize("name", [*LISTS, *FORMS])
def test_page_opens_at_a_small_cost(small_district, clerk, person, name) -> None:
    for kind in ("shift_place", "team_member", "hours_entry", "certificate", "reporting"):
        make_volunteer_object(kind, community=small_district.cuiying.pk, person=person.pk)
    clerk.get(url(small_district, name))

    with CaptureQueriesContext(
        connection,
    ) as counted:
        answer = clerk.get(url(small_district, name))

    assert answer.status_code == 200
    assert len(counted) <= MOST_QUERIES, [query["sql"][:120] for query in counted]


@pytest.mark.parametrize("name", LISTS)
def test_list_is_given_out_as_a_workbook_and_on_paper(small_district, clerk, person, name) -> None:
    for kind in ("shift_place", "team_member", "hours_entry", "certificate", "reporting"):
        make_volunteer_object(kind, community=small_district.cuiying.pk, person=person.pk)

    book = clerk.get(url(small_district, name), {"as": "xlsx"})
    sheet = clerk.get(url(small_district, name), {"as": "print"})

    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(book)) if book.streaming else io.BytesIO(book.content))
    assert len(rows.get_sheet_by_index(0).to_python()) >= 2
    assert sheet.status_code == 200


@pytest.mark.parametrize(
    "name",
    ["shift", "shift_edit", "shift_cancel", "shift_put_down", "sending_shift"]
    + ["shift_place", "volunteer", "volunteer_edit", "team", "team_edit", "team_end", "team_member_new"]
    + ["hours_entry", "certificate", "certificate_revoke", "reporting"],
)
def test_page_of_a_record_opens_at_a_small_cost(small_district, clerk, person, name) -> None:
    kinds = {"sending_shift": "shift", "team_member_new": "team", "shift_place": "shift_place"}
    kind = kinds.get(name) or next(
        one for one in ("shift", "volunteer", "team", "hours_entry", "certificate", "reporting") if name.startswith(one)
    )
    pk = make_volunteer_object(kind, community=small_district.cuiying.pk, person=person.pk)
    address = reverse(f"staff:{name}", kwargs={kind: pk})
    clerk.get(address)

    with CaptureQueriesContext(connection) as counted:
        answer = clerk.get(address)

    assert answer.status_code == 200
    assert len(counted) <= MOST_QUERIES + 1, [query["sql"][:120] for query in counted]


def test_clerk_opens_a_shift_and_puts_somebody_down(small_district, clerk, person) -> None:
    day = tomorrow().date()
    sent = {
        "role": "引导",
        "what": "在门口引导老人",
        "on": day.isoformat(),
        "from_time": "09:00",
        "until_time": "11:00",
        "venue": str(small_district.centre.pk),
        "least": "1",
        "most": "2",
    }

    clerk.post(url(small_district, "shift_new"), sent)
    shift = only(Shift)
    put_down = reverse("staff:shift_put_down", kwargs={"shift": shift.pk})
    found = clerk.get(put_down, {"q": person.name})
    clerk.post(f"{put_down}?person={person.pk}", {"key": str(new_id())})

    assert f"person={person.pk}" in found.content.decode()
    assert (fresh(shift).taken, only(ShiftPlace).person_id) == (1, person.pk)
    page = clerk.get(reverse("staff:shift", kwargs={"shift": shift.pk})).content.decode()
    assert person.name not in page
    assert "1 / 2" in page


def test_wrong_times_come_back_with_a_sentence(small_district, clerk) -> None:
    sent = {
        "role": "引" * 3000,
        "on": tomorrow().date().isoformat(),
        "from_time": "11:00",
        "until_time": "09:00",
        "venue": "",
        "least": "3",
        "most": "2",
    }

    answer = clerk.post(url(small_district, "shift_new"), sent)

    assert answer.status_code == 422
    with scope.everything():
        assert not Shift.objects.exists()


def test_who_came_is_noted_and_corrected(small_district, clerk, person) -> None:
    start = tomorrow().replace(hour=23) - timedelta(days=2)  # until one o'clock of the next day
    shift = open_shift(small_district, starts_at=start)
    clerk.post(
        f"{reverse('staff:shift_put_down', kwargs={'shift': shift.pk})}?person={person.pk}", {"key": str(new_id())}
    )
    with scope.everything():
        assert not ShiftPlace.objects.exists()  # it is over: nobody is put down any more
        place = ShiftPlace.objects.create(
            community=small_district.cuiying,
            shift=shift,
            person=person,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            taken_at=now(),
        )
        Shift.objects.filter(pk=shift.pk).update(taken=1)
    note = reverse("staff:shift_place", kwargs={"shift_place": place.pk})

    clerk.post(note, {"came": "23:00", "left": "00:30"})

    entry = only(HoursEntry)
    assert (entry.minutes, fresh(place).left_at) == (90, start + timedelta(hours=1, minutes=30))
    assert clerk.get(note).context["form"]["left"].value() == time(0, 30)
    clerk.post(
        reverse("staff:hours_entry", kwargs={"hours_entry": entry.pk}),
        {"hours": "1", "minutes": "0", "reason": "早走了"},
    )
    with scope.everything():
        assert sum(HoursEntry.objects.values_list("minutes", flat=True)) == 60
    clerk.post(reverse("staff:shift_close", kwargs={"shift": shift.pk}))
    assert fresh(shift).state == "done"


def test_shift_is_changed_and_called_off(small_district, clerk) -> None:
    shift = open_shift(small_district)
    edit = reverse("staff:shift_edit", kwargs={"shift": shift.pk})
    form = clerk.get(edit).context["form"]
    values = {name: form[name].value() for name in form.fields} | {"role": "搬椅子", "what": ""}
    values = {name: "" if value is None else value for name, value in values.items()}

    clerk.post(edit, values)
    assert fresh(shift).role == "搬椅子"
    cancel = reverse("staff:shift_cancel", kwargs={"shift": shift.pk})
    clerk.post(cancel, {"reason": "下雨"})
    assert fresh(shift).state == "open"
    clerk.post(cancel, {"reason": "下雨", "confirmed": "yes"})

    assert fresh(shift).state == "cancelled"


def test_team_is_founded_filled_and_ended(small_district, clerk, person) -> None:
    clerk.post(url(small_district, "team_new"), {"name": "邻里帮帮队", "purpose": "帮邻居"})
    team = only(Team)
    named = {"team": team.pk}
    clerk.post(f"{reverse('staff:team_member_new', kwargs=named)}?person={person.pk}", {"role": "member"})
    member = only(TeamMember)

    clerk.post(reverse("staff:team_member_role", kwargs={"team_member": member.pk}))
    assert fresh(member).role == "leader"
    clerk.post(reverse("staff:team_member_leave", kwargs={"team_member": member.pk}))
    assert fresh(member).until_on == local_day(now())
    clerk.post(reverse("staff:team_end", kwargs=named), {"confirmed": "yes"})

    assert fresh(team).state == "ended"


def test_volunteer_is_registered_changed_and_rests(small_district, clerk, person) -> None:
    volunteers.load_skills(
        actor=Actor.system(), skills=[{"code": "test_skill", "name_zh": "修水管", "name_en": "Plumbing"}], at=now()
    )
    clerk.post(
        f"{url(small_district, 'volunteer_new')}?person={person.pk}",
        {"suits": ["5am"], "insurance_note": "平安 123", "insured_until": "2099-01-01"},
    )
    with scope.everything():
        row = Volunteer.objects.get(person=person)

    clerk.post(
        reverse("staff:volunteer_state", kwargs={"volunteer": row.pk, "state": "resting"}), {"key": str(new_id())}
    )

    assert (fresh(row).state, fresh(row).insurance_note, fresh(row).suits) == ("resting", "平安 123", ["5am"])
    listed = clerk.get(url(small_district, "volunteers_of"), {"state": "resting"}).content.decode()
    assert person.name not in listed
    assert "Sat morning" in listed


def test_hours_from_paper_become_a_certificate_that_can_be_withdrawn(small_district, clerk, person) -> None:
    today = local_day(now())
    who = f"?person={person.pk}"
    clerk.post(
        url(small_district, "hours_new") + who,
        {"on": today.isoformat(), "hours": "12", "minutes": "30", "reason": "纸质证第 3 页"},
    )
    clerk.post(
        url(small_district, "certificate_new") + who,
        {"from_on": today.replace(month=1, day=1).isoformat(), "until_on": today.isoformat()},
    )
    row = only(Certificate)

    sheet = clerk.get(reverse("staff:certificate", kwargs={"certificate": row.pk})).content.decode()
    assert row.number in sheet
    assert person.name in sheet
    assert "12.5" in sheet
    named = {"certificate": row.pk}
    clerk.post(reverse("staff:certificate_revoke", kwargs=named), {"reason": "写错了", "confirmed": "yes"})

    assert fresh(row).revoked_reason == "写错了"


def test_reporting_in_is_noted_and_ended(small_district, clerk, person) -> None:
    today = local_day(now()).isoformat()
    clerk.post(
        f"{url(small_district, 'reporting_new')}?person={person.pk}",
        {"organisation": "", "unit_name": "区税务局", "on": today, "offers": "讲税法"},
    )
    row = only(ReportingIn)

    clerk.post(reverse("staff:reporting", kwargs={"reporting": row.pk}), {"on": today})

    assert fresh(row).until_on == local_day(now())


def test_partner_sees_what_is_needed_and_sends_people(small_district, client, monkeypatch) -> None:
    with scope.everything():
        firm = Organisation.objects.create(name="明亮公司", registered_on=local_day(now()))
        OrganisationRole.objects.create(organisation=firm, kind="partner", since_on=local_day(now()))
        OrganisationCommunity.objects.create(
            organisation=firm, community=small_district.cuiying, since_on=local_day(now())
        )
    shift = open_shift(small_district)
    partner = Actor(
        account=new_id(),
        role="partner",
        communities=frozenset({small_district.cuiying.pk}),
        via="web",
        roles=frozenset({"partner"}),
        organisations=frozenset({firm.pk}),
    )
    small_district.log_in(client, "cuiying1")
    monkeypatch.setattr("lianxin.faces.entrance.middleware.actor_for", lambda **_more: partner)

    page = client.get(reverse("staff:sending"))
    address = reverse("staff:sending_shift", kwargs={"shift": shift.pk})
    sent = client.post(address, {"organisation": str(firm.pk), "names": "王一\n王二\n"})
    too_many = client.post(address, {"organisation": str(firm.pk), "names": "王三\n王四\n"})

    assert (page.status_code, sent.status_code, too_many.status_code) == (200, 302, 422)
    assert fresh(shift).taken == 2
    assert "王一" in client.get(reverse("staff:sending")).content.decode()
    assert client.get(url(small_district, "volunteers_of")).status_code == 404


def test_shifts_of_a_date_are_on_its_page_and_more_can_be_asked_for(small_district, clerk, person) -> None:
    start = tomorrow()
    with scope.everything():
        activity = Activity.objects.create(
            community=small_district.cuiying,
            category=ServiceCategory.objects.order_by("code")[0],
            title="防诈骗讲座",
            state="published",
            made_at=now(),
            published_at=now(),
        )
        row = Occurrence.objects.create(
            community=small_district.cuiying,
            activity=activity,
            venue=small_district.centre,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            state="published",
            published_at=now(),
            changed_at=now(),
        )
    named = {"occurrence": row.pk}
    ask = reverse("staff:occurrence_shift_new", kwargs=named)
    form = clerk.get(ask).context["form"]
    values = {name: form[name].value() for name in form.fields} | {"role": "引导", "what": ""}

    clerk.post(ask, {name: value for name, value in values.items() if value is not None})
    shift = only(Shift)
    clerk.post(
        f"{reverse('staff:shift_put_down', kwargs={'shift': shift.pk})}?person={person.pk}", {"key": str(new_id())}
    )
    with CaptureQueriesContext(connection) as counted:
        page = clerk.get(reverse("staff:occurrence_shifts", kwargs=named)).content.decode()

    assert (shift.occurrence_id, shift.state, shift.starts_at) == (row.pk, "open", row.starts_at)
    assert "1 of 2" in page
    assert person.name not in page
    assert len(counted) <= MOST_QUERIES
