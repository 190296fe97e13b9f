"""Signing up: who gets a place, who waits, who is told why not."""

from datetime import date, timedelta

import pytest

from lianxin.domain.activities.commands import sign_ups
from lianxin.domain.activities.commands.sign_ups import (
    AlreadySignedUp,
    HouseholdFull,
    NoPlaceLeft,
    NotForYou,
    SignUpClosed,
    Somebody,
    cancel_sign_up,
    sign_up,
)
from lianxin.domain.activities.models import Answer
from lianxin.domain.activities.queries.tickets import find_ticket, list_my_tickets
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.tests.sign_up_factories import (
    AT,
    STARTS,
    differences,
    guest,
    make_home,
    make_limit,
    make_question,
    make_scene,
    note_no_show,
    now_of,
    sign_up_guest,
    sign_up_guests,
    sign_up_residents,
    states,
)
from lianxin.domain.people.tests.factories import staff
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import Message

pytestmark = pytest.mark.django_db


def test_the_first_get_places_and_the_rest_waits_in_its_order() -> None:
    scene = make_scene(size=2)

    made = sign_up_guests(scene, range(4))

    assert [row.state for row in made] == ["confirmed", "confirmed", "waiting", "waiting"]
    assert [row.place_no for row in made] == [1, 2, 3, 4]
    assert scene.counters == (2, 2)
    assert differences() == []


def test_without_a_size_everybody_has_a_place() -> None:
    scene = make_scene(size=None)

    sign_up_guests(scene, range(3))

    assert scene.counters == (3, 0)


def test_a_party_gets_all_its_places_or_waits_together() -> None:
    scene = make_scene(size=3)
    people = make_home(scene.community, "陈大", "陈二")
    sign_up_guests(scene, range(2))

    made = sign_up_residents(scene, scene.as_resident(people[0]), *people)

    assert [row.state for row in made] == ["waiting", "waiting"]
    assert {row.party for row in made} == {made[0].pk}
    assert [row.how for row in made] == ["self", "family"]
    assert scene.counters == (2, 2)


def test_a_newcomer_does_not_pass_a_party_for_which_too_few_places_are_free() -> None:
    scene = make_scene(size=3)
    people = make_home(scene.community, "陈大", "陈二")
    sign_up_guests(scene, range(2))
    sign_up_residents(scene, scene.as_resident(people[0]), *people)

    assert sign_up_guest(scene, 9).state == "waiting"
    assert scene.counters == (2, 3)


def test_on_the_last_day_whoever_fits_comes_in() -> None:
    scene = make_scene(size=3)
    people = make_home(scene.community, "陈大", "陈二")
    sign_up_guests(scene, range(2))
    sign_up_residents(scene, scene.as_resident(people[0]), *people)

    assert sign_up_guest(scene, 9, at=STARTS - timedelta(hours=5)).state == "confirmed"
    assert scene.counters == (3, 2)
    assert differences() == []


def test_nobody_is_signed_up_twice() -> None:
    scene = make_scene()
    [person] = make_home(scene.community, "陈小明", phone="13800000007")
    sign_up_residents(scene, scene.as_resident(person), person)

    with pytest.raises(AlreadySignedUp):
        sign_up_residents(scene, scene.keeper, person, how="staff")
    with pytest.raises(AlreadySignedUp):
        sign_up(actor=scene.guest(), occurrence=scene.occurrence.pk, people=[guest(7, "陈小明")], at=AT)
    assert scene.counters == (1, 0)


def test_a_guest_is_known_again_by_name_and_phone() -> None:
    scene = make_scene()
    sign_up_guest(scene, 1)

    with pytest.raises(AlreadySignedUp):
        sign_up_guest(scene, 1)
    other = sign_up(actor=scene.guest(), occurrence=scene.occurrence.pk, people=[guest(1, "来客的妈妈")], at=AT)

    assert other[0].state == "confirmed"


def test_somebody_who_cancelled_may_come_back_at_the_end_of_the_line() -> None:
    scene = make_scene(size=1)
    first, _second = sign_up_guests(scene, range(2))
    cancel_sign_up(actor=scene.guest(), sign_up=first.pk, token=tokens.token_for(first.pk), at=AT)

    again = sign_up_guest(scene, 0)

    assert (again.state, again.place_no) == ("waiting", 3)
    assert differences() == []


def test_a_household_has_as_many_places_as_its_cap() -> None:
    scene = make_scene(household_most=2)
    people = make_home(scene.community, "陈大", "陈二", "陈三")
    actor = scene.as_resident(people[0])
    sign_up_residents(scene, actor, people[0], people[1])

    with pytest.raises(HouseholdFull):
        sign_up_residents(scene, actor, people[2])
    assert scene.counters == (2, 0)


def test_a_phone_number_without_a_record_stands_for_its_household() -> None:
    scene = make_scene(household_most=1)
    sign_up_guest(scene, 1)

    with pytest.raises(HouseholdFull):
        sign_up(actor=scene.guest(), occurrence=scene.occurrence.pk, people=[guest(1, "来客的妈妈")], at=AT)


def test_a_resident_signs_up_no_strangers() -> None:
    scene = make_scene()
    [one], [other] = make_home(scene.community, "陈大"), make_home(scene.community, "林二")

    with pytest.raises(NotAllowed):
        sign_up_residents(scene, scene.as_resident(one), other)
    with pytest.raises(NotAllowed):
        sign_up_residents(scene, scene.guest(), other)
    with pytest.raises(NotAllowed):
        sign_up_residents(scene, scene.as_resident(one), one, how="staff")


def test_a_resident_of_another_community_may_come_to_what_is_for_everybody() -> None:
    scene = make_scene()
    [person] = make_home(scene.neighbour, "郑远")

    [made] = sign_up_residents(scene, scene.as_resident(person), person)

    assert made.state == "confirmed"
    assert [ticket.name for ticket in list_my_tickets(actor=scene.as_resident(person), at=AT)] == ["郑远"]


@pytest.mark.parametrize("open_to", ["community", "subdistrict"])
def test_what_is_for_residents_takes_no_others(open_to: str) -> None:
    scene = make_scene(activity={"open_to": open_to})
    [far], [near] = make_home(scene.neighbour, "郑远"), make_home(scene.community, "陈近")

    with pytest.raises(NotForYou):
        sign_up_residents(scene, scene.as_resident(far), far)
    with pytest.raises(NotForYou):
        sign_up_guest(scene, 1)
    assert sign_up_residents(scene, scene.as_resident(near), near)[0].state == "confirmed"
    assert scene.counters == (1, 0)


def test_staff_may_sign_up_whoever_calls() -> None:
    scene = make_scene(activity={"open_to": "community"})

    [made] = sign_up(
        actor=scene.keeper, occurrence=scene.occurrence.pk, people=[Somebody(name="林阿婆")], how="phone", at=AT
    )

    assert (made.state, made.how) == ("confirmed", "phone")


def test_ages_are_those_of_the_day_of_the_occurrence() -> None:
    scene = make_scene(activity={"min_age": 60})
    [young] = make_home(scene.community, "陈小", born=1990)
    [old] = make_home(scene.community, "陈老", born=1950)

    with pytest.raises(NotForYou, match="陈小"):
        sign_up_residents(scene, scene.as_resident(young), young)
    assert sign_up_residents(scene, scene.as_resident(old), old)[0].state == "confirmed"


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"sign_up_from": AT + timedelta(hours=1)}, AT),
        ({"sign_up_until": AT}, AT),
        ({}, STARTS),
        ({}, STARTS + timedelta(hours=3)),
        ({"takes_sign_ups": False}, AT),
        ({"state": "cancelled", "cancelled_at": AT}, AT),
        ({"state": "held"}, AT),
    ],
)
def test_outside_its_time_nobody_signs_up(values: dict, at: object) -> None:
    scene = make_scene(**values)

    with pytest.raises(SignUpClosed):
        sign_up_guest(scene, 1, at=at)
    assert scene.counters == (0, 0)


def test_a_draft_does_not_exist() -> None:
    scene = make_scene(state="draft", published_at=None)

    with pytest.raises(Missing):
        sign_up_guest(scene, 1)
    with pytest.raises(Missing):
        sign_up(actor=scene.guest(), occurrence=new_id(), people=[guest(1)], at=AT)


@pytest.mark.parametrize(
    ("somebody", "field"),
    [
        (Somebody(name="陈" * 3000, phone="13800000001"), "name"),
        (Somebody(name="  ", phone="13800000001"), "name"),
        (Somebody(name="陈小明"), "phone"),
        (Somebody(name="陈小明", phone="1380000"), "phone"),
        (Somebody(name="陈小明", phone="13800000001", note="很" * 300), "note"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(somebody: Somebody, field: str) -> None:
    scene = make_scene()

    with pytest.raises(Invalid) as told:
        sign_up(actor=scene.guest(), occurrence=scene.occurrence.pk, people=[somebody], at=AT)
    assert list(told.value.fields) == [field]


def test_nobody_stands_twice_in_one_party() -> None:
    scene = make_scene()
    [person] = make_home(scene.community, "陈小明")

    with pytest.raises(Invalid):
        sign_up_residents(scene, scene.as_resident(person), person, person)
    with pytest.raises(Invalid):
        sign_up(actor=scene.guest(), occurrence=scene.occurrence.pk, people=[guest(1), guest(1)], at=AT)
    with pytest.raises(Invalid):
        sign_up(actor=scene.guest(), occurrence=scene.occurrence.pk, people=[], at=AT)


def test_required_questions_are_answered_and_answers_are_kept_sealed() -> None:
    scene = make_scene()
    question = make_question(scene, "有没有忌口?", is_required=True)

    with pytest.raises(Invalid) as told:
        sign_up_guest(scene, 1)
    somebody = Somebody(name="陈小明", phone="13800000001", answers={question.pk: "不吃海鲜"})
    [made] = sign_up(actor=scene.guest(), occurrence=scene.occurrence.pk, people=[somebody], at=AT)

    assert list(told.value.fields) == [f"question_{question.pk}"]
    with scope.everything():
        assert [answer.text.reveal() for answer in Answer.objects.filter(sign_up=made)] == ["不吃海鲜"]


def test_a_choice_is_one_of_the_choices() -> None:
    scene = make_scene()
    question = make_question(scene, "上午还是下午?", kind="choice", choices=["上午", "下午"])

    somebody = Somebody(name="陈小明", phone="13800000001", answers={question.pk: "半夜"})
    with pytest.raises(Invalid):
        sign_up(actor=scene.guest(), occurrence=scene.occurrence.pk, people=[somebody], at=AT)


def test_a_full_kind_of_place_lets_others_pass() -> None:
    scene = make_scene(size=5)
    children = make_limit(scene, "儿童", 1, max_age=12)
    first, second = make_home(scene.community, "陈童", born=2018), make_home(scene.community, "林童", born=2018)

    [one] = sign_up_residents(scene, scene.keeper, *first, how="staff")
    [two] = sign_up_residents(scene, scene.keeper, *second, how="staff")
    three = sign_up_guest(scene, 1)

    assert [one.state, two.state, three.state] == ["confirmed", "waiting", "confirmed"]
    assert one.limit_id == two.limit_id == children.pk
    assert scene.counters == (2, 1)
    assert differences() == []


def test_a_kind_of_place_is_given_only_to_those_of_its_age() -> None:
    scene = make_scene()
    children = make_limit(scene, "儿童", 3, max_age=12)
    [grown] = make_home(scene.community, "陈大", born=1990)

    with pytest.raises(NotForYou):
        sign_up(
            actor=scene.as_resident(grown),
            occurrence=scene.occurrence.pk,
            people=[Somebody(person=grown.pk, limit=children.pk)],
            at=AT,
        )
    with pytest.raises(Invalid):
        sign_up(
            actor=scene.as_resident(grown),
            occurrence=scene.occurrence.pk,
            people=[Somebody(person=grown.pk, limit=new_id())],
            at=AT,
        )


def test_in_the_first_hours_neighbours_get_places_and_others_wait() -> None:
    scene = make_scene(size=5, first_for="neighbours", first_until=AT + timedelta(days=1))
    [far], [near] = make_home(scene.neighbour, "郑远"), make_home(scene.community, "陈近")

    [waits] = sign_up_residents(scene, scene.as_resident(far), far)
    [comes] = sign_up_residents(scene, scene.as_resident(near), near)

    assert (waits.state, waits.is_early, comes.state) == ("waiting", True, "confirmed")
    assert scene.counters == (1, 1)
    assert differences() == []


def test_who_did_not_come_twice_waits_until_the_last_day_and_elders_do_not() -> None:
    scene = make_scene()
    [young], [old] = make_home(scene.community, "陈小", born=1990), make_home(scene.community, "陈老", born=1950)
    for person in (young, old):
        note_no_show(scene, person, on=date(2026, 10, 1))
        note_no_show(scene, person, on=date(2026, 11, 1))

    [waits] = sign_up_residents(scene, scene.as_resident(young), young)
    [comes] = sign_up_residents(scene, scene.as_resident(old), old)

    assert (waits.state, comes.state) == ("waiting", "confirmed")


@pytest.mark.parametrize(("first", "second"), [(date(2026, 5, 1), date(2026, 11, 1)), (date(2026, 11, 1), None)])
def test_one_time_and_half_a_year_ago_are_forgotten(first: date, second: date | None) -> None:
    scene = make_scene()
    [young] = make_home(scene.community, "陈小", born=1990)
    for on in filter(None, (first, second)):
        note_no_show(scene, young, on=on)

    [made] = sign_up_residents(scene, scene.as_resident(young), young)

    assert made.state == "confirmed"


def test_a_waiting_list_may_have_an_end() -> None:
    scene = make_scene(size=1, waiting_most=1)
    sign_up_guests(scene, range(2))

    with pytest.raises(NoPlaceLeft):
        sign_up_guest(scene, 2)
    assert scene.counters == (1, 1)


def test_a_walk_in_takes_a_free_place_past_those_who_wait_and_no_other() -> None:
    scene = make_scene(size=2)
    first, second, _third = sign_up_guests(scene, range(3))
    scene.change(taken=1, waiting=1)
    with scope.everything():
        type(first).objects.filter(pk=second.pk).update(state="cancelled", ended_at=AT)
    walks = {"actor": scene.keeper, "occurrence": scene.occurrence.pk, "how": "walk_in", "at": STARTS}

    [made] = sign_up(people=[Somebody(name="路过")], **walks)

    assert (made.state, scene.counters) == ("confirmed", (2, 1))
    with pytest.raises(NoPlaceLeft):
        sign_up(people=[Somebody(name="又路过")], **walks)
    assert differences() == []


def test_one_key_is_one_party_with_the_same_tickets() -> None:
    scene = make_scene()
    key = new_id()

    once = sign_up_guest(scene, 1, key=key)
    again = sign_up_guest(scene, 1, key=key)

    assert (once.pk, scene.counters) == (again.pk, (1, 0))


def test_a_ticket_is_found_by_its_word_and_by_nothing_else() -> None:
    scene = make_scene()
    made = sign_up_guest(scene, 1)
    token = tokens.token_for(made.pk)

    [ticket] = find_ticket(token=token)

    assert (ticket.id, ticket.name, ticket.code, ticket.token) == (made.pk, "来客1", made.code, token)
    assert find_ticket(token=tokens.qr_text(token))[0].id == made.pk
    for wrong in ("", "A" * 26, token[:-1], "../" + token):
        with pytest.raises(Missing):
            find_ticket(token=wrong)


def test_strangers_cancel_nothing() -> None:
    scene = make_scene()
    [person], [other] = make_home(scene.community, "陈大"), make_home(scene.community, "林二")
    [made] = sign_up_residents(scene, scene.as_resident(person), person)
    foreign = tokens.token_for(sign_up_guest(scene, 1).pk)

    for actor, token in ((scene.guest(), ""), (scene.guest(), foreign), (scene.as_resident(other), "")):
        with pytest.raises(Missing):
            cancel_sign_up(actor=actor, sign_up=made.pk, token=token, at=AT)
    with pytest.raises(Missing):
        cancel_sign_up(actor=staff("community_staff", scene.neighbour), sign_up=made.pk, at=AT)
    assert now_of(made).state == "confirmed"


def test_one_of_a_party_or_all_of_it_can_be_cancelled() -> None:
    scene = make_scene()
    people = make_home(scene.community, "陈大", "陈二", "陈三")
    made = sign_up_residents(scene, scene.as_resident(people[0]), *people)

    cancel_sign_up(actor=scene.as_resident(people[0]), sign_up=made[1].pk, at=AT)
    assert (states(made), scene.counters) == (["confirmed", "cancelled", "confirmed"], (2, 0))
    cancel_sign_up(actor=scene.as_resident(people[2]), sign_up=made[0].pk, whole_party=True, at=AT)

    assert (states(made), scene.counters) == (["cancelled"] * 3, (0, 0))
    with pytest.raises(sign_ups.NotSignedUp):
        cancel_sign_up(actor=scene.as_resident(people[0]), sign_up=made[0].pk, at=AT)


def test_calling_it_off_ends_everybody_and_tells_those_with_a_phone() -> None:
    scene = make_scene(size=1)
    made = sign_up_guests(scene, range(2))

    from lianxin.platform.commands import command

    @command("tests.call_off")
    def call_off(*, actor: object, at: object) -> int:
        return sign_ups.end_all(occurrence=scene.occurrence.pk, reason="台风", at=at)  # type: ignore[arg-type]

    ended = call_off(actor=scene.keeper, at=AT)

    assert (ended, states(made), scene.counters) == (2, ["cancelled", "cancelled"], (0, 0))
    assert set(Message.objects.values_list("template", flat=True)) == {"occurrence_cancelled"}
    assert Message.objects.count() == 2
