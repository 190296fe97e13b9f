"""Passbooks, notices, objections, rules, budgets, years, paper passbooks, rolls and relatives on their pages."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from lianxin.domain.points.commands import take_overs
from lianxin.domain.points.commands.notices import publish_awards
from lianxin.domain.points.commands.passbooks import issue_passbook
from lianxin.domain.points.models import Notice, Passbook, RulesDraft, RulesVersion, TakeOver
from lianxin.domain.points.rules.take_over_rows import TakeOverRow
from lianxin.domain.points.tests.rules_factories import draft
from lianxin.faces.staff.tests.points_pages import AT, Town, claim_now, enter, give, make_town, page, send, text_of
from lianxin.platform import scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def office(client: Client, town: Town) -> Client:
    return enter(client, "community_staff", town.community)


def test_a_passbook_shows_lines_reasons_and_statement(office: Client, town: Town) -> None:
    give(town)
    home = town.households[0].pk

    record = page(office, "points_passbook", household=home)
    statement = page(office, "points_statement", "?from_on=2026-01-01&until_on=2026-12-31", household=home)
    book = page(office, "points_statement", "?from_on=2026-01-01&until_on=2026-12-31&as=xlsx", household=home)
    sheet = page(office, "points_statement", "?from_on=2026-01-01&until_on=2026-12-31&as=print", household=home)

    assert "邻里互助" in text_of(record)
    assert "邻里互助" in text_of(statement)
    assert book.content[:2] == b"PK"
    assert "邻里互助" in text_of(sheet)


def test_a_statement_that_ends_before_it_begins_says_so(office: Client, town: Town) -> None:
    answer = page(
        office, "points_statement", "?from_on=2026-03-01&until_on=2026-01-01", household=town.households[0].pk
    )

    assert answer.status_code == 422


def test_a_passbook_is_given_out_printed_and_given_anew(office: Client, town: Town) -> None:
    give(town)
    home = town.households[0].pk

    issued = send(office, "points_issue", household=home)
    with scope.everything():
        first = Passbook.objects.get(household=home)
    sheet = page(office, "points_booklet", passbook=first.pk)
    send(office, "points_printed", {"upto": "1"}, passbook=first.pk)
    anew = send(office, "points_reissue", {"reason": "丢失"}, passbook=first.pk)

    assert issued.status_code == anew.status_code == 302
    assert "邻里互助" in text_of(sheet)
    with scope.everything():
        first.refresh_from_db()
        assert (first.printed_seq, first.state) == (1, "replaced")
        assert Passbook.objects.filter(household=home, state="valid").count() == 1


def test_a_printed_number_leads_to_the_passbook(office: Client, town: Town) -> None:
    booklet = issue_passbook(actor=town.staff, household=town.households[0].pk, at=AT)

    answer = page(office, "passbook", passbook=booklet.pk)

    assert answer.url == reverse("staff:points_passbook", kwargs={"household": town.households[0].pk})


def test_what_was_given_is_published_and_hangs_out(office: Client, town: Town) -> None:
    give(town)

    send(office, "points_publish", community=town.community.pk)
    with scope.everything():
        notice = Notice.objects.get(kind="awards")
    record = page(office, "points_notice", notice=notice.pk)
    sheet = page(office, "points_notice_sheet", notice=notice.pk)

    assert "邻里互助" in text_of(record)
    assert "陈*" in text_of(sheet)
    assert town.heads[0].name not in text_of(sheet)


def test_an_objection_is_written_down_and_upheld(office: Client, town: Town) -> None:
    given = give(town)
    notice = publish_awards(actor=town.staff, book=town.book.pk, at=AT)
    assert notice is not None

    raised = send(
        office,
        "points_object",
        {"via": "desk", "who": town.heads[1].name, "text": "他没有来"},
        f"?claim={given.pk}",
        notice=notice.pk,
    )
    shown = office.get(raised.url)
    decided = office.post(raised.url, {"upheld": "yes", "answer": "查过了，属实。"})

    assert "他没有来" in text_of(shown)
    assert decided.status_code == 302
    assert claim_now(given.pk).state == "reversed"
    assert town.balance() == 0


def test_an_objection_without_an_answer_comes_back(office: Client, town: Town) -> None:
    give(town)
    notice = publish_awards(actor=town.staff, book=town.book.pk, at=AT)
    assert notice is not None
    raised = send(office, "points_object", {"via": "phone", "text": "不公平"}, notice=notice.pk)

    answer = office.post(raised.url, {"upheld": "no", "answer": ""})

    assert answer.status_code == 422


def test_rules_are_drafted_item_by_item_and_published(office: Client, town: Town) -> None:
    where = {"community": town.community.pk}
    send(office, "points_draft_begin", **where)
    item = {
        "version": "1", "title": "清洁日", "points": "10", "per": "1", "unit": "times", "most_quantity": "1",
        "awarders": ["volunteer"], "code": "clean-up", "cap0_points": "40", "cap0_subject": "person",
        "cap0_every": "month", "cap1_subject": "person", "cap1_every": "day", "cap2_subject": "person",
        "cap2_every": "day", "cap3_subject": "person", "cap3_every": "day", "act": "save",
    }  # fmt: skip
    added = send(office, "points_draft_item", item, **where)
    terms = {name: value for name, value in draft().items() if name not in ("items", "allows_deductions")}
    terms |= {
        "version": "2",
        "minutes_on": "2026-03-19",
        "notice_from": "2026-03-20",
        "notice_until": "2026-03-28",
        "effective_from": "2026-04-01",
    }
    saved = send(office, "points_draft", {name: str(value) for name, value in terms.items()}, **where)
    asked = page(office, "points_draft_publish", **where)
    published = send(office, "points_draft_publish", {"version": "3"}, **where)

    assert (added.status_code, saved.status_code, asked.status_code) == (302, 302, 200)
    assert published.status_code == 302
    with scope.everything():
        version = RulesVersion.objects.get(book=town.book, number=2)
        made = version.items.get(code="clean-up")
        assert list(made.caps.values_list("subject", "every", "points")) == [("person", "month", 40)]
    record = page(office, "points_rules_version", rules=version.pk)
    assert "清洁日" in text_of(record)


def test_an_incomplete_draft_says_what_is_missing(office: Client, town: Town) -> None:
    send(office, "points_draft_begin", community=town.community.pk)

    answer = send(office, "points_draft_publish", {"version": "1"}, community=town.community.pk)

    assert answer.status_code == 422
    with scope.everything():
        assert RulesDraft.objects.filter(book=town.book, state="editing").count() == 1


def test_a_draft_is_tried_on_the_acts_that_were_kept(office: Client, town: Town) -> None:
    give(town, quantity=2)
    send(office, "points_draft_begin", community=town.community.pk)

    span = "?from_on=2026-01-01&until_on=2026-12-31"
    shown = page(office, "points_rehearsal", span, community=town.community.pk)
    backwards = page(office, "points_rehearsal", "?from_on=2026-12-31&until_on=2026-01-01", community=town.community.pk)

    assert shown.status_code == 200
    assert "邻里互助" in text_of(shown)
    assert town.households[0].number not in text_of(shown)
    assert backwards.status_code == 422


def test_rules_end_with_a_reason(office: Client, town: Town) -> None:
    done = send(office, "points_rules_withdraw", {"reason": "会议决定", "on": "2026-03-20"}, rules=town.rules.pk)

    assert done.status_code == 302
    assert "会议决定" in text_of(page(office, "points_rules_version", rules=town.rules.pk))


def test_points_are_added_to_a_budget_and_it_is_closed(office: Client, town: Town) -> None:
    added = send(office, "points_budget_add", {"points": "50"}, budget=town.budget.pk)
    before = town.left()
    closed = send(office, "points_budget_close", budget=town.budget.pk)

    assert (added.status_code, closed.status_code) == (302, 302)
    assert (before, town.left()) == (10_050, 0)
    assert page(office, "points_budget", budget=town.budget.pk).status_code == 200


def test_a_year_is_closed_after_its_last_day_and_shows_its_record(office: Client, town: Town) -> None:
    give(town)
    with scope.everything():
        year = town.book.periods.get(starts_on=date(2026, 1, 1))

    early = send(office, "points_period_close", period=year.pk)
    with time_machine.travel(AT.replace(year=2027), tick=False):
        late = enter(Client(), "community_staff", town.community)
        closed = send(late, "points_period_close", period=year.pk)
        record = page(late, "points_period", period=year.pk)

    assert early.status_code == 422
    assert closed.status_code == 302
    year.refresh_from_db()
    assert year.signature in text_of(record)


def test_paper_passbooks_are_signed_by_two(office: Client, town: Town) -> None:
    rows = [TakeOverRow(town.households[0].pk, "旧-1", 30, date(2026, 12, 31))]
    entered = take_overs.enter_take_over(actor=town.staff, book=town.book.pk, title="旧存折", rows=rows, at=AT)
    other = enter(Client(), "community_staff", town.community)

    wrong = send(office, "points_take_over_sign", {"points": "31", "pages": "1"}, take_over=entered.pk)
    first = send(office, "points_take_over_sign", {"points": "30", "pages": "1"}, take_over=entered.pk)
    twice = send(office, "points_take_over_sign", {"points": "30", "pages": "1"}, take_over=entered.pk)
    second = send(other, "points_take_over_sign", {"points": "30", "pages": "1"}, take_over=entered.pk)

    assert [one.status_code for one in (wrong, first, twice, second)] == [422, 302, 422, 302]
    with scope.everything():
        assert TakeOver.objects.get().state == "shown"
    assert "旧-1" in text_of(page(office, "points_take_over", take_over=entered.pk))


def test_a_list_of_paper_passbooks_is_withdrawn_with_a_reason(office: Client, town: Town) -> None:
    rows = [TakeOverRow(town.households[0].pk, "旧-1", 30, date(2026, 12, 31))]
    entered = take_overs.enter_take_over(actor=town.staff, book=town.book.pk, title="旧存折", rows=rows, at=AT)

    done = send(office, "points_take_over_withdraw", {"reason": "漏了一页"}, take_over=entered.pk)

    assert done.status_code == 302
    with scope.everything():
        assert TakeOver.objects.get().state == "withdrawn"


def test_a_roll_is_drawn_published_and_printed(office: Client, town: Town) -> None:
    give(town)
    form = {"title": "春季荣誉榜", "starts_on": "2026-03-01", "ends_on": "2026-03-20", "size": "10"}

    drawn = send(office, "points_roll_new", form, community=town.community.pk)
    roll = drawn.url.rstrip("/").rpartition("/")[2]
    published = send(office, "points_roll_freeze", roll=roll)
    record = page(office, "points_roll", roll=roll)
    poster = page(office, "points_roll_poster", roll=roll)

    assert (drawn.status_code, published.status_code) == (302, 302)
    assert "陈*" in text_of(record)
    assert "春季荣誉榜" in text_of(poster)
    assert town.heads[0].name not in text_of(poster)


def test_relatives_are_named_and_only_a_colleague_ends_it(office: Client, town: Town) -> None:
    home = town.households[0]
    form = {"community": str(town.community.pk), "number": home.number}

    named = send(office, "points_relative_new", form)
    own = page(office, "points_relatives")
    other = enter(Client(), "community_staff", town.community)
    seen = text_of(page(other, "points_relatives"))

    assert named.status_code == 302
    assert home.number in text_of(own)
    assert "/end/" not in text_of(own)
    assert "/end/" in seen


def test_another_community_finds_none_of_these(client: Client, town: Town) -> None:
    give(town)
    notice = publish_awards(actor=town.staff, book=town.book.pk, at=AT)
    assert notice is not None
    stranger = enter(client, "community_staff", town.tree.daya)

    for name, named in (
        ("points_passbook", {"household": town.households[0].pk}),
        ("points_statement", {"household": town.households[0].pk}),
        ("points_notice", {"notice": notice.pk}),
        ("points_object", {"notice": notice.pk}),
        ("points_rules_version", {"rules": town.rules.pk}),
        ("points_budget", {"budget": town.budget.pk}),
        ("points_budget_add", {"budget": town.budget.pk}),
    ):
        assert page(stranger, name, **named).status_code == 404, name
