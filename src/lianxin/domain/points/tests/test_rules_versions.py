"""Rules are drafted, checked field by field, published with minutes and notice, and never change afterwards."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest

from lianxin.domain.points.commands import books, budgets, rehearsals, rules_versions
from lianxin.domain.points.models import Notice, RuleItem, RulesVersion
from lianxin.domain.points.queries import books as book_queries
from lianxin.domain.points.queries import budgets as budget_queries
from lianxin.domain.points.queries.rules import find_version, list_versions, rules_in_force
from lianxin.domain.points.rules.drafts import check_draft
from lianxin.domain.points.rules.starter import starter_draft
from lianxin.domain.points.tests.rules_factories import (
    ADOPTED_AT,
    AT,
    SYSTEM,
    TODAY,
    draft,
    item,
    make_town,
    publish,
    staff_of,
)
from lianxin.domain.points.tests.test_awards import give
from lianxin.platform import scope
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed, Refused

ADOPTED_ON = date(2026, 1, 5)


def wrong(**values: Any) -> dict[str, list[str]]:
    """The sentences about a draft with these values."""
    return check_draft(draft(**values), today=ADOPTED_ON)


def wrong_item(**values: Any) -> dict[str, list[str]]:
    """The sentences about a draft whose one item has these values."""
    return check_draft(draft(item() | values), today=ADOPTED_ON)


def test_the_starter_lacks_only_what_the_assembly_brings() -> None:
    problems = check_draft(starter_draft(), today=ADOPTED_ON)

    assert sorted(problems) == sorted(
        ["minutes_on", "minutes_title", "minutes_text", "attended", "in_favour"]
        + ["notice_from", "notice_until", "effective_from"]
    )


def test_a_complete_draft_has_no_fault() -> None:
    assert wrong() == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "长" * 121),
        ("minutes_on", "2026-01-06"),
        ("minutes_on", "yesterday"),
        ("minutes_text", None),
        ("attended", 0),
        ("in_favour", 30),
        ("in_favour", 61),
        ("notice_from", "2026-01-04"),
        ("notice_until", "2026-01-10"),
        ("effective_from", "2026-01-12"),
        ("second_person_above", -1),
        ("second_person_above", True),
        ("objection_days", 6),
        ("expiry", "sometimes"),
        ("expiry_months", 7),
        ("split", None),
        ("allows_deductions", "yes"),
        ("items", []),
    ],
)
def test_each_fault_of_a_draft_has_a_sentence_at_its_field(field: str, value: object) -> None:
    problems = check_draft(draft() | {field: value}, today=ADOPTED_ON)

    assert list(problems) == [field]
    assert problems[field][0]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "With Space"}, "items.0.code"),
        ({"points": 0}, "items.0.points"),
        ({"points": 2.5}, "items.0.points"),
        ({"points": 10**9}, "items.0.points"),
        ({"per": 11}, "items.0.most_quantity"),
        ({"unit": "miles"}, "items.0.unit"),
        ({"awarders": ["resident"]}, "items.0.awarders"),
        ({"valid_months": 0}, "items.0.valid_months"),
        ({"caps": [{"subject": "cat", "every": "week", "points": 9}]}, "items.0.caps.0.subject"),
        ({"caps": [{"subject": "household", "every": "week", "points": 4}]}, "items.0.caps.0.points"),
        ({"title": ""}, "items.0.title"),
    ],
)
def test_each_fault_of_an_item_has_a_sentence_at_its_field(values: dict[str, Any], field: str) -> None:
    assert list(wrong_item(**values)) == [field]


def test_limits_agree_with_each_other() -> None:
    caps = [("household", "week", 30), ("household", "month", 20), ("person", "week", 40), ("book", "week", 10)]

    problems = check_draft(draft(item(caps=caps)), today=ADOPTED_ON)

    assert sorted(problems) == [f"items.0.caps.{n}.points" for n in (1, 2, 3)]


def test_two_items_of_one_name_are_refused() -> None:
    assert list(check_draft(draft(item(), item()), today=ADOPTED_ON)) == ["items.1.code"]


@pytest.mark.django_db
def test_publishing_shows_the_rules_on_a_notice_and_they_hold_after_it() -> None:
    town = make_town()

    with scope.everything():
        notice = Notice.objects.get(kind="rules")
        assert (notice.subject, notice.shown_until) == (town.rules.pk, date(2026, 1, 12))
        assert rules_in_force(town.book.pk, date(2026, 1, 12)) is None
        assert rules_in_force(town.book.pk, date(2026, 1, 13)) == town.rules
    assert [row.pk for row in list_versions(actor=town.staff, book=town.book.pk)] == [town.rules.pk]
    with pytest.raises(Missing):
        find_version(actor=staff_of(town.tree.jintao), rules=town.rules.pk)


@pytest.mark.django_db
def test_a_draft_begins_with_the_rules_of_now_and_stale_saves_are_refused() -> None:
    town = make_town(item(caps=[("household", "week", 20)]))
    begun = rules_versions.save_draft(actor=town.staff, book=town.book.pk, at=AT)
    content = deepcopy(begun.content)
    content["items"][0]["points"] = 6

    saved = rules_versions.save_draft(
        actor=town.staff, book=town.book.pk, content=content, version=begun.version, at=AT
    )

    assert begun.content["items"][0]["caps"] == [{"subject": "household", "every": "week", "points": 20}]
    assert saved.version == 2
    with pytest.raises(EditedMeanwhile):
        rules_versions.save_draft(actor=town.staff, book=town.book.pk, content=content, version=1, at=AT)
    with pytest.raises(Invalid) as caught:
        rules_versions.publish_rules(actor=town.staff, draft=saved.pk, at=AT)
    assert "minutes_on" in caught.value.fields


@pytest.mark.django_db
def test_a_published_draft_is_not_published_twice_and_the_next_begins_later() -> None:
    town = make_town()
    again = rules_versions.save_draft(actor=SYSTEM, book=town.book.pk, content=draft(), at=ADOPTED_AT)

    with pytest.raises(Invalid) as caught:
        rules_versions.publish_rules(actor=SYSTEM, draft=again.pk, at=ADOPTED_AT)

    assert list(caught.value.fields) == ["effective_from"]
    rules_versions.discard_draft(actor=town.staff, draft=again.pk, at=AT)
    with pytest.raises(rules_versions.DraftEnded):
        rules_versions.discard_draft(actor=town.staff, draft=again.pk, at=AT)


@pytest.mark.django_db
def test_rules_withdrawn_in_their_notice_never_begin_and_leave_the_notice() -> None:
    town = make_town()
    days = {"minutes_on": "2026-03-19", "notice_from": "2026-03-20", "notice_until": "2026-03-27"}
    second = publish(town.book.pk, draft(**days, effective_from="2026-03-28"), AT)

    rules_versions.withdraw_rules(actor=town.staff, version=second.pk, reason="异议成立", at=AT + timedelta(days=2))

    with scope.everything():
        assert rules_in_force(town.book.pk, date(2026, 4, 1)) == town.rules
        assert Notice.objects.get(subject=second.pk).state == "withdrawn"
    with pytest.raises(rules_versions.RulesEndedAlready):
        rules_versions.withdraw_rules(actor=town.staff, version=second.pk, reason="再次", at=AT + timedelta(days=2))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["volunteer", "resident", "district_staff", "system_admin", "host"])
def test_only_those_who_keep_rules_write_them(role: str) -> None:
    town = make_town()

    with pytest.raises(NotAllowed):
        rules_versions.save_draft(actor=staff_of(town.community, role), book=town.book.pk, at=AT)


@pytest.mark.django_db
def test_a_rehearsal_tells_what_a_draft_would_have_given_and_changes_nothing() -> None:
    town = make_town(item(points=5, caps=[("household", "week", 8)]))
    for _ in range(3):
        give(town)
    give(town, 1)
    kept = rules_versions.save_draft(
        actor=town.staff, book=town.book.pk, content=draft(item(points=4, caps=[("household", "week", 10)])), at=AT
    )

    found = rehearsals.rehearse(actor=town.staff, draft=kept.pk, from_on=date(2026, 1, 1), until_on=TODAY)

    assert (found.acts, found.given, found.would) == (4, 13, 14)
    assert (found.gaining, found.losing) == (1, 1)
    assert [(row.code, row.given, row.would) for row in found.items] == [("help", 13, 14)]
    assert town.balance() == 8
    with scope.everything():
        assert RulesVersion.objects.count() == RuleItem.objects.count() == 1
    with pytest.raises(Invalid):
        rehearsals.rehearse(actor=town.staff, draft=kept.pk, from_on=TODAY, until_on=date(2026, 1, 1))


@pytest.mark.django_db
def test_a_book_is_prepared_once_and_switched_on_from_above() -> None:
    town = make_town()

    again = books.prepare_book(actor=town.staff, community=town.community.pk, at=AT)

    assert again.pk == town.book.pk
    with pytest.raises(NotAllowed):
        books.switch_on(actor=town.staff, book=town.book.pk, on=date(2026, 2, 1), at=AT)
    with pytest.raises(Missing):
        books.prepare_book(actor=town.staff, community=town.tree.jintao.pk, at=AT)
    give(town)
    with pytest.raises(Refused):
        books.switch_on(actor=SYSTEM, book=town.book.pk, on=date(2026, 2, 1), at=AT)
    (row,) = book_queries.list_books(actor=town.staff)
    assert (row.outstanding, row.passbooks, row.held) == (5, 1, 0)


@pytest.mark.django_db
def test_a_year_is_closed_after_its_end_and_the_next_is_open_then() -> None:
    town = make_town()
    with scope.everything():
        period = town.book.periods.get()
    with pytest.raises(books.TooEarly):
        books.close_period(actor=town.staff, period=period.pk, at=AT)

    closed = books.close_period(actor=town.staff, period=period.pk, at=AT.replace(year=2027))

    assert closed.state == "closed"
    assert closed.signature
    years = [row.starts_on.year for row in book_queries.list_periods(actor=town.staff, book=town.book.pk)]
    assert years == [2027, 2026]
    with pytest.raises(Invalid):
        books.open_period(actor=town.staff, book=town.book.pk, year=2025, at=AT.replace(year=2027))


@pytest.mark.django_db
def test_budgets_are_set_added_to_and_closed_with_their_rest_given_back() -> None:
    town = make_town(budget=100)
    source = town.heads[0].pk
    own = budgets.set_budget(
        actor=town.staff,
        book=town.book.pk,
        name="清洁日",
        valid_from=TODAY,
        valid_until=TODAY,
        points=20,
        source_kind="activities.activity",
        source_id=source,
        at=AT,
    )
    budgets.add_to_budget(actor=town.staff, budget=own.pk, points=5, at=AT)
    give(town, budget=own.pk, quantity=4)

    row = budget_queries.find_budget_of_source(actor=town.staff, source_id=source)

    assert row is not None
    assert (row.left, row.given, row.not_given) == (5, 20, 0)
    budgets.close_budget(actor=town.staff, budget=own.pk, at=AT)
    assert budget_queries.find_budget(actor=town.staff, budget=own.pk).left == 0
    with pytest.raises(budgets.BudgetClosed):
        budgets.add_to_budget(actor=town.staff, budget=own.pk, points=5, at=AT)
    with pytest.raises(Invalid) as caught:
        budgets.set_budget(
            actor=town.staff, book=town.book.pk, name=" ", valid_from=TODAY, valid_until=TODAY, points=-1, at=AT
        )
    assert sorted(caught.value.fields) == ["name", "points"]


@pytest.mark.django_db
def test_days_have_one_general_budget() -> None:
    town = make_town()

    with pytest.raises(Invalid) as caught:
        budgets.set_budget(
            actor=town.staff,
            book=town.book.pk,
            name="又一个",
            valid_from=TODAY,
            valid_until=TODAY,
            points=5,
            is_general=True,
            at=AT,
        )

    assert list(caught.value.fields) == ["valid_from"]
