"""Paper passbooks are taken over once: read, counted by two people, shown, and only then in the passbook."""

import csv
import io
from datetime import timedelta

import pytest

from lianxin.domain.people.models import Household
from lianxin.domain.people.tests.factories import make_household
from lianxin.domain.points.commands import objections, opening, take_overs
from lianxin.domain.points.models import Book, TakeOver, TakeOverLine, Txn
from lianxin.domain.points.queries.take_overs import find_take_over, list_take_over_lines
from lianxin.domain.points.rules.take_over_rows import TakeOverRow
from lianxin.domain.points.tests.life_factories import (
    AT,
    NEXT_YEAR_END,
    SYSTEM,
    YEAR_END,
    Tree,
    account_of,
    all_agree,
    balance,
    lots,
    make_life_book,
    staff,
)
from lianxin.platform import clock, files, run_reading, runs, scope, worker
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.models import Run

pytestmark = pytest.mark.django_db
AFTER = AT + timedelta(days=7)


class Paper:
    """A community with a list of two households' paper passbooks."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.book: Book = make_life_book(self.tree.cuiying)
        self.homes: list[Household] = [make_household(self.tree.cuiying) for _ in range(3)]
        self.one = staff("community_staff", self.tree.cuiying)
        self.two = staff("community_staff", self.tree.cuiying)

    def rows(self) -> list[TakeOverRow]:
        first, second, _third = self.homes
        return [
            TakeOverRow(first.pk, "旧-1", 40, YEAR_END),
            TakeOverRow(first.pk, "旧-1", 25, NEXT_YEAR_END),
            TakeOverRow(second.pk, "旧-2", 35, YEAR_END),
        ]

    def entered(self) -> TakeOver:
        return take_overs.enter_take_over(actor=self.one, book=self.book.pk, title="旧存折", rows=self.rows(), at=AT)

    def shown(self) -> TakeOver:
        made = self.entered()
        for actor in (self.one, self.two):
            made = self.signed(made, actor)
        return made

    def signed(self, made: TakeOver, actor, points: int = 100, pages: int = 12) -> TakeOver:  # type: ignore[no-untyped-def]
        return take_overs.sign_take_over(actor=actor, take_over=made.pk, points=points, pages=pages, at=AT)

    def post(self, made: TakeOver, at=AFTER) -> TakeOver:  # type: ignore[no-untyped-def]
        return opening.post_take_over(actor=SYSTEM, take_over=made.pk, at=at)


@pytest.fixture
def paper() -> Paper:
    return Paper()


def test_balances_count_after_two_signatures_and_the_notice(paper: Paper) -> None:
    made = paper.shown()
    first, second, _third = paper.homes
    early = opening.post_due_take_overs(actor=SYSTEM, at=AFTER - timedelta(days=1))

    posted = opening.post_due_take_overs(actor=SYSTEM, at=AFTER)
    again = opening.post_due_take_overs(actor=SYSTEM, at=AFTER)

    assert (made.state, early, posted, again) == ("shown", 0, 1, 0)
    assert lots(paper.book, first) == {YEAR_END: 40, NEXT_YEAR_END: 25}
    assert balance(paper.book, second) == 35
    with scope.everything():
        assert Txn.objects.get().kind == "opening"
        assert TakeOver.objects.get().state == "posted"
    all_agree()


def test_two_people_have_to_count_the_same(paper: Paper) -> None:
    made = paper.entered()
    with pytest.raises(take_overs.TotalsDiffer):
        paper.signed(made, paper.one, points=99)
    with pytest.raises(NotAllowed):
        paper.signed(made, SYSTEM)

    paper.signed(made, paper.one)

    with pytest.raises(take_overs.NeedsAnotherPerson):
        paper.signed(made, paper.one)
    with pytest.raises(take_overs.TotalsDiffer):
        paper.signed(made, paper.two, pages=11)
    with pytest.raises(Invalid):
        paper.signed(made, paper.two, pages=0)
    with scope.everything():
        assert TakeOver.objects.get().state == "signed"


def test_an_objection_holds_the_posting_up(paper: Paper) -> None:
    made = paper.shown()
    raised = objections.raise_objection(actor=paper.one, notice=made.notice_id, text="我家应是50分", at=AT)

    waiting = opening.post_due_take_overs(actor=SYSTEM, at=AFTER)
    objections.decide(actor=paper.two, objection=raised.pk, upheld=False, answer="已核对纸质存折", at=AFTER)
    posted = opening.post_due_take_overs(actor=SYSTEM, at=AFTER)

    assert (waiting, posted) == (0, 1)


def test_a_withdrawn_list_is_entered_anew(paper: Paper) -> None:
    made = paper.shown()

    take_overs.withdraw_take_over(actor=paper.one, take_over=made.pk, reason="漏了一户", at=AT)

    with pytest.raises(take_overs.WrongStep):
        paper.post(made)
    assert paper.entered().state == "entered"
    with pytest.raises(Invalid):
        paper.entered()


def test_points_of_a_merged_household_reach_the_one_that_stays(paper: Paper) -> None:
    from lianxin.domain.people.commands import moving

    made = paper.shown()
    first, second, third = paper.homes
    moving.merge_households(actor=SYSTEM, households=[first.pk], into=third.pk, on=AT.date(), at=AT)

    paper.post(made)

    assert (balance(paper.book, third), balance(paper.book, second)) == (65, 35)
    all_agree()


def test_points_of_a_household_that_ended_wait(paper: Paper) -> None:
    from lianxin.domain.people.commands import leaving
    from lianxin.domain.people.tests.factories import members_of

    made = paper.shown()
    leaving.record_death(actor=SYSTEM, person=members_of(paper.homes[0])[0].pk, on=AT.date(), at=AT)

    paper.post(made)

    account = account_of(paper.book, paper.homes[0])
    assert account is not None
    assert account.balance == 65


def test_a_workbook_is_read_counted_and_taken_back(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "YIELD_SECONDS", 0)
    monkeypatch.setattr(clock, "now", lambda: AT)
    rows = [
        ("000001", "旧-1", "40", "2026-12-31"),
        ("1", "旧-1", "25", "2027年12月31日"),
        ("000002", "旧-2", "35.0", "20261231"),
        ("000002", "旧-2", "3", "2026-12-31"),
        ("000003", "旧-1", "3", "2026-12-31"),
        ("000009", "旧-9", "3", "2026-12-31"),
        ("000003", "", "1.5", "2026-12-31"),
        ("000003", "", "5", "2025-12-31"),
    ]
    run = _run(paper, rows)
    assert (run.state, run.rows_good, run.rows_wrong) == ("STAGED", 3, 5)
    assert set(run_reading.problems_by_row(run)) == {5, 6, 7, 8, 9}

    runs.apply_run(actor=paper.one, run=run.pk, at=AT)
    worker.drain()

    with scope.everything():
        made = TakeOver.objects.get(run=run.pk)
    totals = find_take_over(actor=paper.one, take_over=made.pk).totals
    assert (totals.households, totals.papers, totals.points) == (2, 2, 100)
    assert totals.by_day == [(YEAR_END, 2, 75), (NEXT_YEAR_END, 1, 25)]
    lines = list_take_over_lines(actor=paper.one, take_over=made.pk, limit=2)
    assert [line.household_number for line in lines.rows] == ["000001", "000001"]
    assert len(list_take_over_lines(actor=paper.one, take_over=made.pk, after=lines.after).rows) == 1
    runs.undo_run(actor=paper.one, run=run.pk, reason="表格不对", at=AT)
    worker.drain()
    with scope.everything():
        assert not TakeOverLine.objects.exists()
        assert TakeOver.objects.get().state == "withdrawn"


def _run(paper: Paper, rows: list[tuple[str, ...]]) -> Run:
    text = io.StringIO()
    csv.writer(text).writerows([("户号", "存折号", "积分", "有效期至"), *rows])
    file = files.store(
        fileobj=io.BytesIO(text.getvalue().encode()),
        name="旧存折.csv",
        purpose="tests",
        at=AT,
        limit_bytes=10**6,
        accept=files.TABLES,
    )
    run = runs.start_run(
        actor=paper.one,
        kind="points.take_over",
        file_id=file.pk,
        title="旧存折",
        options={"community": str(paper.tree.cuiying.pk)},
        at=AT,
    )
    worker.drain()
    run.refresh_from_db()
    return run
