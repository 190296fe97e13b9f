"""Acts offered by other modules: kept once each, with points or with the reason for none."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from lianxin.domain.people.tests.factories import make_household, members_of
from lianxin.domain.points.commands import books, claims
from lianxin.domain.points.models import Account, Claim, Txn
from lianxin.domain.points.queries import claims as queries
from lianxin.domain.points.tests.rules_factories import AT, SYSTEM, TODAY, Town, item, make_town, source, staff_of
from lianxin.domain.points.tests.test_awards import all_agrees, give
from lianxin.platform import facts, scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed

pytestmark = pytest.mark.django_db


def act(person: UUID | None, of: UUID, **more: object) -> claims.Act:
    """Somebody took part."""
    values = {
        "household": None,
        "person": person,
        "act_kind": "help",
        "quantity": 1,
        "minutes": 0,
        "done_on": TODAY,
        "source_kind": "activities.attendance",
        "source_id": of,
    } | more
    return claims.Act(**values)  # type: ignore[arg-type]


def offer(town: Town, *acts: claims.Act) -> list[Claim]:
    """Offer acts as the program does."""
    return claims.offer_acts(actor=SYSTEM, acts=acts, at=AT)


def test_all_who_took_part_are_given_points_in_one_transaction() -> None:
    town, of = make_town(households=5), source()

    made = offer(town, *[act(head.pk, of, note="清洁日") for head in town.heads])

    assert [claim.points for claim in made] == [5] * 5
    with scope.everything():
        assert Txn.objects.filter(kind="award").count() == 1
        assert facts.figure("points_awarded", from_on=TODAY, until_on=TODAY + timedelta(days=1)) == 25
    assert all_agrees() == []


def test_offered_twice_it_is_one_claim() -> None:
    town, of = make_town(), source()
    first = offer(town, act(town.heads[0].pk, of), act(town.heads[1].pk, of))

    again = offer(town, act(town.heads[1].pk, of, quantity=3), act(town.heads[0].pk, of), act(town.heads[2].pk, of))

    assert [claim.pk for claim in again[:2]] == [first[1].pk, first[0].pk]
    assert [town.balance(n) for n in range(3)] == [5, 5, 5]


def test_twice_in_one_list_it_is_one_claim() -> None:
    town, of = make_town(), source()

    one, other = offer(town, act(town.heads[0].pk, of), act(town.heads[0].pk, of))

    assert one.pk == other.pk
    assert town.balance() == 5


def test_what_earns_nothing_is_kept_with_its_reason() -> None:
    town, of = make_town(item(unit="minutes", per=60, most_quantity=600)), source()
    elsewhere = members_of(make_household(town.tree.jintao))[0]

    made = offer(
        town,
        act(town.heads[0].pk, of, minutes=59),
        act(town.heads[1].pk, of, act_kind="singing"),
        act(town.heads[2].pk, of, done_on=date(2026, 1, 12)),
        act(town.heads[0].pk, source(), done_on=date(2025, 12, 31)),
        act(elsewhere.pk, of),
    )

    assert [(claim.state, claim.reason) for claim in made] == [
        ("nothing", "too_little"),
        ("nothing", "no_item"),
        ("nothing", "no_rules"),
        ("nothing", "no_book"),
        ("nothing", "no_book"),
    ]
    with scope.everything():
        assert Claim.objects.count() == 5


def test_who_left_has_no_household_here() -> None:
    town, of = make_town(), source()
    with scope.everything():
        type(town.heads[0]).objects.filter(pk=town.heads[0].pk).update(state="moved_out", moved_on=TODAY)

    (claim,) = offer(town, act(town.heads[0].pk, of))

    assert (claim.state, claim.reason) == ("nothing", "no_household")


def test_a_frozen_passbook_earns_nothing() -> None:
    town, of = make_town(), source()
    give(town)
    with scope.everything():
        Account.objects.filter(owner=town.households[0].pk).update(state="frozen")

    mine, other = offer(town, act(town.heads[0].pk, of), act(town.heads[1].pk, of))

    assert (mine.reason, other.points) == ("closed", 5)


def test_two_members_of_one_household_share_its_cap() -> None:
    town, of = make_town(item(points=5, caps=[("household", "week", 8)])), source()

    one, two = offer(town, act(town.heads[0].pk, of), act(None, of, household=town.households[0].pk))

    assert (one.points, two.points, town.balance()) == (5, 3, 8)
    assert all_agrees() == []


def test_the_cap_of_the_community_is_shared_by_all() -> None:
    town, of = make_town(item(points=5, caps=[("book", "month", 12)])), source()

    made = offer(town, *[act(head.pk, of) for head in town.heads])

    assert [(claim.points, claim.reason) for claim in made] == [(5, ""), (5, ""), (2, "cap_book")]


def test_large_acts_wait_even_when_the_program_offers_them() -> None:
    town, of = make_town(second_person_above=4), source()

    (claim,) = offer(town, act(town.heads[0].pk, of))

    assert (claim.state, claim.decided_at) == ("waiting", None)
    assert [row.id for row in queries.list_waiting(actor=town.staff).rows] == [claim.pk]
    assert queries.list_waiting(actor=staff_of(town.tree.jintao)).rows == []


def test_acts_outside_the_scope_are_missing_and_nobody_anonymous_offers() -> None:
    town, of = make_town(), source()

    with pytest.raises(Missing):
        claims.offer_acts(actor=staff_of(town.tree.jintao), acts=[act(town.heads[0].pk, of)], at=AT)
    with pytest.raises(NotAllowed):
        claims.offer_acts(actor=type(SYSTEM).anonymous(), acts=[act(town.heads[0].pk, of)], at=AT)
    with pytest.raises(Invalid):
        offer(town, act(None, of))


def test_a_late_act_of_a_closed_year_is_posted_in_the_open_one() -> None:
    town, of = make_town(), source()
    with scope.everything():
        period = town.book.periods.get()
    next_year = AT.replace(year=2027)
    books.close_period(actor=town.staff, period=period.pk, at=next_year)

    (claim,) = claims.offer_acts(actor=SYSTEM, acts=[act(town.heads[0].pk, of)], at=next_year)

    with scope.everything():
        txn = Txn.objects.select_related("period").get(claims=claim)
    assert (claim.points, txn.effective_on, txn.period.starts_on.year) == (5, TODAY, 2027)
    assert all_agrees() == []


def test_more_households_than_one_transaction_holds_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    from lianxin.domain.points.commands import awarding

    monkeypatch.setattr(awarding, "TOGETHER", 2)
    town, of = make_town(households=5), source()

    made = offer(town, *[act(head.pk, of) for head in town.heads])

    assert len({claim.txn_id for claim in made}) == 3
    assert all_agrees() == []


def test_residents_see_their_own_claims_only() -> None:
    from lianxin.domain.people.tests.factories import resident

    town, of = make_town(), source()
    offer(town, *[act(head.pk, of) for head in town.heads])

    rows = queries.list_claims(actor=resident(town.heads[1]), on=TODAY).rows

    assert [row.person for row in rows] == [town.heads[1].pk]
    assert queries.list_claims(actor=staff_of(town.community, "audit_admin"), on=TODAY).rows == []
    assert len(queries.list_claims(actor=town.staff, on=TODAY, limit=2).rows) == 2
