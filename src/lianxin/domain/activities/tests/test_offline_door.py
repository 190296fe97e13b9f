"""A door without a network: three hundred come, the answers get lost on the way, and each is counted exactly once."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest

from lianxin.domain.activities.commands.offline import MOST_SCANS, Answer, Scan, sync_scans
from lianxin.domain.activities.commands.sign_ups import Somebody, sign_up
from lianxin.domain.activities.models import Attendance
from lianxin.domain.activities.queries.rosters import code_digest, roster
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.tests.attendance_factories import (
    DOOR,
    ENDS,
    NEXT_DAY,
    SIGNED,
    Hall,
    differences,
    live,
    make_hall,
    signed,
    signed_guest,
)
from lianxin.domain.people.commands.cards import issue_card
from lianxin.domain.people.tests.factories import staff
from lianxin.platform import keys
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
MANY = 300


def sync(hall: Hall, *scans: Scan, at: object = NEXT_DAY) -> list[Answer]:
    return sync_scans(actor=hall.keeper, occurrence=hall.occurrence.pk, scans=scans, at=at)


def fill(hall: Hall, many: int) -> list[str]:
    """So many guests sign up, ten at a time; gives what their tickets say."""
    made = []
    for start in range(0, many, 10):
        people = [Somebody(name=f"来客{n}", phone=str(13800000000 + n)) for n in range(start, start + 10)]
        made += sign_up(actor=hall.keeper, occurrence=hall.occurrence.pk, people=people, how="staff", at=SIGNED)
    return [tokens.qr_text(tokens.token_for(row.pk)) for row in made]


def test_three_hundred_scans_over_a_flaky_network_count_each_person_once() -> None:
    hall = make_hall(size=MANY)
    shown = fill(hall, MANY)
    chance = Random(20)
    scans = [Scan(new_id(), DOOR + timedelta(seconds=number), text) for number, text in enumerate(shown)]
    # Forty were scanned a second time by another phone.
    phones: list[Sequence[Scan]] = [scans, [Scan(new_id(), DOOR, text) for text in chance.sample(shown, 40)]]
    answered: dict[object, Answer] = {}

    for kept in phones:
        waiting = list(kept)
        while waiting:
            part = waiting[: chance.randint(1, 60)]
            answers = sync(hall, *part)
            if chance.random() < 0.4:
                continue  # it arrived, and the answer did not
            answered |= {one.id: one for one in answers}
            waiting = [scan for scan in waiting if scan.id not in answered]

    assert len(live(hall)) == MANY
    assert hall.figure("person_times") == MANY
    assert {one.state for one in answered.values()} <= {"new", "known"}
    assert sum(answered[scan.id].came_before for scan in phones[1]) == 40
    assert {one.how for one in live(hall)} == {Attendance.How.OWN_CODE}
    assert differences() == []


def test_every_scan_gets_its_own_answer() -> None:
    hall = make_hall()
    [row] = signed(hall, hall.town.heads[0])
    guest = signed_guest(hall)
    card = issue_card(actor=hall.keeper, person=hall.town.heads[1].pk, at=SIGNED)

    answers = sync(
        hall,
        Scan(new_id(), DOOR, tokens.token_for(row.pk)),
        Scan(new_id(), DOOR, card.token),
        Scan(new_id(), DOOR, sign_up=guest.pk),
        Scan(new_id(), DOOR, name="林阿婆", phone="13800138001"),
        Scan(new_id(), DOOR, "LXA:" + "B" * 26),
        Scan(new_id(), ENDS + timedelta(hours=5), guest.code),
        Scan(new_id(), DOOR),
    )

    assert [one.state for one in answers] == ["new", "new", "new", "new", "refused", "known", "refused"]
    assert all(one.said for one in answers if one.state == "refused")
    assert hall.figure("person_times") == 4
    assert all(one.is_offline for one in live(hall))


def test_scans_come_with_numbers_of_their_own_and_not_too_many() -> None:
    hall = make_hall()
    same = new_id()

    with pytest.raises(Invalid):
        sync(hall, Scan(same, DOOR, "1"), Scan(same, DOOR, "2"))
    with pytest.raises(Invalid):
        sync(hall, *(Scan(new_id(), DOOR, "1") for _n in range(MOST_SCANS + 1)))


def test_strangers_cannot_send_scans() -> None:
    hall = make_hall()
    away = staff("community_staff", hall.town.tree.jintao)

    with pytest.raises(Missing):
        sync_scans(actor=away, occurrence=hall.occurrence.pk, scans=[Scan(new_id(), DOOR, "123456")], at=NEXT_DAY)


def test_roster_is_signed_and_shows_no_name_and_no_number() -> None:
    hall = make_hall()
    [row] = signed(hall, hall.town.heads[0])
    guest = signed_guest(hall, "陈小明", "13800138000")
    card = issue_card(actor=hall.keeper, person=hall.town.heads[0].pk, at=SIGNED)

    told = roster(actor=hall.keeper, occurrence=hall.occurrence.pk, at=DOOR)

    text = str(told)
    assert "陈小明" not in text
    assert "13800138000" not in text
    assert card.number not in text
    assert hall.town.heads[0].name not in text
    people = {one["sign_up"]: one for one in told["package"]["people"]}
    assert people[str(row.pk)]["token"] == tokens.token_digest(tokens.token_for(row.pk))
    assert people[str(row.pk)]["card"] == code_digest(told["package"]["salt"], card.number)
    assert people[str(guest.pk)]["code"] == code_digest(told["package"]["salt"], guest.code)
    assert people[str(guest.pk)]["last4"] == code_digest(told["package"]["salt"], "8000")
    assert keys.verify(told["text"].encode(), told["algorithm"], told["key_id"], told["signature"])


def test_roster_is_for_those_who_run_it() -> None:
    hall = make_hall()

    with pytest.raises(Missing):
        roster(actor=staff("community_staff", hall.town.tree.jintao), occurrence=hall.occurrence.pk, at=DOOR)
