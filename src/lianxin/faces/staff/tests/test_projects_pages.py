"""Projects, editions and proposals in the office: each goes its way from form to form, strangers find nothing."""

from __future__ import annotations

import io
import re
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.activities.commands import attendance, occurrences, publishing
from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.rules import plans
from lianxin.domain.needs.models import Need
from lianxin.domain.places.models import ServiceCategory
from lianxin.domain.projects.commands import editions, projects
from lianxin.domain.projects.models import Edition, MatchRun, Project, Proposal
from lianxin.domain.projects.rules.contents import Content
from lianxin.domain.resources.models import OfferCategory, Promise
from lianxin.platform import scope, worker
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from tests.support.projects import make_need, make_offer, make_projects_object, make_proposal

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10


@pytest.fixture
def clerk(small_district, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    client.cookies["lianxin-language"] = "en"
    return client


def open_page(client: Client, name: str, **named: Any) -> str:
    """The text of a page that must open."""
    answer = client.get(reverse(f"staff:{name}", kwargs=named))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def send(client: Client, name: str, data: dict[str, Any] | None = None, **named: Any) -> str:
    """Send a form or a button that must be taken; gives where it leads."""
    answer = client.post(reverse(f"staff:{name}", kwargs=named), {"key": str(new_id()), **(data or {})})
    assert answer.status_code == 302, re.findall(r'class="[^"]*error[^"]*"[^>]*>[^<]*', answer.content.decode())
    return answer["Location"]


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def filled(small_district, *needs: Need, **more: Any) -> dict[str, Any]:
    """A form of a project, filled in."""
    on = local_day(now()) + timedelta(days=7)
    return {
        "title": "长者理发日",
        "category": str(ServiceCategory.objects.order_by("code")[0].pk),
        "purpose": "给行动不便的长者理发。",
        "public_text": "每周三上午在中心理发，不收钱。",
        "needs": [str(one.pk) for one in needs],
        "from_on": on.isoformat(),
        "until_on": (on + timedelta(days=21)).isoformat(),
        "occurrences_planned": "3",
        "people_planned": "60",
        "venue": str(small_district.centre.pk),
        "budget": "300",
        "money_from": "党群经费",
        "responsible_name": "林主任",
    } | more


def entered(
    small_district, *, public: bool = False, title: str = "长者理发日", needs: tuple[UUID, ...] = ()
) -> Project:
    """A draft of 翠英, published when wanted."""
    actor, at = small_district.actor("cuiying1"), now()
    on = local_day(at) + timedelta(days=7)
    row = projects.save_project(
        actor=actor,
        project=None,
        content=Content(
            community=small_district.cuiying.pk,
            category=ServiceCategory.objects.order_by("code")[0].pk,
            title=title,
            from_on=on,
            until_on=on + timedelta(days=21),
            public_text="每周三上午在中心理发。",
            responsible_name="林主任",
            venue=small_district.centre.pk,
            needs=needs,
        ),
        at=at,
    )
    if public:
        projects.approve(actor=actor, project=row.pk, at=at)
        projects.publish(actor=actor, project=row.pk, at=at)
    return fresh(row)


def needs_of(small_district, count: int = 1) -> list[Need]:
    """Open entries of 翠英's list."""
    with scope.everything():
        return [make_need(small_district.cuiying.pk, title=f"上门理发{n}") for n in range(1, count + 1)]


def hold(small_district, activity: Activity) -> None:
    """Plan one date of a drafted activity, publish it, and let somebody come."""
    actor, on = small_district.actor("cuiying1"), local_day(now()) + timedelta(days=8)
    plan = plans.read(activity.plan).with_changes({"starts": (time(9, 0),), "minutes": 120})
    occurrences.plan_dates(actor=actor, activity=activity.pk, first_on=on, plan=plan, at=now())
    publishing.publish(actor=actor, activity=activity.pk, despite_doubts=True, at=now())
    with scope.everything():
        [row] = Occurrence.objects.filter(activity=activity.pk)
    person = small_district.first("people.Person", community=small_district.cuiying, relation="head")
    attendance.check_in(
        actor=actor, occurrence=row.pk, person=person.pk, how="name", at=row.starts_at + timedelta(minutes=5)
    )


PAGES = [
    ("projects", ""), ("project_begin", ""), ("project_new", "community"), ("project", "project"),
    ("project_edit", "project"), ("project_finish", "project"), ("project_review", "project"),
    ("project_cancel", "project"), ("editions", ""), ("edition_new", "community"), ("edition", "edition"),
    ("edition_introduce", "edition"), ("edition_issue", "edition"), ("edition_print", "edition"), ("matching", ""),
    ("match_new", ""), ("match_run", "match_run"), ("match_again", "match_run"), ("proposal", "proposal"),
    ("proposal_accept", "proposal"), ("proposal_refuse", "proposal"), ("project_picture_change", "project"),
    ("match_left_out", "match_run"), ("pairs", ""), ("pair_new", ""),
]  # fmt: skip


def test_each_page_opens_at_a_small_cost_and_is_not_there_for_strangers(small_district, clerk) -> None:
    made = {
        kind: make_projects_object(kind, community=small_district.cuiying.pk)
        for kind in ("project", "edition", "match_run", "proposal")
    } | {"community": small_district.cuiying.pk}
    stranger, dear, wrong = Client(), {}, {}
    small_district.log_in(stranger, "jinzhou1")
    clerk.get(reverse("staff:projects"))
    for name, parameter in PAGES:
        address = reverse(f"staff:{name}", kwargs={parameter: made[parameter]} if parameter else {})
        with CaptureQueriesContext(connection) as counted:
            answer = clerk.get(address)
        if answer.status_code != 200:
            wrong[name] = answer.status_code
        if len(counted) > MOST_QUERIES:
            dear[name] = [len(counted), *(query["sql"][-120:] for query in counted)]
        if parameter and (seen := stranger.get(address).status_code) not in (404, 405):
            wrong[name] = f"stranger {seen}"

    assert not wrong
    assert not dear


def test_project_goes_its_whole_way(small_district, clerk) -> None:
    [need] = needs_of(small_district)
    with scope.everything():
        offer = make_offer(small_district.cuiying.pk)

    page = send(
        clerk,
        "project_new",
        filled(small_district, need, offers=[str(offer.pk)]),
        community=small_district.cuiying.pk,
    )
    with scope.everything():
        row = Project.objects.get(title="长者理发日")
    assert page == reverse("staff:project", kwargs={"project": row.pk})
    send(clerk, "project_approve", project=row.pk)
    send(clerk, "project_publish", project=row.pk)
    shown = open_page(clerk, "project", project=row.pk)
    assert "上门理发1" in shown
    assert f"/projects/{row.pk}/" in shown
    assert fresh(need).state == "planned"
    page = send(clerk, "project_activity", project=row.pk)
    with scope.everything():
        activity = Activity.objects.get(record_id=row.pk)
    assert page == reverse("staff:activity", kwargs={"activity": activity.pk})
    assert page in open_page(clerk, "project", project=row.pk)
    hold(small_district, activity)
    assert fresh(row).state == "running"
    asked = clerk.post(reverse("staff:project_finish", kwargs={"project": row.pk}), {"spent": "120.5"})
    assert fresh(row).state == "running"
    assert "1 date is still to come." in asked.content.decode()
    send(clerk, "project_finish", {"spent": "120.5", "confirmed": "yes"}, project=row.pk)
    assert (fresh(row).state, fresh(row).spent_fen) == ("done", 12_050)
    send(clerk, "project_review", {"review": "师傅准时。"}, project=row.pk)
    assert fresh(row).state == "evaluated"
    assert "师傅准时。" in open_page(clerk, "project", project=row.pk)


def test_project_is_cancelled_after_telling_what_follows(small_district, clerk) -> None:
    needs = needs_of(small_district)
    row = entered(small_district, public=True, needs=(needs[0].pk,))

    asked = clerk.post(reverse("staff:project_cancel", kwargs={"project": row.pk}), {"reason": "师傅生病"})
    assert fresh(row).state == "published"
    assert "Its needs are open again." in asked.content.decode()
    send(clerk, "project_cancel", {"reason": "师傅生病", "confirmed": "yes"}, project=row.pk)

    assert (fresh(row).state, fresh(needs[0]).state) == ("cancelled", "open")
    assert "师傅生病" in open_page(clerk, "project", project=row.pk)


def test_change_keeps_what_was_chosen_and_bad_entries_come_back(small_district, clerk) -> None:
    first, second = needs_of(small_district, 2)
    row = entered(small_district, needs=(first.pk,))

    answer = clerk.post(
        reverse("staff:project_edit", kwargs={"project": row.pk}),
        filled(small_district, first, second, title="换个名字", until_on="2020-01-01", version=str(row.version)),
    )
    assert answer.status_code == 422
    assert "换个名字" in answer.content.decode()
    send(
        clerk,
        "project_edit",
        filled(small_district, first, second, title="换个名字", version=str(row.version)),
        project=row.pk,
    )

    assert fresh(row).title == "换个名字"
    shown = open_page(clerk, "project_edit", project=row.pk)
    assert shown.count("checked") >= 2


def test_district_reads_and_changes_nothing(small_district, client) -> None:
    row = entered(small_district)
    small_district.log_in(client, "district")

    assert "project_approve" not in open_page(client, "project", project=row.pk)
    answer = client.post(reverse("staff:project_approve", kwargs={"project": row.pk}))

    assert answer.status_code == 403
    assert fresh(row).state == "draft"


@pytest.mark.parametrize("name", ["projects", "editions", "matching"])
def test_list_is_given_out_as_a_workbook_and_on_paper(small_district, clerk, name) -> None:
    for kind in ("project", "edition", "match_run"):
        make_projects_object(kind, community=small_district.cuiying.pk)
    address = reverse(f"staff:{name}")

    book, sheet = clerk.get(address, {"as": "xlsx"}), clerk.get(address, {"as": "print"})

    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(book) if book.streaming else book.content))
    assert len(rows.get_sheet_by_index(0).to_python()) == 3
    assert sheet.status_code == 200


def test_projects_are_found_by_name_state_and_category(small_district, clerk) -> None:
    row = entered(small_district, title="亲子阅读")
    entered(small_district, title="长者理发日")
    address = reverse("staff:projects")

    by_name = clerk.get(address, {"q": "亲子", "state": ""}).content.decode()
    done = clerk.get(address, {"state": "done"}).content.decode()
    with scope.everything():
        code = ServiceCategory.objects.order_by("code")[1].code
    elsewhere = clerk.get(address, {"state": "", "category": code}).content.decode()

    assert ("亲子阅读" in by_name, "长者理发日" in by_name) == (True, False)
    assert "亲子阅读" not in done + elsewhere
    assert clerk.get(address).content.decode().count("亲子阅读") == 1
    assert row.number == 1


def test_edition_goes_its_way_and_tells_what_changed(small_district, clerk) -> None:
    first, second = needs_of(small_district, 2)
    actor, at = small_district.actor("cuiying1"), now()
    before = (local_day(at).replace(day=1) - timedelta(days=1)).replace(day=1)
    old = editions.draft_edition(
        actor=actor, community=small_district.cuiying.pk, of="needs", every="month", on=before, at=at
    )
    with scope.everything():
        # The list of the month before held one more entry.
        Edition.objects.filter(pk=old.pk).update(content=_content(first, second))
    editions.issue_edition(actor=actor, edition=old.pk, approved_name="林书记", version=old.version, at=at)
    with scope.everything():
        Need.objects.filter(pk=second.pk).update(state="met", closed_at=at)

    page = send(
        clerk,
        "edition_new",
        {"of": "needs", "every": "month", "on": local_day(at).isoformat()},
        community=small_district.cuiying.pk,
    )
    with scope.everything():
        row = Edition.objects.get(state="draft")
    assert page == reverse("staff:edition", kwargs={"edition": row.pk})
    assert "Done: 上门理发2" in open_page(clerk, "edition", edition=row.pk)
    send(clerk, "edition_introduce", {"introduction": "谢谢大家。", "version": row.version}, edition=row.pk)
    send(clerk, "edition_redraft", edition=row.pk)
    send(clerk, "edition_issue", {"approved_name": "林书记", "version": fresh(row).version}, edition=row.pk)
    assert (fresh(row).state, fresh(row).number) == ("issued", 2)
    paper = open_page(clerk, "edition_print", edition=row.pk)
    assert "谢谢大家。" in paper
    assert "上门理发1" in paper
    send(clerk, "edition_sent", edition=row.pk)
    assert fresh(row).sent_at is not None
    assert Client().get(reverse("resident:edition", kwargs={"edition": row.pk})).status_code == 200


def _content(*needs: Need) -> dict[str, Any]:
    entries = [
        {
            "id": str(one.pk), "number": one.number, "title": one.title, "group": "", "households": 0, "voices": 2,
            "since": "2026-01-05", "state": "open",
        }
        for one in needs
    ]  # fmt: skip
    return {"groups": [{"code": "A01", "name": "助餐", "entries": entries}], "entries": len(entries)}


def test_unread_draft_is_not_issued(small_district, clerk) -> None:
    needs_of(small_district)
    row = editions.draft_edition(
        actor=small_district.actor("cuiying1"),
        community=small_district.cuiying.pk,
        of="needs",
        every="month",
        on=local_day(now()),
        at=now(),
    )
    send(clerk, "edition_redraft", edition=row.pk)

    answer = clerk.post(
        reverse("staff:edition_issue", kwargs={"edition": row.pk}), {"approved_name": "林书记", "version": row.version}
    )

    assert answer.status_code == 422
    assert fresh(row).state == "draft"


def test_clerk_asks_for_a_week_and_reads_what_the_worker_found(small_district, clerk) -> None:
    with scope.everything():
        need, offer = make_need(small_district.cuiying.pk), make_offer(small_district.cuiying.pk)
        OfferCategory.objects.create(offer=offer, category=need.category, level=3)

    page = send(clerk, "match_new", {"division": str(small_district.cuiying.pk), "kind": "weekly"})
    assert "It is being computed." in clerk.get(page).content.decode()
    worker.drain()

    with scope.everything():
        run = MatchRun.objects.get()
        row = Proposal.objects.get(run=run)
    assert (run.state, run.failure) == ("done", "")
    assert page == reverse("staff:match_run", kwargs={"match_run": run.pk})
    assert reverse("staff:proposal", kwargs={"proposal": row.pk}) in clerk.get(page).content.decode()
    assert "It is their own trade." in open_page(clerk, "proposal", proposal=row.pk)
    again = send(clerk, "match_again", match_run=run.pk)
    assert again != page


def test_accepted_proposal_with_another_time_becomes_a_project_and_a_promise(small_district, clerk) -> None:
    [need] = needs_of(small_district)
    with scope.everything():
        row = make_proposal(small_district.cuiying.pk, need)
    day = local_day(row.starts_at) + timedelta(days=1)

    page = send(
        clerk,
        "proposal_accept",
        {"day": day.isoformat(), "starts": "14:30", "ends": "16:00", "people": "5", "version": row.version},
        proposal=row.pk,
    )

    with scope.everything():
        project = Project.objects.get(proposals=row.pk)
        promise = Promise.objects.get(record_id=project.pk)
    assert page == reverse("staff:project", kwargs={"project": project.pk})
    assert (project.state, project.from_on, project.people_planned) == ("draft", day, 5)
    assert (promise.offer_id, promise.on) == (row.offer_id, day)
    assert fresh(row).state == "changed"
    assert "上门理发1" in open_page(clerk, "project", project=project.pk)


def test_proposal_is_accepted_as_it_is_held_fixed_and_refused(small_district, clerk) -> None:
    with scope.everything():
        held, refused, kept = (make_proposal(small_district.cuiying.pk) for _ in range(3))

    send(clerk, "proposal_lock", proposal=held.pk)
    send(clerk, "proposal_refuse", {"refusal": "time", "version": refused.version}, proposal=refused.pk)
    shown = clerk.get(reverse("staff:proposal_accept", kwargs={"proposal": kept.pk}))
    sent = {name: shown.context["form"].initial[name] for name in ("day", "starts", "ends", "people", "version")}
    send(
        clerk,
        "proposal_accept",
        {
            name: f"{value:%H:%M}"
            if isinstance(value, time)
            else value.isoformat()
            if isinstance(value, date)
            else value
            for name, value in sent.items()
        },
        proposal=kept.pk,
    )

    assert fresh(held).is_locked
    assert [fresh(one).state for one in (held, refused, kept)] == ["proposed", "refused", "accepted"]
    again = clerk.post(reverse("staff:proposal_refuse", kwargs={"proposal": refused.pk}), {"refusal": "time"})
    assert again.status_code == 422
    with scope.everything():
        assert Proposal.objects.filter(project__isnull=False).count() == 1
