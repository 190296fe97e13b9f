"""What becomes of voices when people die, leave, are erased or merged, homes change and communities merge."""

from datetime import datetime

import pytest

from lianxin.domain.needs.commands import answers, closing, joining, personal_data
from lianxin.domain.needs.models import NeedReport
from lianxin.domain.needs.queries import checks
from lianxin.domain.people.commands import consents, leaving, moving
from lianxin.domain.people.events import PersonMerged
from lianxin.domain.people.tests.factories import SYSTEM as CLERK
from lianxin.domain.people.tests.factories import load_register, members_of, staff
from lianxin.domain.places.commands.division_splits import merge_divisions
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.ids import new_id

from .factories import AT, DAY, HAIR, SYSTEM, TODAY, Place, answers_of, entry_of, fresh, make_place, open_duties, say


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def differences() -> list[str]:
    return [
        *checks.counts_are_those_of_voices(),
        *checks.voices_are_at_home(),
        *checks.waiting_answers_are_duties(),
        *checks.closed_entries_are_answerable(),
    ]


def tell(place: Place, *rows: NeedReport) -> None:
    answers.answer_askers(
        actor=place.keeper,
        needs=[entry_of(place, *rows).pk],
        kind="planned",
        words="排在周六",
        record_kind="x.y",
        record_id=new_id(),
        at=AT,
    )


def test_nobody_is_called_about_somebody_who_died(place: Place) -> None:
    row = say(place, by=0, channel="phone")
    tell(place, row)

    leaving.record_death(actor=CLERK, person=place.person(0).pk, on=TODAY, at=AT)

    assert (fresh(row).channel, answers_of(row)[0].state) == ("none", "shown")
    assert open_duties("needs.tell_askers") == []
    assert fresh(row).state == "joined"
    assert differences() == []


def test_erased_person_leaves_the_need_without_a_name(place: Place) -> None:
    person = place.person(0)
    row = say(place, "我是陈小明，电话13800138000，要剪头发", by=0, channel="sms")
    entry = entry_of(place, row)
    exported = personal_data.export_rows(person.pk)

    kept = personal_data.erase_rows(person=person.pk, actor=SYSTEM, at=AT)

    assert exported[0]["words"] == "我是陈小明，电话13800138000，要剪头发"
    assert kept == ["That a need was voiced, without a name."]
    again = fresh(row)
    assert (again.person, again.household, again.is_anonymous, again.channel) == (None, None, True, "none")
    assert again.words == "我是***，电话***********，要剪头发"
    assert (fresh(entry).voices, fresh(entry).households) == (1, 0)
    assert personal_data.export_rows(person.pk) == []
    assert differences() == []


def test_voices_follow_merged_records_and_parted_and_merged_homes(place: Place) -> None:
    first, second = say(place, by=0), say(place, "剪二", by=1)
    child = say(place, "剪三", person=members_of(place.homes[0])[1].pk)
    entry = entry_of(place, first, second, child)
    assert fresh(entry).households == 2

    split = moving.split_household(
        actor=CLERK,
        household=place.homes[0].pk,
        people=[members_of(place.homes[0])[1].pk],
        head=members_of(place.homes[0])[1].pk,
        address="长平路2号",
        on=TODAY,
        at=AT,
    )
    assert (fresh(child).household_id, fresh(entry).households) == (split.pk, 3)
    moving.merge_households(actor=CLERK, households=[split.pk, place.homes[1].pk], into=split.pk, on=TODAY, at=AT)

    assert (fresh(second).household_id, fresh(entry).households) == (split.pk, 2)
    assert differences() == []


def test_two_records_of_one_person_are_one_household(place: Place) -> None:
    first, second = say(place, by=0), say(place, "剪二", by=1)
    entry = entry_of(place, first, second)

    @command("tests.merge_people")
    def merge_people(*, actor: Actor, at: datetime) -> None:
        event = PersonMerged(place.person(1).pk, place.person(0).pk, place.community.pk)
        contributions.follow(event, actor=actor, at=at)

    merge_people(actor=SYSTEM, at=AT)

    assert fresh(second).person_id == place.person(0).pk
    assert (fresh(entry).voices, fresh(entry).households) == (2, 1)
    assert differences() == []


def test_consent_taken_back_stops_messages(place: Place) -> None:
    load_register()
    row = say(place, by=0, channel="sms")
    person = place.person(0).pk
    consents.give_consent(actor=CLERK, person=person, purpose="notices", how="screen", at=AT)

    consents.withdraw_consent(actor=CLERK, person=person, purpose="notices", how="screen", at=AT + DAY)

    assert fresh(row).channel == "none"


def test_list_goes_to_the_community_that_takes_another_in(place: Place) -> None:
    clerk = staff("subdistrict_staff")
    there = say(
        place, "那边想剪", actor=clerk, community=place.elsewhere.pk, channel="phone", guest_phone="13800138999"
    )
    joining.join(actor=clerk, report=there.pk, title="那边的", category=HAIR, at=AT)
    answers.answer_report(actor=clerk, report=there.pk, words="在排", at=AT)
    new = say(place, "那边的新声音", actor=clerk, community=place.elsewhere.pk)
    here = entry_of(place)
    event = DivisionsMerged((place.elsewhere.pk,), place.community.pk, TODAY)

    with scope.everything():
        assert any("needs list" in sentence for sentence in contributions.preview(event))
    merge_divisions(
        actor=Actor.system(), divisions=[place.elsewhere.pk], into=place.community.pk, on=TODAY + DAY, at=AT + DAY
    )

    moved = fresh(fresh(there).need)
    assert (moved.number, moved.community_id, here.number) == (2, place.community.pk, 1)
    assert {fresh(row).community_id for row in (there, new)} == {place.community.pk}
    assert {duty.community_id for duty in open_duties("needs.tell_askers")} == {place.community.pk}
    assert {duty.community_id for duty in open_duties("needs.read_new")} == {place.community.pk}
    assert differences() == []


def test_names_and_numbers_are_forgotten_when_their_time_is_over(place: Place) -> None:
    guest = say(place, "想剪", guest_name="路过的人", guest_phone="13800138777", channel="phone")
    named, live = say(place, "剪一", by=0), say(place, "剪二", by=1)
    for row in (guest, named):
        closing.close_as(actor=place.keeper, report=row.pk, outcome="not_a_need", words="好", at=AT)

    assert personal_data.purge_contacts(AT + 181 * DAY) == 1
    assert fresh(guest).guest_phone is None
    assert personal_data.purge_names(AT + 200 * DAY) == 0
    assert personal_data.purge_names(AT + 1100 * DAY) == 2
    assert (fresh(named).person, fresh(guest).guest_name, fresh(live).person_id) == (None, "", place.person(1).pk)
    assert differences() == []
