"""Editions: drafted from the records, approved by name, numbered, frozen, compared with the one before."""

from datetime import date, datetime, timedelta

import pytest

from lianxin.domain.needs.models import Need
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.projects.commands import editions
from lianxin.domain.projects.models import Edition
from lianxin.domain.projects.queries import checks
from lianxin.domain.projects.queries import editions as reading
from lianxin.domain.projects.queries.edition_contents import entries_of
from lianxin.domain.projects.tests.factories import AT, TODAY, Ground, fresh, make_ground, make_need, make_offer
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=31)


def draft(ground: Ground, of: str = "needs", on: date = TODAY, at: datetime = AT) -> Edition:
    """The draft of the month in which a day lies."""
    return editions.draft_edition(
        actor=ground.planner, community=ground.community.pk, of=of, every="month", on=on, at=at
    )


def issue(ground: Ground, row: Edition, at: datetime = AT) -> Edition:
    """The edition, approved."""
    return editions.issue_edition(
        actor=ground.planner, edition=row.pk, approved_name="林书记", version=row.version, at=at
    )


def titles(row: Edition) -> list[str]:
    """What an edition lists."""
    return [one["title"] for one in entries_of(row.content)]


def test_list_is_drafted_approved_numbered_and_frozen() -> None:
    ground = make_ground()
    make_need(ground, 1, priority=2)
    need = make_need(ground, 2, priority=5)

    row = issue(ground, draft(ground))

    assert titles(row) == ["上门理发2", "上门理发1"]
    assert (row.number, row.approved_name, row.state) == (1, "林书记", "issued")
    with scope.everything():
        Need.objects.filter(pk=need.pk).update(title="改了名字")
        assert titles(fresh(row)) == ["上门理发2", "上门理发1"]
        assert list(checks.editions_are_frozen()) == []
        Edition.objects.filter(pk=row.pk).update(content={"groups": [], "entries": 0})
        assert list(checks.editions_are_frozen()) == [f"edition {row.pk} is not what was issued"]


def test_published_needs_list_names_nobody() -> None:
    ground = make_ground()
    make_need(ground, 1)

    row = draft(ground)

    assert "我爸" not in str(row.content)
    assert set(entries_of(row.content)[0]) == {
        *("id", "number", "title", "group", "households", "voices", "since", "state")
    }


def test_next_edition_tells_what_is_new_done_and_dropped_and_why() -> None:
    ground = make_ground()
    met, gone, stays = (make_need(ground, n) for n in (1, 2, 3))
    issue(ground, draft(ground))
    later = AT + MONTH
    make_need(ground, 4)
    with scope.everything():
        Need.objects.filter(pk=met.pk).update(state="met", closed_at=later)
        Need.objects.filter(pk=gone.pk).update(
            state="unmet", unmet_reason="no_resource", unmet_words="区里没有这样的师傅", closed_at=later
        )

    row = draft(ground, on=local_day(later), at=later)

    assert titles(row) == [stays.title, "上门理发4"]
    assert [one["title"] for one in row.changes["new"]] == ["上门理发4"]
    assert [one["title"] for one in row.changes["done"]] == [met.title]
    assert [(one["title"], one["why"]) for one in row.changes["dropped"]] == [(gone.title, "区里没有这样的师傅")]
    assert issue(ground, row, later).number == 2


def test_what_changed_after_reading_is_not_approved_unread() -> None:
    ground = make_ground()
    make_need(ground, 1)
    read = draft(ground)
    make_need(ground, 2)
    draft(ground)

    with pytest.raises(Refused):
        issue(ground, read)

    assert fresh(read).state == "draft"


def test_issued_edition_stays_and_is_not_drafted_again() -> None:
    ground = make_ground()
    make_need(ground, 1)
    row = issue(ground, draft(ground))

    with pytest.raises(editions.AlreadyIssued):
        draft(ground)
    with pytest.raises(editions.AlreadyIssued):
        editions.introduce_edition(actor=ground.planner, edition=row.pk, introduction="改一改", at=AT)
    with pytest.raises(editions.AlreadyIssued):
        editions.drop_edition(actor=ground.planner, edition=row.pk, at=AT)


def test_nobody_approves_without_a_name_and_the_program_never() -> None:
    ground = make_ground()
    make_need(ground, 1)
    row = draft(ground)

    with pytest.raises(Invalid):
        editions.issue_edition(actor=ground.planner, edition=row.pk, approved_name=" ", at=AT)
    with pytest.raises(NotAllowed):
        editions.issue_edition(actor=Actor.system(), edition=row.pk, approved_name="程序", at=AT)


def test_foreign_staff_find_nothing() -> None:
    ground = make_ground()
    make_need(ground, 1)
    row = draft(ground)
    elsewhere = make_ground("金洲社区", "440507004021")
    stranger = staff("community_staff", elsewhere.community)

    with scope.within(stranger.communities), pytest.raises(Missing):
        reading.find_edition(actor=stranger, edition=row.pk)
    with pytest.raises(NotAllowed):
        editions.draft_edition(
            actor=stranger, community=ground.community.pk, of="needs", every="month", on=TODAY, at=AT
        )


def test_resources_list_names_organisations_and_their_terms() -> None:
    ground = make_ground()
    make_offer(ground, conditions="提前三天说")

    [entry] = entries_of(draft(ground, "resources").content)

    assert (entry["giver"], entry["conditions"], entry["seats"]) == ("理发师傅工作室", "提前三天说", 20)


def test_program_drafts_what_is_due_once_and_makes_it_a_duty() -> None:
    ground = make_ground()
    make_need(ground, 1)
    system = Actor.system()

    first = editions.draft_due_editions(actor=system, community=ground.community.pk, on=TODAY, at=AT)
    again = editions.draft_due_editions(actor=system, community=ground.community.pk, on=TODAY, at=AT)

    assert (first, again) == (1, 0)
    with scope.everything():
        duty = Duty.objects.get(kind=editions.DUTY, closed_at=None)
        assert local_day(duty.due_at) == date(2026, 3, 10)
    with scope.within(ground.planner.communities):
        late = reading.overdue(actor=ground.planner, on=date(2026, 3, 11))
    assert [of for _community, of, _period in late] == ["needs"]
    with scope.everything():
        row = Edition.objects.get()
    issue(ground, row)
    with scope.everything():
        assert not Duty.objects.filter(kind=editions.DUTY, closed_at=None).exists()
