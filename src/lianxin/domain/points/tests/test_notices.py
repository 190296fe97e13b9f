"""Public notices: every award on exactly one, shown for the days of the rules, masked for everybody."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from lianxin.domain.people.tests.factories import staff
from lianxin.domain.points.commands import notices
from lianxin.domain.points.ledger.sealing import seal_book
from lianxin.domain.points.models import Claim, Notice, NoticeLine
from lianxin.domain.points.queries import notices as reading
from lianxin.domain.points.tests.factories import NOON, TODAY
from lianxin.domain.points.tests.trust_factories import Street, make_street
from lianxin.platform import clock, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def street():  # type: ignore[no-untyped-def]
    with scope.everything():
        yield make_street()


def publish(street: Street, **more):  # type: ignore[no-untyped-def]
    return notices.publish_awards(actor=street.staff, book=street.book.id, at=NOON, **more)


def test_notice_shows_each_award_since_the_last_once(street: Street) -> None:
    first = street.award(0, 10)
    one = publish(street)
    second, third = street.award(1, 5), street.award(0, 3)

    two = publish(street)

    assert (one.number, two.number) == (1, 2)
    assert set(NoticeLine.objects.filter(notice=one).values_list("claim", flat=True)) == {first.pk}
    assert set(NoticeLine.objects.filter(notice=two).values_list("claim", flat=True)) == {second.pk, third.pk}
    assert publish(street) is None


def test_notice_is_shown_for_the_days_of_the_rules(street: Street) -> None:
    street.award(0, 10)

    notice = publish(street)

    assert (notice.shown_from, notice.shown_until) == (TODAY, TODAY + timedelta(days=6))


def test_everybody_reads_masked_names_household_item_points_and_day(street: Street) -> None:
    street.award(0, 10, quantity=2)
    street.award(2, 4)
    notice = publish(street)

    page = reading.find_notice(community=street.community.pk, notice=notice.pk, on=TODAY)

    assert [(line.masked_name, line.item, line.quantity, line.points, line.done_on) for line in page.lines] == [
        ("张*三", "参加清洁日", 2, 10, TODAY),
        ("欧阳**", "参加清洁日", 1, 4, TODAY),
    ]
    assert page.lines[0].household_number == street.homes[0].number
    assert page.points == 14


def test_notice_comes_in_pages(street: Street) -> None:
    for _turn in range(5):
        street.award(0, 1)
    notice = publish(street)

    first = reading.find_notice(community=street.community.pk, notice=notice.pk, on=TODAY, limit=3)
    rest = reading.find_notice(community=street.community.pk, notice=notice.pk, on=TODAY, limit=3, after=first.after)

    assert [len(first.lines), len(rest.lines), rest.after] == [3, 2, None]
    assert len({line.claim for line in first.lines + rest.lines}) == 5


def test_notice_that_is_over_shows_no_names_to_the_public_but_to_staff(street: Street) -> None:
    street.award(0, 10)
    notice = publish(street)
    later = NOON + timedelta(days=7)

    ended = notices.end_notices(actor=Actor.system(), at=later)

    assert ended == 1
    public = reading.find_notice(community=street.community.pk, notice=notice.pk, on=clock.local_day(later))
    assert (public.lines, public.card.state) == ([], "ended")
    assert len(reading.find_notice_for_staff(actor=street.staff, notice=notice.pk).page.lines) == 1
    assert reading.list_notices(community=street.community.pk, on=clock.local_day(later)) == []
    assert len(reading.list_notices(community=street.community.pk, on=clock.local_day(later), with_ended=True)) == 1


def test_notice_ends_after_its_last_day_not_on_it(street: Street) -> None:
    street.award(0, 10)
    notice = publish(street)

    assert notices.end_notices(actor=Actor.system(), at=NOON + timedelta(days=6)) == 0
    assert notices.end_notices(actor=Actor.system(), at=NOON + timedelta(days=7)) == 1
    assert Notice.objects.get(pk=notice.pk).ended_at == NOON + timedelta(days=7)


def test_notice_carries_the_code_of_the_last_seal(street: Street) -> None:
    street.award(0, 10)
    seal = seal_book(book=street.book.id, at=NOON)
    assert seal is not None

    notice = publish(street)

    assert reading.list_notices(community=street.community.pk, on=TODAY)[0].seal_code == seal.code
    assert notice.seal_id == seal.pk


def test_award_taken_back_before_the_notice_is_shown_as_taken_back(street: Street) -> None:
    claim = street.award(0, 10)
    street.reverse(claim)

    notice = publish(street)

    [line] = reading.find_notice(community=street.community.pk, notice=notice.pk, on=TODAY).lines
    assert line.is_taken_back


def test_award_is_not_put_on_a_second_notice(street: Street) -> None:
    claim = street.award(0, 10)
    publish(street)

    with pytest.raises(notices.AlreadyShown):
        notices.publish_notice(
            actor=street.staff,
            book=street.book.id,
            kind="awards",
            title="",
            shown_from=TODAY,
            shown_until=TODAY,
            claims=[claim.pk],
            at=NOON,
        )


def test_claim_without_points_is_not_put_on_a_notice(street: Street) -> None:
    claim = street.award(0, 10)
    Claim.objects.filter(pk=claim.pk).update(state="nothing", points=0, txn=None)

    assert publish(street) is None


def test_notice_that_ends_before_it_begins_is_refused(street: Street) -> None:
    with pytest.raises(Invalid):
        notices.publish_notice(
            actor=street.staff,
            book=street.book.id,
            kind="rules",
            title="规则",
            shown_from=TODAY,
            shown_until=TODAY - timedelta(days=1),
            at=NOON,
        )


def test_only_the_communitys_staff_publishes(street: Street) -> None:
    street.award(0, 10)

    with pytest.raises(NotAllowed):
        notices.publish_awards(actor=street.resident(0), book=street.book.id, at=NOON)
    with pytest.raises(Missing):
        notices.publish_awards(actor=staff("community_staff", street.tree.daya), book=street.book.id, at=NOON)


def test_notice_of_another_community_is_missing(street: Street) -> None:
    street.award(0, 10)
    notice = publish(street)

    with pytest.raises(Missing):
        reading.find_notice(community=street.tree.daya.pk, notice=notice.pk, on=TODAY)


def test_withdrawn_notice_is_no_longer_shown(street: Street) -> None:
    street.award(0, 10)
    notice = publish(street)

    notices.withdraw_notice(actor=street.staff, notice=notice.pk, reason="写错了", at=NOON)

    assert reading.list_notices(community=street.community.pk, on=TODAY, with_ended=True) == []
    assert reading.list_notices_for_staff(actor=street.staff)[0].state == "withdrawn"


def test_weekly_task_shows_what_was_given_before_this_week_and_runs_twice_for_nothing(
    street: Street,
) -> None:
    old = street.award(0, 10, at=NOON - timedelta(days=3))
    street.award(1, 10, at=NOON)
    told: list[tuple[int, int]] = []

    for _turn in range(2):
        notices.publish_weekly(
            actor=Actor.system(), at=NOON + timedelta(days=1), tell=lambda done, of: told.append((done, of))
        )

    [notice] = Notice.objects.all()
    assert told == [(1, 1), (1, 1)]
    assert set(notice.lines.values_list("claim", flat=True)) == {old.pk}


def test_notices_take_the_same_queries_for_many_lines(
    street: Street, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:  # type: ignore[no-untyped-def]
    for _turn in range(30):
        street.award(0, 1, on=date(2026, 3, 1))
    notice = publish(street)

    with django_assert_max_num_queries(4):
        reading.find_notice(community=street.community.pk, notice=notice.pk, on=TODAY)
