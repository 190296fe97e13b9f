"""Records behind figures: each kind is called something, names are masked, and what is sealed stays so."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.apps import apps

from lianxin.domain.activities.models import Attendance
from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.voice.models import Case
from lianxin.insight import records
from lianxin.insight.opening import counted_kind
from lianxin.platform import contributions, scope
from lianxin.platform.contributions import Window
from lianxin.platform.models import kind_of
from tests.support.activities import make_activity_object
from tests.support.rooms import make_rooms_object
from tests.support.voice_cases import make_case_object

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)


def counted_kinds():
    """Every kind that a measure names as its source, or counts at the end of its rows."""
    window = Window(AT.date(), AT.date().replace(day=3))
    found = set()
    for measure in contributions.every("measures"):
        found.add(measure.source.lower())
        if measure.rows is not None:
            with scope.everything():
                found.add(counted_kind(measure, measure.rows(window).model))
    return found


@pytest.mark.django_db
def test_every_kind_that_a_measure_counts_is_called_something():
    missing = counted_kinds() - records.kinds()

    assert not missing, f"name these in insight/records.py: {sorted(missing)}"


@pytest.mark.django_db
def test_kinds_of_records_are_models_and_their_columns_exist(small_district):
    actor = small_district.actor("district")

    for kind in records.kinds():
        apps.get_model(kind)
        assert records.titles(kind, [uuid4()], actor) == {}
        assert records.abouts(kind, [uuid4()], actor) == {}


@pytest.mark.django_db
def test_names_are_masked_and_another_communitys_records_are_not_there(small_district):
    home = small_district.first("people.Household", community=small_district.cuiying)
    pk = make_activity_object("attendance", community=small_district.cuiying.pk, household=home.pk)
    with scope.everything():
        Attendance.objects.filter(pk=pk).update(person=small_district.first("people.Person", household=home))
        name = Attendance.objects.select_related("person").get(pk=pk).person.name
    inside, outside = small_district.actor("cuiying1"), small_district.actor("jinzhou.waisha1")

    said = records.titles("activities.attendance", [pk], inside)[pk]

    assert "*" in said.note
    assert name not in said.note + said.title
    assert records.titles("activities.attendance", [pk], outside) == {}
    assert records.abouts("activities.attendance", [pk], outside) == {}


@pytest.mark.django_db
def test_confidential_room_is_told_as_nothing_but_a_room(small_district):
    actor = small_district.actor("district")
    home = small_district.first("people.Household", community=small_district.cuiying)
    room = small_district.first("places.Room", community=small_district.cuiying)
    ids = {"community": small_district.cuiying.pk, "household": home.pk, "room": room.pk}
    made = make_rooms_object("time", **ids)
    with scope.everything():
        time = BookingTime.objects.select_related("room").get(pk=made)
        time.room.confidential = True
        time.room.name = "说心里话的小屋"
        time.room.save(update_fields=["confidential", "name"])

    said = records.titles(kind_of(BookingTime), [time.pk], actor)[time.pk]

    assert "心里话" not in said.title + said.note


@pytest.mark.django_db
def test_sealed_case_is_told_by_its_number_alone(small_district):
    home = small_district.first("people.Household", community=small_district.cuiying)
    made = make_case_object("case", community=small_district.cuiying.pk, household=home.pk)
    with scope.everything():
        Case.objects.filter(pk=made).update(
            confidentiality="confidential", title="某户漏水吵架", responsible=None, first_responder=uuid4()
        )

        number = Case.objects.get(pk=made).number
    said = records.titles(kind_of(Case), [made], small_district.actor("district"))[made]

    assert "漏水" not in said.title + said.note
    assert str(number) in said.title
