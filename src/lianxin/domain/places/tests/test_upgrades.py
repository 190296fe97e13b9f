"""An upgrade from plan to opening day: states, rooms, score before and after."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.domain.places.commands import standards, upgrade_milestones, upgrade_rooms, upgrades
from lianxin.domain.places.commands.upgrade_opening import open_upgrade
from lianxin.domain.places.commands.venue_moves import move_venues
from lianxin.domain.places.commands.venues import pause_venue
from lianxin.domain.places.models import (
    PlannedRoom,
    Room,
    RoomKind,
    Upgrade,
    UpgradeStage,
    Venue,
)
from lianxin.domain.places.queries import upgrades as queries
from lianxin.domain.places.queries.checks import check_communities
from lianxin.domain.places.rules import upgrades as rules
from lianxin.platform import facts, scope
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty

from .factories import AT, SYSTEM, TODAY, make_district, make_staff, make_venue
from .upgrade_factories import LATER, begin, fund, open_now, plan, window

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def whole_district():
    with scope.everything():
        yield


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def venue(district):
    draft = standards.draft_standard(actor=SYSTEM, at=AT, name="标准")
    for code, threshold in (("floor_area", 500), ("rooms", 6)):
        standards.put_standard_item(
            actor=SYSTEM, at=AT, standard=draft.pk, code=code, measure=code, group="small", label=code,
            comparison=">=", threshold=threshold, weight=1,
        )  # fmt: skip
    standards.publish_standard(actor=SYSTEM, at=AT, standard=draft.pk, valid_from=date(2026, 1, 1))
    return make_venue(district["翠英居委会"], area_m2=100)


def test_the_transition_table_names_every_state_and_ends_in_two():
    assert set(rules.TRANSITIONS) == set(Upgrade.State.values)
    assert {state for state, to in rules.TRANSITIONS.items() if not to} == {"closed", "cancelled"}
    assert set().union(*rules.TRANSITIONS.values()) <= set(Upgrade.State.values)


def test_a_plan_keeps_what_was_missing_by_the_standard_of_the_day(venue):
    upgrade = plan(venue)

    assert upgrade.score_at_start == 0
    assert [line["code"] for line in upgrade.shortfalls_at_start] == ["floor_area"]
    assert "400" in upgrade.shortfalls_at_start[0]["sentence"]
    assert upgrade.standard is not None


def test_the_template_plans_one_hall_and_five_rooms_that_are_not_rooms_yet(venue):
    upgrade = plan(venue)

    kinds = [room.kind.code for room in upgrade.planned_rooms.select_related("kind")]
    assert len(kinds) == 6
    assert kinds.count("hall") == 1
    assert Room.objects.count() == 0


def test_a_venue_has_one_upgrade_at_a_time(venue):
    plan(venue)

    with pytest.raises(upgrades.UpgradeRunning):
        plan(venue, title="又一次")
    with pytest.raises(IntegrityError), transaction.atomic():
        Upgrade.objects.create(community_id=venue.community_id, venue=venue, title="绕过")


def test_approval_asks_for_money_and_a_day(venue):
    upgrade = plan(venue, planned_opening_on=None)

    with pytest.raises(Invalid) as refused:
        upgrades.approve_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk)

    assert set(refused.value.fields) == {"fundings", "planned_opening_on"}


def test_community_staff_plan_but_do_not_approve_their_own_plan(venue):
    staff = make_staff("community_staff", venue.community_id)
    upgrade = upgrades.plan_upgrade(actor=staff, at=AT, venue=venue.pk, title="提升", planned_opening_on=LATER)

    with pytest.raises(NotAllowed):
        upgrades.approve_upgrade(actor=staff, at=AT, upgrade=upgrade.pk)


def test_another_communitys_upgrade_is_not_there(district, venue):
    upgrade = plan(venue)
    stranger = make_staff("community_staff", district["金洲村委会"].pk)

    with pytest.raises(Missing):
        upgrades.cancel_upgrade(actor=stranger, at=AT, upgrade=upgrade.pk, reason="x")


@pytest.mark.parametrize(
    "step", [upgrades.start_upgrade, upgrades.close_upgrade, open_upgrade], ids=["start", "close", "open"]
)
def test_steps_out_of_order_are_refused_with_a_sentence(venue, step):
    upgrade = plan(venue)

    with pytest.raises(upgrades.WrongState):
        step(actor=SYSTEM, at=AT, upgrade=upgrade.pk)

    upgrade.refresh_from_db()
    assert upgrade.state == "planned"


def test_an_old_form_does_not_overwrite_a_newer_one(venue):
    upgrade = plan(venue)
    values = {"reason": "", "planned_opening_on": LATER, "temporary_arrangement": "", "version": 1}
    upgrades.edit_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk, title="甲", **values)

    with pytest.raises(EditedMeanwhile):
        upgrades.edit_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk, title="乙", **values)


def test_people_are_not_sent_to_the_venue_under_work(venue):
    upgrade = plan(venue)
    fund(upgrade)
    upgrades.approve_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk)

    with pytest.raises(Invalid):
        upgrades.start_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk, temporary_venue=venue.pk)


def test_the_opening_day_makes_rooms_and_hours_real_compares_scores_and_ends_duties(venue):
    upgrade = begin(venue)
    pause_venue(actor=SYSTEM, venue=venue.pk, on=TODAY, at=AT, reason="装修")
    upgrade_milestones.add_milestone(actor=SYSTEM, at=AT, upgrade=upgrade.pk, name="验收", due_on=LATER)

    opened = open_now(upgrade, area_m2=620, hours=[(5, time(9), time(17))])

    venue.refresh_from_db()
    page = queries.find_upgrade_page(upgrade=upgrade.pk, on=opened.opened_on)
    assert (opened.state, opened.opened_on) == ("opened", TODAY + timedelta(days=50))
    assert (opened.score_at_start, opened.score_at_opening) == (0, 100)
    assert (venue.state, venue.area_m2, venue.rooms.count(), venue.hours.count()) == ("open", 620, 6, 1)
    assert not PlannedRoom.objects.filter(room=None).exists()
    assert not Duty.objects.filter(closed_at=None).exists()
    area = next(row for row in page.comparison if row.measure == "floor_area")
    assert (area.before, area.after, area.now) == ("100", "620", "620")


def test_an_opening_counts_once_as_a_fact_and_from_the_records(venue):
    opened = open_now(begin(venue))
    span = {"from_on": TODAY, "until_on": LATER}

    assert facts.figure("upgrades_opened", **span) == 1
    assert queries.upgrades_opened(window(**span)) == 1
    assert queries.upgrades_opened(window(**span, venue_id=opened.venue_id)) == 1
    assert queries.upgrades_opened(window(**span, communities=frozenset())) == 0


def test_an_opening_sent_twice_opens_once(venue):
    upgrade, key = begin(venue), new_id()

    first = open_now(upgrade, key=key)
    again = open_now(upgrade, key=key)

    assert first.pk == again.pk
    assert Room.objects.count() == 6


def test_a_room_that_the_venue_already_has_is_not_made_twice(venue):
    hall = RoomKind.objects.get(code="hall")
    Room.objects.create(community_id=venue.community_id, venue=venue, kind=hall, name=hall.name)

    open_now(begin(venue))

    assert Room.objects.filter(name=hall.name).count() == 1


def test_the_opening_is_not_recorded_before_it_happens(venue):
    upgrade = begin(venue)

    with pytest.raises(Invalid):
        open_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk, on=TODAY + timedelta(days=1))


def test_under_way_counts_the_days_between_start_and_opening(venue):
    upgrade = begin(venue)
    open_now(upgrade)

    def on(day):
        return queries.upgrades_under_way(window(day, day + timedelta(days=1)))

    assert [on(TODAY - timedelta(days=1)), on(TODAY), on(TODAY + timedelta(days=49))] == [0, 1, 1]
    assert on(TODAY + timedelta(days=50)) == 0


def test_a_cancelled_upgrade_keeps_its_money_ends_its_duties_and_makes_room_for_another(venue):
    upgrade = begin(venue)
    upgrade_milestones.add_milestone(actor=SYSTEM, at=AT, upgrade=upgrade.pk, name="验收", due_on=LATER)

    upgrades.cancel_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk, reason="选址变更")

    assert not Duty.objects.filter(closed_at=None).exists()
    assert upgrade.fundings.exists()
    with pytest.raises(upgrades.WrongState):
        fund(upgrade)
    assert plan(venue, title="新址").state == "planned"


def test_a_closed_upgrade_takes_no_more_money(venue):
    upgrade = open_now(begin(venue))
    upgrades.close_upgrade(actor=SYSTEM, at=AT + timedelta(days=90), upgrade=upgrade.pk)

    with pytest.raises(upgrades.WrongState):
        fund(upgrade)


def test_an_upgrade_goes_along_with_its_venue_and_the_past_stays_where_it_was(district, venue):
    upgrade = begin(venue)
    old, new = venue.community_id, district["华新社区居委会"].pk
    moved_on = TODAY + timedelta(days=10)

    move_venues(actor=SYSTEM, venues=[venue.pk], community=new, on=moved_on, at=AT + timedelta(days=10))

    def on(day, community):
        return queries.upgrades_under_way(window(day, day + timedelta(days=1), communities=frozenset({community})))

    upgrade.refresh_from_db()
    assert upgrade.community_id == new
    assert [on(TODAY, old), on(TODAY, new), on(moved_on, old), on(moved_on, new)] == [1, 0, 0, 1]
    assert list(check_communities()) == []
    assert list(queries.check_upgrades()) == []


def test_pictures_are_welcome_and_never_asked_for(venue):
    upgrade = open_now(begin(venue))
    file = new_id()

    upgrade_rooms.add_upgrade_picture(actor=SYSTEM, at=AT, upgrade=upgrade.pk, moment="after", file=file)
    upgrade_rooms.add_upgrade_picture(actor=SYSTEM, at=AT, upgrade=upgrade.pk, moment="after", file=file)

    page = queries.find_upgrade_page(upgrade=upgrade.pk, on=TODAY)
    assert (len(page.pictures_before), len(page.pictures_after)) == (0, 1)


def test_a_planned_room_can_be_added_changed_and_taken_out_until_the_opening(venue):
    upgrade = plan(venue, template="")
    kind = RoomKind.objects.get(code="classics").pk
    values = {"actor": SYSTEM, "at": AT, "upgrade": upgrade.pk, "kind": kind}
    room = upgrade_rooms.put_planned_room(name="国学讲堂", **values)
    upgrade_rooms.put_planned_room(name="国学馆", area_m2=40, planned_room=room.pk, **values)

    with pytest.raises(Invalid) as refused:
        upgrade_rooms.put_planned_room(name="国学馆", area_m2=-1, **values)

    assert set(refused.value.fields) == {"name", "area_m2"}
    assert [r.name for r in upgrade.planned_rooms.all()] == ["国学馆"]
    upgrade_rooms.remove_planned_room(actor=SYSTEM, at=AT, planned_room=room.pk)
    assert not upgrade.planned_rooms.exists()


def test_the_list_and_the_page_take_the_same_queries_however_much_there_is(venue, district):
    upgrade = begin(venue)

    def count():
        with CaptureQueriesContext(connection) as listing:
            rows = [(row.venue.name, row.community.parent.short_name) for row in queries.list_upgrades(on=TODAY)]
        with CaptureQueriesContext(connection) as page:
            queries.find_upgrade_page(upgrade=upgrade.pk, on=TODAY)
        return len(rows), len(listing), len(page)

    few = count()
    for number in range(9):
        other = make_venue(district["金洲村委会"], name=f"村{number}")
        plan(other)
        upgrade_milestones.add_milestone(actor=SYSTEM, at=AT, upgrade=upgrade.pk, name=f"{number}", due_on=LATER)
        fund(upgrade)
    many = count()

    assert few[0] == 1
    assert many[0] == 10
    assert few[1:] == many[1:]
    assert few[1] == 1


def test_who_moved_an_upgrade_and_when_is_kept_as_stages(venue):
    upgrade = open_now(begin(venue))

    stages = list(
        UpgradeStage.objects.filter(upgrade=upgrade).order_by("began_at", "pk").values_list("state", flat=True)
    )

    assert stages == ["planned", "approved", "under_way", "opened"]
    assert Venue.objects.get(pk=venue.pk).state == "open"
