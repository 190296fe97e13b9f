"""Hours: noted once, corrected by rows, taken back with what caused them; certificates and reporting in."""

from datetime import date, timedelta

import pytest

from lianxin.domain.activities.commands import certificates, hours, reporting, shift_places, teams, volunteers
from lianxin.domain.activities.models import Attendance, HoursEntry, ShiftPlace
from lianxin.domain.activities.queries.certificates import check_certificate, find_certificate, list_certificates
from lianxin.domain.activities.queries.hours import (
    hours_equal_places,
    list_hours,
    minutes_of_chain,
    my_hours,
    volunteer_minutes,
    years_of,
)
from lianxin.domain.activities.queries.teams import find_team, list_teams
from lianxin.domain.activities.queries.volunteers import find_volunteer, list_reporting, list_volunteers
from lianxin.domain.activities.rules.codes import is_certificate_code
from lianxin.domain.activities.tests.volunteer_factories import (
    AT,
    HOUR,
    START,
    fresh_place,
    make_helping,
    make_occurrence,
    make_partner,
    make_shift,
    make_skill,
    partner_actor,
)
from lianxin.domain.people.models import Person
from lianxin.domain.people.tests.factories import resident, staff
from lianxin.platform import facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed, Refused

pytestmark = pytest.mark.django_db
AFTER = START + timedelta(hours=3)
DAY = date(2026, 3, 7)
MARCH = {"from_on": date(2026, 3, 1), "until_on": date(2026, 4, 1)}


def held_place(helping, number: int = 0, **values) -> ShiftPlace:  # type: ignore[no-untyped-def]
    """A place that one of the residents holds on a shift of two hours."""
    return shift_places.take_shift(actor=helping.helper(number), shift=make_shift(helping, **values).pk, at=AT)


def note(helping, place: ShiftPlace, **values):  # type: ignore[no-untyped-def]
    """The office notes the hours of a place."""
    return hours.note_hours(actor=helping.keeper, place=place.pk, at=AFTER, **values)


def minutes_of(helping, number: int = 0) -> int:  # type: ignore[no-untyped-def]
    """What stands in the ledger of one of the residents."""
    return my_hours(actor=helping.helper(number), person=helping.people[number].pk).minutes


def agrees(minutes: int) -> bool:
    """Whether ledger, places, measure and facts all say the same."""
    with scope.everything():
        measured = volunteer_minutes(Window(**MARCH))
        counted = facts.figure("volunteer_minutes", **MARCH)
    return measured == counted == minutes and list(hours_equal_places()) == []


def test_hours_are_noted_once_and_again_only_by_the_difference() -> None:
    helping = make_helping()
    place = held_place(helping)

    note(helping, place, came_at=START)
    assert note(helping, place, came_at=START) is None
    note(helping, place, left_at=START + 3 * HOUR)

    with scope.everything():
        rows = list(HoursEntry.objects.order_by("pk").values_list("kind", "minutes"))
    assert rows == [("shift", 120), ("correction", 60)]
    assert (fresh_place(place).state, fresh_place(place).minutes) == ("done", 180)
    assert agrees(180)


def test_hours_taken_back_are_gone_everywhere_and_can_be_noted_again() -> None:
    helping = make_helping()
    place = held_place(helping)
    note(helping, place)

    hours.take_back(actor=helping.keeper, place=place.pk, reason="扫错了", at=AFTER)

    assert (fresh_place(place).state, fresh_place(place).minutes, minutes_of(helping)) == ("taken", 0, 0)
    assert agrees(0)
    note(helping, place, minutes=30)
    assert minutes_of(helping) == 30
    assert agrees(30)


def test_nobody_types_minutes_for_themselves() -> None:
    helping = make_helping()
    place = held_place(helping)

    with pytest.raises(NotAllowed):
        hours.note_hours(actor=helping.helper(), place=place.pk, minutes=600, at=AFTER)
    with pytest.raises(NotAllowed):
        hours.note_hours(actor=helping.helper(1), place=place.pk, at=AFTER)

    hours.note_hours(actor=helping.helper(), place=place.pk, came_at=START, at=AFTER)
    assert minutes_of(helping) == 120


def test_place_given_back_counts_nothing() -> None:
    helping = make_helping()
    place = held_place(helping)
    shift_places.give_back(actor=helping.helper(), place=place.pk, at=AT)

    with pytest.raises(hours.NotTaken):
        note(helping, place)


def test_people_of_a_partner_have_minutes_but_no_ledger_here() -> None:
    helping = make_helping()
    shift, firm = make_shift(helping), make_partner()
    [place] = shift_places.send_people(
        actor=partner_actor(firm, helping.community), shift=shift.pk, organisation=firm.pk, names=["王一"], at=AT
    )

    assert note(helping, place) is None

    assert fresh_place(place).minutes == 120
    assert agrees(0)


def test_correction_is_a_row_with_a_reason() -> None:
    helping = make_helping()
    entry = note(helping, held_place(helping))

    with pytest.raises(Invalid):
        hours.correct_hours(actor=helping.keeper, entry=entry.pk, minutes=60, reason=" ", at=AFTER)
    fixed = hours.correct_hours(actor=helping.keeper, entry=entry.pk, minutes=60, reason="早走了", at=AFTER)
    again = hours.correct_hours(actor=helping.keeper, entry=fixed.pk, minutes=90, reason="再核对", at=AFTER)

    assert (fixed.minutes, fixed.corrects_id, again.minutes, again.corrects_id) == (-60, entry.pk, 30, fixed.pk)
    assert agrees(90)
    with pytest.raises(hours.NothingToChange):
        hours.correct_hours(actor=helping.keeper, entry=entry.pk, minutes=90, reason="再核对", at=AFTER)


def test_hours_from_paper_are_taken_over_and_can_be_corrected() -> None:
    helping = make_helping()
    given = {"actor": helping.keeper, "person": helping.people[0].pk, "reason": "纸质证第 3 页", "at": AFTER}

    entry = hours.take_over(**given, on=DAY, minutes=600)
    hours.correct_hours(actor=helping.keeper, entry=entry.pk, minutes=540, reason="抄错", at=AFTER)

    with scope.everything():
        assert minutes_of_chain(HoursEntry.objects.get(pk=entry.pk)) == 540
    assert agrees(540)
    with pytest.raises(Invalid):
        hours.take_over(**given, on=date(2027, 1, 1), minutes=60)
    with pytest.raises(Invalid):
        hours.take_over(**given, on=DAY, minutes=0)


def test_nobody_enters_hours_for_themselves() -> None:
    helping = make_helping()
    own = staff("community_staff", helping.community, person=helping.people[0].pk)

    with pytest.raises(Refused):
        hours.take_over(actor=own, person=helping.people[0].pk, on=DAY, minutes=60, reason="自己", at=AFTER)


def test_hours_are_read_by_their_person_and_by_the_office() -> None:
    helping = make_helping()
    note(helping, held_place(helping))
    person = helping.people[0].pk

    [year] = years_of(actor=helping.helper(), person=person)
    page = list_hours(actor=helping.keeper, community=helping.community.pk, **MARCH)

    assert (year.year, year.minutes, year.times) == (2026, 120, 1)
    assert [(row.masked_name, row.minutes, row.what) for row in page.rows] == [("陈*甲", 120, "引导")]
    with pytest.raises(NotAllowed):
        list_hours(actor=helping.helper(), community=helping.community.pk, **MARCH)
    assert my_hours(actor=staff("community_staff", helping.other), person=person).rows == []
    with pytest.raises(NotAllowed):
        my_hours(actor=resident(helping.people[1]), person=person)


def certify(helping, **values):  # type: ignore[no-untyped-def]
    """One asks for a certificate of March."""
    entries = {"actor": helping.helper(), "from_on": date(2026, 3, 1), "until_on": DAY, "at": AFTER}
    return certificates.issue_certificate(**entries | values)


def test_certificate_says_what_the_ledger_says_and_can_be_checked() -> None:
    helping = make_helping()
    note(helping, held_place(helping))

    row = certify(helping)

    assert (row.number, row.minutes, row.times) == ("V2026-000001", 120, 1)
    assert is_certificate_code(row.code)
    found = check_certificate(f"{row.code[:4]} {row.code[4:8].lower()}-{row.code[8:]}")
    assert found is not None
    assert (found.masked_name, found.minutes, found.is_valid) == ("陈*甲", 120, True)
    assert find_certificate(actor=helping.keeper, certificate=row.pk).name == "陈帮甲"
    assert certify(helping).pk == row.pk
    wrong = row.code[:-1] + ("2" if row.code[-1] != "2" else "3")
    assert check_certificate(wrong) is None


def test_certificate_tells_when_hours_went_or_it_was_withdrawn() -> None:
    helping = make_helping()
    place = held_place(helping)
    note(helping, place)
    row = certify(helping)

    hours.take_back(actor=helping.keeper, place=place.pk, reason="没来", at=AFTER)

    found = check_certificate(row.code)
    assert found is not None
    assert (found.is_valid, found.minutes_now) == (False, 0)
    certificates.revoke_certificate(actor=helping.keeper, certificate=row.pk, reason="没来", at=AFTER)
    checked = check_certificate(row.code)
    assert checked is not None
    assert checked.revoked_at == AFTER
    with pytest.raises(certificates.RevokedAlready):
        certificates.revoke_certificate(actor=helping.keeper, certificate=row.pk, reason="没来", at=AFTER)


def test_numbers_go_up_by_one() -> None:
    helping = make_helping()
    note(helping, held_place(helping))
    note(helping, held_place(helping, 1))

    numbers = [certify(helping, actor=helping.helper(number)).number for number in (0, 1)]

    assert numbers == ["V2026-000001", "V2026-000002"]


def test_nothing_is_certified_that_is_not_there() -> None:
    helping = make_helping()

    with pytest.raises(certificates.NothingToCertify):
        certify(helping)
    with pytest.raises(Invalid):
        certify(helping, until_on=date(2026, 2, 1))
    with pytest.raises(Invalid):
        certify(helping, until_on=date(2026, 12, 1))
    with pytest.raises(NotAllowed):
        certify(helping, person=helping.people[1].pk)
    with pytest.raises(Missing):
        certify(helping, actor=staff("community_staff", helping.other), person=helping.people[1].pk)


def test_who_came_gets_a_certificate_of_the_occurrence() -> None:
    helping = make_helping()
    occurrence = make_occurrence(helping)
    with scope.everything():
        Attendance.objects.create(
            community=helping.community,
            occurrence=occurrence,
            person=Person.objects.get(pk=helping.people[0].pk),
            how="name",
            came_at=START,
            noted_at=START,
        )

    row = certificates.certify_occurrence(actor=helping.helper(), occurrence=occurrence.pk, at=AFTER)

    assert (row.minutes, row.times, row.from_on) == (120, 1, DAY)
    found = check_certificate(row.code)
    assert found is not None
    assert (found.occurrence_title, found.is_valid) == ("义诊", True)
    with pytest.raises(certificates.NothingToCertify):
        certificates.certify_occurrence(actor=helping.helper(1), occurrence=occurrence.pk, at=AFTER)
    assert [line.id for line in list_certificates(actor=helping.helper(), person=helping.people[0].pk)] == [row.pk]


def test_team_has_members_and_a_leader_who_may_put_people_down() -> None:
    helping = make_helping()
    team = teams.found_team(actor=helping.keeper, community=helping.community.pk, name="邻里帮帮队", at=AT)
    lead = teams.add_member(actor=helping.keeper, team=team.pk, person=helping.people[0].pk, role="leader", at=AT)
    shift = make_shift(helping, team=team.pk)

    with pytest.raises(NotAllowed):
        shift_places.take_shift(actor=helping.helper(1), shift=shift.pk, person=helping.people[2].pk, at=AT)
    place = shift_places.take_shift(actor=helping.helper(0), shift=shift.pk, person=helping.people[2].pk, at=AT)
    hours.note_hours(actor=helping.helper(0), place=place.pk, minutes=60, at=AFTER)

    assert minutes_of(helping, 2) == 60
    assert [row.members for row in list_teams(actor=helping.keeper, community=helping.community.pk)] == [1]
    teams.leave_team(actor=helping.helper(0), member=lead.pk, at=AT)
    assert find_team(actor=helping.keeper, team=team.pk).members[0].until_on == date(2026, 3, 2)


def test_team_is_founded_once_changed_and_ended() -> None:
    helping = make_helping()
    named = {"actor": helping.keeper, "community": helping.community.pk, "name": "巡逻队", "at": AT}
    team = teams.found_team(**named)
    teams.add_member(actor=helping.keeper, team=team.pk, person=helping.people[0].pk, at=AT)

    with pytest.raises(Invalid):
        teams.found_team(**named)
    with pytest.raises(teams.MemberAlready):
        teams.add_member(actor=helping.keeper, team=team.pk, person=helping.people[0].pk, at=AT)
    with pytest.raises(EditedMeanwhile):
        teams.edit_team(actor=helping.keeper, team=team.pk, name="夜间巡逻队", version=9, at=AT)
    with pytest.raises(NotAllowed):
        teams.found_team(**named | {"actor": helping.helper()})
    teams.end_team(actor=helping.keeper, team=team.pk, at=AT)

    with pytest.raises(teams.TeamEnded):
        teams.add_member(actor=helping.keeper, team=team.pk, person=helping.people[1].pk, at=AT)
    assert teams.found_team(**named).pk != team.pk


def test_volunteer_says_what_they_can_do_and_when() -> None:
    helping = make_helping()
    skill = make_skill()

    row = volunteers.register_volunteer(
        actor=helping.helper(), skills=[skill.pk], suits=["5am", "0pm"], insurance_note="自己写的", at=AT
    )

    assert (row.suits, row.insurance_note) == (["0pm", "5am"], "")
    volunteers.edit_volunteer(
        actor=helping.keeper,
        volunteer=row.pk,
        skills=[],
        insurance_note="平安 123",
        insured_until=date(2027, 1, 1),
        at=AT,
    )
    page = find_volunteer(actor=helping.keeper, volunteer=row.pk, on=DAY)
    assert (page.row.skills, page.row.insurance_note) == ([], "平安 123")
    with pytest.raises(Invalid):
        volunteers.edit_volunteer(actor=helping.helper(), volunteer=row.pk, skills=[], suits=["9am"], at=AT)
    with pytest.raises(NotAllowed):
        volunteers.edit_volunteer(actor=helping.helper(1), volunteer=row.pk, skills=[], at=AT)


def test_volunteer_leaves_only_without_shifts_ahead_and_can_come_back() -> None:
    helping = make_helping()
    place = held_place(helping)
    [row] = list_volunteers(actor=helping.keeper, community=helping.community.pk, on=DAY).rows

    with pytest.raises(volunteers.ShiftsAhead):
        volunteers.set_state(actor=helping.helper(), volunteer=row.id, state="left", at=AT)
    shift_places.give_back(actor=helping.helper(), place=place.pk, at=AT)
    volunteers.set_state(actor=helping.helper(), volunteer=row.id, state="left", at=AT)

    assert list_volunteers(actor=helping.keeper, community=helping.community.pk, on=DAY).count == 0
    held_place(helping)
    assert list_volunteers(actor=helping.keeper, community=helping.community.pk, on=DAY).count == 1


def test_skills_are_entered_once() -> None:
    make_skill()

    again = volunteers.load_skills(
        actor=staff("district_staff"), skills=[{"code": "haircut", "name_zh": "理发"}], at=AT
    )

    assert again == 0


def test_party_member_reports_in_at_home_once() -> None:
    helping = make_helping()

    row = reporting.report_in(actor=helping.helper(), unit_name="区税务局", offers="周末讲税法", at=AT)

    with pytest.raises(reporting.ReportedInAlready):
        reporting.report_in(actor=helping.helper(), unit_name="区税务局", at=AT)
    assert held_place(helping).is_reporting_in
    [line] = list_reporting(actor=helping.keeper, community=helping.community.pk, on=DAY)
    assert (line.masked_name, line.unit_name) == ("陈*甲", "区税务局")
    with pytest.raises(Invalid):
        reporting.end_reporting(actor=helping.keeper, reporting=row.pk, on=date(2027, 1, 1), at=AT)
    reporting.end_reporting(actor=helping.keeper, reporting=row.pk, at=AT)
    reporting.report_in(actor=helping.keeper, person=helping.people[0].pk, unit_name="区教育局", at=AT)
    with pytest.raises(NotAllowed):
        reporting.report_in(actor=helping.helper(1), person=helping.people[2].pk, unit_name="别人", at=AT)
    with pytest.raises(Invalid):
        reporting.report_in(actor=helping.helper(1), unit_name=" ", at=AT)
