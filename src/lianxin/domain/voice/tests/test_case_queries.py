"""What the office, the board and those who told us see: sealed words stay sealed, and few queries do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.domain.people.tests.factories import staff
from lianxin.domain.voice.commands import closing, hearing, moving, telling
from lianxin.domain.voice.models import Case, CaseReport
from lianxin.domain.voice.queries import board, cases, reports
from lianxin.domain.voice.rules import lights
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing, NotAllowed

from .tier_factories import AT, DAY, HOUR, Place, case_of, fresh, make_place, say, working


@pytest.fixture
def place(db: None) -> Place:
    return make_place(homes=3)


def sealed(place: Place) -> CaseReport:
    """Something confidential, told at the desk to somebody who does not work on it afterwards."""
    taker = staff("community_staff", place.community)
    return hearing.hear(
        actor=taker,
        community=place.community.pk,
        words="我家里的事不想让人知道",
        how="desk",
        person=place.resident(2).person,
        confidentiality="confidential",
        subject="dispute",
        channel="phone",
        at=AT,
    )


def test_confidential_words_and_names_are_seen_by_who_works_on_it_only(place: Place) -> None:
    row = sealed(place)
    mine = staff("community_staff", place.community)
    moving.assign(actor=place.supervisor, case=row.case_id, role="community_staff", at=AT)

    with scope.within(place.keeper.communities):
        seen = cases.find_case(row.case_id, place.keeper, at=AT)
    assert seen.is_sealed
    assert (seen.reports[0].words, seen.reports[0].name, seen.reports[0].receipt) == ("", "", "")
    assert "我家" not in seen.title
    assert "我家" not in case_of(row).title
    moving.assign(actor=mine, case=row.case_id, account=mine.account, at=AT)
    with scope.within(mine.communities):
        opened = cases.find_case(row.case_id, mine, at=AT)
        assert opened.reports[0].words == "我家里的事不想让人知道"
        assert reports.find_report(actor=mine, report=row.pk).pk == row.pk
    telling.answer_reporters(actor=mine, case=row.case_id, kind="progress", words="见个面", at=AT)
    with scope.within(place.keeper.communities):
        assert not reports.list_to_tell(actor=place.keeper).exists()
        with pytest.raises(NotAllowed):
            reports.find_report(actor=place.keeper, report=row.pk)
    with scope.within(mine.communities):
        assert reports.count_to_tell(actor=mine) == 1
    for title in (True, False):
        with pytest.raises(Invalid):
            moving.edit(actor=mine, case=row.case_id, public_title="家事" if title else None, is_public=True, at=AT)


def test_district_reads_figures_of_a_case_and_no_names(place: Place) -> None:
    row = say(place)

    with scope.everything():
        seen = cases.find_case(row.case_id, place.department, at=AT)

    assert (seen.reports[0].name, seen.reports[0].words) == ("", "")
    assert "finish" not in seen.acts
    assert "assign" in seen.acts


def test_queue_shows_what_is_due_soonest_and_only_what_is_in_scope(place: Place) -> None:
    late = working(place, "下水道堵了")
    danger = case_of(say(place, "配电箱冒火花", by=1, is_danger=True))
    done = working(place, "第三件", by=2)
    closing.finish(actor=place.keeper, case=done.pk, words="好了", at=AT)
    after = fresh(late).due_at + HOUR

    with scope.within(place.keeper.communities):
        queue = [row.pk for row in cases.list_queue(place.keeper, at=AT)]
        assert queue[0] == danger.pk
        assert set(queue) == {late.pk, danger.pk, done.pk}
        assert cases.counts_by_state(place.keeper) == {"new": 1, "working": 1, "done": 1}
        assert cases.count_late(place.keeper, at=after) == 2
        red = cases.list_queue(place.keeper, light="red", at=after)
        assert {row.pk for row in red} == {late.pk, danger.pk}
        assert [row.pk for row in cases.list_queue(place.keeper, light="yellow", at=fresh(late).due_at - HOUR)] == [
            late.pk
        ]
        assert [row.pk for row in cases.list_queue(place.keeper, words=str(late.number), at=AT)] == [late.pk]
        assert [row.pk for row in cases.list_queue(place.keeper, words="下水道", at=AT)] == [late.pk]
        assert not cases.list_queue(place.keeper, state="ended", at=AT).exists()
        assert [row.pk for row in cases.list_queue(place.keeper, state="done", at=AT)] == [done.pk]
        assert not cases.list_queue(place.keeper, responsible=place.keeper.account, at=AT).exists()
    with scope.within(place.stranger.communities):
        assert not cases.list_queue(place.stranger, state="all", at=AT).exists()
        with pytest.raises(Missing):
            cases.find_case(late.pk, place.stranger, at=AT)
    with pytest.raises(NotAllowed):
        cases.list_queue(place.resident(), at=AT)


def test_receipt_finds_its_case_in_the_queue(place: Place) -> None:
    row = say(place)

    with scope.within(place.keeper.communities):
        found = cases.list_queue(place.keeper, words=f"{row.receipt[:3]} {row.receipt[3:]}", state="all", at=AT)
        assert [one.pk for one in found] == [row.case_id]


def test_pages_take_as_many_queries_for_few_cases_as_for_many(place: Place) -> None:
    def costs() -> list[int]:
        counts = []
        with scope.within(place.keeper.communities):
            for ask in (
                lambda: [cases.light_of(row, at=AT) for row in cases.list_queue(place.keeper, at=AT)[:50]],
                lambda: list(cases.list_queue(place.keeper, light="yellow", words="件", at=AT)[:50]),
                lambda: cases.counts_by_state(place.keeper),
                lambda: board.list_public([place.community.pk], at=AT),
                lambda: board.counts_of([place.community.pk], on=AT.date()),
                lambda: cases.find_case(first.case_id, place.keeper, at=AT),
            ):
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    ask()
                counts.append(len(queries))
        return counts

    first = say(place, "第一件事")
    moving.edit(actor=place.keeper, case=first.case_id, public_title="灯", is_public=True, at=AT)
    few = costs()
    for number in range(6):
        row = say(place, f"第{number}件{chr(0x4E00 + 50 * number)}", by=number % 3)
        moving.edit(actor=place.keeper, case=row.case_id, public_title=f"事{number}", is_public=True, at=AT)

    assert costs() == few
    assert few[0] == 2
    assert max(few) <= 12


def test_board_shows_titles_and_answers_of_the_office_and_nothing_of_who_told(place: Place) -> None:
    row = say(place, "陈小明家门口的灯", place_words="三单元502门口")
    with pytest.raises(Missing):
        board.public_case(row.case_id, at=AT)
    moving.edit(actor=place.keeper, case=row.case_id, public_title="楼道灯不亮", is_public=True, at=AT)
    moving.assign(actor=place.keeper, case=row.case_id, account=place.keeper.account, at=AT)
    moving.progress(actor=place.keeper, case=row.case_id, words="陈小明说晚上在家", at=AT)
    closing.finish(actor=place.keeper, case=row.case_id, words="换好了", public_answer="楼道灯已换新", at=AT)

    page = board.list_public([place.community.pk], at=AT)
    seen = board.public_case(row.case_id, at=AT)

    assert [line.title for line in page.lines] == ["楼道灯不亮"]
    told = repr(page) + repr(seen)
    assert "楼道灯已换新" in told
    for hidden in ("陈小明", "502门口", "换好了", row.receipt):
        assert hidden not in told
    assert board.list_public([place.community.pk], state="done", at=AT).lines
    assert not board.list_public([place.community.pk], state="open", at=AT).lines
    moving.edit(actor=place.keeper, case=row.case_id, is_public=False, hidden_reason="当事人要求", at=AT)
    with pytest.raises(Missing):
        board.public_case(row.case_id, at=AT)
    moving.edit(actor=place.keeper, case=row.case_id, is_public=True, at=AT)
    assert fresh(case_of(row)).hidden_reason == ""


def test_mediated_case_leaves_the_board_by_list_and_by_id(place: Place) -> None:
    row = say(place)
    moving.edit(actor=place.keeper, case=row.case_id, public_title="邻里的事", is_public=True, at=AT)
    with scope.everything():
        Case.objects.filter(pk=row.case_id).update(is_mediated=True, is_public=False)

    assert not board.list_public([place.community.pk], at=AT).lines
    with pytest.raises(Missing):
        board.public_case(row.case_id, at=AT)
    with pytest.raises(Invalid):
        moving.edit(actor=place.keeper, case=row.case_id, is_public=True, at=AT)


def test_page_of_a_receipt_tells_where_it_stands(place: Place) -> None:
    row = say(place)
    page = reports.own_page(actor=place.resident(), report=row.pk, at=AT)
    assert (page.state, page.tier, page.light) == ("new", "simple", "blue")
    moving.assign(actor=place.keeper, case=row.case_id, account=place.keeper.account, name="王姐", at=AT)
    moving.progress(actor=place.keeper, case=row.case_id, words="内部：等预算", is_public=False, at=AT)
    moving.progress(actor=place.keeper, case=row.case_id, words="明天换灯", at=AT)

    page = reports.own_page(actor=place.resident(), report=row.pk, at=AT)

    assert page.responsible_name == "王姐"
    assert [line.words for line in page.timeline if line.words] == ["明天换灯"]
    assert page.due_at is not None


def test_nobody_looks_after_a_case_who_does_not_work_there(place: Place) -> None:
    row = say(place)

    for account in (place.stranger.account, place.resident(1).account):
        with pytest.raises(Invalid):
            moving.assign(actor=place.keeper, case=row.case_id, account=account, at=AT)
    with pytest.raises(Invalid):
        moving.assign(actor=place.keeper, case=row.case_id, at=AT)
    with pytest.raises(Missing):
        moving.assign(actor=place.stranger, case=row.case_id, account=place.stranger.account, at=AT)
    with pytest.raises(NotAllowed):
        moving.assign(
            actor=Actor.anonymous().visiting(place.community.pk), case=row.case_id, role="community_staff", at=AT
        )


def test_light_turns_yellow_in_the_last_quarter_and_on_the_last_day() -> None:
    due = AT + 8 * DAY

    def at(moment: object) -> str:
        return lights.light(due_at=due, runs_from=AT, at=moment)  # type: ignore[arg-type]

    assert at(AT + 6 * DAY - HOUR) == "blue"
    assert at(AT + 6 * DAY) == "yellow"
    assert at(due) == "yellow"
    assert at(due + timedelta(seconds=1)) == "red"
    two_days = {"due_at": AT + 2 * DAY, "runs_from": AT}
    assert lights.light(**two_days, at=AT + DAY) == "yellow"
    assert lights.light(**two_days, at=AT + DAY - HOUR) == "blue"
    two_hours = {"due_at": AT + 2 * HOUR, "runs_from": AT}
    assert lights.light(**two_hours, at=AT) == "blue"
    assert lights.light(**two_hours, at=AT + HOUR) == "yellow"
    assert lights.light(due_at=None, runs_from=AT, at=AT) == "still"
    assert lights.light(due_at=AT, runs_from=AT, at=AT + DAY, is_live=False) == "still"
