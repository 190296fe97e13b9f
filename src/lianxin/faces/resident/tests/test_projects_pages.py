"""What a community does about what it was asked for, on anybody's phone: projects, their dates, issued editions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.projects.commands import editions, outcomes, projects
from lianxin.domain.projects.models import Project
from lianxin.domain.projects.rules.contents import Content
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from tests.support.projects import make_need

pytestmark = pytest.mark.django_db
MOST = 10
WORDS = "我爸走不动了，想有人上门剪头发"


@pytest.fixture
def need(small_district) -> Need:
    with scope.everything():
        row = make_need(small_district.cuiying.pk, title="上门理发")
        NeedReport.objects.create(
            community=small_district.cuiying,
            receipt="T0000001",
            words=WORDS,
            words_digest="0" * 64,
            how="desk",
            heard_at=now(),
            recorded_at=now(),
            need=row,
            state="joined",
            category=row.category,
        )
    return row


def make_project(small_district, need: Need, *, public: bool = True) -> Project:
    """A project of 翠英 that answers the need."""
    actor, at = small_district.actor("cuiying1"), now()
    on = local_day(at) + timedelta(days=7)
    row = projects.save_project(
        actor=actor,
        project=None,
        content=Content(
            community=small_district.cuiying.pk,
            category=need.category_id,
            title="长者理发日",
            from_on=on,
            until_on=on + timedelta(days=21),
            public_text="每周三上午在中心理发，不收钱。",
            responsible_name="林主任",
            venue=small_district.centre.pk,
            needs=(need.pk,),
        ),
        at=at,
    )
    if public:
        projects.approve(actor=actor, project=row.pk, at=at)
        projects.publish(actor=actor, project=row.pk, at=at)
    return row


def open_page(name: str, *args: Any, status: int = 200) -> str:
    """The text of a page as a visitor sees it, within its cost."""
    client = Client()
    client.cookies["lianxin-language"] = "en"
    client.get(reverse(f"resident:{name}", args=args))
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(reverse(f"resident:{name}", args=args))
    assert answer.status_code == status
    assert len(counted) <= MOST, [query["sql"][:100] for query in counted]
    return answer.content.decode()


def test_published_project_is_read_by_anybody_with_the_way_to_its_dates(small_district, need) -> None:
    row = make_project(small_district, need)
    coming, held = new_id(), new_id()
    outcomes.note_dates(
        actor=Actor.system(),
        project=row.pk,
        dates=[
            outcomes.Date(coming, now() + timedelta(days=9), "长者理发日"),
            outcomes.Date(held, now() - timedelta(days=9), "长者理发日"),
        ],
        at=now(),
    )
    outcomes.note_people(
        actor=Actor.system(),
        project=row.pk,
        occurrence=held,
        on=local_day(now()),
        came=[outcomes.Came(new_id(), None, None)],
        at=now(),
    )

    shown = open_page("project", row.pk)

    assert "2 residents asked for it." in shown
    assert "林主任" in shown
    assert reverse("resident:activity", args=[coming]) in shown
    assert reverse("resident:activity", args=[held]) not in shown
    assert "held 1 times" in shown
    assert "person came" not in shown
    assert "person-times" not in shown
    assert WORDS not in shown
    assert "长者理发日" in open_page("needs_board", small_district.cuiying.pk)


def test_draft_is_seen_by_nobody_and_a_cancelled_one_says_why(small_district, need) -> None:
    row = make_project(small_district, need, public=False)
    open_page("project", row.pk, status=404)
    actor = small_district.actor("cuiying1")
    projects.approve(actor=actor, project=row.pk, at=now())
    projects.publish(actor=actor, project=row.pk, at=now())

    projects.cancel(actor=actor, project=row.pk, reason="师傅生病", at=now())

    assert "师傅生病" in open_page("project", row.pk)
    assert "长者理发日" not in open_page("needs_board", small_district.cuiying.pk)


@pytest.mark.parametrize("of", ["needs", "projects"])
def test_issued_edition_is_public_and_names_no_resident(small_district, need, of) -> None:
    make_project(small_district, need)
    actor = small_district.actor("cuiying1")
    # A list of the period in which the project takes place.
    on = local_day(now()) + timedelta(days=7)
    row = editions.draft_edition(
        actor=actor, community=small_district.cuiying.pk, of=of, every="quarter", on=on, at=now()
    )
    open_page("edition", row.pk, status=404)

    editions.issue_edition(actor=actor, edition=row.pk, approved_name="林书记", version=row.version, at=now())

    shown = open_page("edition", row.pk)
    assert {"needs": "上门理发", "projects": "长者理发日"}[of] in shown
    assert "林书记" in shown
    assert WORDS not in shown
    assert reverse("resident:edition", args=[row.pk]) in open_page("needs_board", small_district.cuiying.pk)


def test_community_page_leads_to_what_was_asked_and_done(small_district) -> None:
    shown = open_page("community", small_district.cuiying.pk)

    assert reverse("resident:needs_board", args=[small_district.cuiying.pk]) in shown
    assert "Nothing stands here just now." in open_page("needs_board", small_district.cuiying.pk)


def test_board_tells_an_entry_once_where_a_project_answers_it(small_district, need) -> None:
    make_project(small_district, need)
    with scope.everything():
        other = make_need(small_district.cuiying.pk, title="添几张长椅")

    shown = open_page("needs_board", small_district.cuiying.pk)

    assert "长者理发日" in shown
    assert "2 residents asked for it" in shown
    assert shown.count(need.title) == 0
    assert other.title in shown


def test_former_second_board_leads_to_the_one_there_is(small_district) -> None:
    answer = Client().get(reverse("resident:lists", args=[small_district.cuiying.pk]))

    assert answer.status_code == 301
    assert answer.url == reverse("resident:needs_board", args=[small_district.cuiying.pk])
    assert Client().get(reverse("resident:lists", args=[new_id()])).status_code == 404
