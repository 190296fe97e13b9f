"""Produce: the grower's name and phone are shown while the grower agrees, and not a day longer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.domain.places.commands import produce
from lianxin.domain.places.commands.division_splits import merge_divisions
from lianxin.domain.places.models import Produce
from lianxin.domain.places.queries import produce as queries
from lianxin.platform import scope, search
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import AuditTarget

from .factories import AT, SYSTEM, TODAY, make_district, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def whole_district():
    with scope.everything():
        yield


@pytest.fixture
def village():
    return make_district()["金洲村委会"]


def add(village, **more):
    values = {"name": "狮头鹅", "grower_name": "陈阿伯", "grower_phone": "138-0013 8000", **more}
    return produce.add_produce(actor=SYSTEM, at=AT, community=village.pk, **values)


def show(one, **more):
    values = {"consent_reference": "同意书 2026-18", **more}
    return produce.show_produce(actor=SYSTEM, at=AT, produce=one.pk, **values)


def shown(on=TODAY, **more):
    return queries.list_shown_produce(on=on, **more)


def test_produce_is_hidden_until_the_growers_consent_is_recorded(village):
    one = add(village)
    with pytest.raises(produce.NoConsent):
        show(one, consent_reference="")
    assert shown() == []

    show(one)

    [row] = shown(community=village.pk)
    assert (row.name, row.grower_name, row.grower_phone) == ("狮头鹅", "陈阿伯", "13800138000")


def test_the_database_itself_shows_nothing_without_consent(village):
    one = add(village)

    with pytest.raises(IntegrityError), transaction.atomic():
        Produce.objects.filter(pk=one.pk).update(state="shown")


def test_the_phone_lies_sealed_and_no_audit_line_holds_it(village):
    one = add(village)
    with connection.cursor() as cursor:
        cursor.execute("SELECT grower_phone FROM places_produce")
        [(stored,)] = cursor.fetchall()

    assert b"13800138000" not in bytes(stored)
    assert "13800138000" not in str(list(AuditTarget.objects.values_list("change", flat=True)))
    assert str(one.grower_phone) != "13800138000"


def test_consent_holds_a_year_unless_it_says_otherwise_and_ends_by_itself(village):
    show(add(village))

    assert len(shown(TODAY + timedelta(days=365))) == 1
    assert shown(TODAY + timedelta(days=366)) == []


def test_expired_consent_hides_the_entry_for_good_until_it_is_asked_again(village):
    one = show(add(village), consent_until=TODAY)

    assert produce.hide_expired_produce(actor=SYSTEM, at=AT) == 0
    assert produce.hide_expired_produce(actor=SYSTEM, at=AT + timedelta(days=1)) == 1
    assert produce.hide_expired_produce(actor=SYSTEM, at=AT + timedelta(days=1)) == 0
    with pytest.raises(produce.NoConsent):
        produce.show_produce(actor=SYSTEM, at=AT + timedelta(days=1), produce=one.pk)


def test_withdrawn_consent_hides_at_once_and_deletes_the_phone(village):
    show(add(village))
    show(add(village, name="鹅蛋"))

    gone = produce.withdraw_produce_consent(actor=SYSTEM, at=AT, consent_reference="同意书 2026-18")

    assert len(gone) == 2
    assert shown() == []
    assert not Produce.objects.exclude(grower_phone=None).exists()


def test_another_grower_needs_a_consent_of_their_own(village):
    one = show(add(village))

    produce.edit_produce(actor=SYSTEM, at=AT, produce=one.pk, name="狮头鹅", grower_name="林阿婶")

    assert shown() == []
    with pytest.raises(produce.NoConsent):
        show(one, consent_reference="")


def test_an_edit_keeps_the_phone_unless_a_new_one_is_given(village):
    one = show(add(village))
    entry = {"actor": SYSTEM, "at": AT, "produce": one.pk, "name": "狮头鹅", "grower_name": "陈阿伯"}

    produce.edit_produce(price_note="面议", **entry)
    assert shown()[0].grower_phone == "13800138000"

    produce.edit_produce(grower_phone="", **entry)
    assert shown()[0].grower_phone == ""


def test_what_is_in_season_comes_first_and_an_empty_season_is_the_whole_year(village):
    show(add(village, name="甲", season_months=[TODAY.month % 12 + 1]))
    show(add(village, name="乙", season_months=[TODAY.month, 1]))
    show(add(village, name="丙"))

    assert [(row.name, row.in_season) for row in shown()] == [("丙", True), ("乙", True), ("甲", False)]
    assert [row.name for row in shown(in_season_only=True)] == ["丙", "乙"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"grower_name": ""}, "grower_name"),
        ({"grower_phone": "12ab"}, "grower_phone"),
        ({"season_months": [13]}, "season_months"),
        ({"price_note": "价" * 61}, "price_note"),
    ],
)
def test_bad_entries_are_refused_by_field(village, values, field):
    with pytest.raises(Invalid) as refused:
        add(village, **values)

    assert list(refused.value.fields) == [field]


def test_full_width_digits_of_a_phone_are_taken(village):
    show(add(village, grower_phone="１３８００１３８０００"))

    assert shown()[0].grower_phone == "13800138000"


def test_a_consent_from_tomorrow_or_ending_before_it_began_is_refused(village):
    one = add(village)

    with pytest.raises(Invalid) as refused:
        show(one, consent_on=TODAY + timedelta(days=1), consent_until=TODAY)

    assert set(refused.value.fields) == {"consent_on", "consent_until"}


def test_there_is_no_price_in_money_no_order_and_no_payment():
    names = {field.name for field in Produce._meta.get_fields()}

    assert not {name for name in names if any(word in name for word in ("fen", "amount", "order", "stock", "pay"))}


def test_residents_find_shown_produce_and_not_the_grower_of_a_hidden_one(village):
    one = add(village)
    assert search.find("狮头鹅", public_only=True) == []
    assert search.find("陈阿伯") == []

    show(one)
    assert [hit.record_id for hit in search.find("狮头鹅", public_only=True)] == [one.pk]

    produce.remove_produce(actor=SYSTEM, at=AT, produce=one.pk)
    assert search.find("狮头鹅") == []


def test_another_villages_office_neither_sees_nor_edits(village):
    one = add(village)
    stranger = make_staff("community_staff", new_id())

    with pytest.raises(Missing):
        produce.hide_produce(actor=stranger, at=AT, produce=one.pk)
    with pytest.raises((Missing, NotAllowed)):
        produce.add_produce(actor=stranger, at=AT, community=village.pk, name="鹅", grower_name="陈")


def test_an_old_form_does_not_overwrite_a_newer_one(village):
    one = show(add(village))

    with pytest.raises(EditedMeanwhile):
        produce.edit_produce(actor=SYSTEM, at=AT, produce=one.pk, name="鹅", grower_name="陈阿伯", version=1)


def test_the_produce_of_a_merged_village_goes_on_with_its_successor(village):
    show(add(village))
    into = make_other(village)

    merge_divisions(actor=SYSTEM, divisions=[village.pk], into=into.pk, on=TODAY, at=AT)

    assert [row.community for row in shown()] == [into.pk]


def make_other(village):
    return village.__class__.objects.get(official_name="翠英居委会")


def test_the_offices_list_names_what_will_run_out(village):
    show(add(village, name="甲"), consent_until=TODAY + timedelta(days=5))
    show(add(village, name="乙"))

    assert [row.name for row in queries.list_expiring(until_on=TODAY + timedelta(days=30))] == ["甲"]
    assert queries.list_produce(community=village.pk, state="shown").count() == 2


def test_the_public_list_takes_one_query_however_long(village):
    def count():
        with CaptureQueriesContext(connection) as caught:
            rows = shown()
        return len(rows), len(caught)

    show(add(village))
    few = count()
    for number in range(9):
        show(add(village, name=f"物产{number}"))

    assert few == (1, 1)
    assert count() == (10, 1)
