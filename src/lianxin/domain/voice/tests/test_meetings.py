"""Meetings are called, held, written down, read back, signed and closed; what cannot be is refused with a sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.events import VenueClosed
from lianxin.domain.voice.commands import (
    agendas,
    attendance,
    matters,
    meetings,
    minutes,
    parties,
    resolutions,
    sittings,
)
from lianxin.domain.voice.commands import matter_consequences as consequences
from lianxin.domain.voice.commands.attendance import Guest
from lianxin.domain.voice.models import Invitation, Meeting
from lianxin.domain.voice.queries import matter_measures
from lianxin.domain.voice.queries import meetings as reading
from lianxin.domain.voice.rules import minutes as rules
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.commands import command
from lianxin.platform.contributions import Window
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed, Refused

from .matter_factories import (
    AT,
    DAY,
    TODAY,
    Table,
    differences,
    fresh,
    make_community,
    make_room,
    make_table,
    open_duties,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def table(db: None) -> Table:
    return make_table()


def test_who_speaks_for_a_side_is_asked_and_the_meeting_is_a_duty(table: Table) -> None:
    row = table.call(items=["分摊方案"], chair_name="林主任")

    with scope.everything():
        people = {one.name: one.role for one in row.invitations.all()}
    assert people["王经理"] == "speaker"
    assert people["西区3栋居民"] == "speaker"
    assert people["林主任"] == "chair"
    assert table.agenda(row) == ["分摊方案"]
    [duty] = open_duties("voice.hold_meeting")
    assert duty.due_at == row.starts_at


def test_room_is_booked_moved_with_the_meeting_and_given_back_when_it_is_called_off(table: Table) -> None:
    room = make_room(table.community)

    def booked() -> list[Any]:
        with scope.everything():
            live = BookingTime.objects.filter(room=room, state__in=BookingTime.LIVE)
            return list(live.order_by("starts_at").values_list("starts_at", flat=True))

    row = table.call(room=room.pk)
    assert booked() == [row.starts_at]
    moved = meetings.change(
        actor=table.keeper, meeting=row.pk, starts_at=row.starts_at + DAY, room=room.pk, version=row.version, at=AT
    )
    assert booked() == [moved.starts_at]
    meetings.cancel(actor=table.keeper, meeting=row.pk, words="停电", at=AT)

    assert booked() == []
    assert open_duties("voice.hold_meeting") == []


def test_meeting_is_not_closed_without_minutes_that_were_read_back(table: Table) -> None:
    row = table.held()
    at = row.starts_at + HOUR
    who: dict[str, Any] = {"actor": table.keeper, "meeting": row.pk, "at": at}

    with pytest.raises(minutes.MinutesMissing, match="minutes"):
        meetings.close(**who)
    with pytest.raises(minutes.MinutesMissing):
        minutes.read_back(**who)
    minutes.draft(words="商量了电梯的事。", **who)
    with pytest.raises(minutes.MinutesMissing):
        meetings.close(**who)
    with pytest.raises(minutes.NotReadBack, match="Read the minutes back"):
        minutes.sign(signed_by=[], **who)
    minutes.read_back(**who)
    closed = meetings.close(public_words="大家谈了费用。", **who)

    assert (closed.state, closed.present) == (Meeting.State.CLOSED, 5)
    assert open_duties("voice.write_minutes") == []
    day = local_day(row.starts_at)
    window = Window(day, day + DAY, frozenset({table.community.pk}))
    with scope.everything():
        assert matter_measures.meetings_held(window) == 1
    with pytest.raises(sittings.MeetingOver):
        meetings.close(**who)
    assert differences() == []


def test_change_of_minutes_that_were_read_back_wants_them_read_again(table: Table) -> None:
    row = table.held()
    who: dict[str, Any] = {"actor": table.keeper, "meeting": row.pk, "at": row.starts_at + HOUR}
    minutes.draft(words="甲", **who)
    minutes.read_back(**who)

    with pytest.raises(sittings.MinutesStand):
        resolutions.propose(words="装", **who)
    changed = minutes.draft(words="甲乙", **who)

    assert (changed.minutes_state, changed.read_back_at) == ("draft", None)
    with pytest.raises(EditedMeanwhile):
        minutes.draft(words="丙", version=changed.version - 1, **who)


def test_signed_minutes_keep_their_code_and_are_corrected_below(table: Table) -> None:
    row = table.call()
    people = table.begin(row, come=2)
    who: dict[str, Any] = {"actor": table.keeper, "meeting": row.pk, "at": row.starts_at + HOUR}
    minutes.draft(words="第一行\r\n第二行  \r\n", **who)
    minutes.read_back(**who)
    with pytest.raises(Invalid, match="check"):
        minutes.sign(signed_by=[people[-1].pk], **who)
    with pytest.raises(Refused, match="still be changed"):
        minutes.append(words="更正", **who)

    signed = minutes.sign(signed_by=[people[0].pk], **who)

    assert signed.minutes == "第一行\n第二行"
    assert signed.minutes_digest == rules.digest("第一行\n第二行")
    with pytest.raises(minutes.MinutesSigned, match="signed"):
        minutes.draft(words="别的", **who)
    minutes.append(words="第二行应为「三」。", **who)
    meetings.close(**who)
    assert fresh(row).minutes == "第一行\n第二行"
    assert differences() == []
    with scope.everything():
        Meeting.objects.filter(pk=row.pk).update(minutes="改过")
    assert differences() == [f"the minutes of meeting {row.pk} are not what was signed"]


def test_too_few_decide_nothing_and_who_left_does_not_count(table: Table) -> None:
    row = table.call(quorum=3)
    people = table.begin(row, come=3)
    at = row.starts_at
    one = resolutions.propose(actor=table.keeper, meeting=row.pk, words="按楼层分摊", at=at)
    two = resolutions.propose(actor=table.keeper, meeting=row.pk, words="选甲厂家", at=at)
    resolutions.decide(actor=table.keeper, resolution=one.pk, state="passed", at=at + HOUR)
    attendance.leave(actor=table.keeper, invitation=people[0].pk, at=at + HOUR)

    with pytest.raises(resolutions.NoQuorum, match="2 of the 3"):
        resolutions.decide(actor=table.keeper, resolution=two.pk, state="passed", at=at + 2 * HOUR)
    resolutions.decide(actor=table.keeper, resolution=two.pk, state="withdrawn", at=at + 2 * HOUR)
    with pytest.raises(resolutions.Decided):
        resolutions.decide(actor=table.keeper, resolution=two.pk, state="passed", at=at + 2 * HOUR)
    # Corrected afterwards: they had left before the decision.
    attendance.leave(actor=table.keeper, invitation=people[0].pk, left_at=at + timedelta(minutes=10), at=at + 2 * HOUR)

    with pytest.raises(resolutions.NoQuorum):
        table.close(row)


def test_listeners_and_who_writes_the_minutes_make_no_quorum(table: Table) -> None:
    row = table.call(
        quorum=1, guests=[Guest("记者", role="observer"), Guest("小周", role="clerk"), Guest("陈阿姨", role="member")]
    )
    meetings.start(actor=table.keeper, meeting=row.pk, at=row.starts_at)
    who: dict[str, Any] = {"actor": table.keeper, "at": row.starts_at}
    with scope.everything():
        people = {one.name: one.pk for one in row.invitations.all()}
    for name in ("记者", "小周"):
        attendance.arrive(invitation=people[name], **who)
    one = resolutions.propose(meeting=row.pk, words="装", **who)

    with pytest.raises(resolutions.NoQuorum):
        resolutions.decide(resolution=one.pk, state="passed", **who)
    attendance.arrive(invitation=people["陈阿姨"], **who)
    assert resolutions.decide(resolution=one.pk, state="passed", **who).state == "passed"


def test_people_come_leave_and_a_wrong_press_is_taken_back(table: Table) -> None:
    row = table.held()
    at = row.starts_at
    who: dict[str, Any] = {"actor": table.keeper, "at": at + HOUR}
    late = attendance.come_by(meeting=row.pk, guest=Guest("路过的小黄"), **who)
    with pytest.raises(Invalid):
        attendance.come_by(meeting=row.pk, guest=Guest("路过的小黄"), **who)
    with pytest.raises(Invalid):
        attendance.leave(invitation=late.pk, left_at=at, **who)
    with pytest.raises(Invalid):
        attendance.arrive(invitation=late.pk, came_at=at + 3 * HOUR, **who)
    resolutions.say(meeting=row.pk, invitation=late.pk, words="我也同意", **who)

    with pytest.raises(Refused, match="written down"):
        attendance.take_back(invitation=late.pk, **who)
    attendance.leave(invitation=late.pk, **who)
    attendance.take_back(invitation=late.pk, **who)

    assert fresh(late).left_at is None


def test_nobody_speaks_who_is_not_there_and_nothing_begins_on_another_day(table: Table) -> None:
    row = table.call()
    with scope.everything():
        person = Invitation.objects.filter(meeting=row)[0]

    with pytest.raises(attendance.NotToday):
        meetings.start(actor=table.keeper, meeting=row.pk, at=AT)
    with pytest.raises(agendas.NotBegun):
        resolutions.say(actor=table.keeper, meeting=row.pk, invitation=person.pk, words="好", at=AT)
    meetings.start(actor=table.keeper, meeting=row.pk, at=row.starts_at)
    with pytest.raises(attendance.NotThere):
        resolutions.say(actor=table.keeper, meeting=row.pk, invitation=person.pk, words="好", at=row.starts_at)
    with pytest.raises(Refused, match="begun"):
        meetings.cancel(actor=table.keeper, meeting=row.pk, words="不开了", at=row.starts_at)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at": AT - 90 * DAY}, "starts_at"),
        ({"starts_at": AT + 400 * DAY}, "starts_at"),
        ({"ends_at": AT}, "ends_at"),
        ({"quorum": 0}, "quorum"),
        ({"title": "长" * 81}, "title"),
        ({"items": ["长" * 121]}, "title"),
        ({"guests": [Guest("长" * 41)]}, "name"),
        ({"guests": [Guest("甲", role="king")]}, "role"),
    ],
)
def test_call_that_cannot_be_is_told_at_its_field(table: Table, wrong: dict[str, Any], field: str) -> None:
    values: dict[str, Any] = {"starts_at": AT + DAY, "guests": []} | wrong

    with pytest.raises(Invalid) as told:
        meetings.call(actor=table.keeper, matter=table.matter.pk, at=AT, **values)

    assert list(told.value.fields) == [field]
    with scope.everything():
        assert not Meeting.objects.filter(matter=table.matter).exists()


def test_points_are_ordered_and_commitments_are_not_taken_off(table: Table) -> None:
    table.promise("拿出方案", due_by=TODAY + DAY)
    row = table.call(items=["甲", "乙"])
    who: dict[str, Any] = {"actor": table.keeper, "at": AT}
    with scope.everything():
        items = {one.title: one.pk for one in row.items.all()}

    agendas.move(item=items["乙"], up=True, **who)
    agendas.move(item=items["乙"], up=True, **who)
    agendas.move(item=items["乙"], up=True, **who)

    assert table.agenda(row) == ["乙", "物业公司：拿出方案", "甲"]
    with pytest.raises(agendas.CommitmentStays, match="stays on the agenda"):
        agendas.remove(item=items["物业公司：拿出方案"], **who)
    with pytest.raises(agendas.AlreadyOnAgenda):
        agendas.add(meeting=row.pk, title="甲", **who)
    agendas.remove(item=items["甲"], **who)
    assert table.agenda(row) == ["乙", "物业公司：拿出方案"]


def test_draft_of_minutes_tells_all_that_was_entered(table: Table) -> None:
    row = table.held(items=["分摊方案"], quorum=2)
    at = row.starts_at
    who: dict[str, Any] = {"actor": table.keeper, "at": at}
    with scope.everything():
        person, item = row.invitations.get(name="陈阿姨"), row.items.get(title="分摊方案")
    resolutions.say(meeting=row.pk, invitation=person.pk, item=item.pk, words="二楼少出", **who)
    one = resolutions.propose(meeting=row.pk, words="按楼层分摊", item=item.pk, **who)
    resolutions.decide(resolution=one.pk, state="passed", **who)
    table.promise("拿出测量图", meeting=row.pk, at=at)

    with scope.everything():
        known = Meeting.objects.select_related("matter", "room").get(pk=row.pk)
        text = reading.draft_of(known, reading.sitting_of(known, at=at))

    for words in ("西区加装电梯", "陈阿姨：二楼少出", "按楼层分摊", "物业公司: 拿出测量图", "王经理"):
        assert words in text


def test_only_who_keeps_the_community_works_on_its_matters(table: Table) -> None:
    colleague = staff("community_staff", table.community)
    district = staff("district_staff")

    with pytest.raises(NotAllowed):
        matters.suspend(actor=district, matter=table.matter.pk, words="x", at=AT)
    assert matters.suspend(actor=colleague, matter=table.matter.pk, words="等政策", at=AT).state == "suspended"
    with pytest.raises(sittings.MatterOver):
        table.call()
    assert matters.resume(actor=table.keeper, matter=table.matter.pk, words="有政策了", at=AT).state == "open"


def test_side_leaves_and_comes_back_and_is_there_once(table: Table) -> None:
    who: dict[str, Any] = {"actor": table.keeper, "at": AT}
    with scope.everything():
        side = table.matter.parties.get(name="物业公司")
    with pytest.raises(parties.SideThere):
        parties.add_party(matter=table.matter.pk, kind="property", name="物业公司", **who)
    with pytest.raises(Invalid) as told:
        parties.edit_party(party=side.pk, kind="property", name="物业公司", speaker_phone="12", **who)
    assert list(told.value.fields) == ["speaker_phone"]

    parties.end_party(party=side.pk, **who)
    assert fresh(side).left_on == TODAY
    back = parties.add_party(
        matter=table.matter.pk, kind="property", name="物业公司", speaker_phone="13800138000", **who
    )

    assert (back.pk, back.left_on) == (side.pk, None)
    stranger = staff("community_staff", make_community("金涛社区", "440507004021"))
    with pytest.raises(Missing):
        matters.suspend(actor=stranger, matter=table.matter.pk, words="x", at=AT)


def test_meeting_in_a_venue_that_closes_needs_another_place(table: Table) -> None:
    room = make_room(table.community)
    row = table.call(room=room.pk)
    event = VenueClosed(room.venue_id, TODAY)

    @command("tests.close_venue")
    def follow(*, actor: Any, at: Any) -> None:
        consequences.follow_venue_closed(event, actor=actor, at=at)

    assert len(consequences.preview_venue_closed(event)) == 1
    follow(actor=table.keeper, at=AT)

    assert fresh(row).room_id is None
    assert [one.record_id for one in open_duties("voice.find_a_room")] == [row.pk]
    meetings.change(actor=table.keeper, meeting=row.pk, starts_at=row.starts_at, place_words="榕树下", at=AT)
    assert open_duties("voice.find_a_room") == []
